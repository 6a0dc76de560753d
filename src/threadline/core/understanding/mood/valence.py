"""How a text feels, from -1 to 1, by words and what stands before them.

English: the rules of VADER. Source: Hutto & Gilbert (2014), "VADER: A Parsimonious Rule-based Model for Sentiment
Analysis of Social Media Text". Other languages: our own words under the same rules.
"""

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LANGUAGES = ("de", "fr", "es", "it", "nl", "pt")
PART = re.compile(r"\S+")
EDGES = ".,;:!?…\"'“”‘’«»()[]*_-–—¿¡"
NEGATED, BOOST, SHOUTED = -0.74, 0.293, 0.733
PHRASE = -2.0
FADING = (1.0, 0.95, 0.9)  # a booster or negation tells less the further before the word it stands


@dataclass(frozen=True)
class Lexicon:
    """`values`: valence by word. `stems`: the same for all words that begin so. `still`: phrases of complaint.

    `asks`: how questions begin.
    """

    values: dict[str, float]
    stems: tuple[tuple[str, float], ...]
    against: frozenset[str]
    more: frozenset[str]
    less: frozenset[str] = frozenset()
    still: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    def value(self, word: str) -> float:
        if word in self.values:
            return self.values[word]
        return next((value for stem, value in self.stems if word.startswith(stem)), 0.0)

    def negates(self, word: str) -> bool:
        return word.replace("'", "").replace("’", "") in self.against


@cache
def lexicon(language: str) -> Lexicon:
    """That of English for every language we have no words of."""
    told = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
    return own_words(told[language]) if language in LANGUAGES else english(told["en"])


def english(told: dict[str, list[str]]) -> Lexicon:
    lines = (HERE / "vader_lexicon.tsv").read_text(encoding="utf-8").splitlines()
    values = {word: float(value) for word, value in (line.split("\t") for line in lines)}
    return Lexicon(
        values, (), frozenset(told["against"]), frozenset(told["more"]), frozenset(told["less"]), tuple(told["still"])
    )


def own_words(told: dict[str, list[str]]) -> Lexicon:
    rated = [(word, 2.0) for word in told["good"]] + [(word, -2.0) for word in told["bad"]]
    return Lexicon(
        values={word: value for word, value in rated if not word.endswith("*")},
        stems=tuple((word[:-1], value) for word, value in rated if word.endswith("*")),
        against=frozenset(told["against"]),
        more=frozenset(told["more"]),
        still=tuple(told["still"]),
        asks=tuple(told["asks"]),
    )


@dataclass(frozen=True, slots=True)
class Feeling:
    """`score` from -1 to 1; the sums of what pleases and what displeases; the words that said so, strongest first."""

    score: float
    good: float
    bad: float
    words: tuple[str, ...]


def feeling(text: str, language: str = "en") -> Feeling:
    known = lexicon(language)
    parts = PART.findall(text[:4_000])
    words = [stripped(part) for part in parts]
    lowered = [word.lower() for word in words]
    shouting = any(map(loud, words)) and not all(loud(word) for word in words if word.isalpha())
    felt = [(rated(known, lowered, at, shouted=shouting and loud(words[at])), words[at]) for at in range(len(words))]
    felt += [(PHRASE, phrase) for phrase in known.still if phrase in text.lower()]
    turned = max((at for at, word in enumerate(lowered) if word == "but"), default=None)
    values = [value * weight_around(turned, at) for at, (value, _) in enumerate(felt)]
    total = sum(values)
    total += math.copysign(min(text.count("!"), 4) * 0.292, total) if total else 0
    order = sorted((each for each in felt if each[0]), key=lambda each: -abs(each[0]))
    good, bad = sum(value for value in values if value > 0), -sum(value for value in values if value < 0)
    return Feeling(total / math.sqrt(total * total + 15), good, bad, tuple(word for _, word in order[:3]))


def stripped(part: str) -> str:
    """Without the marks at its ends, unless it is nothing but marks: smileys stand in the lexicon."""
    word = part.strip(EDGES)
    return word if len(word) > 2 or word.isalnum() else part


def loud(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def rated(known: Lexicon, words: list[str], at: int, *, shouted: bool) -> float:
    """The valence of one word under what stands up to three words before it."""
    value = known.value(words[at])
    if not value or (words[at] == "no" and at + 1 < len(words) and known.value(words[at + 1])):
        return 0.0
    value += math.copysign(SHOUTED, value) if shouted else 0
    for distance in range(1, min(3, at) + 1):
        before = words[at - distance]
        if known.value(before) and before not in known.against:
            continue
        strength = (before in known.more) - (before in known.less)
        value += math.copysign(BOOST * FADING[distance - 1], value) * strength
        if known.negates(before):
            value *= NEGATED
    return value


def weight_around(turned: int | None, at: int) -> float:
    """What stands after "but" is meant, what stands before it is courtesy."""
    return 1.0 if turned is None or at == turned else 1.5 if at > turned else 0.5
