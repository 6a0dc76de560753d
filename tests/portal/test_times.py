"""The public page: what we promise on each channel, and what was true."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from threadline.core.durations import spell_hours
from threadline.journeys.models import Clock
from threadline.portal.queries import times

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_cached():
    times._published.cache_clear()
    yield
    times._published.cache_clear()


def answered_within(*minutes: int | None) -> None:
    """First answers on e-mail in the last weeks; None still waits beyond the promise."""
    book, start = make.promised(), timezone.now() - timedelta(days=9)
    journey = make.journey_of(make.received(at=make.NOW))
    Clock.objects.all().delete()
    for number, lasted in enumerate(minutes):
        at = start + timedelta(minutes=number)
        took = None if lasted is None else timedelta(minutes=lasted)
        journey.pk = 10_000 + number
        journey.save(force_insert=True)
        Clock.objects.create(
            journey=journey, kind="first", promise="all", book=book, channel="email", brand=journey.brand,
            started_at=at, due_at=at, warn_at=at, broken_at=None if took else at, met_at=took and at, took=took,
        )  # fmt: skip


def test_anybody_reads_the_promise_the_median_and_the_ninetieth_percentile(client: Client):
    answered_within(*range(10, 110, 10))

    html = client.get("/times").content.decode()

    assert "2 h" in html
    assert "50 m" in html
    assert "1 h 30 m" in html
    assert "Mon–Fri 09:00–12:30, 13:30–18:00" in html


def test_who_still_waits_beyond_the_promise_counts_as_longer_than_anybody(client: Client):
    answered_within(*range(10, 90, 10), None, None)

    html = client.get("/times").content.decode()

    assert "some still wait" in html


def test_too_few_answers_say_nothing(client: Client):
    answered_within(10, 20)

    assert "too few to say" in client.get("/times").content.decode()


def test_it_is_worked_out_once_in_five_minutes(client: Client, django_assert_num_queries, monkeypatch):
    answered_within(*range(10, 110, 10))
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    first = client.get("/times")

    with django_assert_num_queries(0):
        again = client.get("/times")

    assert again.content == first.content
    assert again["Cache-Control"] == "public, max-age=300"


def test_working_time_is_told_in_hours_and_never_in_days():
    told = [spell_hours(timedelta(minutes=minutes)) for minutes in (0, 45, 60, 150, 2400)]

    assert told == ["0 m", "45 m", "1 h", "2 h 30 m", "40 h"]
