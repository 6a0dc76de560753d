"""How many stories lie in each view. Nobody needs to know more than "99+", so counting stops there."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django.db.models import Case, Count, QuerySet, Sum, Value, When

from threadline.accounts.models import Agent, Team
from threadline.desk.queries.queue.filters import Filters, narrowed, wanted
from threadline.desk.queries.queue.kept import Kept
from threadline.desk.queries.queue.views import VIEWS, of_view, stories, visible
from threadline.journeys.models import JourneyQuerySet

MOST = 99
LOOKED_AT = 10_000  # stories of one part of the queue; a count of more goes on with a plus
# What a part of the queue has no index for is counted in one look through it; the other filters begin the look.
BESIDE: dict[str, Any] = {**dict.fromkeys(("intent", "channel", "language", "mood", "waits", "public"), ""), "own": ()}
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


def of_kept(kept: Sequence[Kept], *, agent: Agent, now: datetime) -> dict[int, str]:
    """How many stories lie in each saved view: `7`, `99+`, or `7+` where the view goes on after what was looked at.

    Cost: a query for each part of the queue that they narrow, most often one or two; each reads `LOOKED_AT` rows of an
    index at most, and counts all views of its part in one go.
    """
    parts: dict[Filters, list[Kept]] = defaultdict(list)
    for each in kept:
        parts[replace(each.filters, **BESIDE)].append(each)
    found: dict[int, str] = {}
    for part, views in parts.items():
        found |= _of_part(part, views, agent=agent, now=now)
    return found


def _of_part(part: Filters, views: Sequence[Kept], *, agent: Agent, now: datetime) -> dict[int, str]:
    looked_at = narrowed(visible(agent), part, agent=agent, now=now).order_by(part.by)[: LOOKED_AT + 1]
    fits = {f"of_{each.pk}": wanted(each.filters, agent=agent, now=now) for each in views}
    columns = looked_at.annotate(**{name: Case(When(fit, then=1), default=0) for name, fit in fits.items()})
    counted = columns.aggregate(all=Count("pk"), **{f"n_{name}": Sum(name) for name in fits})
    more = counted["all"] > LOOKED_AT
    return {each.pk: _told(counted[f"n_of_{each.pk}"] or 0, more=more) for each in views}


def _told(count: int, *, more: bool) -> str:
    return f"{count}+" if more and count <= MOST else str(shown(count))


def my_turn(agent: Agent) -> int:
    """How many stories wait for this agent, 100 at most."""
    return len(stories(VIEWS["mine"], agent=agent).values_list("pk", flat=True)[: MOST + 1])


def shown(count: int) -> int | str:
    return count if count <= MOST else f"{MOST}+"


def _part(query: JourneyQuerySet, name: str) -> QuerySet[Any]:
    return query.annotate(view=Value(name)).values_list("view", "customer_id")[: MOST + 1]
