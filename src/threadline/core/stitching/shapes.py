"""What stitching reads and what it hands to whoever writes it down."""

from dataclasses import dataclass, field
from datetime import datetime

from threadline.core.decision import Decision

WORDS_KEPT = 120


@dataclass(slots=True)
class Journey:
    """What stitching remembers of a journey. `remembered` and `recalled` turn it into JSON and back.

    `threads` and `channels`: to the last touch there. `references`: "order:4711". `opening`: words of the first touch,
    with the bits by which its wording leaned to an old matter; `began`: its kind. `settled_at`: somebody said that it
    is done. `asked`: our last word was a question. `events_only`: nobody has said anything yet. `purchase`: it holds a
    purchase. `heard_at`, `said_at`: the customer's last word and ours; `heard_on`: on which kind of channel;
    `wrote_at`: when one of us last wrote at the desk.
    `language`, `triage`, `intent`, `public`: of the customer's last word. `vectors`: meanings as `vectors.packed`
    keeps them, of the "first" text, the "mean" of all `weighed` ones, and what was last "heard" and "said".
    """

    id: int
    customer: int
    brand: int | None
    opened_at: datetime
    last_at: datetime
    status: str = "open"
    waiting_since: datetime | None = None
    closed_at: datetime | None = None
    settled_at: datetime | None = None
    asked: bool = False
    events_only: bool = True
    purchase: bool = False
    threads: dict[int, datetime] = field(default_factory=dict)
    channels: dict[str, datetime] = field(default_factory=dict)
    references: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    opening: frozenset[str] = frozenset()
    opening_leaning: float = 0.0
    began: str = ""
    heard_on: str = ""
    touches: int = 0
    heard_at: datetime | None = None
    said_at: datetime | None = None
    wrote_at: datetime | None = None
    language: str = ""
    triage: str = ""
    intent: str = ""
    public: bool = False
    weighed: int = 0
    vectors: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Join:
    """`loser` and `survivor` turned out to be one journey: all touches of `loser` belong to `survivor`."""

    loser: int
    survivor: int
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another journey that the touch might belong to, for the agent to choose."""

    journey: int
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Stitch:
    """Where a touch belongs. `journey` is None for noise; `state` is the journey after this touch, ready to be stored.

    `joins` follow from customers that became one; they come before `state` is applied. `noticed`: what it means that
    this touch came to this journey, see `noticing`.
    """

    journey: int | None
    confidence: float
    decision: Decision
    is_new: bool = False
    state: Journey | None = None
    joins: tuple[Join, ...] = ()
    joined: tuple[Journey, ...] = ()
    moved: tuple[tuple[int, int], ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    noticed: tuple[str, ...] = ()
