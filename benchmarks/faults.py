"""Providers that misbehave: messages in and out of each, through the real front door, and what became of them.

One in a hundred requests of ours is told to slow down, three fail, one is answered by a gateway, one is taken and never
answered; the credentials end once. Of what comes in one in twenty comes twice, neighbours change places where the
provider says when something was said, and one in fifty is not from the provider. Sources that we look at fail as
often then. `faults.py telegram` tries one, `--count 500` fewer messages.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from _house import PORTS, house, listens, wait_until  # first: it sets the environment
from _results import FOLDER, Line, Results

os.environ["THREADLINE_PUBLIC_URL"] = "https://desk.example.com"

import httpx

if TYPE_CHECKING:
    from tests.providers import storm

SEED = 7
SPEAK = {"phone.twilio"}  # calls, no messages: tests/portal/test_phone.py rings
BASE = f"http://127.0.0.1:{PORTS['WEB']}"


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("names", nargs="*")
    asked.add_argument("--count", type=int, default=5_000)
    given = asked.parse_args()
    names, results = given.names or usual(), Results("Providers that misbehave")
    with house("web"):
        wait_until(lambda: listens(PORTS["WEB"]), "the front door answers")
        for name in names:
            tried(name, given.count, results)
    results.lines += earlier(names)
    results.lines.sort(key=lambda line: line.name)
    results.close()


def earlier(names: Sequence[str]) -> list[Line]:
    """What was found of the others before: nobody tries all of them at once."""
    path = FOLDER / "faults.json"
    kept = json.loads(path.read_text())["lines"] if path.exists() else []
    return [Line(**each) for each in kept if each["name"].rpartition(",")[0] not in names]


def usual() -> list[str]:
    from tests.providers.registry import fakes

    return sorted(set(fakes()) - SPEAK)


def tried(name: str, count: int, results: Results) -> None:
    from tests.providers import storm
    from tests.providers.registry import fakes
    from threadline.journeys.actions import delivery

    delivery.pace = lambda rate: None  # the stand-in takes as many as we can send
    with fakes()[name]().running() as fake:
        fake.channel()
        began = time.monotonic()
        came = storm.coming(fake, count, post, Random(SEED))
        between, before = time.monotonic(), len(fake.asked)
        wrong = came.lost or not came.in_order or leaky(came)
        results.lines.append(line(f"{name}, in", count / (between - began), said_of(came), wrong))
        if not fake.adapter.sends():
            return
        went = storm.going(fake, count, Random(SEED))
        took = time.monotonic() - between
    wrong = went.lost or went.twice or not went.in_order
    results.lines.append(line(f"{name}, out", count / took, done_with(went, len(fake.asked) - before), wrong))


def leaky(came: "storm.Came") -> bool:
    return came.refused != came.forged


def line(name: str, rate: float, beside: str, wrong: object) -> Line:
    found = Line(name, rate, "messages/s", 1, rate, rate, "nothing lost, none twice, in order", beside, bool(wrong))
    print(found, flush=True)
    return found


def said_of(came: "storm.Came") -> str:
    forged = (
        f", {came.twice} a second time, {came.forged} forged and {came.refused} of them refused" if came.forged else ""
    )
    order = "kept" if came.in_order else "BROKEN"
    return f"{came.said:,} said, {came.asked:,} requests{forged}; {came.lost} lost, order {order}"


def done_with(went: "storm.Went", asked: int) -> str:
    unsure = f"{went.unsure} unsure of which {went.absent} had not arrived, halted and repaired {went.halted} times"
    order = "kept" if went.in_order else "BROKEN"
    return f"{went.said:,} said, {asked:,} requests, {unsure}; {went.lost} lost, {went.twice} twice, order {order}"


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
    main()
