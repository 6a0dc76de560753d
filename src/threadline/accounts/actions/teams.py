"""Teams: who shares work, and what others see of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event, Team
from threadline.lib.errors import ThreadlineError


@dataclass(frozen=True, slots=True)
class Shape:
    """What can be said about a team."""

    name: str
    restricted: bool = False
    partner: bool = False
    ends_on: date | None = None

    def as_facts(self, members: Iterable[int]) -> dict[str, Any]:
        return {
            "name": self.name,
            "restricted": self.restricted,
            "partner": self.partner,
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "members": sorted(members),
        }


@transaction.atomic
def create_team(*, shape: Shape, members: Iterable[Agent], by: Agent, now: datetime) -> Event:
    """Raises ThreadlineError: no name or one that is taken; an end for a team that is no partner's."""
    shape = _checked(shape)
    team = Team.objects.create(
        name=shape.name, restricted=shape.restricted, partner=shape.partner, ends_on=shape.ends_on
    )
    chosen = list(members)
    team.agents.set(chosen)
    return record("team_added", at=now, by=by, team=team.pk, **shape.as_facts(agent.pk for agent in chosen))


@transaction.atomic
def change_team(*, team: Team, shape: Shape, members: Iterable[Agent], by: Agent, now: datetime) -> Event | None:
    """What is different from the next page on is seen by everybody. None when nothing is different."""
    shape, chosen = _checked(shape, team), list(members)
    before = facts_of(team)
    after = shape.as_facts(agent.pk for agent in chosen)
    if before == after:
        return None
    team.name, team.restricted, team.partner, team.ends_on = shape.name, shape.restricted, shape.partner, shape.ends_on
    team.save(update_fields=["name", "restricted", "partner", "ends_on"])
    team.agents.set(chosen)
    return record("team_changed", at=now, by=by, team=team.pk, name=team.name, before=before, after=after)


def facts_of(team: Team) -> dict[str, Any]:
    shape = Shape(team.name, team.restricted, team.partner, team.ends_on)
    return shape.as_facts(team.agents.values_list("pk", flat=True))


def _checked(shape: Shape, team: Team | None = None) -> Shape:
    name = shape.name.strip()[:80]
    if not name:
        raise ThreadlineError("The team has no name. Call it by what it looks after.")
    if Team.objects.filter(name__iexact=name).exclude(pk=team.pk if team else 0).exists():
        raise ThreadlineError(f"There is a team “{name}” already. Choose another name, or change that one.")
    if shape.ends_on is not None and not shape.partner:
        raise ThreadlineError("Only partner teams end on a day. Mark it as a partner team, or leave the day empty.")
    return Shape(name, shape.restricted, shape.partner, shape.ends_on)
