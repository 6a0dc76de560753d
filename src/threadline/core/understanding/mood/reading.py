"""What a text is to us: somebody asks, complains or praises. In German, French, Spanish, Italian, Dutch, Portuguese and
English, each by its own words."""

import re
from dataclasses import dataclass

from threadline.core.understanding.mood.valence import LANGUAGES, Feeling, feeling, lexicon
from threadline.core.understanding.triage import NEGATIVE, POSITIVE, THANKS, mood_of

SENTENCE = re.compile(r"[.!?…\n]+\s*")
STRONG = 0.4
ANGRY = 6.0


@dataclass(frozen=True, slots=True)
class Reading:
    """`words` said so, and stand in the reason that an agent reads."""

    triage: str
    mood: str
    words: tuple[str, ...] = ()


def mood_in(text: str, language: str) -> Reading:
    """English and unknown languages go by the rules of `triage`, and where those found no word at all, by VADER."""
    if language in LANGUAGES:
        return elsewhere(text, language)
    triage, mood = mood_of(text)
    if triage == "question" and "?" not in text and not any(each.search(text) for each in (NEGATIVE, POSITIVE, THANKS)):
        return second_opinion(text)
    return Reading(triage, mood)


def second_opinion(text: str) -> Reading:
    felt = feeling(text)
    if felt.score <= -STRONG:
        return Reading("complaint", "unhappy", felt.words)
    return Reading("praise", "happy", felt.words) if felt.score >= STRONG else Reading("question", "")


def elsewhere(text: str, language: str) -> Reading:
    felt, asked = feeling(text, language), asks(text, language)
    if felt.bad > felt.good and (not asked or felt.bad >= 3 or wronged(text, language)):
        return Reading("complaint", anger(text, felt), felt.words)
    if felt.good > felt.bad and not asked:
        return Reading("praise", "happy", felt.words)
    return Reading("question", "")


def asks(text: str, language: str) -> bool:
    """A question mark, or a sentence that begins as questions do."""
    return "?" in text or any(
        sentence.lower().startswith(tuple(f"{word} " for word in lexicon(language).asks))
        for sentence in SENTENCE.split(text.lstrip("¿ "))
        if sentence
    )


def wronged(text: str, language: str) -> bool:
    """A phrase such as "still not there", which complains even as a question."""
    lowered = text.lower()
    return any(phrase in lowered for phrase in lexicon(language).still)


def anger(text: str, felt: Feeling) -> str:
    return "angry" if felt.bad >= ANGRY or text.count("!") > 2 else "unhappy"
