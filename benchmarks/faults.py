"""Providers that misbehave: messages in and out of each, through the real front door, and what became of them.

One in a hundred requests of ours is told to slow down, three fail, one is answered by a gateway, one is taken and never
answered; the credentials end once. Of what comes in one in twenty comes twice, neighbours change places where the
provider says when something was said, and one in fifty is not from the provider. Sources that we look at fail as often
when they are looked at. `faults.py telegram` tries one, `--count 500` fewer messages.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from random import Random

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

    return [name for name, fake in sorted(fakes().items()) if fake.adapter.sends()]


def tried(name: str, count: int) -> int:
    from tests.providers import storm
    from tests.providers.registry import fakes
    from threadline.journeys.actions import delivery

    delivery.pace = lambda rate: None  # the stand-in takes as many as we can send
    with fakes()[name]().running() as fake:
        fake.channel()
        began = time.monotonic()
        came = storm.coming(fake, count, post, Random(SEED))
        between = time.monotonic()
        went = storm.going(fake, count, Random(SEED)) if fake.adapter.sends() else storm.Went(0)
        took = time.monotonic() - between
    wrong = (
        came.lost or went.lost or went.twice or not came.in_order or not went.in_order or came.refused != came.forged
    )
    print(
        f"{name} in: {came.said} said, {came.asked} requests, {came.twice} a second time, {came.forged} forged and"
        f" {came.refused} of them refused; {came.lost} lost, order {'kept' if came.in_order else 'BROKEN'}"
        f" ({count / (between - began):.0f} a second)"
    )
    print(
        f"{name} out: {went.said} said, {len(fake.asked)} requests, {went.unsure} unsure of which {went.absent} had not"
        f" arrived, halted and repaired {went.halted} times; {went.lost} lost, {went.twice} twice, order"
        f" {'kept' if went.in_order else 'BROKEN'} ({went.said / took:.0f} a second)"
    )
    return 1 if wrong else 0


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
