"""What somebody wants: the intent of a text in a tree of intents, with "I do not know" as an answer of its own."""

from threadline.core.understanding.intents.model import IntentModel, Judgement
from threadline.core.understanding.intents.shapes import Example, Guess, IntentNode, Measured
from threadline.core.understanding.intents.tree import default_tree, examples_of, shipped_model, shipped_report

__all__ = [
    "Example",
    "Guess",
    "IntentModel",
    "IntentNode",
    "Judgement",
    "Measured",
    "default_tree",
    "examples_of",
    "shipped_model",
    "shipped_report",
]
