"""One thing done to many stories: each by its own action with its own Event, and one undo for all of them.

A run is worked off in pieces. Each piece is one transaction that also writes down how far the run is, so that a job
that was cut off goes on where it stopped and does nothing twice.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent, Event, Team
from threadline.accounts.rights import Right
from threadline.journeys.actions.macros import carry_out
from threadline.journeys.actions.status import assign, finish, set_intent, snooze, wait
from threadline.journeys.actions.structure import undo
from threadline.journeys.models import BulkRun, Journey, Macro
from threadline.journeys.moments import morning
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import enqueue, job

AT_ONCE = 30  # a page; more than that is for a worker
MOST = 5_000
PIECE = 20
log = logging.getLogger(__name__)
What = BulkRun.What


def do_to_many(*, what: str, how: Mapping[str, object], stories: Sequence[int], by: Agent, now: datetime) -> BulkRun:
    """Begin; a page of stories is done when this returns, more are done by a worker.

    Args:
        how: `owner`, `team` (a number, None for nobody) for "assign"; `until`; `intent`; `macro`.
    Raises:
        ThreadlineError: nothing was chosen, too much was, or what shall be done to it is not said.
    """
    numbers = list(dict.fromkeys(stories))
    if not by.may(Right.ANSWER):
        raise ThreadlineError("Your role does not say whose turn it is. An admin can change that.")
    if not numbers:
        raise ThreadlineError("No story is chosen. Choose some with x or their boxes, then say what to do.")
    if len(numbers) > MOST:
        raise ThreadlineError(f"{len(numbers):,} stories are too many at once; {MOST:,} are the most.")
    _check(what, how, by=by, now=now)
    return _begin(BulkRun(agent=by, what=what, how=dict(how), stories=numbers, began_at=now))


def take_back(*, run: BulkRun, by: Agent, now: datetime) -> BulkRun:
    """One undo for the whole run. What somebody changed since then stays, and is told story by story."""
    if run.agent_id != by.pk:
        raise ThreadlineError("Whoever did this can take it back.")
    if run.what == What.UNDO or BulkRun.objects.filter(undoes=run).exists():
        raise ThreadlineError("This was taken back before.")
    if run.ended_at is None:
        raise ThreadlineError("It is still under way. Wait until it has ended, then take it back.")
    done = Event.objects.filter(pk__in=run.events).order_by("-pk").values_list("journey_id", flat=True)
    numbers = list(dict.fromkeys(number for number in done if number is not None))
    if not numbers:
        raise ThreadlineError("Nothing was done, so there is nothing to take back.")
    return _begin(BulkRun(agent=by, what=What.UNDO, stories=numbers, undoes=run, began_at=now))


def _begin(run: BulkRun) -> BulkRun:
    with transaction.atomic():
        run.save()
        facts = {"run": run.pk, "what": run.what, "how": run.how, "stories": len(run.stories)}
        record_quietly("many_done", at=run.began_at, by=run.agent, **facts)
        if len(run.stories) > AT_ONCE:
            enqueue(go_on, run=run.pk)
    if len(run.stories) <= AT_ONCE:
        _work_off(run.pk, lambda: run.began_at)
    run.refresh_from_db()
    return run


@job()
def go_on(run: int) -> None:
    """Work a run off from where it stands. Safe to run twice."""
    _work_off(run, timezone.now)


def _work_off(number: int, clock: Callable[[], datetime]) -> None:
    while _piece(number, clock()):
        pass


@transaction.atomic
def _piece(number: int, now: datetime) -> bool:
    """The next few stories; False when there are none left."""
    run = BulkRun.objects.select_for_update(of=("self",)).select_related("agent").get(pk=number)
    for story in run.stories[run.handled : run.handled + PIECE]:
        try:
            with transaction.atomic():
                run.events += _one(run, story, now)
        except ThreadlineError as error:
            run.refused.append([story, str(error)])
        except OperationalError:
            raise  # the database is not to be had: the piece is tried again as a whole
        except Exception:
            log.exception("story %s of run %s", story, number)
            run.refused.append([story, "That did not work, and the log says why. Try it with this story alone."])
        run.handled += 1
    if run.handled >= len(run.stories):
        run.ended_at = run.ended_at or now
    run.save(update_fields=["events", "refused", "handled", "ended_at"])
    return run.ended_at is None


def _one(run: BulkRun, story: int, now: datetime) -> list[int]:
    """Through the one door, as one story would be. Returns the events it recorded, oldest first."""
    journey = Journey.objects.visible_to(run.agent).filter(pk=story).select_related("owner", "team").first()
    if journey is None or not run.agent.may(Right.ANSWER):
        raise ThreadlineError("It is not there any more, or you may no longer see it.")
    before = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    DOES[run.what](run, journey, now)
    mine = Event.objects.filter(journey_id=story, agent=run.agent, pk__gt=before)
    return list(mine.order_by("pk").values_list("pk", flat=True))


def _assign(run: BulkRun, journey: Journey, now: datetime) -> None:
    owner, team = journey.owner, journey.team
    if "owner" in run.how:
        owner = Agent.objects.get(pk=run.how["owner"]) if run.how["owner"] else None
    if "team" in run.how:
        team = Team.objects.get(pk=run.how["team"]) if run.how["team"] else None
    if (owner, team) == (journey.owner, journey.team):
        raise ThreadlineError("It is where you want it already.")
    assign(journey=journey, owner=owner, team=team, by=run.agent, now=now)


def _snooze(run: BulkRun, journey: Journey, now: datetime) -> None:
    until = parse_datetime(run.how["until"])
    assert until is not None, "checked when the run began"
    snooze(journey=journey, until=until, by=run.agent, now=now)


def _wait(run: BulkRun, journey: Journey, now: datetime) -> None:
    if journey.status == Journey.Status.WAITING:
        raise ThreadlineError("It is their turn already.")
    wait(journey=journey, by=run.agent, now=now)


def _finish(run: BulkRun, journey: Journey, now: datetime) -> None:
    if journey.status == Journey.Status.DONE:
        raise ThreadlineError("It is done already.")
    finish(journey=journey, by=run.agent, now=now)


def _intent(run: BulkRun, journey: Journey, now: datetime) -> None:
    if journey.intent == run.how["intent"]:
        raise ThreadlineError(f"It is about “{journey.intent}” already.")
    set_intent(journey=journey, intent=run.how["intent"], by=run.agent, now=now)


def _macro(run: BulkRun, journey: Journey, now: datetime) -> None:
    """What a macro does; its words are for one person and are not sent to many."""
    then = carry_out([run.how["macro"]], journey=journey, by=run.agent, now=now)
    journey.refresh_from_db()
    if then == "done" and journey.status != Journey.Status.DONE:
        finish(journey=journey, by=run.agent, now=now)
    elif then and then != "done":
        snooze(journey=journey, until=morning(then, now), by=run.agent, now=now)


def _undo(run: BulkRun, journey: Journey, now: datetime) -> None:
    assert run.undoes is not None, "the database holds it"
    for event in Event.objects.filter(pk__in=run.undoes.events, journey_id=journey.pk).order_by("-pk"):
        undo(event=event, by=run.agent, now=now)


DOES: dict[str, Callable[[BulkRun, Journey, datetime], None]] = {
    What.ASSIGN: _assign,
    What.SNOOZE: _snooze,
    What.WAIT: _wait,
    What.DONE: _finish,
    What.INTENT: _intent,
    What.MACRO: _macro,
    What.UNDO: _undo,
}


def _check(what: str, how: Mapping[str, object], *, by: Agent, now: datetime) -> None:
    """What would fail for every story is refused at once."""
    if what not in DOES or what == What.UNDO:
        raise ThreadlineError(f"“{what[:20]}” is nothing that can be done to many stories.")
    if what == What.ASSIGN:
        _check_who(how)
    elif what == What.SNOOZE:
        until = parse_datetime(str(how.get("until") or ""))
        if until is None or until <= now:
            raise ThreadlineError("Choose a moment in the future until which they shall sleep.")
    elif what == What.INTENT and not str(how.get("intent") or "").strip():
        raise ThreadlineError("Say what they are about.")
    elif what == What.MACRO:
        macro = Macro.objects.visible_to(by).standing().filter(pk=_number(how, "macro")).first()
        if macro is None or not macro.actions:
            raise ThreadlineError("This text does nothing to a story, or is not there any more. Choose another one.")


def _check_who(how: Mapping[str, object]) -> None:
    if not {"owner", "team"} & set(how):
        raise ThreadlineError("Choose a colleague or a team to hand them over to.")
    if how.get("owner") and not Agent.objects.filter(pk=_number(how, "owner"), is_active=True).exists():
        raise ThreadlineError("Nobody like that works here any more. Choose again.")
    if how.get("team") and not Team.objects.filter(pk=_number(how, "team")).exists():
        raise ThreadlineError("There is no such team any more. Choose again.")


def _number(how: Mapping[str, object], name: str) -> int:
    return int(str(how.get(name) or 0))
