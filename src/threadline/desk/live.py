"""Live updates: server-sent events, fed by one LISTEN connection for any number of open screens.

A screen asks `GET /live?since=N` (and comes back with `?heard=N` or `Last-Event-ID: N`) and first gets every event
after N that its agent may see, then each new one within milliseconds of its commit. Nothing is missed in between: the
screen is put on the list before the past is read, and numbers that come twice are dropped. While a screen listens it
is asked every few seconds whose it is: who was signed out, left or lost a team hears no more.

Numbers are given before a transaction commits, so that 99 may be told after 100. Whoever heard 100 and comes back
therefore gets what was recorded shortly before it, too; to be told twice only makes a screen look again. The number
on a fresh page lies so far back that all before it is over.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ParamSpec, TypeVar

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.db.models import QuerySet
from django.http import HttpRequest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from threadline.accounts.events import CHANNEL, NUDGES, WHISPERS
from threadline.accounts.models import Agent, Event
from threadline.customers.models import Customer
from threadline.journeys.models import Journey
from threadline.lib.listening import database
from threadline.portal.signals import CHANNEL as SIGNALS

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)
CATCH_UP = 500  # a screen that missed more than this reloads instead
WAITING = 1000  # events a slow screen may fall behind before it is told to reload
BEAT_SECONDS = 20
ASKED_AGAIN_SECONDS = 20  # so long somebody may hear that something happened after the right to it is gone
SLACK = timedelta(seconds=10)  # so long a transaction may take between its number and its end
PASSING = 0  # the number of what has none
BEAT = b"event: beat\ndata: {}\n\n"  # an event and no comment: a screen that hears none knows that it is cut off
RELOAD = b"event: reload\ndata: {}\n\n"
NEWS = b"event: news\ndata: {}\n\n"

Row = tuple[int, str, int | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Happened:
    """One message, and whose it is: of a story or, without one, of a person; `team` where the story is restricted."""

    number: int
    message: bytes
    journey: int | None = None
    customer: int | None = None
    team: int | None = None


@dataclass(eq=False, slots=True)
class Screen:
    """One open screen: whose it is, which restricted teams it may follow, and what waits to be sent.

    Who comes from a partner is told only of stories and people that they may look up.
    """

    agent: Agent
    sees_all: bool
    teams: frozenset[int]
    partner: bool = False
    queue: asyncio.Queue[tuple[int, bytes]] = field(default_factory=lambda: asyncio.Queue(WAITING))
    behind: bool = False

    @classmethod
    def of(cls, agent: Agent) -> "Screen":
        every = agent.sees_every_team
        return cls(agent, every, agent.running_teams, agent.is_partner and not every)

    def may_see(self, team: int | None) -> bool:
        return team is None or self.sees_all or team in self.teams

    def becomes(self, now: "Screen") -> None:
        self.agent, self.sees_all, self.teams, self.partner = now.agent, now.sees_all, now.teams, now.partner

    def offer(self, number: int, message: bytes) -> None:
        try:
            self.queue.put_nowait((number, message))
        except asyncio.QueueFull:
            self.behind = True


class Broker:
    """Listens once, tells every screen. Lives in the front door's event loop."""

    def __init__(self) -> None:
        self.screens: set[Screen] = set()

    async def run(self) -> None:
        """Listen for ever; after a lost connection every screen is told to reload, so that nothing is missed."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                log.warning("live updates lost the database (%s); trying again", error)
                for screen in self.screens:
                    screen.behind = True
                await asyncio.sleep(1)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**database(), autocommit=True) as listener:
            await listener.execute(f"LISTEN {CHANNEL}")
            await listener.execute(f"LISTEN {SIGNALS}")
            await listener.execute(f"LISTEN {WHISPERS}")
            await listener.execute(f"LISTEN {NUDGES}")
            async for notice in listener.notifies():
                said = json.loads(notice.payload)
                if notice.channel == SIGNALS:
                    await self.pass_on(said)
                elif notice.channel == WHISPERS:
                    await self.whisper(*said)
                elif notice.channel == NUDGES:
                    self.nudge(frozenset(said))
                else:
                    await self.tell(said)

    async def tell(self, rows: list[Row]) -> None:
        await self._offer([Happened(row[0], encode(row), row[2], row[3], row[5]) for row in rows])

    async def pass_on(self, said: dict[str, Any]) -> None:
        """What passes by in a chat: typing, here, gone. It has no number and is not kept for those who come later."""
        kept = {name: said[name] for name in ("chat", "what", "name", "journey", "upto")} | {
            "agent": said.get("agent", 0)
        }
        message = f"event: chat\ndata: {json.dumps(kept)}\n\n".encode()
        await self._offer([Happened(PASSING, message, said["journey"], None, said["team"])])

    async def whisper(self, journey: int, team: int | None) -> None:
        """Who is at a story has no number: it is not caught up with, a screen that comes back asks anew."""
        message = f"event: company\ndata: {json.dumps({'journey': journey})}\n\n".encode()
        await self._offer([Happened(PASSING, message, journey, None, team)])

    def nudge(self, agents: frozenset[int]) -> None:
        """Something is new for these agents: their screens ask what. A screen that comes back asks by itself."""
        for screen in self.screens:
            if screen.agent.pk in agents:
                screen.offer(PASSING, NEWS)

    async def _offer(self, told: Sequence[Happened]) -> None:
        partners = [screen for screen in self.screens if screen.partner]
        for screen in self.screens.difference(partners):
            for one in told:
                if screen.may_see(one.team):
                    screen.offer(one.number, one.message)
        for screen in partners:
            for one in await in_thread(theirs, screen.agent, told):
                screen.offer(one.number, one.message)

    async def stream(self, screen: Screen, past: list[Row], key: str | None) -> AsyncIterator[bytes]:
        try:
            yield b": here\n\n"
            for row in past:
                yield encode(row)
            async for message in self._future(screen, frozenset(row[0] for row in past), key):
                yield message
        finally:
            self.screens.discard(screen)

    async def _future(self, screen: Screen, told: frozenset[int], key: str | None) -> AsyncIterator[bytes]:
        asked = time.monotonic()
        while True:
            if time.monotonic() - asked > ASKED_AGAIN_SECONDS:
                now, asked = await in_thread(who, key), time.monotonic()
                if now is None:
                    return
                screen.becomes(now)
            try:
                number, message = await asyncio.wait_for(screen.queue.get(), BEAT_SECONDS)
            except TimeoutError:
                yield BEAT
                continue
            if screen.behind:
                screen.behind = False
                yield RELOAD
            if number not in told:
                yield message


broker = Broker()


def encode(row: Row) -> bytes:
    number, verb, journey, customer, interaction, _ = row
    facts = {"number": number, "verb": verb, "journey": journey, "customer": customer, "interaction": interaction}
    return f"id: {number}\nevent: touch\ndata: {json.dumps(facts)}\n\n".encode()


async def live(request: Request) -> Response:
    """The endpoint. 401 without a signed-in agent; otherwise a stream for as long as they are."""
    key = request.cookies.get(settings.SESSION_COOKIE_NAME)
    screen = await in_thread(who, key)
    if screen is None:
        return PlainTextResponse("Sign in first.", 401)
    broker.screens.add(screen)
    heard = number(request.headers.get("last-event-id") or request.query_params.get("heard"))
    since = number(request.query_params.get("since")) if heard is None else await in_thread(settled, heard)
    past = await in_thread(missed, screen.agent, since)
    if len(past) > CATCH_UP:
        past, screen.behind = [], True
    stream = broker.stream(screen, past, key)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


async def in_thread(work: Callable[P, T], *arguments: P.args, **more: P.kwargs) -> T:
    """On a thread of the pool, with a database connection that is alive: a broken one is replaced before use."""

    def run() -> T:
        close_old_connections()
        try:
            return work(*arguments, **more)
        finally:
            close_old_connections()

    return await sync_to_async(run, thread_sensitive=False)()


def who(session_key: str | None) -> Screen | None:
    """The screen of the agent behind a session cookie, checked as Django checks it; None for nobody."""
    request = HttpRequest()
    request.session = SessionStore(session_key)
    agent = get_user(request)
    if not isinstance(agent, Agent) or not agent.has_access or agent.second_factor_due:
        return None
    return Screen.of(agent)


def settled(heard: int) -> int:
    """The last number before `heard` by which everything up to it was over. Cost: two queries."""
    then = Event.objects.filter(pk=heard).values_list("recorded_at", flat=True).first()
    if then is None:
        return heard
    before = Event.objects.filter(pk__lt=heard, recorded_at__lt=then - SLACK).order_by("-pk")
    return before.values_list("pk", flat=True).first() or 0


def missed(agent: Agent, since: int | None) -> list[Row]:
    """What happened after `since` that this agent may see; one more than a screen can take says: reload."""
    if since is None:
        return []
    events = Event.objects.since(since).visible_to(agent)
    columns = ("pk", "verb", "journey_id", "customer_id", "interaction_id", "team_id")
    rows: list[Row] = list(events.values_list(*columns)[: CATCH_UP + 1])
    if not agent.is_partner or agent.sees_every_team or len(rows) > CATCH_UP:
        return rows
    mine = {one.number for one in theirs(agent, [Happened(row[0], b"", row[2], row[3]) for row in rows])}
    return [row for row in rows if row[0] in mine]


def theirs(agent: Agent, told: Sequence[Happened]) -> list[Happened]:
    """What concerns stories, or without one people, that an agent of a partner may look up. Two queries at most."""
    stories = _seen(Journey.objects.visible_to(agent), {one.journey for one in told})
    people = _seen(Customer.objects.visible_to(agent), {one.customer for one in told if one.journey is None})
    return [one for one in told if one.journey in stories or (one.journey is None and one.customer in people)]


def _seen(rows: QuerySet[Any], numbers: Collection[int | None]) -> set[int]:
    wanted = [each for each in numbers if each is not None]
    return set(rows.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
