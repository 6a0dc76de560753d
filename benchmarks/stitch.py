"""How long it takes to find the story of a touch whose customer has fifty open ones. No database: the engine alone."""

import time
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
from _results import Results

from threadline.core.decision import Decision
from threadline.core.identity import Recognition
from threadline.core.stitching import Journey, Stories, stitch
from threadline.core.stitching.vectors import packed
from threadline.core.touch import Direction, Touch
from threadline.core.understanding import Understanding

JOURNEYS, TOUCHES = 50, 400
MOST = 15.0  # three times the promise of 5 ms, for a machine that has other guests
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KINDS = ("email", "x", "chat", "phone", "whatsapp")
WORDS = ["kettle", "lamp", "leak", "broken", "refund", "invoice", "delivery", "late", "colour", "cable", "oven", "oak"]
READ = Decision("understand", "Read as question.", 0.6, "benchmark")
WHO = Recognition(1, Decision("recognise", "Known.", 1.0, "benchmark"))


def main() -> None:
    dice, noise = Random(3), np.random.default_rng(3)
    stories = Stories(journey(number, dice, noise) for number in range(1, JOURNEYS + 1))
    touches = [touch(number, dice) for number in range(1000, 1000 + TOUCHES)]
    meanings = [read(noise) for _ in touches]
    waits = []
    for item, understanding in zip(touches, meanings, strict=True):
        began = time.perf_counter()
        stitch(item, understanding, WHO, stories)
        waits.append(1000 * (time.perf_counter() - began))
    results = Results(f"The story of a touch among {JOURNEYS} open ones")
    results.time("stitch, p50", waits, percentile=50)
    results.time("stitch, p95", waits, percentile=95, most=MOST, beside="promise 5")
    results.close()


def journey(number: int, dice: Random, noise: np.random.Generator) -> Journey:
    opened = NOW - timedelta(days=dice.randint(1, 200))
    last = min(opened + timedelta(days=dice.randint(0, 30)), NOW)
    kinds = dice.sample(KINDS, 3)
    return Journey(
        id=number,
        customer=1,
        brand=1,
        opened_at=opened,
        last_at=last,
        status="open",
        waiting_since=last,
        events_only=False,
        threads={number * 10 + each: last for each in range(3)},
        channels=dict.fromkeys(kinds, last),
        references=frozenset({f"order:{4000 + number}"}),
        words=frozenset(dice.sample(WORDS, 6)) | {f"word{number}{each}" for each in range(60)},
        opening=frozenset(dice.sample(WORDS, 4)),
        began=kinds[0],
        heard_at=last,
        heard_on=kinds[0],
        triage="complaint",
        language="en",
        touches=9,
        weighed=5,
        vectors={name: packed(unit(noise)) for name in ("mean", "first", "heard", "said")},
    )


def touch(number: int, dice: Random) -> Touch:
    text = f"Any news about the {' '.join(dice.sample(WORDS, 8))} number {number}? It is still not here."
    return Touch(number, NOW, dice.choice(KINDS), Direction.IN, 1, dice.randint(1, 900), brand=1, text=text)


def read(noise: np.random.Generator) -> Understanding:
    return Understanding("en", "question", "", (), READ, unit(noise))


def unit(noise: np.random.Generator) -> np.ndarray:
    vector = noise.normal(size=384)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


if __name__ == "__main__":
    main()
