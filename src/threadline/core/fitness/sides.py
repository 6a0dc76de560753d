"""Where a matter stands between public and private: both are one story, and each has its own loop to close."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Word(NamedTuple):
    """One touch in which somebody spoke. Automatic ones are left out before."""

    at: datetime
    ours: bool
    public: bool


class Stage(StrEnum):
    """`ASKED`: we answered in public, and nothing private was said since. `BACK`: we closed the public side, too."""

    NONE = "none"
    OPEN = "open"
    ASKED = "asked"
    PRIVATE = "private"
    SETTLED = "settled"
    BACK = "back"


class Escape(NamedTuple):
    """They wrote in private first and came out in public. `waited` for us by then; None where we had answered."""

    at: datetime
    waited: timedelta | None


def stage(words: Sequence[Word], *, settled: bool) -> Stage:
    """Counted from their last word in public. `settled`: nothing is owed to them now."""
    last = max((index for index, word in enumerate(words) if word.public and not word.ours), default=None)
    if last is None:
        return Stage.NONE
    since = words[last + 1 :]
    private = max((index for index, word in enumerate(since) if not word.public), default=None)
    if private is None:
        return Stage.ASKED if any(word.ours for word in since) else Stage.OPEN
    if any(word.ours and word.public for word in since[private + 1 :]):
        return Stage.BACK
    return Stage.SETTLED if settled else Stage.PRIVATE


def escaped(words: Sequence[Word]) -> Escape | None:
    """Whether their first word in public came after they had written to us in private."""
    first = next((index for index, word in enumerate(words) if word.public and not word.ours), None)
    if first is None:
        return None
    before = words[:first]
    if not any(not word.ours for word in before):
        return None
    answered = max((index for index, word in enumerate(before) if word.ours), default=-1)
    waiting = next((word.at for word in before[answered + 1 :] if not word.ours), None)
    return Escape(words[first].at, words[first].at - waiting if waiting else None)
