"""The meaning of a batch of touches. Whatever happens to the encoder, the touches are understood by rules."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from threadline.core.touch import Touch
from threadline.core.understanding import Understanding
from threadline.core.understanding.meaning import with_intents, with_vectors
from threadline.interactions import intents
from threadline.lib.encoders import chosen_encoder

log = logging.getLogger(__name__)
REST_SECONDS = 60.0


@dataclass(slots=True)
class Trouble:
    """The last failure of the encoder: said once, and no batch waits for the encoder until the rest is over."""

    said: str = ""
    until: float = 0.0

    def happened(self, error: Exception) -> None:
        self.until = time.monotonic() + REST_SECONDS
        if self.said != (said := f"{type(error).__name__}: {error}"):
            self.said = said
            log.warning("touches are understood by rules alone for now: %s", said)

    def over(self) -> None:
        self.said, self.until = "", 0.0


trouble = Trouble()


def get_ready() -> None:
    """Read the model before the first touch comes, so that nobody waits for it."""
    try:
        if encoder := chosen_encoder():
            encoder.encode(["ready"])
    except Exception as error:  # as below
        trouble.happened(error)


def with_meaning(touches: Sequence[Touch], understandings: Sequence[Understanding]) -> list[Understanding]:
    """The same with `vector`, `intent` and `intent_confidence`, where the encoder can be had."""
    if time.monotonic() < trouble.until:
        return list(understandings)
    try:
        encoder = chosen_encoder()
        if encoder is None:
            return list(understandings)
        read = with_vectors(touches, understandings, encoder)
    except Exception as error:  # a model that does not load, a service that is away: none may hold up the pipeline
        trouble.happened(error)
        return list(understandings)
    trouble.over()
    return with_intents(touches, read, intents.in_use(), encoder=encoder.name)
