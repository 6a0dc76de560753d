"""The preview of a story beside the list: its picture, the last touch in full, and what they already told us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from threadline.accounts.models import Agent
from threadline.core.picture import PictureTouch, Preview, Story, Turn, small
from threadline.core.touch import Direction
from threadline.desk.glyphs import drawing, glyph_of
from threadline.desk.queries.story import StoryPage
from threadline.desk.queries.story.drawing import lane, sentence
from threadline.desk.queries.story.stops import Stop
from threadline.interactions.models import Attachment, Interaction
from threadline.journeys.models import Journey
from threadline.journeys.summary import shorten

ROOM = 676
LABEL = 18
LAST_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pane shows of one story. `last` are their or our latest words; None when nobody spoke."""

    story: StoryPage
    picture: SafeString
    left_out: str
    last: Interaction | None
    files: list[str]


def preview(journey: Journey, *, agent: Agent, now: datetime) -> Shown:
    """Cost: five queries."""
    story = StoryPage(journey=journey, agent=agent, now=now)
    drawn = draw(story.stops, story.turns, story=story, now=now)
    last = last_words(story.stops)
    return Shown(story, mark_safe(drawn.svg), drawn.words, last, files_of(last))


def draw(stops: Sequence[Stop], turns: Sequence[Turn], *, story: StoryPage, now: datetime) -> Preview:
    """The small picture. It escapes every text itself; a touch in it leads to the story."""
    touches = tuple(_touch(stop, turn, story) for stop, turn in zip(stops, turns, strict=True))
    zone = timezone.get_current_timezone()
    return small(Story(touches, now, story.first, tz=zone, icons=drawing(""), named_by="preview-name"), room=ROOM)


def _touch(stop: Stop, turn: Turn, story: StoryPage) -> PictureTouch:
    words = sentence(stop, story.first)
    return PictureTouch(
        id=stop.id,
        at=stop.at,
        channel=glyph_of(stop.kind, public=stop.public).channel,
        lane=lane(stop),
        direction=Direction(stop.direction),
        turn=turn,
        label=shorten(words.rpartition(": ")[2], LABEL),
        sentence=words,
        href=f"{story_address(story.journey)}#touch-{stop.id}",
        public=stop.public,
    )


def story_address(journey: Journey) -> str:
    return reverse("story", args=[journey.pk])


def last_words(stops: Sequence[Stop]) -> Interaction | None:
    """The newest touch that somebody spoke or wrote."""
    spoken = [stop.id for stop in stops if stop.direction != "event"]
    if not spoken:
        return None
    light = Interaction.objects.select_related("author").defer("text", "html", "quoted", "signature", "search")
    return light.annotate(words=Left("text", LAST_CHARS)).get(pk=spoken[-1])


def files_of(touch: Interaction | None) -> list[str]:
    if touch is None:
        return []
    return list(Attachment.objects.filter(interaction=touch, inline=False).values_list("name", flat=True)[:6])
