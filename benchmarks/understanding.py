"""How many short texts a second are understood: rules, vectors, intents, one after another and all together."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "threadline.config.settings")

from _results import Results

from threadline.core.touch import Direction, Touch
from threadline.core.understanding import understand
from threadline.core.understanding.encoder import MODELS
from threadline.core.understanding.intents import default_tree, examples_of, shipped_model
from threadline.core.understanding.meaning import with_intents, with_vectors

TEXTS = 600
RUNS = 3
AT = datetime(2026, 3, 2, tzinfo=UTC)


def touches() -> list[Touch]:
    """Texts of the length in which people write: the examples of the tree, two at a time."""
    said = [each.text for each in examples_of(default_tree())]
    pairs = [f"{said[at % len(said)]} {said[(at * 7 + 3) % len(said)]}" for at in range(TEXTS)]
    return [
        Touch(id=at, at=AT, kind="chat", direction=Direction.IN, channel=1, thread=at, text=text)
        for at, text in enumerate(pairs)
    ]


def rates(work: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        found.append(TEXTS / (time.perf_counter() - began))
    return found


def main() -> None:
    results = Results("Understanding")
    items, encoder, model = touches(), MODELS["minilm"](0), shipped_model()
    encoder.encode(["warm"])
    read = [understand(item) for item in items]
    meant = with_vectors(items, read, encoder)
    rules = rates(lambda: [understand(item) for item in items])
    results.rate("rules alone (the baseline)", rules, "texts/s")
    results.rate("vectors, MiniLM in batches", rates(lambda: with_vectors(items, read, encoder)), "texts/s")
    results.rate("intents", rates(lambda: with_intents(items, meant, model, encoder=model.encoder)), "texts/s")
    beside = f"baseline: rules alone {sorted(rules)[RUNS // 2]:,.0f} texts/s"
    together = rates(lambda: whole(items, encoder, model))
    results.rate("understanding in all", together, "texts/s", least=100, beside=f"aim 300; {beside}")
    results.close()


def whole(items: list[Touch], encoder, model) -> None:
    read = with_vectors(items, [understand(item) for item in items], encoder)
    with_intents(items, read, model, encoder=model.encoder)


if __name__ == "__main__":
    main()
