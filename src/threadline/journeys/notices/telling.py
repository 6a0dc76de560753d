"""From causes to notices: one for each agent and story, and a row for each way it has to go.

The worker does this, in a transaction of its own: what people do at the desk never waits for it, and a fan-out to a
thousand agents locks nothing that they need. Causes are deleted in the transaction that tells, so each tells once.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from threadline.accounts.events import CHANNEL, nudge
from threadline.accounts.models import Agent, Event
from threadline.journeys.models import Cause, Journey, Mute, PushBrowser, Wishes
from threadline.journeys.notices.causes import Told, told_by
from threadline.journeys.notices.models import NoticeSend, Way
from threadline.journeys.notices.wishes import of_many, quiet_of, ways
from threadline.lib.surviving import surviving

AT_ONCE = 500
IDLE_SECONDS = 5.0
FRESH = timedelta(days=3)  # what happened longer ago, such as in an imported history, is news to nobody
GRACE = timedelta(seconds=3)  # who looks at the story at once needs no push

TELL = """
    insert into journeys_notice as known
        (agent_id, journey_id, reason, said, count, event_id, interaction_id, at, seen_at)
    select agent, journey, reason, said, count, event, nullif(touch, 0), at, null
    from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::jsonb[], %s::int[], %s::bigint[], %s::bigint[],
                %s::timestamptz[])
        as new (agent, journey, reason, said, count, event, touch, at)
    order by agent, journey
    on conflict (agent_id, journey_id) do update set
        reason = excluded.reason, said = excluded.said, event_id = excluded.event_id, at = excluded.at,
        interaction_id = coalesce(excluded.interaction_id, known.interaction_id),
        count = case when known.seen_at is null then known.count else 0 end + excluded.count, seen_at = null
    returning agent_id, journey_id, id
"""
SEND = """
    insert into journeys_noticesend
        (notice_id, agent_id, way, browser_id, "to", reason, state, at, next_at, attempts, result, settled_at)
    select notice, agent, way, nullif(browser, 0), "to", reason, state, at, next_at, 0, result,
        case when next_at is null then at end
    from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[],
                %s::timestamptz[], %s::timestamptz[], %s::text[])
        as new (notice, agent, way, browser, "to", reason, state, at, next_at, result)
    order by notice
    on conflict (notice_id, way, browser_id) where next_at is not null
    do update set reason = excluded.reason
"""


@dataclass(frozen=True, slots=True)
class News:
    """What one agent has to know about one story: the newest reason, and how many there are."""

    told: Told
    count: int = 1


def drive(stop: threading.Event) -> None:
    """Tell until told to stop; survive a database that goes away and comes back."""
    while not stop.is_set():
        with surviving("notices", stop):
            while tell(now=timezone.now()) == AT_ONCE and not stop.is_set():
                continue
            _wait(stop)


def _wait(stop: threading.Event) -> None:
    """Until something is recorded; at most a few seconds, in case a notice of the database was missed."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    if Cause.objects.exists():
        return
    raw, waited = connection.connection, 0.0
    while waited < IDLE_SECONDS and not stop.is_set():
        if next(raw.notifies(timeout=0.5, stop_after=1), None) is not None:
            return
        waited += 0.5


