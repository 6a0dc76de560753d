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
from threadline.core.understanding.encoder.wordpiece import pieces_of
from threadline.core.understanding.intents import default_tree, examples_of, shipped_model
from threadline.core.understanding.meaning import with_intents, with_vectors

TEXTS = 600
RUNS = 3
AT = datetime(2026, 3, 2, tzinfo=UTC)


def touches(sentences: int) -> list[Touch]:
    """Texts as people write them: the examples of the tree, one or several of them to a text."""
    said = [each.text for each in examples_of(default_tree())]
    texts = [" ".join(said[(at * 7**n + 3 * n) % len(said)] for n in range(sentences)) for at in range(TEXTS)]
    return [
        Touch(id=at, at=AT, kind="chat", direction=Direction.IN, channel=1, thread=at, text=text)
        for at, text in enumerate(texts)
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
    encoder, model = MODELS["minilm"](0), shipped_model()
    encoder.encode(["warm"])
    for sentences, of in ((1, "of one sentence"), (2, "of two sentences")):
        items = touches(sentences)
        read = [understand(item) for item in items]
        meant = with_vectors(items, read, encoder)
        rules = rates(lambda items=items: [understand(item) for item in items])
        pieces = sum(len(pieces_of(item.text)) for item in items) / len(items)
        results.rate(f"texts {of} ({pieces:.0f} word pieces): rules alone", rules, "texts/s")
        vectors = rates(lambda items=items, read=read: with_vectors(items, read, encoder))
        results.rate("  vectors, MiniLM in batches", vectors, "texts/s")
        guesses = rates(lambda items=items, meant=meant: with_intents(items, meant, model, encoder=model.encoder))
        results.rate("  intents", guesses, "texts/s")
        beside = f"aim 300; baseline: rules alone {sorted(rules)[RUNS // 2]:,.0f} texts/s"
        together = rates(lambda items=items: whole(items, encoder, model))
        results.rate("  understanding in all", together, "texts/s", least=100, beside=beside)
    results.close()


def whole(items: list[Touch], encoder, model) -> None:
    read = with_vectors(items, [understand(item) for item in items], encoder)
    with_intents(items, read, model, encoder=model.encoder)


if __name__ == "__main__":
    main()
