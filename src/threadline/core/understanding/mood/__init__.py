"""Question, complaint or praise, and in what mood: rules first, the weight of the words as a second opinion."""

from threadline.core.understanding.mood.reading import Reading, mood_in
from threadline.core.understanding.mood.valence import LANGUAGES, Feeling, feeling

__all__ = ["LANGUAGES", "Feeling", "Reading", "feeling", "mood_in"]
