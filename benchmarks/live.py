"""A thousand open screens: how long until all are connected, how long until all hear of something, what it costs."""

import asyncio
import contextlib
import json
import time
from collections.abc import Sequence

import _house
import uvloop
from _results import Results
from _screens import Screen

SCREENS, EVENTS = 1000, 20
AT_ONCE = 50
MOST_CONNECT, MOST_HEARD, MOST_MEMORY = 60.0, 2000, 400


def main() -> None:
    results = Results(f"{SCREENS} open screens")
    with _house.house("web") as house:
        _, cookie = _house.sign_in()
        before = house.memory("web")
        connect, first, waits, memory = uvloop.run(measure(house, cookie))
        results.one(f"{SCREENS} screens connected", connect, "s", most=MOST_CONNECT)
        results.time("one event heard by one screen, p50", waits, percentile=50)
        results.time("one event heard by one screen, p95", waits, percentile=95, most=MOST_HEARD)
        results.time("one event heard by all screens, p95", first, percentile=95)
        beside = f"{before:.0f} before; {(memory - before) / SCREENS * 1024:.0f} KiB a screen"
        results.one("memory of the front door", memory, "MiB", most=MOST_MEMORY, beside=beside)
    results.close()


async def measure(house: _house.House, cookie: str) -> tuple[float, list[float], list[float], float]:
    """Seconds to connect; milliseconds until the last screen heard each event, and until any did; MiB."""
    async with contextlib.AsyncExitStack() as stack:
        began = time.perf_counter()
        gate = asyncio.Semaphore(AT_ONCE)
        screens = await asyncio.gather(*(opened(stack, cookie, gate) for _ in range(SCREENS)))
        connect = time.perf_counter() - began
        heard = [await tell(screens, number) for number in range(1, EVENTS + 1)]
        memory = house.memory("web")
    return connect, [max(waits) for waits in heard], [wait for waits in heard for wait in waits], memory


async def opened(stack: contextlib.AsyncExitStack, cookie: str, gate: asyncio.Semaphore) -> Screen:
    async with gate:
        return await stack.enter_async_context(Screen.open(cookie))


async def tell(screens: Sequence[Screen], number: int) -> list[float]:
    """Record one event; milliseconds until each screen heard it."""
    hearing = [asyncio.create_task(hear(screen, number)) for screen in screens]
    await asyncio.sleep(0.1)
    began = time.perf_counter()
    await asyncio.to_thread(happen, number)
    return [(at - began) * 1000 for at in await asyncio.gather(*hearing)]


async def hear(screen: Screen, number: int) -> float:
    async for data in screen.events():
        if json.loads(data)["interaction"] == number:
            return time.perf_counter()
    raise SystemExit("A screen was cut off.")


def happen(number: int) -> None:
    from django.db import connection
    from django.utils import timezone

    from threadline.accounts.events import record

    record("received", at=timezone.now(), interaction_id=number)
    connection.close()


if __name__ == "__main__":
    main()
