"""How a line of ours answers, as an admin sets it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

PERSON = "0"
DIGITS = "123456789"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
LONGEST_TEXT = 1000
LONGEST_WORDS = 120
MOST_MINUTES = 7 * 24 * 60


class Does(StrEnum):
    """What a key of the menu does. There is none that only keeps people away from a person."""

    STATUS = "status"
    CALLBACK = "callback"
    VOICEMAIL = "voicemail"
    TEAM = "team"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its digit, what it does, how it is offered (“to hear when we are open”), the text or team behind it."""

    digit: str
    does: Does
    words: str = ""
    text: str = ""
    team: int | None = None

    def __post_init__(self) -> None:
        if len(self.digit) != 1 or self.digit not in DIGITS:
            raise ValueError(f"“{self.digit}” is no key for a menu. Choose 1 to 9; 0 always leads to a person.")
        if self.does == Does.TEXT and not self.text.strip():
            raise ValueError(f"Key {self.digit} has no text. Write what callers hear.")
        if self.does == Does.TEAM and self.team is None:
            raise ValueError(f"Key {self.digit} leads to no team. Choose one.")
        if self.does in (Does.TEXT, Does.TEAM) and not self.words.strip():
            raise ValueError(
                f"Key {self.digit} is not offered. Write what it is for, such as “to hear when we are open”."
            )
        if len(self.words) > LONGEST_WORDS or len(self.text) > LONGEST_TEXT:
            raise ValueError(f"Key {self.digit} says more than people listen to. Keep it short.")


USUAL_KEYS = (Key("1", Does.STATUS), Key("2", Does.CALLBACK), Key("3", Does.VOICEMAIL))


@dataclass(frozen=True, slots=True)
class Line:
    """Empty texts stand for the usual ones in the line's language. `calendar` is the key of one in the book of
    promises; without one the line is always open. `callback_minutes` are working time. Nothing is recorded unless
    `records`, and then only of who says yes.
    """

    language: str = "en-GB"
    voice: str = ""
    greeting: str = ""
    closed: str = ""
    question: str = ""
    keys: tuple[Key, ...] = USUAL_KEYS
    calendar: str = ""
    team: int | None = None
    callback_minutes: int = 60
    records: bool = False
    transcribes: bool = False

    def __post_init__(self) -> None:
        if not LANGUAGE.fullmatch(self.language):
            raise ValueError(f"“{self.language}” is no language. Write it as en-GB or nl-BE.")
        digits = [key.digit for key in self.keys]
        if len(digits) != len(set(digits)):
            raise ValueError("Two things stand on one key. Give each a key of its own.")
        single = [key.does for key in self.keys if key.does not in (Does.TEXT, Does.TEAM)]
        if len(single) != len(set(single)):
            raise ValueError("One thing stands on two keys. Keep one of them.")
        if not 5 <= self.callback_minutes <= MOST_MINUTES:
            raise ValueError("Call back within 5 minutes to 7 days of working time.")
        if any(len(text) > LONGEST_TEXT for text in (self.greeting, self.closed, self.question)):
            raise ValueError(f"A text has more than {LONGEST_TEXT} characters. Nobody listens that long; shorten it.")

    def key(self, digits: str) -> Key | None:
        """What was pressed; None for 0, for nothing, and for keys that mean nothing: they all lead to a person."""
        return next((key for key in self.keys if key.digit == digits.strip()), None)

    def on(self, does: Does) -> Key | None:
        return next((key for key in self.keys if key.does == does), None)

    def without(self, *does: Does) -> "Line":
        return replace(self, keys=tuple(key for key in self.keys if key.does not in does))


def written(line: Line) -> dict[str, Any]:
    """As JSON holds it."""
    return {
        "language": line.language,
        "voice": line.voice,
        "greeting": line.greeting,
        "closed": line.closed,
        "question": line.question,
        "keys": [
            {"digit": key.digit, "does": str(key.does), "words": key.words, "text": key.text, "team": key.team}
            for key in line.keys
        ],
        "calendar": line.calendar,
        "team": line.team,
        "callback_minutes": line.callback_minutes,
        "records": line.records,
        "transcribes": line.transcribes,
    }


def read(plain: object) -> Line:
    """The line that was `written`; the usual one where nothing was."""
    if not isinstance(plain, Mapping):
        return Line()
    keys = tuple(Key(**{**each, "does": Does(each["does"])}) for each in plain.get("keys", ()))
    return Line(**{**plain, "keys": keys})
