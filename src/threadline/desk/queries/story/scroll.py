"""The scroll of a story: touches, silences, notes and what agents did, in order of time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.db.models import Case, Exists, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import Left, Length

from threadline.accounts.models import Agent, Event
from threadline.core.picture import Turn
from threadline.desk.queries.fields import for_reader
from threadline.desk.queries.story import doings, telling
from threadline.desk.queries.story.inviting import Asked, asked_of
from threadline.desk.queries.story.stops import Stop, happening, in_a_row
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey, Mention, Note
from threadline.journeys.queries import parts_of
from threadline.lib.prepared import prepared

WINDOW = 60
MOST = 400
SILENCE = timedelta(hours=6)
ROW = 3
LONG_TEXT = 20_000
Span = tuple[datetime, datetime]
EVER: Span = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(slots=True)
class Item:
    """One line of the scroll: a touch, a run of events, a silence, a note or what an agent did."""

    kind: str  # touch | run | silence | note | hidden | doing
    at: datetime
    turn: Turn = Turn.NOBODY
    touch: Interaction | None = None
    run: list["Item"] = field(default_factory=list)
    note: Note | None = None
    doing: doings.Doing | None = None
    happening: str = ""
    lasted: timedelta | None = None
    words: str = ""
    beside: str = ""
    doubt: str = ""
    passed_on: str = ""
    invitation: Asked | None = None

    @property
    def fixed(self) -> bool:
        """Nothing in it belongs to one reader only, as the forms do that send an answer again or take it back."""
        if self.invitation is not None and self.invitation.asks:
            return False
        delivery = getattr(self.touch, "delivery", None)
        return delivery is None or delivery.state not in ("failed", "unsure", "held")

    @property
    def way(self) -> str:
        """The key of the way it went, as the composer names it."""
        return f"thread-{self.touch.thread_id}" if self.touch else ""

    @property
    def shown(self) -> tuple[object, ...]:
        """All that stands there and may change: a touch is drawn anew only when this does. Its words never change."""
        touch = self.touch
        assert touch is not None, "only asked of touches"
        return (touch.pk, self.turn.value, self.beside, self.happening, touch.automatic, touch.name)


@dataclass(frozen=True, slots=True)
class Scroll:
    """`earlier` is the oldest touch shown, when there are older ones; `oldest` is it in any case."""

    items: list[Item]
    oldest: int | None
    newest: int | None
    earlier: int | None


def window(stops: Sequence[Stop], *, before: int | None = None, since: int | None = None) -> list[Stop]:
    """The newest touches, those before one, or all since one."""
    numbers = [stop.id for stop in stops]
    end = numbers.index(before) if before in numbers else len(stops)
    start = numbers.index(since) if since in numbers else max(0, end - WINDOW)
    return list(stops[max(start, end - MOST) : end])


def scroll(
    journey: Journey,
    stops: Sequence[Stop],
    turns: Sequence[Turn],
    *,
    now: datetime,
    reader: Agent,
    before: int | None = None,
    since: int | None = None,
    notes: bool = True,
) -> Scroll:
    """What happened in this part of the story; `notes` says whether they may be read. Cost: five queries."""
    shown = window(stops, before=before, since=since)
    if not shown:
        return Scroll([], None, None, None)
    turn_of = {stop.id: turn for stop, turn in zip(stops, turns, strict=True)}
    touches = load([stop.id for stop in shown])
    whole = shown[0].id == stops[0].id
    newest = shown[-1].id == stops[-1].id
    span: Span = (EVER[0] if whole else shown[0].at, EVER[1] if newest else shown[-1].at)
    parts = parts_of(journey.pk)
    beside = [*_notes(parts, span, reader, readable=notes), *_doings(journey, parts, span, reader)]
    items = [_item(stop, turn_of[stop.id], touches[stop.id]) for stop in shown if stop.id in touches]
    items = list(_in_order([*items, *beside]))
    _tell_beside(items)
    rows = list(_with_silences(_in_rows(items, {stop.id: stop for stop in shown}), now=now if newest else None))
    return Scroll(rows, shown[0].id, shown[-1].id, None if whole else shown[0].id)


def _item(stop: Stop, turn: Turn, touch: Interaction) -> Item:
    told = happening(stop.kind, stop.attributes, stop.words) if stop.direction == "event" else ""
    return Item("touch", stop.at, turn, touch, happening=told)


def load(numbers: Sequence[int]) -> dict[int, Interaction]:
    """Whole touches, with everything a line of the scroll shows. Cost: two queries."""
    return {touch.pk: touch for touch in _whole(numbers)}


@prepared
def _whole(numbers: Sequence[int]) -> QuerySet[Interaction]:
    return (
        Interaction.objects.filter(pk__any=numbers)
        .select_related("channel", "identity", "author", "delivery")
        .prefetch_related("attachments")
        .defer("html", "text", "search", "once_key", "channel__settings", "channel__secrets", "channel__cursor")
        .annotate(shown_text=Left("text", LONG_TEXT), text_length=Length("text"))
        .annotate(own_html=Case(When(direction="out", then=Left("html", LONG_TEXT)), default=Value("")))
        .annotate(has_html=Case(When(html="", then=Value("")), default=Value("yes"), output_field=TextField()))
    )


def _notes(parts: set[int], span: Span, reader: Agent, *, readable: bool) -> list[Item]:
    """Who may not read them sees where one stands, and that it is hidden. Cost: one query."""
    notes = _noted(list(parts), *span, reader.pk)
    return [Item("note" if readable else "hidden", note.at, note=note if readable else None) for note in notes]


@prepared
def _noted(parts: Sequence[int], since: datetime, until: datetime, reader: int) -> QuerySet[Note]:
    mine = Mention.objects.filter(note=OuterRef("pk"), agent=reader, seen_at=None)
    notes = Note.objects.filter(journey__any=parts, at__gte=since, at__lte=until).annotate(asks_reader=Exists(mine))
    return notes.select_related("agent").defer("search").order_by("at", "pk")


def _doings(journey: Journey, parts: set[int], span: Span, reader: Agent) -> list[Item]:
    """What agents did in the same time, but for fields that the reader does not see. Cost: three queries at most."""
    events = _done(list(parts), *span)
    told = doings.tell(for_reader([event for event in events if concerns(event, journey)], reader), journey)
    return [Item("doing", doing.at, doing=doing) for doing in told]


@prepared
def _done(parts: Sequence[int], since: datetime, until: datetime) -> QuerySet[Event]:
    events = Event.objects.filter(journey_id__any=parts, at__gte=since, at__lte=until, verb__in=doings.VERBS)
    return events.select_related("agent").order_by("pk")


def concerns(event: Event, journey: Journey) -> bool:
    """What was done to a story before it became part of this one is told there; only that it did is told here."""
    return event.journey_id == journey.pk or event.verb == "joined"


def _in_order(items: Iterable[Item]) -> Iterator[Item]:
    """By time; notes and doings take over the turn of what came before, unless they change it."""
    turn = Turn.NOBODY
    for item in sorted(items, key=lambda item: item.at):
        if item.kind == "touch":
            turn = item.turn
        elif item.doing and item.doing.turn is not None:
            turn = item.doing.turn
        item.turn = turn
        yield item


def _tell_beside(items: Iterable[Item]) -> None:
    """Say beside each touch how it came or went; of answers, how long the person had waited for them."""
    waiting: datetime | None = None
    for item in items:
        if item.touch is None:
            continue
        answered_after = None
        if item.touch.direction == "out":
            answered_after, waiting = (item.at - waiting if waiting else None), None
        elif item.turn is Turn.OURS and item.touch.direction == "in":
            waiting = waiting or item.at
        item.beside = telling.beside(item.touch, answered_after=answered_after)
        item.doubt, item.passed_on = telling.doubt(item.touch), telling.passed_on(item.touch)
        item.invitation = asked_of(item.touch)


def _in_rows(items: Iterable[Item], stops: dict[int, Stop]) -> Iterator[Item]:
    """Three or more events in a row become one line that opens."""
    for is_event, group in groupby(items, key=_is_event):
        run = list(group)
        if is_event and len(run) >= ROW:
            words = in_a_row([stops[item.touch.pk] for item in run if item.touch])
            yield Item("run", run[0].at, run[-1].turn, run=run, words=words)
        else:
            yield from run


def _is_event(item: Item) -> bool:
    return item.touch is not None and item.touch.direction == "event"


def _with_silences(items: Iterable[Item], *, now: datetime | None) -> Iterator[Item]:
    last: Item | None = None
    for item in items:
        if last is not None:
            yield from _silence(last, until=item.at)
        yield item
        last = item
    if last is not None and now is not None and last.turn is not Turn.NOBODY:
        yield from _silence(last, until=now)


def _silence(last: Item, *, until: datetime) -> Iterator[Item]:
    since = last.run[-1].at if last.run else last.at
    if until - since > SILENCE:
        yield Item("silence", since, last.turn, lasted=until - since)
