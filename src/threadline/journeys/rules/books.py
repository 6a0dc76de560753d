"""The versions of the rules: changed in a draft, tried, put to use, gone back from. None is ever deleted."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event, Team
from threadline.core.fields import read as read_value
from threadline.core.rules import Book, Rule, Step, read_book, switched, written
from threadline.core.rules import check as check_condition
from threadline.core.rules.books import Edit
from threadline.core.rules.condition import Refused
from threadline.journeys.fields import seen as fields
from threadline.journeys.models import Field, Macro, RuleBook, RulePlace
from threadline.journeys.rules.timers import arm_all
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import enqueue


def standing() -> RuleBook | None:
    """The version in use. Cost: one query."""
    return RuleBook.objects.standing().first()


def draft() -> RuleBook | None:
    """What people change at the moment."""
    return RuleBook.objects.filter(used_at=None, dropped_at=None).first()


def read(kept: RuleBook | None) -> Book:
    """The rules in a row; none for None."""
    return read_book(kept.document) if kept else Book()


@transaction.atomic
def change(edit: Edit, *, words: str, by: Agent, now: datetime) -> RuleBook:
    """Change the draft; the first change opens it with a copy of what is in use.

    Raises:
        Refused: a condition is none, with the place.
        ThreadlineError: what comes out are no rules, in words.
    """
    _lock()
    kept = draft()
    book = _edited(read(kept or standing()), edit)
    check(book)
    if kept is None:
        kept = RuleBook(at=now, by=by)
    kept.document, kept.by = written(book), by
    kept.save()
    record("rules_changed", at=now, by=by, draft=kept.pk, words=words)
    return kept


def _edited(book: Book, edit: Edit) -> Book:
    try:
        return read_book(written(edit(book)))
    except Refused:
        raise
    except (ValueError, TypeError, KeyError) as error:
        raise ThreadlineError(str(error)) from error


def check(book: Book) -> None:
    """What the core can not know: which teams, people, texts and fields there are."""
    teams = set(Team.objects.values_list("pk", flat=True))
    people = set(Agent.objects.filter(is_active=True).values_list("pk", flat=True))
    texts = set(Macro.objects.standing().exclude(text="").values_list("pk", flat=True))
    known, sorts = {each.pk: each for each in Field.objects.standing()}, fields.sorts()
    for rule in book.working:
        if rule.cel:
            _check_names(rule, sorts)
        for step in rule.then:
            _check_field(rule, step, known)
            _check_step(rule, step, teams=teams, people=people, texts=texts)


def _check_step(rule: Rule, step: Step, *, teams: set[int], people: set[int], texts: set[int]) -> None:
    given = step.given
    if "team" in given and int(given["team"]) not in teams:
        raise ThreadlineError(f"“{rule.name}” names a team that is no longer there. Choose another one.")
    named = [int(each) for each in (given.get("agent"), *given.get("ask", ())) if str(each or "").isdigit()]
    if not people.issuperset(named):
        raise ThreadlineError(f"“{rule.name}” names somebody who no longer works here. Choose somebody else.")
    if step.do == "answer" and int(given["macro"]) not in texts:
        raise ThreadlineError(f"“{rule.name}” answers with a text that is no longer there. Choose another one.")


def _check_names(rule: Rule, sorts: Mapping[str, str]) -> None:
    try:
        check_condition(rule.cel, sorts)
    except Refused as error:
        raise ThreadlineError(f"“{rule.name}”: {error}") from error


def _check_field(rule: Rule, step: Step, known: Mapping[int, Field]) -> None:
    """It is there, and takes the value."""
    if step.do != "field":
        return
    field = known.get(int(step.given["field"]))
    if field is None:
        raise ThreadlineError(f"“{rule.name}” fills in a field that is switched off. Choose another one.")
    try:
        read_value(field.kind, str(step.given.get("value", "")), field.choices)
    except ValueError as error:
        raise ThreadlineError(f"“{rule.name}”, {field}: {error}") from error


@transaction.atomic
def release(*, by: Agent, now: datetime, note: str = "") -> RuleBook:
    """From now on the draft is in use. Stories whose span was over before are left alone."""
    _lock()
    kept = draft()
    if kept is None:
        raise ThreadlineError("There is no draft. Change a rule first.")
    check(read(kept))
    return _use(kept, by=by, now=now, note=note)


@transaction.atomic
def drop(*, by: Agent, now: datetime) -> None:
    """Forget the draft. What is in use stays."""
    _lock()
    kept = draft()
    if kept is None:
        raise ThreadlineError("There is no draft to drop.")
    kept.dropped_at = now
    kept.save(update_fields=["dropped_at"])
    record("rules_dropped", at=now, by=by, draft=kept.pk)


@transaction.atomic
def go_back(*, to: RuleBook, by: Agent, now: datetime) -> RuleBook:
    """The rules of an earlier version are in use again, as a new version; the draft stays what it is."""
    _lock()
    used = standing()
    if used is not None and used.pk == to.pk:
        raise ThreadlineError("This version is the one in use. Choose an earlier one.")
    check(read(to))
    copy = RuleBook(document=to.document, at=now)
    return _use(copy, by=by, now=now, note=f"Back to the version of {to.used_at:%d %b %Y %H:%M}")


@transaction.atomic
def switch_off(*, key: str, by: Agent, now: datetime) -> RuleBook:
    """This rule stops at once, in what is in use and in the draft: nobody should have to try that out first."""
    _lock()
    used, kept = standing(), draft()
    if used is None or (rule := read(used).rule(key)) is None or not rule.enabled:
        raise ThreadlineError("This rule is not at work. Look at the list.")
    if kept is not None and read(kept).rule(key) is not None:
        kept.document = written(switched(read(kept), key, on=False))
        kept.save(update_fields=["document"])
    copy = RuleBook(document=written(switched(read(used), key, on=False)), at=now)
    return _use(copy, by=by, now=now, note=f"“{rule.name}” switched off")


def _use(kept: RuleBook, *, by: Agent, now: datetime, note: str) -> RuleBook:
    before = standing()
    kept.used_at, kept.by, kept.note = now, by, " ".join(note.split())[:240]
    kept.save()
    event = record("rules_released", at=now, by=by, version=kept.pk, note=kept.note)
    if before is None or not read(before).working:
        _begin_here(event)
    enqueue(arm_all, book=kept.pk)
    return kept


def _begin_here(event: Event) -> None:
    """Rules look at what happens from now on."""
    RulePlace.objects.update_or_create(pk=1, defaults={"event_id": event.pk})


def _lock() -> None:
    """One change after another. Held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('threadline rules'))")
