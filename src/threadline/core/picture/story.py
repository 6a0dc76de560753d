"""What the thread picture is drawn from."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from threadline.core.touch import Direction


class Turn(StrEnum):
    """Who is waited for: `OURS` means that the person waits for us."""

    OURS = "ours"
    THEIRS = "theirs"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class PictureTouch:
    """One touch. `turn` holds after it; `label` is two or three words; `sentence` names it fully, with its time.

    `channel` is the key of its glyph (email, post, dm …); `lane` the name beside it ("X post", "Store 12").
    """

    id: int
    at: datetime
    channel: str
    lane: str
    direction: Direction
    turn: Turn
    label: str
    sentence: str
    href: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """What we promised: `text` says what ("an answer about the new kettle")."""

    made_at: datetime
    due_at: datetime
    kept_at: datetime | None = None
    text: str = "an answer"

    def in_time(self) -> bool:
        return self.kept_at is not None and self.kept_at <= self.due_at


@dataclass(frozen=True, slots=True)
class Likely:
    """The one touch we expect next; it has a lane and a sentence, never a date."""

    lane: str
    sentence: str
    direction: Direction = Direction.IN


@dataclass(frozen=True, slots=True)
class Story:
    """One journey, ready to be drawn. `icons` is what comes before `ch-email` in `<use href>`: "#" or "/a.svg#"."""

    touches: tuple[PictureTouch, ...]
    now: datetime
    person: str
    promises: tuple[Promise, ...] = ()
    likely: Likely | None = None
    tz: tzinfo = UTC
    icons: str = "#"
    named_by: str = ""  # id of the element that names the picture; without it the picture names itself in words

    def in_order(self) -> tuple[PictureTouch, ...]:
        return tuple(sorted(self.touches, key=lambda touch: (touch.at, touch.id)))

    def until(self) -> datetime:
        """Now, or the last touch where a clock ran ahead of ours: the line never runs backwards."""
        return max([self.now, *(touch.at for touch in self.touches)])
