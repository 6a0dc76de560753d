"""How right the conclusions were, as far as people looked: what stood, what they changed, and whether that drifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from threadline.core.picture.calibration import Bin, bins, calibration, off_by

NEWEST = 20_000  # touches that are looked at, so that the page costs the same after ten years
WEEKS = 12
TOO_FEW = 20
# Each touch that the machine placed, whether somebody of ours has worked on its story since, and whether they left it.
PLACED = """
    with newest as (
        select id, at from interactions_interaction where direction <> 'event' order by id desc limit %(newest)s
    ), worked as (
        select journey_id, max(at) as at from (
            select journey_id, at from accounts_event where agent_id is not null and journey_id is not null
            union all
            select m.journey_id, i.at from interactions_interaction i
            join journeys_membership m on m.interaction_id = i.id and m.superseded_at is null
            where i.direction = 'out' and i.author_id is not null and i.id >= (select min(id) from newest)
        ) acts group by journey_id
    ), placed as (
        select distinct on (m.interaction_id) m.interaction_id, m.journey_id, n.at, d.confidence
        from newest n
        join journeys_membership m on m.interaction_id = n.id
        join accounts_decision d on d.id = m.decision_id
        where d.by <> 'agent'
        order by m.interaction_id, m.id
    )
    select p.at, p.confidence,
        coalesce((select worked.at >= p.at from worked where worked.journey_id = p.journey_id), false) as seen,
        not exists (select from journeys_membership later join accounts_decision said on said.id = later.decision_id
            where later.interaction_id = p.interaction_id and later.journey_id <> p.journey_id
            and said.by = 'agent') as stood
    from placed p
"""
# What people said about pairs that were suggested, and about those that were joined by themselves.
PAIRS = """
    select asked.at, asked_why.confidence, said.standing = 'same' as stood
    from customers_identitylink asked
    join accounts_decision asked_why on asked_why.id = asked.decision_id and asked_why.by <> 'agent'
    join customers_identitylink said on least(said.left_id, said.right_id) = least(asked.left_id, asked.right_id)
        and greatest(said.left_id, said.right_id) = greatest(asked.left_id, asked.right_id) and said.id > asked.id
    join accounts_decision said_why on said_why.id = said.decision_id and said_why.by = 'agent'
    where asked.standing in ('same', 'suggested')
    order by asked.id desc limit %(newest)s
"""


@dataclass(frozen=True, slots=True)
class Week:
    """One week. `share` is the part that stood; `part` the same from 0 to 100 for a bar."""

    monday: datetime
    count: int
    changed: int

    @property
    def share(self) -> float:
        return 1 - self.changed / self.count if self.count else 1.0

    @property
    def part(self) -> int:
        return round(100 * self.share)


@dataclass(frozen=True, slots=True)
class Quality:
    """Of `seen` conclusions that people worked with, `stood` were left as they were, of `count` in all."""

    count: int
    seen: int
    stood: int
    off_by: float
    picture: SafeString
    bins: list[Bin]
    weeks: list[Week]

    @property
    def share(self) -> float | None:
        """None where too few were looked at for a number to mean something."""
        return self.stood / self.seen if self.seen >= TOO_FEW else None


def of_stories(now: datetime) -> Quality:
    """Touches and the stories they were put into. Cost: one query over the newest 20,000 touches."""
    rows = _asked(PLACED)
    checked = [(at, confidence, stood) for at, confidence, seen, stood in rows if seen or not stood]
    return _quality(len(rows), checked, now, _("touches"))


def of_people(now: datetime) -> Quality:
    """Pairs of people that were suggested or joined. Cost: one query."""
    rows = [(at, confidence, stood) for at, confidence, stood in _asked(PAIRS)]
    return _quality(len(rows), rows, now, _("pairs of people"))


def _asked(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"newest": NEWEST})
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _quality(count: int, checked: Sequence[tuple[datetime, float, bool]], now: datetime, what: str) -> Quality:
    found = bins([(confidence, stood) for _at, confidence, stood in checked])
    said = "; ".join(f"{each.said:.0%} → {each.right:.0%}" for each in found)
    words = _("%(what)s, said and stood: %(said)s") % {"what": what, "said": said or "–"}
    stood = sum(stood for _at, _confidence, stood in checked)
    drawn = mark_safe(calibration(found, words=words))
    return Quality(count, len(checked), stood, off_by(found), drawn, found, weeks(checked, now))


def weeks(checked: Sequence[tuple[datetime, float, bool]], now: datetime) -> list[Week]:
    """The last twelve weeks, oldest first, also those in which nothing was looked at."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    made = []
    for start in starts:
        within = [stood for at, _confidence, stood in checked if start <= at < start + timedelta(weeks=1)]
        made.append(Week(start, len(within), within.count(False)))
    return made
