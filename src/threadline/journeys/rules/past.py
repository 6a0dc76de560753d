"""Stories as they were: what happened to each in the past, and how it looked then, for a dry run.

A story is told from its touches and from what people said, as the clocks are told. What it is about and
what stands in its fields is taken as it is known today; what other rules would have done meanwhile is not played.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from threadline.accounts.models import Event
from threadline.core.rules import Book, Rule, Seen, begins
from threadline.interactions.models import Interaction
from threadline.journeys.clocks import obey
from threadline.journeys.models import Journey
from threadline.journeys.rules.happenings import HISTORY, VERBS, Happening
from threadline.journeys.rules.seen import Filled, House, Person, filled_of, seen
from threadline.journeys.rules.timers import standing_of
from threadline.journeys.summary import add, members, spoken

GIVEN = ("assigned", "handed_over", "routed", "supervisor_demanded")
TURNS = ("waited", "done", "reopened", "woken")
TOLD = tuple(dict.fromkeys((*VERBS, *GIVEN, *TURNS, "snoozed", "undone")))


@dataclass(slots=True)
class Past:
    """One story on its way through the past. `row` is its shadow: never saved."""

    row: Journey
    person: Person
    filled: Filled
    house: House
    touch: Interaction | None = None
    answered: bool = False
    spans: dict[str, datetime] = field(default_factory=dict)

    def seen(self, at: datetime) -> Seen:
        return seen(
            self.row,
            self.touch,
            answered=self.answered,
            person=self.person,
            filled=self.filled,
            house=self.house,
            at=at,
        )


Told = tuple[Happening, Seen]


def pasts(
    rows: Sequence[Journey], book: Book, *, since: datetime, until: datetime, people: dict[int, Person], house: House
) -> Iterator[tuple[Journey, list[Told]]]:
    """Each story with what happened to it in that time, in order. Cost: five queries for all of them."""
    numbers = [row.pk for row in rows]
    touches, words, filled = members(numbers), _words(numbers), filled_of(rows)
    for row in rows:
        past = Past(_shadow(row, words.get(row.pk, ())), people[row.customer_id], filled[row.pk], house)
        yield row, list(_of(past, touches[row.pk], words.get(row.pk, ()), book, since, until))


def _words(numbers: Sequence[int]) -> dict[int, list[Event]]:
    """What people, timers and the router said about these stories and nobody took back."""
    found: dict[int, list[Event]] = {}
    events = list(Event.objects.filter(journey_id__in=numbers, verb__in=TOLD).order_by("at", "pk"))
    undone = {event.facts["event"] for event in events if event.verb == "undone"}
    for event in events:
        if event.verb != "undone" and event.pk not in undone and event.journey_id is not None:
            found.setdefault(event.journey_id, []).append(event)
    return found


def _shadow(row: Journey, words: Sequence[Event]) -> Journey:
    """The story before anything happened in it."""
    first = next((event for event in words if event.verb in GIVEN and "before" in event.facts), None)
    before = first.facts["before"] if first else {"owner": row.owner_id, "team": row.team_id}
    return Journey(
        pk=row.pk,
        customer_id=row.customer_id,
        brand_id=row.brand_id,
        intent=row.intent,
        owner_id=before["owner"],
        team_id=before["team"],
        status=Journey.Status.WAITING,
        opened_at=row.opened_at,
        last_at=row.opened_at,
    )


def _of(
    past: Past,
    touches: Sequence[Interaction],
    words: Sequence[Event],
    book: Book,
    since: datetime,
    until: datetime,
) -> Iterator[Told]:
    moments: list[tuple[datetime, int, int, Interaction | Event]] = [
        *((touch.at, 0, touch.pk, touch) for touch in touches),
        *((event.at, 1, event.pk, event) for event in words),
    ]
    for at, _, _, moment in sorted(moments, key=lambda each: each[:3]):
        if at > until:
            break
        yield from _over(past, book.timed, since, at)
        for happening in _happened(past, moment):
            if at >= since and book.on(happening.on):
                yield happening, past.seen(at)
    yield from _over(past, book.timed, since, until)


def _over(past: Past, rules: Sequence[Rule], since: datetime, before: datetime) -> Iterator[Told]:
    """The spans that were over before the next thing happened, each once."""
    for rule in rules:
        begun = begins(rule, standing_of(past.row)) if past.row.touches else None
        if begun is None or rule.after is None or past.spans.get(rule.key) == begun:
            continue
        due = begun + rule.after
        if due <= before:
            past.spans[rule.key] = begun
            if due >= since:
                cause = f"span {past.row.pk} {begun.isoformat()}"
                yield Happening(rule.on, past.row.pk, due, cause, only=rule.key), past.seen(due)


def _happened(past: Past, moment: Interaction | Event) -> Iterator[Happening]:
    """Take one moment over into the shadow, then say what rules would have looked at."""
    number = past.row.pk
    if isinstance(moment, Interaction):
        first = past.row.touches == 0
        add(past.row, spoken(moment, first=first))
        past.answered = past.answered or (moment.direction == "out" and not moment.automatic)
        if moment.direction != "in":
            return
        past.touch = moment
        if moment.at >= moment.received_at - HISTORY:
            if first:
                yield Happening("opened", number, moment.at, f"opened {moment.pk}", moment.pk)
            yield Happening("received", number, moment.at, f"touch {moment.pk}", moment.pk)
        return
    _obeyed(past.row, moment)
    if moment.verb in VERBS:
        yield Happening(VERBS[moment.verb], number, moment.at, f"event {moment.pk}")


def _obeyed(row: Journey, event: Event) -> None:
    facts = event.facts
    if event.verb in GIVEN:
        row.owner_id, row.team_id = facts["owner"], facts["team"]
    elif event.verb in TURNS:
        obey(row, event)
        row.outcome = str(facts.get("outcome") or row.outcome)
    elif event.verb == "snoozed":
        row.status = Journey.Status.SNOOZED
    elif event.verb == "intent_set":
        row.intent = facts["intent"]
