"""How many wait before somebody, and how long people wait, measured from our last answers. For agents and customers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from threadline.core.routing import Measured, measured
from threadline.journeys.models import Journey

LOOK_BACK = timedelta(days=14)
NEWEST = 50
AMONG = 50_000  # the newest entries of the ledger

# Of each of our newest answers on a channel: how long had they waited, from their first words since the answer before?
ANSWERED = """
    with answers as (
        select thread_id, at from interactions_interaction
        where kind = %(kind)s and direction = 'out' and id > %(after)s and at > %(since)s and at <= %(now)s
        order by id desc limit %(newest)s
    )
    select answers.at - min(asked.at)
    from answers
    join interactions_interaction asked
      on asked.thread_id = answers.thread_id and asked.direction = 'in' and asked.automatic = ''
     and asked.at < answers.at
    where asked.at > coalesce((
        select max(before.at) from interactions_interaction before
        where before.thread_id = answers.thread_id and before.direction = 'out' and before.at < answers.at
    ), '-infinity')
    group by answers.thread_id, answers.at
"""
BEFORE = """
    select count(*), count(*) filter (where (waiting_since, id) < (%(since)s, %(id)s))
    from journeys_journey
    where status = 'open' and joined_into_id is null and (%(team)s::bigint is null or team_id = %(team)s)
      and replace(channels[cardinality(channels)], '+public', '') = %(kind)s
"""
# The places of all who wait on one channel, each in the queue of their team; read from the index of the queue.
PLACES = """
    select id, case when team_id is null then anywhere else place end,
        case when team_id is null then everybody else waiting end, waiting_since
    from (
        select id, team_id, waiting_since,
            row_number() over (order by waiting_since, id) as anywhere, count(*) over () as everybody,
            row_number() over (partition by team_id order by waiting_since, id) as place,
            count(*) over (partition by team_id) as waiting
        from journeys_journey
        where status = 'open' and joined_into_id is null
          and replace(channels[cardinality(channels)], '+public', '') = %(kind)s
    ) as queue where id = any(%(journeys)s)
"""


@dataclass(frozen=True, slots=True)
class Position:
    """`before` people wait longer for the same team on the same channel, `waiting` do in all, this one among them.

    As long as no team has the story, all teams count: whoever is told that nobody waits before them must be able to
    rely on it.

    `wait` is how long the last ones really waited; None where too few were answered to say.
    """

    before: int
    waiting: int
    kind: str
    waited: timedelta
    wait: Measured | None

    @property
    def place(self) -> int:
        return self.before + 1


def position_of(journey: Journey, *, now: datetime) -> Position | None:
    """Where a story stands in the queue; None when it is not our turn. Cost: three queries."""
    if journey.status != Journey.Status.OPEN or journey.waiting_since is None or journey.joined_into_id is not None:
        return None
    kind = str(journey.channels[-1]).removesuffix("+public") if journey.channels else ""
    values: dict[str, Any] = {"since": journey.waiting_since, "id": journey.pk, "team": journey.team_id, "kind": kind}
    with connection.cursor() as cursor:
        cursor.execute(BEFORE, values)
        waiting, before = cursor.fetchone()
    return Position(before, max(waiting, 1), kind, now - journey.waiting_since, expected_wait(kind, now=now))


def positions(journeys: Collection[int], kind: str, *, now: datetime) -> dict[int, Position]:
    """Where each of these stands in the queue of one channel, as far as it is our turn there. Cost: three queries."""
    if not journeys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"kind": kind, "journeys": list(journeys)})
        rows = cursor.fetchall()
    wait = expected_wait(kind, now=now) if rows else None
    return {number: Position(place - 1, waiting, kind, now - since, wait) for number, place, waiting, since in rows}


def expected_wait(kind: str, *, now: datetime) -> Measured | None:
    """How long the last people on this channel waited for an answer: measured, not promised. Two queries.

    It reads our newest 50 answers of two weeks. None where there were too few: say nothing then.
    """
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from interactions_interaction")
        newest = cursor.fetchone()[0]
        values = {"kind": kind, "after": newest - AMONG, "since": now - LOOK_BACK, "now": now, "newest": NEWEST}
        cursor.execute(ANSWERED, values)
        return measured(wait for (wait,) in cursor.fetchall())
