"""Between public and private: where the story stands, and the next step with its words and ways."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from threadline.core.durations import spell
from threadline.core.fitness import Wording
from threadline.core.fitness.sides import Escape, Stage, Word, escaped, stage
from threadline.desk.glyphs import glyph_of
from threadline.desk.queries.story.stops import Stop
from threadline.desk.queries.story.ways import Option
from threadline.journeys.models import Journey

MOST_WAYS = 3


@dataclass(frozen=True)
class Siding:
    """`stage` as `core.fitness.sides` tells it; `public` answers where everybody reads, `private` are ways where nobody
    else does, the best first. `network` is its name, `escape` says that they came out in public, and after what wait.
    """

    stage: Stage
    network: str = ""
    public: Option | None = None
    private: list[Option] = field(default_factory=list)
    escape: str = ""

    @property
    def goes_out(self) -> bool:
        """It is to be asked in public whether they go on in private."""
        return self.stage is Stage.OPEN and self.public is not None

    @property
    def goes_on(self) -> bool:
        """We can begin, or go on, where nobody else reads."""
        return self.stage in (Stage.OPEN, Stage.ASKED) and bool(self.private)

    @property
    def comes_back(self) -> bool:
        return self.stage is Stage.SETTLED and self.public is not None

    @property
    def shown(self) -> bool:
        return self.goes_out or self.goes_on or self.comes_back


def siding(journey: Journey, stops: Sequence[Stop], options: Sequence[Option]) -> Siding:
    """No query: what is shown already tells it."""
    words = [
        Word(stop.at, stop.direction == "out", stop.public)
        for stop in stops
        if stop.direction != "event" and not stop.automatic
    ]
    where = stage(words, settled=_settled(journey, stops))
    if where in (Stage.NONE, Stage.BACK):
        return Siding(where)
    public = next((stop for stop in reversed(stops) if stop.public and stop.direction == "in"), None)
    ours = [option for option in options if option.way and option.public]
    there = next((one for one in ours if public and f"thread-{public.thread}" in one.keys), None)
    private = [one for one in options if one.way and not one.public and not one.caution]
    name = str(glyph_of(public.kind, public=True).name) if public else ""
    return Siding(where, name, there, _near(private, public.kind if public else ""), _words_of(escaped(words)))


def _settled(journey: Journey, stops: Sequence[Stop]) -> bool:
    """Nothing is owed to them, or their last word was thanks."""
    last = next((stop for stop in reversed(stops) if stop.direction == "in"), None)
    return journey.waiting_since is None or (last is not None and last.triage == "praise")


def _near(private: Sequence[Option], network: str) -> list[Option]:
    """What fits the matter first; among those the same network's own message, since they are there already."""
    return sorted(private, key=lambda one: (bool(one.against), one.kind != network))[:MOST_WAYS]


def _words_of(escape: Escape | None) -> str:
    if escape is None:
        return ""
    if escape.waited is None:
        return _("They had written to us in private before.")
    return _("They had written to us in private and came out in public after waiting %(span)s.") % {
        "span": spell(escape.waited)
    }


def step_of(step: str, found: Siding, words: Wording) -> tuple[str, Option] | None:
    """The words and the way of a step: `out`, `back`, or `private:` with the key of a way."""
    name, _colon, key = step.partition(":")
    if name == "private":
        option = next((one for one in found.private if key in one.keys), None)
        return (words.private, option) if option else None
    if found.public is None or name not in ("out", "back"):
        return None
    return (words.out if name == "out" else words.back), found.public
