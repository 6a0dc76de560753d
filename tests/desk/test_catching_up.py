"""A screen that comes back is told what it missed, also what began before the last it heard of and ended after it."""

import asyncio
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.desk.live import SLACK, Broker, Screen, missed, settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo() -> Agent:
    return make.agent("Bo Lindqvist")


def happened(ago: timedelta) -> int:
    now = timezone.now()
    return Event.objects.create(verb="noted", at=now, recorded_at=now - ago, facts={}).pk


def told(agent: Agent, since: int | None) -> list[int]:
    return [row[0] for row in missed(agent, since)]


def test_a_fresh_page_hears_what_happened_since_in_order(bo: Agent):
    number = happened(timedelta(minutes=5))
    later = [happened(timedelta(minutes=4)), happened(timedelta(minutes=1))]

    assert told(bo, number) == later
    assert told(bo, None) == []


def test_who_comes_back_hears_what_got_its_number_earlier_and_ended_later_and_nothing_older(bo: Agent):
    over = happened(timedelta(minutes=9))
    slow = happened(timedelta(minutes=5) + SLACK / 2)
    heard = happened(timedelta(minutes=5))
    later = happened(timedelta(minutes=1))

    assert settled(heard) == over
    assert told(bo, settled(heard)) == [slow, heard, later]


def test_what_nobody_knows_any_more_is_no_reason_to_be_told_everything(bo: Agent):
    last = happened(timedelta(minutes=5))

    assert told(bo, settled(last + 1_000)) == []


def test_an_open_screen_hears_a_lower_number_that_ended_late_and_nothing_twice(bo: Agent):
    screen = Screen.of(bo)
    for number in (7, 5, 8):
        screen.offer(number, b"%d" % number)

    async def heard() -> list[bytes]:
        stream = Broker().stream(screen, [(7, "noted", None, None, None, None)], None)
        return [await anext(stream) for _ in range(4)]

    assert asyncio.run(heard())[2:] == [b"5", b"8"]
