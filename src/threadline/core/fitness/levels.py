"""How private a matter is and what a channel may carry, how hard it is, and what a channel is for it."""

from enum import IntEnum, StrEnum
from typing import NamedTuple


class Privacy(IntEnum):
    """Of a matter: how private it is. Of a channel: the most private thing that it may carry."""

    PUBLIC = 0
    ORDINARY = 1
    PERSONAL = 2
    VERY_PRIVATE = 3


class Complexity(StrEnum):
    SIMPLE = "simple"
    MORE = "more"
    DIFFICULT = "difficult"


class Standing(StrEnum):
    """What a channel is for an intent."""

    BEST = "best"
    YES = "yes"
    NO = "no"


class Need(NamedTuple):
    """What a matter asks of a channel."""

    complexity: Complexity = Complexity.SIMPLE
    privacy: Privacy = Privacy.ORDINARY


PUBLIC_SIDE = "+public"


def is_public(side: str) -> bool:
    """A side of a channel is its kind, with `+public` where anybody reads along: `x+public` is a post."""
    return side.endswith(PUBLIC_SIDE)


def kind_of(side: str) -> str:
    return side.partition("+")[0]
