"""Providers that misbehave: messages in and out of each, through the real front door, and what became of them.

One in a hundred requests of ours is told to slow down, three fail, one is answered by a gateway, one is taken and never
answered; the credentials end once. Of what comes in one in twenty comes twice, neighbours change places where the
provider says when something was said, and one in fifty is not from the provider. Sources that do not call us are looked at
while they grow. `faults.py telegram` tries one, `--count 500` fewer messages.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from random import Random
from typing import Any

from _house import PORTS, house, listens, wait_until  # first: it sets the environment

os.environ["THREADLINE_PUBLIC_URL"] = "https://desk.example.com"

import httpx

SEED = 7
BASE = f"http://127.0.0.1:{PORTS['WEB']}"


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("names", nargs="*")
    asked.add_argument("--count", type=int, default=5_000)
    given = asked.parse_args()
    with house("web"):
        wait_until(lambda: listens(PORTS["WEB"]), "the front door answers")
        return max([tried(name, given.count) for name in given.names or usual()])


def usual() -> list[str]:
    from tests.providers.registry import fakes

    return [name for name, fake in sorted(fakes().items()) if fake.adapter.hooked and fake.adapter.sends()]


def tried(name: str, count: int) -> int:
    from tests.providers.registry import fakes
    from threadline.journeys.actions import delivery

    delivery.pace = lambda rate: None  # the stand-in takes as many as we can send
    with fakes()[name]().running() as fake:
        fake.channel()
        wrong = came_in(name, fake, count)
        return int(wrong or (went_out(name, fake, count) if fake.adapter.sends() else False))


def came_in(name: str, fake: Any, count: int) -> bool:
    from tests.providers import storm

    began = time.monotonic()
    random = Random(SEED)
    came = storm.coming(fake, count, post, random) if fake.adapter.hooked else storm.looking(fake, count, random)
    forged = f", {came.forged} forged and {came.refused} of them refused" if fake.adapter.hooked else ""
    print(
        f"{name} in: {came.said} said, {came.asked} requests, {came.twice} a second time{forged};"
        f" {came.lost} lost, order {'kept' if came.in_order else 'BROKEN'}"
        f" ({count / (time.monotonic() - began):.0f} a second)"
    )
    return bool(came.lost or not came.in_order or came.refused != came.forged)


def went_out(name: str, fake: Any, count: int) -> bool:
    from tests.providers import storm

    began, before = time.monotonic(), len(fake.asked)
    went = storm.going(fake, count, Random(SEED))
    print(
        f"{name} out: {went.said} said, {len(fake.asked) - before} requests, {went.unsure} unsure of which"
        f" {went.absent} had not arrived, halted and repaired {went.halted} times; {went.lost} lost,"
        f" {went.twice} twice, order {'kept' if went.in_order else 'BROKEN'}"
        f" ({count / (time.monotonic() - began):.0f} a second)"
    )
    return bool(went.lost or went.twice or not went.in_order)


def post(hooks: Sequence[object]) -> list[int]:
    return asyncio.run(_post(hooks))


async def _post(hooks: Sequence[object]) -> list[int]:
    async with httpx.AsyncClient(timeout=60) as client:
        asked = [
            client.request(
                hook.method, hook.url.replace("https://desk.example.com", BASE), content=hook.body, headers=hook.headers
            )
            for hook in hooks
        ]
        return [answer.status_code for answer in await asyncio.gather(*asked)]


if __name__ == "__main__":
    sys.exit(main())
