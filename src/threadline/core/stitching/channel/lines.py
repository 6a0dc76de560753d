"""The lines of a log: when, who, to whom, in which words. Nicknames matter more than anything else."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

STAMP = re.compile(r"^(?:\S+ \d{4}-\d\d-\d\d )?\[(\d\d):(\d\d)(?::(\d\d))?\]\s*")
SPOKEN = re.compile(r"^<([^>]*)>\s*(.*)$", re.DOTALL)
ACTED = re.compile(r"^\*\s*(\S+)\s*(.*)$", re.DOTALL)
WORD = re.compile(r"[a-z0-9][a-z0-9_.+\-]*[a-z0-9]|[a-z0-9]")
NICK = re.compile(r"[^\s,:;<>()\"'!?]+")
COMMON_NICKS = 3  # a nickname shorter than this is taken for a word unless it is addressed
GREETING = re.compile(r"^\W*(?:hi|hello|hey|good (?:morning|evening|afternoon)|yo|greetings|hiya)\b", re.IGNORECASE)
THANKING = re.compile(r"\b(?:thanks|thank you|thx|cheers|ty)\b", re.IGNORECASE)
YES_NO = re.compile(
    r"^\W*(?:yes|yeah|yep|no|nope|ok|okay|right|sure|true|oh|ah|hmm|heh|lol|:\)|thanks)\b", re.IGNORECASE
)
ANYONE = re.compile(
    r"\b(?:anyone|anybody|someone|somebody|is there (?:a|any)|how (?:do|can|to)|does any|what is)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `minute` never goes back, also over midnight. `to`: whom it addresses; `named`: everybody it names."""

    number: int
    minute: float
    nick: str
    text: str
    system: bool
    to: str
    named: frozenset[str]
    words: frozenset[str]
    manner: tuple[bool, ...]


def lines_of(raw: Sequence[str]) -> list[Line]:
    """A log of one channel, in order."""
    parsed = []
    days, last = 0.0, 0.0
    for line in raw:
        found = STAMP.match(line)
        if found:
            hour, minute, second = (int(part or 0) for part in found.groups())
            at = hour * 60 + minute + second / 60
            days += 1440.0 if at + 720 < last - days else 0.0
            last = max(last, at + days)
        parsed.append((last, *author_of(line[found.end() :] if found else line)))
    nicks = {nick.lower() for _, nick, _ in parsed if nick}
    return [line_of(number, *each, nicks) for number, each in enumerate(parsed)]


def author_of(line: str) -> tuple[str, str]:
    """(nick, text); the nick is empty where the server speaks."""
    found = SPOKEN.match(line) or (None if line.startswith("===") else ACTED.match(line))
    return (found.group(1), found.group(2)) if found else ("", line)


def line_of(number: int, minute: float, nick: str, text: str, nicks: set[str]) -> Line:
    nick = nick.lower()
    named = [] if not nick else [word.lower() for word in NICK.findall(text) if is_name(word.lower(), nicks - {nick})]
    first = NICK.search(text) if nick else None
    to = first.group().lower() if first and first.group().lower() in nicks and first.start() < 3 else ""
    words = frozenset(WORD.findall(text.lower())) - set(named) if nick else frozenset()
    return Line(number, minute, nick, text, not nick, to, frozenset(named), frozenset(words), manner_of(text))


def is_name(word: str, nicks: set[str]) -> bool:
    return word in nicks and len(word) >= COMMON_NICKS


def manner_of(text: str) -> tuple[bool, ...]:
    return (
        "?" in text,
        bool(GREETING.search(text)),
        bool(THANKING.search(text)),
        bool(YES_NO.search(text)),
        bool(ANYONE.search(text)),
        "http" in text,
        len(text) < 25,
        len(text) > 100,
    )


def rarity(lines: Sequence[Line]) -> dict[str, float]:
    """Word to its inverse document frequency, in bits."""
    counts = Counter(word for line in lines for word in line.words)
    return {word: log2((len(lines) + 1) / (count + 0.5)) for word, count in counts.items()}


def shared_weight(one: Line, other: Line, rare: Mapping[str, float], *, unknown: float) -> float:
    return sum(rare.get(word, unknown) for word in one.words & other.words)
