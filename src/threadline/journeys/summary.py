"""What a list shows of a journey, kept touch by touch: whose turn, since when, in whose words, over which channels.

`turn` is the only place where a touch moves the customer's clock. `summarise` folds a journey's touches anew, after
an agent moved some of them; folding gives the same as adding one by one, which is a property test.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from threadline.accounts.models import Event
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey

TITLE_CHARS = 90
LAST_CHARS = 200
BEADS = 12
ANSWERS = re.compile(r"\s*(?:re|aw|sv|antw|fwd?|wg|tr|rv)\s*:", re.IGNORECASE)
GREETING_WORDS = 6
SUMMARY_FIELDS = [
    "status",
    "waiting_since",
    "wake_at",
    "closed_at",
    "settled_at",
    "opened_at",
    "last_at",
    "title",
    "complained",
    "last_text",
    "last_direction",
    "channels",
    "touches",
    "language",
    "mood",
]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One touch as far as the summary needs it. `asks` is false for thanks; machines neither ask nor answer."""

    at: datetime
    kind: str
    direction: str
    public: bool
    words: str
    title: str
    asks: bool
    complains: bool = False
    answers: bool = False
    automatic: bool = False
    language: str = ""
    mood: str = ""


def spoken(touch: Interaction, *, first: bool) -> Spoken:
    """Thanks in a story that is under way do not put it back into the queue; praise that begins one does."""
    asks = touch.direction == "in" and not touch.automatic and (first or touch.triage != "praise")
    words, complains = touch.text or touch.subject, touch.triage == "complaint"
    answers = touch.direction == "out" and not touch.automatic
    title, automatic = titled(touch), bool(touch.automatic)
    theirs = (touch.language, touch.triage) if touch.direction == "in" else ("", "")
    return Spoken(
        touch.at, touch.kind, touch.direction, touch.public, words, title, asks, complains, answers, automatic, *theirs
    )


def titled(touch: Interaction) -> str:
    """The subject the customer chose for a mail, else how the words begin."""
    own_subject = touch.subject if touch.kind == "email" and not ANSWERS.match(touch.subject) else ""
    return shorten(own_subject, TITLE_CHARS) or first_words(touch.text)


def add(journey: Journey, touch: Spoken) -> None:
    """Bring a journey's columns up to date with one more touch. Changes the object, not the database."""
    newest = journey.touches == 0 or touch.at >= journey.last_at
    journey.touches += 1
    journey.opened_at = min(journey.opened_at, touch.at)
    if newest:
        _remember_last(journey, touch)
    if touch.direction == "in":
        _entitle(journey, touch)
    turn(journey, touch)


def turn(journey: Journey, touch: Spoken) -> None:
    """Whose turn it is after one more touch, and since when."""
    if touch.asks:
        _our_turn(journey, touch.at)
    elif touch.answers:
        _their_turn(journey, touch.at)


def _remember_last(journey: Journey, touch: Spoken) -> None:
    """What a machine of ours wrote is not the last word: the row goes on showing what they said."""
    if touch.automatic and touch.direction == "out" and journey.touches > 1:
        return
    journey.last_at, journey.last_direction = touch.at, touch.direction
    journey.language, journey.mood = touch.language or journey.language, touch.mood or journey.mood
    if touch.words and touch.direction != "event":
        journey.last_text = shorten(without_greeting(touch.words), LAST_CHARS)
    bead = f"{touch.kind}+public" if touch.public else touch.kind
    if not journey.channels or journey.channels[-1] != bead:
        journey.channels = [*journey.channels, bead][-BEADS:]


def _entitle(journey: Journey, touch: Spoken) -> None:
    """The first thing they said names the story, until they complain: then the story is about that."""
    if not journey.title or (touch.complains and not journey.complained):
        journey.title = touch.title
        journey.complained = touch.complains


def _our_turn(journey: Journey, at: datetime) -> None:
    """One clock over all channels: the first unanswered touch starts it, later ones do not restart it."""
    if journey.settled_at is not None and at <= journey.settled_at:
        return
    journey.waiting_since = min(journey.waiting_since or at, at)
    journey.status, journey.wake_at, journey.closed_at = Journey.Status.OPEN, None, None


