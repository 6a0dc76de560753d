"""Which encoder reads texts here: one of our own, or a service that speaks the protocol of OpenAI's embeddings."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import httpx
import numpy as np
from django.conf import settings

from threadline.core.understanding.encoder import MODELS, Cached, Encoder, Vectors, encoder_named, unit
from threadline.lib.errors import ThreadlineError

OFF = "off"
AT_ONCE = 64
MOST_CHARACTERS = 6_000


class EncoderFailed(ThreadlineError):
    """No vectors now; rules alone have to do."""


@cache
def chosen_encoder() -> Encoder | None:
    """The encoder that THREADLINE_ENCODER names; None for "off". One for each process.

    Raises:
        EncoderFailed: the setting is neither a known name nor an address.
    """
    name = settings.ENCODER
    if name == OFF:
        return None
    if name in MODELS:
        return encoder_named(name, settings.ENCODER_THREADS)
    if name.startswith(("http://", "https://")):
        return Cached(
            Endpoint(name, settings.ENCODER_MODEL, key=settings.ENCODER_KEY, seconds=settings.ENCODER_TIMEOUT)
        )
    known = ", ".join([*MODELS, OFF])
    raise EncoderFailed(f"THREADLINE_ENCODER is “{name}”. Use {known} or an address such as https://host.example/v1.")


class Endpoint:
    """`POST {base}/embeddings` with {"model", "input"}. API: https://platform.openai.com/docs/api-reference/embeddings"""

    def __init__(self, base: str, model: str, *, key: str = "", seconds: float = 5.0) -> None:
        self.url, self.model = f"{base.rstrip('/').removesuffix('/embeddings')}/embeddings", model
        self.dimensions = 0
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.http = httpx.Client(timeout=seconds, headers=headers)

    @property
    def name(self) -> str:
        return f"{self.model} at {httpx.URL(self.url).host}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [row for group in batched_texts(texts) for row in self._ask(group)]
        if not rows:
            return np.zeros((0, self.dimensions), np.float32)
        self.dimensions = len(rows[0])
        return unit(np.asarray(rows, dtype=np.float32))

    def _ask(self, texts: Sequence[str]) -> list[list[float]]:
        try:
            answer = self.http.post(self.url, json={"model": self.model, "input": list(texts)})
            answer.raise_for_status()
            return rows_in(answer.json(), len(texts))
        except httpx.HTTPStatusError as error:
            raise EncoderFailed(f"The encoder at {self.url} answered {error.response.status_code}.") from error
        except httpx.TransportError as error:
            raise EncoderFailed(f"The encoder at {self.url} did not answer: {error!r}.") from error
        except (ValueError, KeyError, TypeError) as error:
            raise EncoderFailed(f"The encoder at {self.url} answered something else than vectors: {error}.") from error


def batched_texts(texts: Sequence[str]) -> list[list[str]]:
    """Services refuse empty and endless texts; both are made harmless."""
    cut = [text[:MOST_CHARACTERS] or " " for text in texts]
    return [cut[start : start + AT_ONCE] for start in range(0, len(cut), AT_ONCE)]


def rows_in(answer: Any, expected: int) -> list[list[float]]:
    """The vectors of an answer, in the order of the texts. Raises ValueError if they are not what was asked for."""
    rows = [item["embedding"] for item in sorted(answer["data"], key=lambda item: item["index"])]
    if len(rows) != expected:
        raise ValueError(f"{len(rows)} vectors for {expected} texts")
    if len({len(row) for row in rows}) != 1 or not all(math.isfinite(number) for row in rows for number in row):
        raise ValueError("vectors of different lengths, or without numbers")
    return rows
