"""Tells open chat windows what happens: one LISTEN connection for any number of them.

A window is on the list before its past is read, and the browser drops numbers that it has: nothing is missed, and
nothing stands there twice. A window that can not keep up is closed; it comes back and asks from where it was.
"""

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass, field
from typing import Any

import orjson
import psycopg
from django.utils import timezone

from threadline.accounts.events import CHANNEL as EVENTS
from threadline.interactions.api import in_thread
from threadline.lib.listening import database
from threadline.portal.actions import chatting
from threadline.portal.queries import calls, chats
from threadline.portal.queries.places import Place, places
from threadline.portal.signals import CHANNEL as SIGNALS

log = logging.getLogger(__name__)
WAITING = 300
BEAT_SECONDS = 20
PLACE_SECONDS = 2  # between two looks at the queue
FOR_WINDOWS = frozenset({"typing", "seen"})


@dataclass(eq=False, slots=True)
class Window:
    """One open chat window. What is put into `queue` goes out in order; None closes it."""

    session: str = ""
    queue: "asyncio.Queue[str | None]" = field(default_factory=lambda: asyncio.Queue(WAITING))
    behind: bool = False
    place: Place | None = None

    def tell(self, text: str) -> None:
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            self.behind = True

    def send(self, what: str, **more: Any) -> None:
        self.tell(orjson.dumps({"is": what, **more}).decode())

    def stands(self, place: Place | None) -> None:
        """Where they stand in the queue, told when it is another place than before; None: they do not wait."""
        if place != self.place:
            self.place = place
            self.send("place", place=place)


class Broker:
    def __init__(self) -> None:
        self.windows: dict[str, set[Window]] = {}
        self.moved = asyncio.Event()

    def add(self, window: Window) -> None:
        self.windows.setdefault(window.session, set()).add(window)

    def remove(self, window: Window) -> bool:
        """True when it was the chat's last window here."""
        there = self.windows.get(window.session, set())
        there.discard(window)
        if not there:
            self.windows.pop(window.session, None)
        return not there

    async def run(self) -> None:
        """Listen for ever. After a lost connection every window is closed; it comes back and asks what it missed."""
        beating, placing = asyncio.create_task(self._beat()), asyncio.create_task(self._place())
        try:
            while True:
                try:
                    await self._listen()
                except (psycopg.Error, OSError) as error:
                    log.warning("chats lost the database (%s); trying again", error)
                    for window in [each for there in self.windows.values() for each in there]:
                        window.behind = True
                        window.send("closing")
                    await asyncio.sleep(1)
        finally:
            beating.cancel()
            placing.cancel()

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**database(), autocommit=True) as listener:
            await listener.execute(f"LISTEN {EVENTS}")
            await listener.execute(f"LISTEN {SIGNALS}")
            async for notice in listener.notifies():
                await self.hear(notice.channel, notice.payload)

    async def hear(self, channel: str, payload: str) -> None:
        if not self.windows:
            return
        if channel == SIGNALS:
            said = json.loads(payload)
            if said["what"] in ("call", "call_to_them"):
                await self._call(said)
            else:
                self._signal(said)
            return
        self.moved.set()
        numbers = [row[4] for row in json.loads(payload) if row[1] == "received" and row[4] is not None]
        if not numbers:
            return
        try:
            found = await in_thread(chats.arrived, numbers, list(self.windows))
        except Exception as error:
            raise OSError(f"what arrived could not be read: {error}") from error
        for session, message in found:
            for window in self.windows.get(session, ()):
                window.send("messages", messages=[message])

    def _signal(self, said: dict[str, Any]) -> None:
        """Only what we do concerns windows; what visitors do is for desks."""
        if said["what"] in FOR_WINDOWS:
            for window in self.windows.get(said["session"], ()):
                window.send(said["what"], name=said["name"], upto=said["upto"])

    async def _place(self) -> None:
        """Tell every window where it stands: soon after anything happened, and once in a while."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), BEAT_SECONDS)
            self.moved.clear()
            open_now = {session: list(there) for session, there in self.windows.items() if session}
            if open_now:
                try:
                    found = await in_thread(places, list(open_now), now=timezone.now())
                except Exception as error:
                    log.warning("where chats stand in the queue could not be read (%s)", error)
                else:
                    for session, there in open_now.items():
                        for window in there:
                            window.stands(found.get(session))
            await asyncio.sleep(PLACE_SECONDS)

    async def _call(self, said: dict[str, Any]) -> None:
        """How a call stands, or what the desk's browser says to the window's: read only where a window is open."""
        there = list(self.windows.get(said["session"], ()))
        if not there:
            return
        try:
            found = await in_thread(calls.for_window, said["session"], said["what"], said["upto"])
        except Exception as error:
            log.warning("a call could not be told of (%s)", error)
            return
        if found is not None:
            for window in there:
                window.send(**found)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                await in_thread(chatting.stay, list(self.windows), now=timezone.now())
            except Exception as error:
                log.warning("which chats are open could not be noted (%s)", error)


broker = Broker()
