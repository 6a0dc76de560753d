"""The thread picture of a story: its touches as `core.picture` wants them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from threadline.core.picture import Likely, PictureTouch, Promise, Story, Turn, tall, wide, words
from threadline.core.stitching.expecting import Expected
from threadline.core.touch import Direction
from threadline.desk.glyphs import drawing, glyph_of
from threadline.desk.moments import exact
from threadline.desk.queries.story.stops import Stop, happening, page_name
from threadline.journeys.summary import shorten, without_greeting

ROOM = 1376
LABEL = 22
MENTIONS = re.compile(r"^(?:@\w+[\s,:]*)+(?=\S)")
SENTENCE = 90
WORTH_SHOWING = 0.4  # how likely the next touch must be to stand in the picture


@dataclass(frozen=True, slots=True)
class Picture:
    """Both forms, and what they say."""

    wide: SafeString
    tall: SafeString
    words: str


def draw(
    stops: Sequence[Stop],
    turns: Sequence[Turn],
    *,
    person: str,
    now: datetime,
    coming: Expected | None = None,
    promises: tuple[Promise, ...] = (),
) -> Picture:
    """The drawings escape every text themselves. `coming` is the touch that is likely to come next."""
    story = Story(
        touches=tuple(_touch(stop, turn, person) for stop, turn in zip(stops, turns, strict=True)),
        now=now,
        person=person,
        promises=promises,
        likely=_likely(coming, person) if coming and coming.probability >= WORTH_SHOWING else None,
        tz=timezone.get_current_timezone(),
        icons=drawing(""),
        named_by="picture-words",
    )
    return Picture(mark_safe(wide(story, room=ROOM)), mark_safe(tall(story)), words(story))


def _likely(coming: Expected, person: str) -> Likely:
    """`Likely next: Ana by phone (62 %). Half of those who …`: with how sure it is, and never with a date."""
    of = glyph_of(coming.channel, public=False)
    chance = f"{coming.probability:.0%}"
    said = _("Likely next: %(name)s %(channel)s (%(chance)s).") % {
        "name": person,
        "channel": of.spoken,
        "chance": chance,
    }
    return Likely(str(of.name), f"{said} {coming.reason}")


def _touch(stop: Stop, turn: Turn, person: str) -> PictureTouch:
    glyph = glyph_of(stop.kind, public=stop.public)
    return PictureTouch(
        id=stop.id,
        at=stop.at,
        channel=glyph.channel,
        lane=lane(stop),
        direction=Direction(stop.direction),
        turn=turn,
        label=_label(stop),
        sentence=sentence(stop, person),
        href=f"#touch-{stop.id}",
        public=stop.public,
    )


def lane(stop: Stop) -> str:
    """The kind of channel; stores by their own name, because they are places."""
    if stop.kind == "store" and stop.endpoint:
        return stop.endpoint
    return str(glyph_of(stop.kind, public=stop.public).name)


def sentence(stop: Stop, person: str) -> str:
    """`Tue 17 Nov 2026, 08:14, Email, Ana: Good morning, I bought …`"""
    if stop.direction == "event":
        return f"{exact(stop.at)}, {lane(stop)}: {shorten(said(stop), SENTENCE)}"
    return f"{exact(stop.at)}, {lane(stop)}, {who(stop, person)}: {shorten(said(stop), SENTENCE)}"


def said(stop: Stop) -> str:
    if stop.direction == "event":
        return happening(stop.kind, stop.attributes, stop.words)
    return without_greeting(stop.words) or stop.subject or _("no words")


def who(stop: Stop, person: str) -> str:
    if stop.direction == "out":
        return (stop.author or stop.name or _("we")).split()[0]
    return person


def _label(stop: Stop) -> str:
    """The first two or three words; what people say stands in quotation marks."""
    text = page_name(stop.attributes) if stop.kind == "web" and not stop.words else ""
    short = shorten(text or MENTIONS.sub("", said(stop)), LABEL)
    if " " in short and short.endswith("…"):
        short = f"{short.rsplit(' ', 1)[0].rstrip(',.;:')}…"
    return f"“{short}”" if stop.direction == "in" else short
