"""Live updates: server-sent events, fed by one LISTEN connection for any number of open screens.

A screen asks `GET /live?since=N` (or reconnects with `Last-Event-ID: N`) and first gets every event after N that its
agent may see, then each new one within milliseconds of its commit. Nothing is missed in between: the screen is put on
the list before the past is read, and numbers that come twice are dropped.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.http import HttpRequest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from threadline.accounts.events import CHANNEL, NUDGES, WHISPERS
from threadline.accounts.models import Agent, Event
from threadline.lib.listening import database
from threadline.portal.signals import CHANNEL as SIGNALS

log = logging.getLogger(__name__)
CATCH_UP = 500  # a screen that missed more than this reloads instead
WAITING = 1000  # events a slow screen may fall behind before it is told to reload
BEAT_SECONDS = 20
PASSING = 0  # the number of what has none
RELOAD = b"event: reload\ndata: {}\n\n"
NEWS = b"event: news\ndata: {}\n\n"

Row = tuple[int, str, int | None, int | None, int | None, int | None]


@dataclass(eq=False, slots=True)
class Screen:
    """One open screen: whose it is, which restricted teams it may follow, and what waits to be sent."""

    sees_all: bool
    teams: frozenset[int]
    agent: int = 0
    queue: asyncio.Queue[tuple[int, bytes]] = field(default_factory=lambda: asyncio.Queue(WAITING))
    behind: bool = False

    def may_see(self, team: int | None) -> bool:
        return team is None or self.sees_all or team in self.teams

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
                    self.pass_on(said)
                elif notice.channel == WHISPERS:
                    self.whisper(*said)
                elif notice.channel == NUDGES:
                    self.nudge(frozenset(said))
                else:
                    self.tell(said)

    def tell(self, rows: list[Row]) -> None:
        for row in rows:
            message = encode(row)
            for screen in self.screens:
                if screen.may_see(row[5]):
                    screen.offer(row[0], message)

    def pass_on(self, said: dict[str, Any]) -> None:
        """What passes by in a chat: typing, here, gone. It has no number and is not kept for those who come later."""
        kept = {name: said[name] for name in ("chat", "what", "name", "journey", "upto")}
        message = f"event: chat\ndata: {json.dumps(kept)}\n\n".encode()
        for screen in self.screens:
            if screen.may_see(said["team"]):
                screen.offer(PASSING, message)

    def whisper(self, journey: int, team: int | None) -> None:
        """Who is at a story has no number: it is not caught up with, a screen that comes back asks anew."""
        message = f"event: company\ndata: {json.dumps({'journey': journey})}\n\n".encode()
        for screen in self.screens:
            if screen.may_see(team):
                screen.offer(PASSING, message)

    def nudge(self, agents: frozenset[int]) -> None:
        """Something is new for these agents: their screens ask what. A screen that comes back asks by itself."""
        for screen in self.screens:
            if screen.agent in agents:
                screen.offer(PASSING, NEWS)

    async def stream(self, screen: Screen, past: list[Row], since: int) -> AsyncIterator[bytes]:
        try:
            yield b": here\n\n"
            for row in past:
                since = max(since, row[0])
                yield encode(row)
            async for message in self._future(screen, since):
                yield message
        finally:
            self.screens.discard(screen)

    async def _future(self, screen: Screen, since: int) -> AsyncIterator[bytes]:
        while True:
            try:
                number, message = await asyncio.wait_for(screen.queue.get(), BEAT_SECONDS)
            except TimeoutError:
                yield b": beat\n\n"
                continue
            if screen.behind:
                screen.behind = False
                yield RELOAD
            if number > since or number == PASSING:
                yield message


broker = Broker()


def encode(row: Row) -> bytes:
    number, verb, journey, customer, interaction, _ = row
    facts = {"number": number, "verb": verb, "journey": journey, "customer": customer, "interaction": interaction}
    return f"id: {number}\nevent: touch\ndata: {json.dumps(facts)}\n\n".encode()


async def live(request: Request) -> Response:
    """The endpoint. 401 without a signed-in agent; otherwise an endless stream."""
    agent, teams = await sync_to_async(who, thread_sensitive=False)(request.cookies.get(settings.SESSION_COOKIE_NAME))
    if agent is None:
        return PlainTextResponse("Sign in first.", 401)
    screen = Screen(sees_all=agent.sees_every_team, teams=teams, agent=agent.pk)
    broker.screens.add(screen)
    since = number(request.headers.get("last-event-id") or request.query_params.get("since"))
    past = await sync_to_async(missed, thread_sensitive=False)(agent, since)
    if len(past) > CATCH_UP:
        past, screen.behind = [], True
    stream = broker.stream(screen, past, since or 0)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def who(session_key: str | None) -> tuple[Agent | None, frozenset[int]]:
    """The agent behind a session cookie, checked as Django checks it, and the teams that still run."""
    with fresh_connection():
        request = HttpRequest()
        request.session = SessionStore(session_key)
        agent = get_user(request)
        if not isinstance(agent, Agent) or not agent.has_access or agent.second_factor_due:
            return None, frozenset()
        return agent, frozenset(agent.running_teams().values_list("pk", flat=True))


def missed(agent: Agent, since: int | None) -> list[Row]:
    """What happened after `since` that this agent may see; one more than a screen can take says: reload."""
    if since is None:
        return []
    with fresh_connection():
        events = Event.objects.since(since).visible_to(agent)
        columns = ("pk", "verb", "journey_id", "customer_id", "interaction_id", "team_id")
        return list(events.values_list(*columns)[: CATCH_UP + 1])


@contextlib.contextmanager
def fresh_connection() -> Iterator[None]:
    """Threads of the pool keep their database connection; a broken one is replaced before use."""
    close_old_connections()
    yield
