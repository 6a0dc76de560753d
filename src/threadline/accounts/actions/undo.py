"""Taking a change of the settings back. The reverse is the same action with what stood before, and is told as one.

Rooms above register how their own verbs are reversed.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from threadline.accounts.actions.people import Who, change_agent, deactivate, reactivate, who_is
from threadline.accounts.actions.roles import change_role
from threadline.accounts.actions.teams import Shape, change_team, facts_of
from threadline.accounts.models import Agent, Event, Role, Team
from threadline.lib.errors import ThreadlineError

Reverse = Callable[[Event, Agent, datetime], Event | None]
REVERSES: dict[str, Reverse] = {}


def reverses(verb: str) -> Callable[[Reverse], Reverse]:
    def register(function: Reverse) -> Reverse:
        REVERSES[verb] = function
        return function

    return register


def can_undo(event: Event) -> bool:
    return event.verb in REVERSES and not event.facts.get("for_good")


@transaction.atomic
def undo(*, event: Event, by: Agent, now: datetime) -> Event | None:
    """Bring back what stood before a change, unless somebody changed it again since then."""
    if not can_undo(event):
        raise ThreadlineError("This can not be taken back. Open it and set it as you want it.")
    return REVERSES[event.verb](event, by, now)


def refuse_if_newer(event: Event, now_is: Mapping[str, object]) -> None:
    if dict(now_is) != event.facts["after"]:
        raise ThreadlineError(f"“{event.facts['name']}” was changed again since then. Open it and set it as you want.")


@reverses("agent_changed")
def _change_agent_back(event: Event, by: Agent, now: datetime) -> Event | None:
    agent = Agent.objects.get(pk=event.facts["who"])
    refuse_if_newer(event, who_is(agent).as_facts())
    before: dict[str, Any] = event.facts["before"]
    who = Who(
        name=before["name"],
        email=before["email"],
        is_admin=before["is_admin"],
        role=Role.objects.filter(pk=before["role"]).first(),
        teams=tuple(Team.objects.filter(pk__in=before["teams"])),
    )
    return change_agent(agent=agent, who=who, by=by, now=now)


@reverses("agent_left")
def _bring_back(event: Event, by: Agent, now: datetime) -> Event:
    return reactivate(agent=Agent.objects.get(pk=event.facts["who"]), by=by, now=now)


@reverses("agent_returned")
def _let_go_again(event: Event, by: Agent, now: datetime) -> Event:
    return deactivate(agent=Agent.objects.get(pk=event.facts["who"]), by=by, now=now)


@reverses("team_changed")
def _change_team_back(event: Event, by: Agent, now: datetime) -> Event | None:
    team = Team.objects.get(pk=event.facts["team"])
    refuse_if_newer(event, facts_of(team))
    before: dict[str, Any] = event.facts["before"]
    ends = date.fromisoformat(before["ends_on"]) if before["ends_on"] else None
    shape = Shape(before["name"], before["restricted"], before["partner"], ends)
    members = Agent.objects.filter(pk__in=before["members"])
    return change_team(team=team, shape=shape, members=members, by=by, now=now)


@reverses("role_changed")
def _change_role_back(event: Event, by: Agent, now: datetime) -> Event | None:
    role = Role.objects.filter(pk=event.facts["role"]).first()
    if role is None:
        raise ThreadlineError(f"The role “{event.facts['name']}” is gone by now. Make it anew.")
    refuse_if_newer(event, {"name": role.name, "rights": sorted(role.rights)})
    before = event.facts["before"]
    return change_role(role=role, name=before["name"], rights=before["rights"], by=by, now=now)
