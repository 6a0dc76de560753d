"""The encoders that need no network, by name."""

from collections.abc import Callable
from functools import cache

from threadline.core.understanding.encoder.batches import Cached
from threadline.core.understanding.encoder.contract import Encoder
from threadline.core.understanding.encoder.minilm import MiniLM
from threadline.core.understanding.encoder.universal import Universal

MODELS: dict[str, Callable[[int], Encoder]] = {
    "minilm": lambda threads: MiniLM(threads=threads),
    "universal": lambda threads: Universal(),
}


@cache
def encoder_named(name: str, threads: int = 0) -> Encoder:
    """One for each process; it reads its model at the first text. Raises KeyError for a name that is none."""
    return Cached(MODELS[name](threads))


def default_encoder(threads: int = 0) -> Encoder:
    """MiniLM."""
    return encoder_named("minilm", threads)
