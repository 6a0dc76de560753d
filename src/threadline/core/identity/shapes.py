"""What recognition reads and what it hands to whoever writes it down."""

from dataclasses import dataclass, field
from datetime import datetime

from threadline.core.decision import Decision
from threadline.core.identity.model import Clue
from threadline.core.touch import Level

Key = tuple[str, str]


@dataclass(slots=True)
class Identity:
    """A handle, or a number that only its owner knows, held by a customer.

    A proven key (observed or verified) has one owner. Whoever else speaks through it is held as claimed and `shared`:
    we know the handle, and have only their word for which of its users they are.
    """

    key: Key
    customer: int
    level: Level
    shared: bool = False
    seen_at: datetime | None = None

    @property
    def proven(self) -> bool:
        return self.level != Level.CLAIMED or self.shared


@dataclass(slots=True)
class Person:
    """What recognition needs to know of a customer besides the handles.

    `names`: as seen; an alias from a social network starts with "~". `anchored`: some handle of theirs is personal.
    `seen`: brand to the last touch there (0 is no brand). `about`: brand to the words last said there.
    `apart`: customers that a human said are not them. `maybe`: customers that may be them, and the clues for it; what
    happens later may prove it.
    """

    id: int
    names: tuple[str, ...] = ()
    anchored: bool = False
    seen: dict[int, datetime] = field(default_factory=dict)
    apart: frozenset[int] = frozenset()
    about: dict[int, tuple[str, ...]] = field(default_factory=dict)
    maybe: dict[int, tuple[Clue, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewIdentity:
    key: Key
    customer: int
    level: Level
    shared: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Merge:
    """`loser` becomes part of `survivor`, the older one. All identities of `loser` move, also those not loaded here."""

    loser: int
    survivor: int
    bits: float
    reason: str
    keys: tuple[Key, ...]
    by: tuple[Clue, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Perhaps one person: a human decides."""

    customer: int
    other: int
    bits: float
    reason: str
    keys: tuple[Key, ...]
    by: tuple[Clue, ...] = ()


@dataclass(frozen=True, slots=True)
class Recognition:
    """Everything that one touch changed about who is who, as lists to be written down.

    `customer` is None when nobody in particular speaks (noise from an unknown handle). `raised`: identities of
    `customer` known better than before, with the new level. `now_shared`: proven handles found to have several users.
    """

    customer: int | None
    decision: Decision
    is_new: bool = False
    at: datetime | None = None
    brand: int | None = None
    speaking: Key | None = None
    new_identities: tuple[NewIdentity, ...] = ()
    raised: tuple[tuple[Key, Level], ...] = ()
    now_shared: tuple[Key, ...] = ()
    seen_keys: tuple[Key, ...] = ()
    merges: tuple[Merge, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    names: tuple[str, ...] = ()
    about: frozenset[str] = frozenset()
    anchored: bool = False
