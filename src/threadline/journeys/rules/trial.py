"""A dry run: what a version of the rules would have done over the last days, story by story. Nothing moves.

It runs in the worker and says how far it is; a new one takes the place of one that is under way.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.accounts.models import Agent
from threadline.core.rules import Book, look, read_book
from threadline.journeys.models import Journey, RuleBook, RuleFinding, RuleTrial
from threadline.journeys.rules.past import Told, pasts
from threadline.journeys.rules.seen import House, people_of
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import enqueue, job

log = logging.getLogger(__name__)
DAYS = (1, 7, 30)
AT_ONCE = 200
MOST = 20_000
STUCK = timedelta(minutes=2)


@transaction.atomic
def try_out(*, book: RuleBook, days: int, by: Agent, now: datetime) -> RuleTrial:
    """Ask the worker for a dry run. All rules of the version are tried, also those that are off."""
    if not 1 <= days <= 90:
        raise ThreadlineError(f"{days} days can not be tried. Choose between 1 and 90.")
    if not read_book(book.document).rules:
        raise ThreadlineError("There are no rules to try. Write one first.")
    newest = RuleTrial.objects.filter(book=book).order_by("-pk").first()
    if newest is not None and under_way(newest, now=now):
        raise ThreadlineError("It is being tried at this moment. Wait until that is done.")
    trial = RuleTrial.objects.create(book=book, by=by, at=now, days=days, document=book.document, told_at=now)
    record("rules_tried", at=now, by=by, version=book.pk, days=days)
    enqueue(try_rules, trial=trial.pk)
    return trial


def under_way(trial: RuleTrial, *, now: datetime) -> bool:
    """A worker that died tells nothing any more."""
    return trial.finished_at is None and trial.told_at > now - STUCK


@job(lock="try_rules")
def try_rules(trial: int) -> None:
    """Look at the past and write down what would have been done. Safe to run twice: it begins anew."""
    asked = RuleTrial.objects.filter(pk=trial, finished_at=None)
    if (kept := asked.first()) is None:
        return
    try:
        _try(kept)
    except Exception:
        log.exception("rules could not be tried")
        words = "Something went wrong while trying; the worker's log tells what. Try again."
        asked.update(failed=words, finished_at=timezone.now())


def _try(kept: RuleTrial) -> None:
    RuleFinding.objects.filter(trial=kept).delete()
    book, since = _all_on(read_book(kept.document)), kept.at - timedelta(days=kept.days)
    lively = Journey.objects.standing().filter(last_at__gte=since - _longest(book)).order_by("-last_at", "-pk")
    numbers = list(lively.values_list("pk", flat=True)[:MOST])
    RuleTrial.objects.filter(pk=kept.pk).update(stories=len(numbers), told_at=timezone.now())
    house = House.load()
    for start in range(0, len(numbers), AT_ONCE):
        rows = list(Journey.objects.filter(pk__in=numbers[start : start + AT_ONCE]).defer("memory"))
        found = list(_findings(kept, rows, book, since, house))
        RuleFinding.objects.bulk_create(found)
        RuleTrial.objects.filter(pk=kept.pk).update(done=start + len(rows), told_at=timezone.now())
    RuleTrial.objects.filter(pk=kept.pk).update(finished_at=timezone.now())


def _all_on(book: Book) -> Book:
    return Book(tuple(replace(rule, enabled=True) for rule in book.rules))


def _longest(book: Book) -> timedelta:
    """A span may be over long after the last touch."""
    return max((rule.after for rule in book.timed if rule.after is not None), default=timedelta(0))


def _findings(
    kept: RuleTrial, rows: Sequence[Journey], book: Book, since: datetime, house: House
) -> Iterator[RuleFinding]:
    people = people_of(rows)
    for row, told in pasts(rows, book, since=since, until=kept.at, people=people, house=house):
        yield from _looked(kept, row, told, book)


def _looked(kept: RuleTrial, row: Journey, told: Sequence[Told], book: Book) -> Iterator[RuleFinding]:
    for each, seen in told:
        for rule in book.on(each.on):
            if each.only not in ("", rule.key):
                continue
            found = look(rule, seen)
            if found.verdict in ("ran", "fails"):
                yield RuleFinding(
                    trial=kept,
                    rule=rule.key,
                    name=rule.name,
                    journey_id=row.pk,
                    at=each.at,
                    verdict=str(found.verdict),
                    reason=found.reason,
                )
            if rule.last and found.runs:
                break
