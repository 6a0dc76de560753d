"""What providers have and we have not: fetched from a date on, in order, and an alarm that does not cry wolf."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.providers.google_business import FakeGoogleBusiness
from tests.providers.registry import fakes
from threadline.accounts.models import Event
from threadline.channels.models import Channel
from threadline.config import doctor
from threadline.interactions.actions.health import compare_with_providers, notice_silence, tells
from threadline.interactions.actions.intake import Item, receive
from threadline.interactions.actions.looking import backfill, look
from threadline.interactions.models import IntakeEntry, Interaction

pytestmark = pytest.mark.django_db
LISTING = [
    name
    for name, fake in sorted(fakes().items())
    if tells(Channel(kind=fake.adapter.kind, provider=fake.adapter.provider))
]


@pytest.fixture
def fake(request: pytest.FixtureRequest) -> Iterator[Any]:
    with fakes()[getattr(request, "param", "review.google")]().running() as fake:
        yield fake
        assert fake.wrong == []


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)


def gaps() -> list[int]:
    return [event.facts["missing"] for event in Event.objects.filter(verb="channel_gap").order_by("pk")]


@pytest.mark.parametrize("fake", LISTING, indirect=True)
def test_what_never_came_is_fetched_from_a_date_once_and_in_its_order(fake: Any):
    channel = fake.channel()
    fake.wrote("The kettle leaks.", number=1, at=ago(hours=3))
    fake.wrote("It still leaks.", number=2, at=ago(hours=2))

    fetched = backfill(channel, since=ago(days=1))
    again = backfill(channel, since=ago(days=1))
    make.process()

    touches = list(Interaction.objects.order_by("pk"))
    assert (fetched, again) == (2, 0)
    assert [("still" in touch.text, touch.direction) for touch in touches] == [(False, "in"), (True, "in")]
    assert touches[0].at < touches[1].at
    assert set(IntakeEntry.objects.values_list("source", "verdict")) == {("backfill", "accepted")}


def test_what_the_next_look_brings_and_what_was_there_before_us_is_not_missing(fake: FakeGoogleBusiness):
    channel = fake.channel()
    Event.objects.create(verb="channel_added", agent=make.agent(), at=ago(hours=2), facts={"channel": channel.pk})
    fake.wrote("Long before.", number=1, at=ago(hours=9))
    look(channel)
    fake.wrote("Just now.", number=2, at=ago(hours=1))

    compare_with_providers()
    channel.refresh_from_db()

    assert (channel.missing, gaps()) == (0, [])
    assert IntakeEntry.objects.count() == 1  # the look that went before brought it


def test_a_real_gap_is_an_alarm_and_closed_by_fetching(fake: FakeGoogleBusiness, client: Client):
    client.force_login(make.agent("Di Varga", is_admin=True))
    channel = fake.channel()
    look(channel)
    fake.wrote("You never heard this.", number=1, at=ago(hours=5))
    Channel.objects.filter(pk=channel.pk).update(cursor=beyond(fake))

    compare_with_providers()
    page = client.get(reverse("settings-intake")).content.decode()
    client.post(reverse("settings-intake-backfill", args=[channel.pk]), {"days": "1"})
    compare_with_providers()

    channel.refresh_from_db()
    assert gaps() == [1]
    assert "has 1 more than came in" in page
    assert channel.missing == 0


def beyond(fake: FakeGoogleBusiness) -> str:
    """The cursor as if what is there had been seen already, though it never reached the ledger."""
    return fake.connector().fetch("").cursor


def test_reviews_that_came_in_one_look_say_nothing_of_the_rhythm(fake: FakeGoogleBusiness):
    channel = fake.channel()
    receive([Item(raw=b"{}", external_id=str(n)) for n in range(40)], source="backfill", channel=channel)
    receive([Item(raw=b"{}", external_id=f"p{n}") for n in range(40)], source="poll", channel=channel)

    notice_silence(now=timezone.now() + timedelta(hours=3))

    channel.refresh_from_db()
    assert channel.silent_since is None


def test_a_looked_at_source_that_falls_silent_against_its_own_rhythm_is_said_to_be(fake: FakeGoogleBusiness):
    channel = fake.channel()
    for hour in range(24, 0, -1):
        IntakeEntry.objects.create(channel=channel, source="poll", raw=b"{}", received_at=ago(hours=hour))

    notice_silence(now=timezone.now() + timedelta(hours=1))
    channel.refresh_from_db()
    well = channel.silent_since
    notice_silence(now=timezone.now() + timedelta(hours=3))
    channel.refresh_from_db()

    assert well is None
    assert channel.silent_since is not None
    assert Event.objects.filter(verb="channel_silent").exists()


def test_a_source_that_nobody_looks_at_any_more_is_said_to_be_on_the_screen(fake: FakeGoogleBusiness, client: Client):
    client.force_login(make.agent("Di Varga", is_admin=True))
    channel = fake.channel()
    look(channel)
    well = client.get(reverse("settings-intake")).content.decode()
    Channel.objects.filter(pk=channel.pk).update(seen_at=ago(hours=2))

    page = client.get(reverse("settings-intake")).content.decode()

    assert any("do the workers run" in finding.text for finding in doctor.channels())
    assert "Nobody looked at it" not in well
    assert "Nobody looked at it" in page


def test_stars_stand_in_the_story_as_they_do_for_other_reviews(fake: FakeGoogleBusiness, client: Client):
    client.force_login(make.agent())
    channel = fake.channel()
    look(channel)
    fake.wrote("It leaks, and nobody answers.", number=1)
    look(Channel.objects.get(pk=channel.pk))
    make.process()
    touch = Interaction.objects.get()

    page = client.get(reverse("story", args=[make.journey_of(touch).pk])).content.decode()

    assert "2 of 5 stars" in page
    assert touch.public
