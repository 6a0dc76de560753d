"""What a rule can do to a story: the same actions as those of agents, each with its own Event that can be undone.

A step is a function registered by its name in `core.rules.STEPS`. Playbooks of several steps can use the same ones.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from threadline.accounts.models import Agent, Event, Team
from threadline.core.rules import STEPS, Rule
from threadline.interactions import intents
from threadline.journeys.actions.fields import set_field_at
from threadline.journeys.actions.handing import supervisor_for
from threadline.journeys.actions.ruling import ByRule, rule
from threadline.journeys.actions.status import assign, finish, reopen, set_intent, snooze, wait
from threadline.journeys.models import Field, Journey, Macro
from threadline.journeys.rules.answering import answer
from threadline.lib.errors import ThreadlineError

log = logging.getLogger(__name__)
OWNER, SUPERVISOR = "owner", "supervisor"
Given = Mapping[str, Any]
Doer = Callable[[Journey, Given, ByRule, datetime], Event | None]
DOERS: dict[str, Doer] = {}


@dataclass(slots=True)
class Done:
    """The events of what was done, and in words what was left out and why."""

    events: list[int] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    broken: bool = False


def carry_out(told: Rule, journey: Journey, *, by: ByRule, now: datetime) -> Done:
    """All steps in order. One that can not be done is left out, with the reason; the others are done."""
    done = Done()
    for step in told.then:
        journey.refresh_from_db()
        try:
            with transaction.atomic():
                event = DOERS[step.do](journey, step.given, by, now)
        except ThreadlineError as error:
            done.left_out.append(f"Could not {STEPS[step.do]}: {error}")
        except Exception:
            log.exception("rule %s could not %s in story %s", told.key, step.do, journey.pk)
            done.left_out.append(f"Could not {STEPS[step.do]}: something went wrong; the worker's log tells what.")
            done.broken = True
        else:
            done.events += [event.pk] if event is not None else []
    return done


def does(name: str) -> Callable[[Doer], Doer]:
    def register(function: Doer) -> Doer:
        DOERS[name] = function
        return function

    return register


@does("give")
def give(journey: Journey, given: Given, by: ByRule, now: datetime) -> Event | None:
    """A team, a person or both; a supervisor is whoever may decide. A team alone leaves open who of it."""
    team = Team.objects.filter(pk=int(given["team"])).first() if "team" in given else journey.team
    if "team" in given and team is None:
        raise ThreadlineError("That team is no longer there. Choose another one in the rule.")
    owner = _owner(journey, given, team)
    if (owner, team) == (journey.owner, journey.team):
        return None
    return assign(journey=journey, owner=owner, team=team, by=by, now=now)


def _owner(journey: Journey, given: Given, team: Team | None) -> Agent | None:
    if given.get("supervisor"):
        found = supervisor_for(journey, by=None)
        if found is None:
            raise ThreadlineError("There is no supervisor. Name one under “Who gets what”.")
        return found
    if "agent" in given:
        named = Agent.objects.filter(pk=int(given["agent"]), is_active=True).first()
        if named is None:
            raise ThreadlineError("That person no longer works here. Choose somebody else in the rule.")
        return named
    return journey.owner if team == journey.team else None


@does("intent")
def intent(journey: Journey, given: Given, by: ByRule, now: datetime) -> Event | None:
    name = str(given["intent"])
    if name == journey.intent:
        return None
    if name not in {node.name for node in intents.tree_in_use()}:
        raise ThreadlineError(f"“{name}” is no intent any more. Choose another one in the rule.")
    return set_intent(journey=journey, intent=name, by=by, now=now)


@does("field")
def fill_in(journey: Journey, given: Given, by: ByRule, now: datetime) -> Event | None:
    """A field of the story or of its person; without a value it is emptied."""
    wanted = Field.objects.filter(pk=int(given["field"])).first()
    if wanted is None:
        raise ThreadlineError("That field is no longer there. Choose another one in the rule.")
    return set_field_at(wanted, str(given.get("value", "")), journey=journey, by=by, now=now)


@does("note")
def note(journey: Journey, given: Given, by: ByRule, now: datetime) -> Event:
    """Whom it asks finds the story among their mentions, if they may see it."""
    asked = [agent for each in given.get("ask", ()) if (agent := _asked(journey, str(each))) is not None]
    reached = [agent for agent in asked if Journey.objects.visible_to(agent).filter(pk=journey.pk).exists()]
    facts: dict[str, object] = {"text": str(given["text"]).strip()}
    if reached:
        facts["mentions"] = list(dict.fromkeys(agent.pk for agent in reached))
    return rule("noted", facts, journey=journey, by=by, now=now)


def _asked(journey: Journey, who: str) -> Agent | None:
    if who == OWNER:
        return journey.owner
    if who == SUPERVISOR:
        return supervisor_for(journey, by=None)
    return Agent.objects.filter(pk=int(who), is_active=True).first() if who.isdigit() else None


@does("answer")
def send(journey: Journey, given: Given, by: ByRule, now: datetime) -> Event:
    macro = Macro.objects.standing().filter(pk=int(given["macro"])).first()
    if macro is None or not macro.text:
        raise ThreadlineError("That text is no longer kept ready. Choose another one in the rule.")
    return answer(journey=journey, text=macro.text, by=by, now=now)


@does("sleep")
def sleep(journey: Journey, given: Given, by: ByRule, now: datetime) -> Event | None:
    if journey.status not in (Journey.Status.OPEN, Journey.Status.WAITING):
        return None
    return snooze(journey=journey, until=now + timedelta(hours=int(given["hours"])), by=by, now=now)


@does("wait")
def their_turn(journey: Journey, given: Given, by: ByRule, now: datetime) -> Event | None:
    return wait(journey=journey, by=by, now=now) if journey.status == Journey.Status.OPEN else None


@does("reopen")
def our_turn(journey: Journey, given: Given, by: ByRule, now: datetime) -> Event | None:
    return reopen(journey=journey, by=by, now=now) if journey.status != Journey.Status.OPEN else None


@does("done")
def over(journey: Journey, given: Given, by: ByRule, now: datetime) -> Event | None:
    if journey.status == Journey.Status.DONE:
        return None
    return finish(journey=journey, by=by, now=now, outcome=str(given.get("outcome", ""))[:120])
