"""What routing sees: stories, the work in them, and the people who may take it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from threadline.core.decision import Decision

DIMENSIONS = ("language", "channel", "topic")


class Presence(StrEnum):
    """Available people get work; busy ones keep theirs and get no more; away is away."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Story:
    """What rules look at to find a team. `group` is that of the intent in the tree; `text` what they said."""

    kind: str
    brand: int | None = None
    intent: str = ""
    group: str = ""
    language: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """A story that is our turn.

    `owner` has it already: it stays theirs until `held_until`, unless they are here and have room for it. `knows` spoke
    with this customer last; `declined` gave it away themselves. From `overflows_at` on the `overflow` team may take it.
    `weight` is how much of somebody's capacity it fills.
    """

    id: int
    team: int
    waiting_since: datetime
    kind: str = "email"
    language: str = ""
    topics: frozenset[str] = frozenset()
    weight: int = 1
    urgency: int = 0
    team_name: str = ""
    owner: int | None = None
    held_until: datetime | None = None
    knows: int | None = None
    declined: frozenset[int] = frozenset()
    overflow: int | None = None
    overflow_name: str = ""
    overflows_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may take work.

    `skills` are dimension to value in lower case to a level of 1 to 3; somebody without any skill of a dimension takes
    whatever there is. `load` is what fills the capacity beside the work that is told with them as its owner.
    `idle_since` is when they were last given something.
    """

    id: int
    name: str
    teams: frozenset[int]
    presence: Presence = Presence.AVAILABLE
    capacity: int = 6
    load: int = 0
    skills: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    idle_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """This work goes to this person, because …"""

    work: int
    person: int
    decision: Decision
