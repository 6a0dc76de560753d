"""Rules at work: they follow the log of events and the spans that are over, in the worker.

What a rule does is an Event like what people do: a replay applies it again at the same place and asks no rule.
Whatever goes wrong with one rule is written in the log of runs and stops nothing else.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from threadline.accounts.models import Event
from threadline.core.rules import Book, Look, Rule, Seen, Verdict, look, read_book
from threadline.journeys.actions.ruling import ByRule
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Journey, RuleBook, RuleRun, RuleTimer, RuleTrial
from threadline.journeys.rules import happenings, timers
from threadline.journeys.rules.doing import Done, carry_out
from threadline.journeys.rules.happenings import Happening
from threadline.journeys.rules.seen import House, seen_now
from threadline.lib.bulk import insert
from threadline.lib.jobs import job, periodic

log = logging.getLogger(__name__)
LOCK = 0x7275_6C65
SPANS_AT_ONCE = 200
IDLE_KEPT, TRIALS_KEPT = timedelta(days=14), timedelta(days=30)


@periodic(cron="* * * * * */5")
@job(queueing_lock="run_rules")
def run_rules(timestamp: int = 0) -> None:
    """Look at what happened since, and at the spans that are over. Safe to run twice or late."""
    run_all()


def run_all() -> None:
    while run(now=timezone.now()):
        continue


def run_now() -> None:
    """After a batch. Whatever is wrong with the rules, nothing that comes in waits for it."""
    try:
        run_all()
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        log.exception("rules could not run")


@transaction.atomic
def run(*, now: datetime) -> bool:
    """One stretch of the log and of the spans; what rules did stands in the next one. True while there may be more.

    One run at a time.
    """
    kept = RuleBook.objects.standing().only("pk").first()
    book = _book(kept.pk) if kept else Book()
    if kept is None or not book.working or not _alone():
        return False
    read, fired = follow(book, kept.pk, now=now), fire(book, kept.pk, now=now)
    return bool(read or fired)


@lru_cache(maxsize=4)
def _book(number: int) -> Book:
    """Versions in use never change, so each is read once."""
    return read_book(RuleBook.objects.values_list("document", flat=True).get(pk=number))


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


# ---- events --------------------------------------------------------------------------------------------------------


def follow(book: Book, version: int, *, now: datetime) -> int:
    """Look at the next events. Returns how many there were. Cost: four queries while no rule is concerned."""
    events = happenings.next_events()
    if not events:
        return 0
    wanted = [each for each in happenings.told(events) if book.on(each.on)]
    for batch in _one_each(wanted):
        look_at(batch, book, version, now=now)
    if book.timed:
        _arm(events, book.timed)
    happenings.read_to(events[-1])
    return len(events)


def _one_each(wanted: Iterable[Happening]) -> Iterator[list[Happening]]:
    """Stretches in which no story stands twice: what a rule did for the first is there for the second."""
    batch: list[Happening] = []
    stories: set[int] = set()
    for each in wanted:
        if each.journey in stories:
            yield batch
            batch, stories = [], set()
        batch.append(each)
        stories.add(each.journey)
    if batch:
        yield batch


def _arm(events: Sequence[Event], rules: Sequence[Rule]) -> None:
    stands = happenings.standing_of(event.journey_id for event in events if event.journey_id)
    at: dict[int, datetime] = {}
    for event in events:
        for number in {event.journey_id, stands.get(event.journey_id or 0)} - {None}:
            at[number] = event.at  # type: ignore[index]
    rows = list(Journey.objects.filter(pk__in=at).defer("memory").order_by("pk"))
    timers.arm(rows, rules, after=lambda row: at[row.pk])


# ---- spans ---------------------------------------------------------------------------------------------------------


def fire(book: Book, version: int, *, now: datetime) -> int:
    """Look at the stories whose span is over. Returns how many there were."""
    found = timers.due(now, SPANS_AT_ONCE)
    if not found:
        return 0
    rules = {rule.key: rule for rule in book.timed}
    RuleTimer.objects.filter(pk__in=[each.pk for each in found if each.rule not in rules]).delete()
    rows = Journey.objects.defer("memory").in_bulk([each.journey_id for each in found])
    ready = [each for each in found if each.rule in rules and _still(each, rules[each.rule], rows)]
    for batch in _one_each(_over(each, rules[each.rule]) for each in ready):
        look_at(batch, book, version, now=now)
    timers.over(found, now=now)
    return len(found)


def _still(timer: RuleTimer, rule: Rule, rows: dict[int, Journey]) -> bool:
    """It is the same span still: an event that is not read yet may have ended it."""
    row = rows.get(timer.journey_id)
    return row is not None and row.joined_into_id is None and timers.begun(row, rule) == timer.since


def _over(timer: RuleTimer, rule: Rule) -> Happening:
    cause = f"span {timer.journey_id} {timer.since.isoformat()}"
    return Happening(rule.on, timer.journey_id, timer.due_at, cause, only=rule.key)


# ---- looking and doing ---------------------------------------------------------------------------------------------


def look_at(batch: Sequence[Happening], book: Book, version: int, *, now: datetime) -> None:
    """Every rule concerned looks at every happening, in order; no rule looks twice at one thing.

    Cost: ten queries, and for each rule that runs three more and those of what it does.
    """
    hold_pipeline()
    house = House.load()
    rows = Journey.objects.select_related("team", "owner", "customer").in_bulk([each.journey for each in batch])
    seen = seen_now(list(rows.values()), house=house, at=now, touches={each.journey: each.touch for each in batch})
    looked = _looked(batch)
    runs: list[RuleRun] = []
    for each in batch:
        row = rows.get(each.journey)
        if row is not None:
            runs += _rules_look(each, row, seen[row.pk], house, book, version, looked, now)
    insert(runs)


def _looked(batch: Sequence[Happening]) -> set[tuple[str, str]]:
    causes = [each.cause for each in batch]
    return set(RuleRun.objects.filter(cause__in=causes).values_list("rule", "cause"))


def _rules_look(
    each: Happening,
    row: Journey,
    seen: Seen,
    house: House,
    book: Book,
    version: int,
    looked: set[tuple[str, str]],
    now: datetime,
) -> Iterator[RuleRun]:
    rules = [rule for rule in book.on(each.on) if each.only in ("", rule.key)]
    for rule in rules:
        if (rule.key, each.cause) in looked:
            continue
        found, done = _judged(rule, each, row, seen), Done()
        if found.runs:
            found, done = _acted(rule, each, row, found, version, now)
            row.refresh_from_db()
            touches = {row.pk: each.touch}
            seen = seen_now([row], house=house, at=now, touches=touches)[row.pk]
        yield _row(rule, each, row, found, done, version, now)
        if rule.last and found.runs:
            return


def _judged(rule: Rule, each: Happening, row: Journey, seen: Seen) -> Look:
    found = look(rule, seen, chain=each.chain)
    return look(rule, seen, chain=each.chain, ran=_ran(rule, row)) if found.runs else found


def _ran(rule: Rule, row: Journey) -> int:
    """How often it ran on this story since a person last did something there."""
    told = Event.objects.filter(journey_id=row.pk, agent__isnull=False).aggregate(last=Max("at"))["last"]
    spoke = row.memberships.filter(superseded_at=None, interaction__direction="in", interaction__automatic="")
    said = spoke.aggregate(last=Max("interaction__received_at"))["last"]
    last = max((moment for moment in (told, said) if moment is not None), default=None)
    runs = RuleRun.objects.filter(journey_id=row.pk, rule=rule.key, verdict=RuleRun.Verdict.RAN)
    return runs.filter(at__gt=last).count() if last is not None else runs.count()


def _acted(rule: Rule, each: Happening, row: Journey, found: Look, version: int, now: datetime) -> tuple[Look, Done]:
    by = ByRule(rule.key, rule.name, version, found.reason, (*each.chain, rule.key))
    done = carry_out(rule, row, by=by, now=now)
    if not done.left_out:
        return found, done
    verdict = Verdict.RAN if done.events else Verdict.FAILS
    return Look(verdict, f"{found.reason} {' '.join(done.left_out)}"), done


def _row(rule: Rule, each: Happening, row: Journey, found: Look, done: Done, version: int, now: datetime) -> RuleRun:
    return RuleRun(
        rule=rule.key,
        name=rule.name,
        book_id=version,
        at=now,
        cause=each.cause,
        journey_id=row.pk,
        verdict=str(found.verdict),
        reason=found.reason,
        did=done.events,
    )


# ---- keeping it small ----------------------------------------------------------------------------------------------


@periodic(cron="17 3 * * *")
@job(queueing_lock="forget_idle_rules")
def forget_idle(timestamp: int = 0) -> None:
    """Why a rule did not concern a story is kept for two weeks; what it did, for ever."""
    now = timezone.now()
    RuleRun.objects.filter(verdict=RuleRun.Verdict.PASSES, at__lt=now - IDLE_KEPT).delete()
    RuleTrial.objects.filter(at__lt=now - TRIALS_KEPT).delete()
