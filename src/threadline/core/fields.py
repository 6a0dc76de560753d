"""Fields that a house adds to people and stories: what a value of each kind may be, and how it is written down.

A value is kept as text in one spelling, so that two that mean the same are the same. Empty means: not filled in.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from urllib.parse import urlsplit

LONGEST = 500
LARGEST = Decimal(10) ** 15
DECIMALS = 6
YES, NO = "yes", "no"
_YES = frozenset({"yes", "true", "1", "on"})
_NO = frozenset({"no", "false", "0", "off"})
_KEY = re.compile(r"[^a-z0-9]+")


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    LINK = "link"


def read(kind: str, said: str, choices: Sequence[str] = ()) -> str:
    """The value in its one spelling; empty for nothing. Raises ValueError in words."""
    text = " ".join(said.replace("\0", " ").split())
    if len(text) > LONGEST:
        raise ValueError(f"It has {len(text)} characters; {LONGEST} fit. Write it shorter.")
    return _READERS[Kind(kind)](text, choices) if text else ""


def number_of(text: str) -> Decimal | None:
    """The number that a text is, within what we keep; else None."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < LARGEST else None


def as_seen(kind: str, value: str) -> str | float | bool:
    """The value as a condition sees it; what is not filled in is the empty value of its kind."""
    if kind == Kind.NUMBER:
        return float(value or 0)
    return value == YES if kind == Kind.YES_NO else value


def key_of(name: str) -> str:
    """`Contract, since 2024` becomes `contract_since_2024`; empty where no letter of a to z begins it."""
    plain = _KEY.sub("_", name.lower()).strip("_")[:40].strip("_")
    return plain if plain[:1].isalpha() else f"field_{plain}".strip("_")[:40]


def listed(text: str) -> list[str]:
    """The choices from lines: each once, however it is spelt."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        words = " ".join(line.split())
        if words:
            found.setdefault(words.casefold(), words)
    return list(found.values())


def _text(text: str, choices: Sequence[str]) -> str:
    return text


def _number(text: str, choices: Sequence[str]) -> str:
    found = number_of(text.replace("\u2009", "").replace(" ", ""))
    if found is None or not re.fullmatch(r"[-+]?[\d .\u2009]+", text):
        raise ValueError(f"“{text[:60]}” is no number. Write digits, with a point for decimals: 1200.50")
    rounded = round(found, DECIMALS)
    plain = f"{rounded:f}"
    short = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if short in ("-0", "") else short


def _date(text: str, choices: Sequence[str]) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f"“{text[:60]}” is no date. Write year, month and day: 2026-03-31") from None


def _choice(text: str, choices: Sequence[str]) -> str:
    found = next((choice for choice in choices if choice.casefold() == text.casefold()), None)
    if found is None:
        raise ValueError(f"“{text[:60]}” is none of the choices. Choose one of: {', '.join(choices)}.")
    return found


def _yes_no(text: str, choices: Sequence[str]) -> str:
    if text.lower() in _YES:
        return YES
    if text.lower() in _NO:
        return NO
    raise ValueError(f"“{text[:60]}” is neither yes nor no. Say one of the two, or nothing.")


def _link(text: str, choices: Sequence[str]) -> str:
    """Only addresses of the web: anything else could run in the reader's browser."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme.lower() not in ("http", "https") or "." not in host or " " in text:
        raise ValueError(f"“{text[:60]}” is no address of a page. It begins with https://")
    return text


_READERS: dict[Kind, Callable[[str, Sequence[str]], str]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.LINK: _link,
}
