"""Recording what happened. One row in the log, one notice to everybody who listens, in the caller's transaction.

A notice is delivered by PostgreSQL when the transaction commits and never when it is rolled back, so live screens
can not show what did not happen.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db import connection

from threadline.accounts.models import Agent, Event
from threadline.lib.bulk import insert

CHANNEL = "threadline_events"
WHISPERS = "threadline_company"  # who is where: heard by open screens, kept nowhere
NUDGES = "threadline_nudges"  # whose screens have to ask again what is new for them
_NOTICE_EVENTS = 60  # a notice may hold 8,000 bytes
_NOTICE_AGENTS = 700

Listener = Callable[[Sequence[Event]], None]
LISTENERS: list[Listener] = []


def listening(listener: Listener) -> Listener:
    """Rooms above hear of events in the transaction that records them; what they do must be short and wait for nothing.

    Given once, when the room is made ready.
    """
    LISTENERS.append(listener)
    return listener


def record(
    verb: str,
    *,
    at: datetime,
    by: Agent | None = None,
    journey_id: int | None = None,
    customer_id: int | None = None,
    interaction_id: int | None = None,
    team_id: int | None = None,
    ledger_mark: int | None = None,
    **facts: object,
) -> Event:
    """Append one event and announce it."""
    event = Event(
        verb=verb,
        at=at,
        agent=by,
        journey_id=journey_id,
        customer_id=customer_id,
        interaction_id=interaction_id,
        team_id=team_id,
        ledger_mark=ledger_mark,
        facts=facts,
    )
    record_many([event])
    return event


def record_quietly(verb: str, *, at: datetime, by: Agent | None = None, **facts: object) -> Event:
    """Append one event that no open screen shows, such as a sign-in: nobody's lists are asked for again."""
    event = Event(verb=verb, at=at, agent=by, facts=facts)
    insert([event])
    return event


def record_many(events: Sequence[Event]) -> None:
    """Append many events with one COPY and announce them with few."""
    insert(events)
    announce(events)
    for listener in LISTENERS:
        listener(events)


def announce(events: Sequence[Event]) -> None:
    """Tell the live screens. Cost: one NOTIFY per 60 events."""
    with connection.cursor() as cursor:
        for start in range(0, len(events), _NOTICE_EVENTS):
            cursor.execute("select pg_notify(%s, %s)", [CHANNEL, notice(events[start : start + _NOTICE_EVENTS])])


def notice(events: Iterable[Event]) -> str:
    """Events as the front door reads them: [id, verb, journey, customer, interaction, restricted team]."""
    rows = [[e.pk, e.verb, e.journey_id, e.customer_id, e.interaction_id, e.team_id] for e in events]
    return json.dumps(rows, separators=(",", ":"))


def whisper(journey_id: int, team_id: int | None) -> None:
    """Tell the screens that show this story that somebody came, went or began to write. Nothing of it is kept."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [WHISPERS, json.dumps([journey_id, team_id])])


def nudge(agents: Iterable[int]) -> None:
    """Tell the screens of these agents that something is new for them, and nothing else."""
    numbers = sorted(agents)
    with connection.cursor() as cursor:
        for start in range(0, len(numbers), _NOTICE_AGENTS):
            told = json.dumps(numbers[start : start + _NOTICE_AGENTS], separators=(",", ":"))
            cursor.execute("select pg_notify(%s, %s)", [NUDGES, told])
