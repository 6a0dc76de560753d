"""How well a touch fits a journey: clues, each with its weight in bits, set by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from threadline.core.stitching.cues import PROMISE, RECURRENCE, leaning, thanks
from threadline.core.stitching.shapes import Journey
from threadline.core.touch import Direction, Touch
from threadline.core.understanding import Understanding
from threadline.core.understanding.words import matter_of, overlap, spelled

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Bits for the silence before the touch.
SILENCE = (
    (2 * HOUR, 3.0),
    (DAY, 2.0),
    (3 * DAY, 1.2),
    (7 * DAY, 0.6),
    (14 * DAY, -0.4),
    (30 * DAY, -2.2),
    (60 * DAY, -3.5),
)
LONG_SILENCE = -4.5
# Kinds whose thread is one sitting about one matter; the others' thread is a person's whole conversation with us.
ONE_MATTER = frozenset({"chat", "review", "phone", "community", "facebook_post", "survey"})
REFERENCES = frozenset({"order", "case", "tracking"})


@dataclass(frozen=True, slots=True)
class Clues:
    """A touch as stitching sees it."""

    touch: Touch
    words: frozenset[str]
    references: frozenset[str]
    leaning: float
    thanks: bool
    promise: bool
    recurrence: bool
    praise: bool


def clues_of(touch: Touch, understanding: Understanding, common: frozenset[str] = frozenset()) -> Clues:
    text = touch.text or touch.subject
    return Clues(
        touch=touch,
        words=matter_of(touch, understanding) - common,
        references=references_of(touch, understanding),
        leaning=leaning(text),
        thanks=thanks(text),
        promise=bool(PROMISE.search(text)),
        recurrence=bool(RECURRENCE.search(text)),
        praise=understanding.triage == "praise" and not thanks(text),
    )


def references_of(touch: Touch, understanding: Understanding) -> frozenset[str]:
    stated = {f"{fact.name}:{fact.key}" for fact in understanding.facts if fact.name in REFERENCES}
    carried = {f"order:{handle.value}" for handle in touch.handles if handle.scheme == "order"}
    return frozenset(stated | carried)


@dataclass(frozen=True, slots=True)
class Fit:
    """One clue that spoke: its weight, and how to say it."""

    bits: float
    reason: str


def fits(clues: Clues, journey: Journey) -> Iterator[Fit]:
    """Every clue that speaks for or against the touch belonging to the journey."""
    touch = clues.touch
    silence = max(touch.at - journey.last_at, timedelta(0))
    yield from by_reference(clues, journey)
    yield from by_thread(clues, journey, silence)
    yield Fit(silence_bits(silence), silence_said(silence))
    if touch.direction == Direction.OUT:
        yield Fit(2.0 if journey.status == "open" else 0.5, "we owe an answer" if journey.status == "open" else "")
        yield from by_words(clues, journey, slight=True)
    elif touch.direction == Direction.EVENT:
        yield from by_event(clues, journey, silence)
    else:
        yield from by_words(clues, journey, slight=False)
        yield from by_wording(clues, journey, silence)
        yield from by_turn(clues, journey, silence)


def by_reference(clues: Clues, journey: Journey) -> Iterator[Fit]:
    shared = clues.references & journey.references
    if shared:
        yield Fit(9.0, "same " + " and ".join(sorted(ref.replace(":", " ") for ref in shared)))
        return
    orders = {ref for ref in clues.references if ref.startswith("order:")}
    if orders and any(ref.startswith("order:") for ref in journey.references):
        yield Fit(-5.0, "another order")


def by_thread(clues: Clues, journey: Journey, silence: timedelta) -> Iterator[Fit]:
    touch = clues.touch
    if touch.thread in journey.threads:
        if touch.kind in ONE_MATTER or (touch.kind in {"x", "facebook"} and touch.public):
            yield Fit(8.0, "same conversation")
        elif touch.kind == "email":
            quick = silence < 7 * DAY
            yield Fit(3.5 if quick or clues.leaning > 0 else 1.0, "same mail thread")
        elif touch.direction == Direction.OUT:
            yield Fit(2.5, "same conversation")
        else:
            yield Fit(0.8, "same conversation")
    elif touch.kind in journey.channels:
        yield Fit(0.2, "")


def silence_bits(silence: timedelta) -> float:
    return next((bits for limit, bits in SILENCE if silence <= limit), LONG_SILENCE)


def silence_said(silence: timedelta) -> str:
    if silence <= 2 * HOUR:
        return "minutes after the last touch" if silence < HOUR else "an hour after the last touch"
    return (
        "within a day"
        if silence <= DAY
        else f"{silence.days} days after the last touch"
        if silence.days > 1
        else "a day later"
    )


def by_words(clues: Clues, journey: Journey, *, slight: bool) -> Iterator[Fit]:
    shared = overlap(clues.words, journey.words)
    if shared:
        bits = min(0.9 * shared, 3.6) * (0.4 if slight else 1.0)
        yield Fit(bits, "about the same: " + ", ".join(spelled(clues.words & journey.words, clues.touch.text)))
    elif not slight and len(clues.words) >= 4 and len(journey.words) >= 4:
        yield Fit(-1.2, "about something else")


def by_wording(clues: Clues, journey: Journey, silence: timedelta) -> Iterator[Fit]:
    yield Fit(clues.leaning * 0.7, "reads like a follow-up" if clues.leaning > 1 else "")
    if clues.thanks:
        yield Fit(1.5, "thanks us")
    if clues.praise:
        yield Fit(-1.5, "praise on its own")
    if clues.promise:
        yield Fit(5.0 if silence > 14 * DAY else 1.5, "something promised was not done")
    elif clues.recurrence and silence > 60 * DAY:
        yield Fit(-2.0, "the same again after a long time")


def by_turn(clues: Clues, journey: Journey, silence: timedelta) -> Iterator[Fit]:
    if journey.asked and silence < 7 * DAY:
        yield Fit(1.0, "we had asked something")
    if journey.status == "open" and not journey.events_only and silence < 14 * DAY:
        yield Fit(0.6, "we owe an answer")
    if journey.settled_at and not clues.promise and not clues.recurrence and not clues.thanks:
        yield Fit(-1.5, "it was settled")
    if journey.closed_at and clues.touch.at - journey.closed_at > 90 * DAY:
        yield Fit(-3.0, "closed long ago")
    if journey.events_only:
        yield Fit(-0.8 if silence > DAY else 0.8, "")


def by_event(clues: Clues, journey: Journey, silence: timedelta) -> Iterator[Fit]:
    shared = overlap(clues.words, journey.words)
    if clues.touch.kind == "purchase":
        fresh = not journey.purchase and silence < (4 * HOUR if journey.events_only else 7 * DAY)
        yield Fit(-2.5 if fresh else -8.0, "a purchase is its own story")
    if shared:
        yield Fit(min(1.2 * shared, 3.0), "about the same")
    elif silence > 6 * HOUR:
        yield Fit(-1.5, "")


def when_joined(later: Journey, earlier: Journey) -> float:
    """Bits for two journeys of what turned out to be one customer being one experience."""
    silence = max(later.opened_at - earlier.last_at, timedelta(0))
    bits = silence_bits(silence) + later.opening_leaning * 0.7
    shared = overlap(later.opening, earlier.words)
    if later.references & earlier.references:
        return bits + 9.0
    if {r for r in later.references if r.startswith("order:")} and any(
        r.startswith("order:") for r in earlier.references
    ):
        bits -= 5.0
    if shared:
        return bits + min(0.9 * shared, 3.6)
    return bits - (1.2 if len(later.opening) >= 4 and len(earlier.words) >= 4 else 0.0)


def later_of(one: Journey, other: Journey) -> tuple[Journey, Journey]:
    """(later, earlier) by the moment of opening."""
    pair = sorted((one, other), key=lambda journey: (journey.opened_at, journey.id))
    return pair[1], pair[0]


def at_most(at: datetime | None, other: datetime) -> datetime:
    return min(at, other) if at else other
