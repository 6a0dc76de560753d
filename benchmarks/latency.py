"""How long from handing a touch in until an open screen hears of it, at a steady 50 touches a second."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import _house
import httpx
from _results import Results
from _screens import Screen
from _traffic import Object, Traffic, build_channels

RATE, SECONDS = 50, 20
WARM_UP = 100
MOST = 3000  # three times the promise of one second, for a machine that has other guests


def main() -> None:
    results = Results("From received to visible")
    with _house.house("web", "worker") as house:
        build_channels()
        key, (_, cookie) = _house.api_key(), _house.sign_in()
        touches = list(Traffic(seed=3).touches(WARM_UP + RATE * SECONDS))
        before = house.cpu()
        waits = asyncio.run(measure(touches, key=key, cookie=cookie))
        cost = _house.spent(before, house.cpu(), len(touches))
        for percentile, most in ((50, 0), (95, MOST), (99, 0)):
            beside = f"promise 1,000; {cost}" if most else ""
            name = f"received to visible at {RATE}/s, p{percentile}"
            results.time(name, waits, percentile=percentile, most=most, beside=beside)
    results.close()


async def measure(touches: list[Object], *, key: str, cookie: str) -> list[float]:
    """Milliseconds for each touch after the warm-up."""
    sent: dict[int, float] = {}
    seen: dict[int, float] = {}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{_house.PORTS['WEB']}", timeout=60) as client:
        listening = asyncio.create_task(listen(cookie, seen))
        await asyncio.sleep(0.5)
        for touch in touches[:WARM_UP]:
            await post(client, touch, key, sent)
        warm = set(sent)
        await flow(client, touches[WARM_UP:], key, sent)
        await until_seen(sent, seen)
        listening.cancel()
    return [(seen[number] - at) * 1000 for number, at in sent.items() if number not in warm]


async def flow(client: httpx.AsyncClient, touches: list[Object], key: str, sent: dict[int, float]) -> None:
    """Each at its moment, whether or not those before it were answered."""
    began, under_way = time.perf_counter(), []
    async for touch in paced(touches, began):
        under_way.append(asyncio.create_task(post(client, touch, key, sent)))
    await asyncio.gather(*under_way)


async def paced(touches: list[Object], began: float) -> AsyncIterator[Object]:
    for place, touch in enumerate(touches):
        await asyncio.sleep(max(0.0, began + place / RATE - time.perf_counter()))
        yield touch


async def post(client: httpx.AsyncClient, touch: Object, key: str, sent: dict[int, float]) -> None:
    at = time.perf_counter()
    answer = await client.post("/api/v1/interactions", json=touch, headers={"Authorization": f"Bearer {key}"})
    answer.raise_for_status()
    sent[answer.json()["results"][0]["entry"]] = at


async def listen(cookie: str, seen: dict[int, float]) -> None:
    async with Screen.open(cookie) as screen:
        async for data in screen.events():
            seen.setdefault(json.loads(data)["interaction"], time.perf_counter())


async def until_seen(sent: dict[int, float], seen: dict[int, float]) -> None:
    until = time.monotonic() + _house.PATIENCE
    while not sent.keys() <= seen.keys():
        if time.monotonic() > until:
            raise SystemExit(f"{len(sent.keys() - seen.keys())} touches were never seen.\n{_house.last_words()}")
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    main()
