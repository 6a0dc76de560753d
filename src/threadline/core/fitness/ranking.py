"""Which way is right for a matter: ways in order, each with its reasons, and those ruled out, with why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from threadline.core.fitness.levels import Complexity, Need, Privacy, Standing, is_public
from threadline.core.fitness.usual import COST, LIVE, NAMED, SHORT, family_of

SAME, BEST, HABIT, FITS, QUICK, OPEN, UNCHECKED, DEAR = 6.0, 3.0, 2.0, 10.0, 3.0, 1.0, 5.0, 0.5
LIKED = 0.25  # the share from which on a channel counts as liked for such matters
OFTEN = 0.5


class Reason(StrEnum):
    """For a way, the weightiest first; the last three are what to think of."""

    LAST = "last"
    BEST = "best"
    HABIT = "habit"
    LIKED = "liked"
    QUICK = "quick"
    OPEN = "open"
    PRIVATE = "private"
    CLOSED = "closed"
    UNCHECKED = "unchecked"
    BY_HAND = "by hand"


class Against(StrEnum):
    """Why a way is none. The first two can not be changed by whoever writes."""

    SILENCE = "silence"
    IMPOSSIBLE = "impossible"
    NOT_FOR_THIS = "not for this"
    TOO_OPEN = "too open"


class Way(NamedTuple):
    """One way of reaching a person, as far as choosing needs it.

    Args:
        level: the most private thing that it may carry.
        standing: what it is for the intent.
        possible: something can go out there now.
        consent: False when they asked not to be written to there.
        last: they spoke there last.
        habit: the share of their stories in which they used it, in 0..1.
        open: whether somebody is there now; None where that plays no part.
        checked: the address is known to be theirs alone.
        by_hand: a person must do it, such as calling.
    """

    key: str
    side: str
    level: Privacy
    standing: Standing = Standing.YES
    possible: bool = True
    consent: bool = True
    last: bool = False
    habit: float = 0.0
    open: bool | None = None
    checked: bool = True
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    way: Way
    points: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RuledOut:
    way: Way
    why: Against


@dataclass(frozen=True, slots=True)
class Choice:
    """`ranked` from the best on. Every way given stands in one of the two."""

    ranked: tuple[Ranked, ...]
    out: tuple[RuledOut, ...]

    def of(self, key: str) -> Ranked | RuledOut | None:
        every: Sequence[Ranked | RuledOut] = (*self.ranked, *self.out)
        return next((each for each in every if each.way.key == key), None)


def rank(ways: Iterable[Way], need: Need, *, urgent: bool = False) -> Choice:
    """Order ways by how well they fit a matter.

    The same channel weighs most, then what the house calls best, then how people like to treat such matters, their own
    habit, and who is there now. Ways with equal points stay in the order given.
    """
    given = list(ways)
    out = tuple(RuledOut(way, why) for way in given if (why := against(way, need)))
    gone = {each.way.key for each in out}
    left = [Ranked(way, points(way, need, urgent), reasons(way, need, urgent)) for way in given if way.key not in gone]
    return Choice(tuple(sorted(left, key=lambda each: -each.points)), out)


def against(way: Way, need: Need) -> Against | None:
    """Why a way is none; None for one that is."""
    if not way.consent:
        return Against.SILENCE
    if not way.possible and not way.by_hand:
        return Against.IMPOSSIBLE
    if way.level < need.privacy:
        return Against.TOO_OPEN
    return Against.NOT_FOR_THIS if way.standing is Standing.NO else None


def points(way: Way, need: Need, urgent: bool) -> float:
    family = family_of(way.side)
    return (
        SAME * way.last
        + BEST * (way.standing is Standing.BEST)
        + HABIT * way.habit
        + FITS * NAMED[need.complexity][family]
        + (quickness(way) * QUICK if urgent else 0)
        + {True: OPEN, False: -QUICK, None: 0.0}[way.open]
        - UNCHECKED * (not way.checked)
        - DEAR * COST[family]
    )


def quickness(way: Way) -> float:
    """1 where somebody answers at once, less where they are likely to look soon."""
    family = family_of(way.side)
    if family in LIVE or way.open:
        return 0.0 if way.open is False else 1.0
    return 0.5 if family == SHORT else 0.0


def reasons(way: Way, need: Need, urgent: bool) -> tuple[Reason, ...]:
    liked = NAMED[need.complexity][family_of(way.side)] >= LIKED
    holds = {
        Reason.LAST: way.last,
        Reason.BEST: way.standing is Standing.BEST,
        Reason.HABIT: way.habit >= OFTEN and not way.last,
        Reason.LIKED: liked and (need.complexity is not Complexity.SIMPLE or not is_public(way.side)),
        Reason.QUICK: urgent and quickness(way) > 0,
        Reason.OPEN: way.open is True,
        Reason.PRIVATE: need.privacy >= Privacy.PERSONAL,
        Reason.CLOSED: way.open is False,
        Reason.UNCHECKED: not way.checked,
        Reason.BY_HAND: way.by_hand,
    }
    return tuple(reason for reason, true in holds.items() if true)
