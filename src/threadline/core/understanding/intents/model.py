"""A trained reader of intents. Plain numbers and numpy: about 0.3 ms a text beside what the encoder takes."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from threadline.core.understanding.intents.features import spellings
from threadline.core.understanding.intents.kernel import (
    MEANING_ALONE,
    WIDTH,
    Floats,
    Postings,
    likeness,
    spelled_cosines,
)
from threadline.core.understanding.intents.shapes import Guess

AT_ONCE = 512


@dataclass(frozen=True)
class Judgement:
    """How sure to be. Fitted on texts kept aside.

    Args:
        temperature: scores are multiplied by it before they become probabilities (softmax).
        weights: bias, then what each sign of belonging (see `signs`) adds to the log odds that a text belongs to the
            tree at all.
        threshold: below this confidence the answer is "I do not know".
    """

    temperature: float
    weights: tuple[float, ...]
    threshold: float

    def confidences(self, scores: Floats, cosines: Floats) -> NDArray[np.float64]:
        """Of every intent for every text: belonging to the tree, times being this one if it does."""
        heated = scores.astype(np.float64) * self.temperature
        heated = np.exp(heated - heated.max(axis=1, keepdims=True))
        belongs = 1 / (1 + np.exp(-(self.weights[0] + signs(scores, cosines) @ np.array(self.weights[1:]))))
        return np.asarray(heated / heated.sum(axis=1, keepdims=True) * belongs[:, None])


def signs(scores: Floats, cosines: Floats) -> NDArray[np.float64]:
    """What tells a text that belongs: its best score, the lead of the best, the nearest examples, all scores."""
    best = np.sort(scores, axis=1)[:, ::-1]
    near = -np.partition(-cosines, min(4, cosines.shape[1] - 1), axis=1)[:, :5]
    lead = best[:, 0] - (best[:, 1] if best.shape[1] > 1 else 0)
    return np.column_stack([best[:, 0], lead, near.max(axis=1), near.mean(axis=1), scores.sum(axis=1)])


@dataclass(frozen=True)
class IntentModel:
    """Kernel ridge regression on known texts: each speaks for its intent as loudly as the asked text is like it.

    Args:
        names: the intents. `examples`: the known texts, one for each row of `vectors` and `weights`.
        weights: one column for each intent.
        rarity: see features.rarity. `width`, `alone`: see kernel; those that the weights were learned with.
        encoder: the name of the encoder that made the vectors; no other one's can be asked about.
    """

    version: str
    encoder: str
    names: tuple[str, ...]
    examples: tuple[str, ...]
    vectors: Floats
    weights: Floats
    rarity: Floats
    judgement: Judgement
    width: float = WIDTH
    alone: float = MEANING_ALONE

    @cached_property
    def postings(self) -> Postings:
        return Postings.of(spellings(self.examples, self.rarity))

    def scores(self, texts: Sequence[str], vectors: Floats) -> tuple[Floats, Floats]:
        """(score of each intent, cosine to each known text), a row for each text."""
        cosines = np.asarray(vectors @ self.vectors.T, dtype=np.float32)
        spelled = spelled_cosines(spellings(texts, self.rarity), self.postings)
        return likeness(cosines, spelled, width=self.width, alone=self.alone) @ self.weights, cosines

    def guess(self, texts: Sequence[str], vectors: Floats) -> list[Guess]:
        found = []
        for start in range(0, len(texts), AT_ONCE):
            scores, cosines = self.scores(texts[start : start + AT_ONCE], vectors[start : start + AT_ONCE])
            sure = self.judgement.confidences(scores, cosines)
            found += [self._guess(row, near) for row, near in zip(sure, cosines, strict=True)]
        return found

    def _guess(self, confidences: NDArray[np.float64], cosines: Floats) -> Guess:
        order = np.argsort(-confidences)
        best, confidence = int(order[0]), float(confidences[order[0]])
        return Guess(
            name=self.names[best],
            confidence=round(confidence, 4),
            sure=confidence >= self.judgement.threshold,
            second=self.names[int(order[1])] if len(order) > 1 else "",
            like=self.examples[int(cosines.argmax())],
        )

    # ---- keeping ---------------------------------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        """An .npz archive: numbers in half precision, words as JSON. No code in it, so that it is safe to load."""
        told = {
            "version": self.version,
            "encoder": self.encoder,
            "names": self.names,
            "examples": self.examples,
            "temperature": self.judgement.temperature,
            "weights": self.judgement.weights,
            "threshold": self.judgement.threshold,
            "width": self.width,
            "alone": self.alone,
        }
        file = io.BytesIO()
        np.savez_compressed(
            file,
            told=np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), dtype=np.uint8),
            vectors=self.vectors.astype(np.float16),
            weights=self.weights.astype(np.float16),
            rarity=self.rarity.astype(np.float16),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes) -> "IntentModel":
        with np.load(io.BytesIO(kept), allow_pickle=False) as archive:
            told = json.loads(archive["told"].tobytes())
            return cls(
                version=told["version"],
                encoder=told["encoder"],
                names=tuple(told["names"]),
                examples=tuple(told["examples"]),
                vectors=archive["vectors"].astype(np.float32),
                weights=archive["weights"].astype(np.float32),
                rarity=archive["rarity"].astype(np.float32),
                judgement=Judgement(told["temperature"], tuple(told["weights"]), told["threshold"]),
                width=told.get("width", WIDTH),
                alone=told.get("alone", MEANING_ALONE),
            )
