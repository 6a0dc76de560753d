"""Promises: clocks start, pause, go on and are met with whose turn it is; timers warn and say what is broken."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from tests import make
from threadline.accounts.models import Event
from threadline.core.promises import Book, Promise
from threadline.journeys import actions, clocks
from threadline.journeys.actions import promises
from threadline.journeys.actions.reply import Way
from threadline.journeys.book import in_force
from threadline.journeys.models import Clock, Journey, PromiseBook
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 17, 50, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def book() -> PromiseBook:
    return make.promised()


def clock_of(journey: Journey, kind: str = "first") -> Clock:
    return Clock.objects.filter(journey=journey, kind=kind).latest("started_at")


def reply(journey: Journey, at: datetime) -> None:
    thread = journey.memberships.latest("pk").interaction.thread
    way = Way(thread.channel, thread.reply_address, thread)
    actions.reply(journey=journey, text="We send a new one.", way=way, by=make.agent(), now=at)


def test_a_mail_on_friday_evening_is_due_on_monday_and_a_post_does_not_start_the_clock_again():
    mail = make.received("ana@example.com", at=FRIDAY)
    make.received("ana@example.com", "Any news about the kettle HP-4711?", at=FRIDAY + HOUR)

    journey = make.journey_of(mail)

    first = clock_of(journey)
    assert first.started_at == FRIDAY
    assert first.due_at == datetime(2026, 3, 9, 10, 50, tzinfo=UTC)
    assert journey.due_at == first.due_at
    assert Clock.objects.filter(kind="first").count() == 1


def test_an_answer_meets_the_first_clock_and_pauses_that_of_the_matter():
    journey = make.journey_of(make.received(at=MONDAY))

    reply(journey, MONDAY + HOUR)

    first, matter = clock_of(journey), clock_of(journey, "resolution")
    assert (first.met_at, first.took, first.broken_at) == (MONDAY + HOUR, HOUR, None)
    assert (matter.paused_at, matter.left) == (MONDAY + HOUR, 19 * HOUR)
    journey.refresh_from_db()
    assert journey.due_at is None


def test_the_matter_goes_on_with_what_was_left_when_the_customer_writes_again():
    journey = make.journey_of(make.received("ana@example.com", at=MONDAY))
    reply(journey, MONDAY + HOUR)

    make.received("ana@example.com", "It still leaks. Order HP-4711.", at=MONDAY + 24 * HOUR)

    matter, following = clock_of(journey, "resolution"), clock_of(journey, "next")
    assert matter.paused_at is None
    assert matter.due_at == datetime(2026, 3, 12, 14, 0, tzinfo=UTC)  # 19 working hours after Tuesday 10:00
    assert following.due_at == datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    actions.finish(journey=journey, by=make.agent(), now=MONDAY + 25 * HOUR)
    matter, following = clock_of(journey, "resolution"), clock_of(journey, "next")
    assert (matter.met_at, matter.took) == (MONDAY + 25 * HOUR, 2 * HOUR)
    assert following.met_at == MONDAY + 25 * HOUR


def test_undoing_a_word_about_the_turn_lets_the_clocks_run_as_before():
    journey = make.journey_of(make.received(at=MONDAY))
    before = rows()
    done = actions.finish(journey=journey, by=make.agent(), now=MONDAY + HOUR)

    actions.undo(event=done, by=make.agent(), now=MONDAY + 2 * HOUR)

    assert rows() == before


def test_another_team_answers_by_its_own_promise_counted_from_the_same_start(book: PromiseBook):
    payments = make.team("Payments", restricted=True)
    was = in_force(MONDAY)
    quick = Promise("Payments", "office", first=timedelta(minutes=30), teams=frozenset({payments.pk}))
    promises.use_book(book=Book(was.calendars, {**was.promises, "quick": quick}), words="Quick", by=None, now=FRIDAY)
    journey = make.journey_of(make.received(at=MONDAY))

    given = actions.assign(journey=journey, owner=None, team=payments, by=make.agent(), now=MONDAY + HOUR / 4)

    assert clock_of(journey).due_at == MONDAY + HOUR / 2
    actions.undo(event=given, by=make.agent(), now=MONDAY + HOUR / 3)
    assert clock_of(journey).due_at == MONDAY + 2 * HOUR


def test_it_is_warned_before_and_said_once_when_a_promise_is_broken():
    journey = make.journey_of(make.received(at=MONDAY))

    for minutes in (80, 100, 110, 121, 200):
        promises.watch(now=MONDAY + timedelta(minutes=minutes))

    events = Event.objects.filter(journey_id=journey.pk, verb__startswith="promise_").order_by("pk")
    assert [(event.verb, event.facts["kind"]) for event in events] == [
        ("promise_warned", "first"),
        ("promise_broken", "first"),
    ]
    first = clock_of(journey)
    assert (first.warned_at, first.broken_at) == (MONDAY + timedelta(minutes=100), first.due_at)


def test_touches_in_any_order_and_any_batch_give_the_same_clocks():
    wanted = None
    for seed in range(4):
        arrive_shuffled(seed)
        found = rows()
        clocks.tell_clocks(Journey.objects.values_list("pk", flat=True))
        assert rows() == found
        wanted = wanted or found
        assert [row[1:] for row in found] == [row[1:] for row in wanted]
        forget_everything()


def test_a_promise_that_is_changed_leaves_running_clocks_alone_and_can_be_taken_back(book: PromiseBook):
    di, before = make.agent("Di Moreau", is_admin=True), in_force(MONDAY)
    journey = make.journey_of(make.received(at=MONDAY))
    slower = Book(before.calendars, {"all": Promise("Everybody", "office", first=timedelta(hours=8))})

    promises.use_book(book=slower, words="Slower", by=di, now=MONDAY + HOUR, seen=book.pk)

    assert clock_of(journey).due_at == MONDAY + 2 * HOUR
    with pytest.raises(ThreadlineError, match="Slower"):
        promises.use_book(book=before, words="Again", by=di, now=MONDAY + HOUR, seen=book.pk)
    promises.undo_book(by=di, now=MONDAY + 2 * HOUR)
    assert in_force(MONDAY + 3 * HOUR) == before


def test_history_from_before_anything_was_promised_has_no_clocks():
    old = make.received(at=make.NOW - timedelta(days=500))

    assert not Clock.objects.filter(journey=make.journey_of(old)).exists()


def arrive_shuffled(seed: int) -> None:
    """Three days of one story, out of order, in one batch or several."""
    dice = Random(seed)
    said: Sequence[tuple[float, str]] = ((0, "in"), (1, "out"), (4, "in"), (5, "in"), (26, "out"), (48, "in"))
    items = [
        make.payload(
            {"agent": "bo"} if way == "out" else {"email": "ana@example.com"},
            "The kettle leaks, order HP-4711.",
            kind="email",
            id=f"m{hours}",
            at=MONDAY + hours * HOUR,
            direction=way,
            thread={"message_id": f"m{hours}@example.com", "references": ["m0@example.com"] if hours else []},
            **({"to": {"email": "ana@example.com"}} if way == "out" else {}),
        )
        for hours, way in said
    ]
    if seed:
        items[1:] = dice.sample(items[1:], len(items) - 1)
    for item in items:
        make.entry(item)
        if dice.random() < 0.5:
            make.process()
    make.process()


def forget_everything() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("truncate interactions_intakeentry, interactions_interaction, journeys_journey cascade")


def rows() -> list[tuple]:
    columns = ("journey", "kind", "started_at", "due_at", "paused_at", "left", "met_at", "took", "broken_at", "next_at")
    return sorted(Clock.objects.values_list(*columns), key=str)
