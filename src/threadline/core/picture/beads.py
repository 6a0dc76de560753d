"""The picture in a list row: channels in order of use, as beads on a line."""

from dataclasses import dataclass
from itertools import groupby

from threadline.core.picture.story import Story, Turn

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Bead:
    channel: str
    lane: str
    public: bool


@dataclass(frozen=True, slots=True)
class Beads:
    """`more` older beads are left out before `shown`; `words` names all of them; `turn` is the turn now."""

    shown: tuple[Bead, ...]
    more: int
    words: str
    turn: Turn


def beads(story: Story) -> Beads:
    """Touches in a row on one lane are one bead; the newest six are shown."""
    touches = story.in_order()
    strung = tuple(bead for bead, _ in groupby(Bead(t.channel, t.lane, t.public) for t in touches))
    older = max(0, len(strung) - SHOWN)
    turn = touches[-1].turn if touches else Turn.NOBODY
    return Beads(strung[older:], older, ", ".join(_name(bead) for bead in strung), turn)


def _name(bead: Bead) -> str:
    return f"public {bead.lane}" if bead.public else bead.lane
