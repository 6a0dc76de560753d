"""Which language a text is in; empty when it is too short to be sure."""

import re
from functools import cache, lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "da", "sv", "tr", "uk", "ru", "ar", "cs", "ro", "el")
ENGLISH = frozenset(
    [
        "the",
        "and",
        "you",
        "your",
        "is",
        "are",
        "was",
        "have",
        "has",
        "had",
        "not",
        "my",
        "this",
        "that",
        "it",
        "for",
        "with",
        "from",
        "they",
        "what",
        "how",
        "why",
        "when",
        "can",
        "can't",
        "don't",
        "i'm",
        "it's",
        "of",
        "to",
        "on",
        "been",
        "would",
        "will",
        "but",
        "if",
        "do",
        "does",
        "did",
        "please",
        "thanks",
        "there",
    ]
)
OTHERS = frozenset(
    [
        "de",
        "la",
        "le",
        "et",
        "der",
        "die",
        "das",
        "und",
        "que",
        "el",
        "en",
        "een",
        "het",
        "van",
        "è",
        "il",
        "che",
        "não",
        "o",
        "um",
        "uma",
        "los",
        "las",
        "une",
        "ist",
        "nicht",
    ]
)
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
NOISE = re.compile(r"https?://\S+|[@#]\w+|\S+@\S+")
SURE = 0.85
SHORT = 12


@cache
def identifier() -> LanguageIdentifier:
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(list(LANGUAGES))
    return model


@lru_cache(maxsize=8_192)
def language_of(text: str) -> str:
    """A few common words decide for English without the model; anything else is asked of langid."""
    text = NOISE.sub(" ", text[:400])
    words = WORD.findall(text.lower())
    english = sum(word in ENGLISH for word in words[:40])
    others = sum(word in OTHERS for word in words[:40])
    if english >= 2 and english > 2 * others:
        return "en"
    if len(words) < 3 or len(text.strip()) < SHORT:
        return ""
    language, probability = identifier().classify(text)
    return str(language) if probability >= SURE else ""