@transaction.atomic
def tell(*, now: datetime) -> int:
    """Tell who has to know of what is remembered, the oldest first. Returns how many causes there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from journeys_notice_cause where event_id in (select event_id from journeys_notice_cause"
            " order by event_id limit %s for update skip locked) returning event_id",
            [AT_ONCE],
        )
        numbers = [number for (number,) in cursor.fetchall()]
    events = list(Event.objects.filter(pk__in=numbers, at__gt=now - FRESH).order_by("pk")) if numbers else []
    if told := [each for each in told_by(events) if _is_fresh(each, now)]:
        _spread(told, now)
    return len(numbers)


def _is_fresh(told: Told, now: datetime) -> bool:
    at = told.said.get("at")
    return at is None or datetime.fromisoformat(at) > now - FRESH


def _spread(told: Sequence[Told], now: datetime) -> None:
    """Cost: seven statements for any number of agents, and one for each agent where not everybody sees the story."""
    agents = {one.pk: one for one in Agent.objects.filter(pk__in={each.agent for each in told}, is_active=True)}
    wishes = of_many(agents.values())
    muted = _muted(agents)
    unseen = hidden({(each.agent, int(each.event.journey_id or 0)) for each in told}, agents)
    news: dict[tuple[int, int], News] = {}
    for each in told:
        key = (each.agent, int(each.event.journey_id or 0))
        silent = {(key[0], key[1], ""), (key[0], 0, each.reason)} & muted
        if each.agent not in agents or key in unseen or silent or not ways(wishes[each.agent], each.reason):
            continue
        news[key] = replace(news[key], told=each, count=news[key].count + 1) if key in news else News(each)
    if news:
        numbers = _write(news)
        _send(news, numbers, agents, wishes, now)
        nudge({agent for agent, _ in news})


def _muted(agents: Iterable[int]) -> set[tuple[int, int, str]]:
    rows = Mute.objects.filter(agent__in=agents).values_list("agent", "journey", "reason")
    return {(agent, journey or 0, reason) for agent, journey, reason in rows}


def hidden(pairs: Iterable[tuple[int, int]], agents: Mapping[int, Agent]) -> set[tuple[int, int]]:
    """Of agents and stories, what they may not see. Only restricted teams, partners and who left need a look.

    Cost: one query, and one for each agent of those.
    """
    asked: dict[int, set[int]] = {}
    listed = set(pairs)
    numbers = {journey for _, journey in listed}
    guarded = set(Journey.objects.filter(pk__in=numbers, team__restricted=True).values_list("pk", flat=True))
    for number, journey in listed:
        agent = agents.get(number)
        if agent is not None and (journey in guarded or agent.is_partner or not agent.has_access):
            asked.setdefault(number, set()).add(journey)
    return {
        (number, journey)
        for number, journeys in asked.items()
        for journey in journeys - seen_by(agents[number], journeys)
    }


def seen_by(agent: Agent, journeys: Iterable[int]) -> set[int]:
    """Those of the stories that the agent may see."""
    return set(Journey.objects.visible_to(agent).filter(pk__in=set(journeys)).values_list("pk", flat=True))


def _write(news: dict[tuple[int, int], News]) -> dict[tuple[int, int], int]:
    rows = [(key, one.told, one.count) for key, one in news.items()]
    values: list[Any] = [
        [agent for (agent, _), _, _ in rows],
        [journey for (_, journey), _, _ in rows],
        [told.reason for _, told, _ in rows],
        [Jsonb(dict(told.said)) for _, told, _ in rows],
        [count for _, _, count in rows],
        [told.event.pk for _, told, _ in rows],
        [told.event.interaction_id or 0 for _, told, _ in rows],
        [told.event.at for _, told, _ in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(TELL, values)
        return {(agent, journey): number for agent, journey, number in cursor.fetchall()}


def _send(
    news: dict[tuple[int, int], News],
    numbers: dict[tuple[int, int], int],
    agents: dict[int, Agent],
    wishes: dict[int, Wishes],
    now: datetime,
) -> None:
    """A row for each way; what goes on screen is done with that."""
    browsers: dict[int, list[PushBrowser]] = {}
    for browser in PushBrowser.objects.filter(agent__in=agents).order_by("pk"):
        browsers.setdefault(browser.agent_id, []).append(browser)
    rows: list[tuple[Any, ...]] = []
    for key, one in news.items():
        agent, wanted = agents[key[0]], wishes[key[0]]
        chosen, notice, reason = ways(wanted, one.told.reason), numbers[key], one.told.reason
        if Way.SCREEN in chosen:
            told = NoticeSend.State.SENT, now, None, "In the list behind the bell."
            rows.append((notice, agent.pk, Way.SCREEN, 0, "", reason, *told))
        if Way.PUSH in chosen:
            at = quiet_of(wanted, agent).ends(now + GRACE)
            for each in browsers.get(agent.pk, ()):
                rows.append((notice, agent.pk, Way.PUSH, each.pk, each.device, reason, "due", now, at, ""))
        if Way.MAIL in chosen:
            rows.append((notice, agent.pk, Way.MAIL, 0, agent.email, reason, "due", now, wanted.digest_next, ""))
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(SEND, [list(column) for column in zip(*rows, strict=True)])
