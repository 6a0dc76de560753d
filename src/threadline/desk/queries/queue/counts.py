"""How many stories lie in each view. Nobody needs to know more than "99+", so counting stops there."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet, Value

from threadline.accounts.models import Agent, Team
from threadline.desk.queries.queue.filters import narrowed
from threadline.desk.queries.queue.kept import Kept
from threadline.desk.queries.queue.views import VIEWS, of_view, stories, visible
from threadline.journeys.models import JourneyQuerySet

MOST = 99
COUNTED = ("mine", "unowned", "ours", "mentions", "theirs", "asleep")


@dataclass(frozen=True, slots=True)
class Counts:
    """`people` are those who wait for the agent: one person may have two stories."""

    of_views: dict[str, int]
    of_teams: dict[int, int]
    people: int


def counts(agent: Agent, teams: Sequence[Team] = ()) -> Counts:
    """All counts at once. Cost: one query that reads at most 100 rows of an index for each."""
    among = visible(agent)
    parts = [_part(of_view(among, VIEWS[name], agent=agent), name) for name in COUNTED]
    parts += [_part(of_view(among, VIEWS["ours"], agent=agent, team=team.pk), f"team-{team.pk}") for team in teams]
    found: Counter[str] = Counter()
    waiting: set[int] = set()
    counted = cast(Iterable[tuple[str, int]], parts[0].union(*parts[1:], all=True))
    for name, customer in counted:
        found[name] += 1
        if name == "mine":
            waiting.add(customer)
    views = {name: found[name] for name in COUNTED}
    return Counts(views, {team.pk: found[f"team-{team.pk}"] for team in teams}, len(waiting))


def of_kept(kept: Sequence[Kept], *, agent: Agent, now: datetime) -> dict[int, int]:
    """How many stories lie in each saved view. Cost: one query, each part of which stops at 100 stories.

    A part that finds few reads the index of open stories from end to end: so only the first few views are counted.
    """
    among = visible(agent)
    parts = [_part(narrowed(among, each.filters, agent=agent, now=now), str(each.pk)) for each in kept]
    if not parts:
        return {}
    counted = cast(Iterable[tuple[str, int]], parts[0].union(*parts[1:], all=True))
    found = Counter(name for name, _customer in counted)
    return {each.pk: found[str(each.pk)] for each in kept}


def my_turn(agent: Agent) -> int:
    """How many stories wait for this agent, 100 at most."""
    return len(stories(VIEWS["mine"], agent=agent).values_list("pk", flat=True)[: MOST + 1])


def shown(count: int) -> int | str:
    return count if count <= MOST else f"{MOST}+"


def _part(query: JourneyQuerySet, name: str) -> QuerySet[Any]:
    return query.annotate(view=Value(name)).values_list("view", "customer_id")[: MOST + 1]