def _their_turn(journey: Journey, at: datetime) -> None:
    journey.settled_at = max(journey.settled_at or at, at)
    if at < journey.last_at and journey.last_direction == "in":
        return  # it came in late: what was said after it is not answered by it
    if journey.waiting_since is not None and journey.waiting_since <= at:
        journey.waiting_since = None
        if journey.status == Journey.Status.OPEN:
            journey.status = Journey.Status.WAITING


def waits_for_them(journey: Journey, at: datetime, *, status: str) -> None:
    """An agent says that it is not our turn: it holds for everything that was said until then."""
    journey.status, journey.waiting_since, journey.wake_at = status, None, None
    journey.ruled_at = at
    journey.settled_at = max(journey.settled_at or at, at)


def waits_again(journey: Journey, at: datetime) -> None:
    """An agent, or an alarm, says that it is our turn; who waited already has waited since then."""
    journey.status, journey.wake_at, journey.closed_at = Journey.Status.OPEN, None, None
    journey.waiting_since = journey.waiting_since or at


def first_words(text: str) -> str:
    """The first sentence a person wrote after the greeting, short enough for a title."""
    line = next((line.strip() for line in without_greeting(text).splitlines() if len(line.strip()) > 1), "")
    for end in (". ", "! ", "? ", "。"):
        cut = line.find(end)
        if 12 <= cut < TITLE_CHARS:
            line = line[: cut + 1]
    return shorten(line, TITLE_CHARS)


def without_greeting(text: str) -> str:
    """Without a first line that only greets (`Dear Harbour & Pine,`), unless nothing else was written."""
    first, _, rest = text.strip().partition("\n")
    return rest.strip() if greets(first.rstrip()) and rest.strip() else text


def greets(line: str) -> bool:
    """A few words and a comma or an exclamation mark, a line of their own: “Dear Tomasz,”."""
    return line.endswith((",", "!")) and len(line.split()) <= GREETING_WORDS


def shorten(text: str, limit: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[: limit - 1].rstrip()}…"


def summarise(journey: Journey, touches: Iterable[Interaction]) -> None:
    """Fold the touches of a journey anew and save it."""
    fold(journey, touches)
    journey.save(update_fields=[*SUMMARY_FIELDS, "memory"])


def fold(journey: Journey, touches: Iterable[Interaction]) -> None:
    """Set the columns of a journey from its touches, keeping what agents said about its status."""
    status, wake_at, closed_at = journey.status, journey.wake_at, journey.closed_at
    reopened_at = journey.waiting_since if opened_by_word(journey) else None
    _blank(journey)
    ordered = sorted(touches, key=lambda touch: (touch.at, touch.pk))
    for index, touch in enumerate(ordered):
        if index == 0:
            journey.opened_at = journey.last_at = touch.at
        add(journey, spoken(touch, first=index == 0))
    if status == Journey.Status.SNOOZED:
        journey.status, journey.wake_at = status, wake_at
    elif status == Journey.Status.DONE and journey.waiting_since is None:
        journey.status, journey.closed_at = status, closed_at
    if reopened_at is not None:
        journey.status, journey.waiting_since = status, min(journey.waiting_since or reopened_at, reopened_at)


def opened_by_word(journey: Journey) -> bool:
    """Whether the clock runs since an agent reopened the journey, or its alarm rang, and not since a touch."""
    if journey.status != Journey.Status.OPEN or journey.waiting_since is None:
        return False
    said = Event.objects.filter(journey_id=journey.pk, verb__in=["reopened", "woken"], at=journey.waiting_since)
    return said.exists()


def _blank(journey: Journey) -> None:
    """An agent's word holds for everything up to the moment it was said; what came later is our turn again."""
    journey.status, journey.waiting_since, journey.wake_at, journey.closed_at = Journey.Status.WAITING, None, None, None
    journey.settled_at = journey.ruled_at
    journey.title = journey.last_text = journey.language = journey.mood = ""
    journey.complained = False
    journey.channels, journey.touches = [], 0


def members(journey_ids: Sequence[int]) -> dict[int, list[Interaction]]:
    """The standing touches of some journeys, oldest first. One query."""
    found: dict[int, list[Interaction]] = {number: [] for number in journey_ids}
    touches = (
        Interaction.objects.filter(memberships__journey__in=journey_ids, memberships__superseded_at=None)
        .annotate(in_journey=F("memberships__journey"))
        .defer("html", "quoted", "search")
        .order_by("at", "pk")
    )
    for touch in touches:
        found[touch.in_journey].append(touch)
    return found
