"""How long people waited for us, worked out from what was said: answers, their spread, and facts to count by."""

from threadline.core.waiting.answers import Answers, Touches, answers
from threadline.core.waiting.facts import Facts
from threadline.core.waiting.spread import NONE, Spread, spread

__all__ = ["NONE", "Answers", "Facts", "Spread", "Touches", "answers", "spread"]
