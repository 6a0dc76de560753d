"""Two thousand open chat windows: how long until all are connected, until an answer is on its window, what it costs."""

import asyncio
import contextlib
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import _house
import uvloop
from _results import Results
from websockets.asyncio.client import ClientConnection, connect

WINDOWS = int(os.environ.get("BENCH_WINDOWS", "2000"))
TALKING, ANSWERS = min(200, WINDOWS), min(20, WINDOWS)
AT_ONCE = 40
ADDRESS = "www.shop.example"
MOST_CONNECT, MOST_TAKEN, MOST_HEARD, MOST_MEMORY = 120.0, 3000, 3000, 500


@dataclass(frozen=True, slots=True)
class Window:
    socket: ClientConnection
    token: str

    async def wait(self, what: str) -> dict[str, object]:
        async for text in self.socket:
            said: dict[str, object] = json.loads(text)
            if said["is"] == what:
                return said
        raise SystemExit("A window was cut off.")


def main() -> None:
    results = Results(f"{WINDOWS} open chat windows")
    with _house.house("web", "worker") as house:
        set_up()
        before = house.memory("web")
        connected, taken, heard, memory = uvloop.run(measure(house))
        results.one(f"{WINDOWS} windows connected and greeted", connected, "s", most=MOST_CONNECT)
        results.time(f"a message taken, of {TALKING} sent at once, p50", taken, percentile=50)
        results.time(f"a message taken, of {TALKING} sent at once, p95", taken, percentile=95, most=MOST_TAKEN)
        results.time("an answer from its commit to its window, p50", heard, percentile=50)
        results.time("an answer from its commit to its window, p95", heard, percentile=95, most=MOST_HEARD)
        beside = f"{before:.0f} before; {(memory - before) / WINDOWS * 1024:.0f} KiB a window"
        results.one("memory of the front door", memory, "MiB", most=MOST_MEMORY, beside=beside)
    results.close()


def set_up() -> None:
    from threadline.accounts.actions import create_agent
    from threadline.channels.actions import set_channel

    set_channel(kind="chat", address=ADDRESS, brand="Shop")
    create_agent(email="bo@shop.example", name="Bo Lindqvist", password="a-long-bench-password", handle="bo")


async def measure(house: _house.House) -> tuple[float, list[float], list[float], float]:
    """Seconds to connect all; milliseconds until each message was taken; until each answer was there; MiB."""
    async with contextlib.AsyncExitStack() as stack:
        began = time.perf_counter()
        gate = asyncio.Semaphore(AT_ONCE)
        windows = await asyncio.gather(*(opened(stack, gate) for _ in range(WINDOWS)))
        connected = time.perf_counter() - began
        talking = windows[:: WINDOWS // TALKING]
        taken = await asyncio.gather(*(say(window, number) for number, window in enumerate(talking)))
        await asyncio.gather(*(window.wait("messages") for window in talking))
        heard = await answers(talking)
        memory = house.memory("web")
    return connected, list(taken), heard, memory


async def opened(stack: contextlib.AsyncExitStack, gate: asyncio.Semaphore) -> Window:
    url = f"ws://127.0.0.1:{_house.PORTS['WEB']}/chat/socket?channel={ADDRESS}"
    origin = f"http://127.0.0.1:{_house.PORTS['WEB']}"
    async with gate:
        socket = await stack.enter_async_context(connect(url, origin=origin, open_timeout=60, ping_interval=None))
        await socket.send(json.dumps({"do": "hello"}))
        said = json.loads(await socket.recv())
    return Window(socket, str(said["token"]))


async def say(window: Window, number: int) -> float:
    began = time.perf_counter()
    text = f"Where is my order HP-{5000 + number}?"
    await window.socket.send(json.dumps({"do": "say", "text": text, "once": f"message-{number}"}))
    await window.wait("taken")
    return (time.perf_counter() - began) * 1000


async def answers(windows: Sequence[Window]) -> list[float]:
    """Answer some of the windows, one after the other; milliseconds from the commit until each has it."""
    found = []
    for window in windows[:ANSWERS]:
        hearing = asyncio.create_task(window.wait("messages"))
        committed = await asyncio.to_thread(answer, session_of(window.token))
        await hearing
        found.append((time.perf_counter() - committed) * 1000)
    return found


def session_of(token: str) -> str:
    from django.core import signing

    from threadline.portal.chat.tokens import SALT

    return str(signing.loads(token, salt=SALT)[2])


def answer(session: str) -> float:
    """As an agent answers: through the ledger and the pipeline in one transaction. When it was committed."""
    from django.db import connection
    from django.utils import timezone

    from threadline.accounts.models import Agent
    from threadline.interactions.models import Thread
    from threadline.journeys import actions
    from threadline.journeys.actions.reply import Way
    from threadline.journeys.models import Membership

    thread = Thread.objects.select_related("channel").get(key=f"session:{session}")
    journey = Membership.objects.filter(interaction__thread=thread, superseded_at=None)[0].journey
    way = Way(thread.channel, thread.reply_address, thread)
    actions.reply(
        journey=journey, text=f"On its way, {datetime.now(UTC)}", way=way, by=Agent.objects.get(), now=timezone.now()
    )
    connection.close()
    return time.perf_counter()


if __name__ == "__main__":
    main()
