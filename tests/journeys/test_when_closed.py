"""Off hours: who writes is told once when we open and by when they have an answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests import make
from threadline.channels.adapters.email.writing import compose
from threadline.interactions.models import Delivery, Interaction
from threadline.journeys.actions import closed, delivery, promises
from threadline.journeys.book import in_force
from threadline.journeys.models import Clock
from threadline.journeys.replay import replay

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = datetime(2026, 3, 6, 22, 0, tzinfo=UTC)
SOON = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def told_at_night() -> None:
    make.promised()
    book = in_force(NIGHT)
    everybody = replace(book.promises["all"], tells_when_closed=True)
    promises.use_book(book=replace(book, promises={"all": everybody}), words="Tell", by=None, now=NIGHT - 9 * SOON)


def test_who_writes_at_night_is_told_when_we_open_and_by_when_they_have_an_answer():
    journey = make.journey_of(make.received("ana@example.com", at=NIGHT))

    assert closed.tell(now=NIGHT + SOON) == 1

    told = Interaction.objects.get(direction="out")
    assert "open again on Monday 9 March, 09:00" in told.text
    assert "by Monday 9 March, 11:00" in told.text
    assert Delivery.objects.get(interaction=told).state == "queued"
    journey.refresh_from_db()
    assert journey.waiting_since == NIGHT
    assert Clock.objects.get(kind="first").met_at is None


def test_it_is_marked_as_automatic_so_that_no_other_machine_answers():
    make.received("ana@example.com", at=NIGHT)
    closed.tell(now=NIGHT + SOON)
    told = Interaction.objects.select_related("channel", "thread").get(direction="out")

    mail = compose(delivery.outbound(told), sender="hello@harbourpine.example", message_id="one@harbourpine.example")

    assert b"Auto-Submitted: auto-replied\r\n" in mail
    assert b"In-Reply-To: " in mail


def test_it_is_said_once_for_a_closing_time_and_again_for_the_next():
    first = make.received("ana@example.com", at=NIGHT)
    closed.tell(now=NIGHT + SOON)
    make.received("ana@example.com", "And the lid, HP-4711?", at=NIGHT + 3 * SOON)

    assert closed.tell(now=NIGHT + 4 * SOON) == 0
    assert closed.tell(now=NIGHT + 5 * SOON) == 0
    assert make.journey_of(first).clocks.exclude(kind="resolution").count() == 1


@pytest.mark.parametrize(
    "more",
    [{"automatic": "An automatic reply."}, {"at": NIGHT - timedelta(hours=9)}, {"at": NIGHT - timedelta(hours=2)}],
    ids=["machine", "while-we-are-open", "long-ago"],
)
def test_nobody_is_told_who_is_a_machine_or_wrote_at_another_time(more: dict[str, object]):
    make.received("ana@example.com", **{"at": NIGHT, **more})

    assert closed.tell(now=NIGHT + SOON) == 0


def test_nobody_is_told_whose_message_was_imported_since_somebody_may_have_answered_elsewhere():
    make.entry(make.payload("ana@example.com", at=NIGHT), source="import")
    make.process()

    assert Clock.objects.filter(kind="first", met_at=None).exists()
    assert closed.tell(now=NIGHT + SOON) == 0


def test_a_replay_tells_nobody_again():
    make.received("ana@example.com", at=NIGHT)
    closed.tell(now=NIGHT + SOON)

    replay()

    assert closed.tell(now=NIGHT + 2 * SOON) == 0
    assert Clock.objects.get(kind="first").told_at == NIGHT + SOON
    assert Interaction.objects.filter(direction="out").count() == 1
