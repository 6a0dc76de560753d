"""A Fellegi-Sunter model as data (Splink's model JSON), and a small function that scores one pair with it."""

from threadline.core.identity.model.frequencies import NO_FREQUENCIES, Frequencies
from threadline.core.identity.model.reading import Comparison, Level, Model, model_of, read_model
from threadline.core.identity.model.repair import clipped, repaired
from threadline.core.identity.model.score import Clue, Scored, score

__all__ = [
    "NO_FREQUENCIES",
    "Clue",
    "Comparison",
    "Frequencies",
    "Level",
    "Model",
    "Scored",
    "clipped",
    "model_of",
    "read_model",
    "repaired",
    "score",
]
