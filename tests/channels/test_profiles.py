"""Who somebody is, where a provider tells it only when asked: once, through the ledger, and to no story."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from tests import make
from tests.channels.at_the_door import call
from tests.providers.kit import PUBLIC
from tests.providers.line import ANA, FakeLine
from threadline.customers.models import Customer
from threadline.interactions.actions.profiles import introduce
from threadline.interactions.models import IntakeEntry, Interaction
from threadline.journeys.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def fake(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLine]:
    settings.PUBLIC_URL = PUBLIC
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with FakeLine().running() as fake:
        fake.channel()
        yield fake  # type: ignore[misc]


def asked(fake: FakeLine) -> int:
    return sum(each.path.startswith("/v2/bot/profile/") for each in fake.asked)


def test_who_writes_without_a_name_has_one_a_moment_later_and_is_asked_for_once(fake: FakeLine):
    call(fake.said("The kettle leaks.", number=1))
    make.process()
    assert Customer.objects.get().name == ""

    for _time in range(2):
        introduce()
        make.process()

    assert Customer.objects.get().name == "Ana Koivu"
    said, told = Interaction.objects.order_by("pk")
    assert (told.direction, told.thread_id) == ("event", said.thread_id)
    assert list(Membership.objects.values_list("interaction", flat=True)) == [said.pk]
    assert asked(fake) == 1


def test_whom_the_provider_does_not_know_is_not_asked_for_again(fake: FakeLine):
    fake.strangers.add(ANA)
    call(fake.said("The kettle leaks.", number=1))
    make.process()

    introduce()
    introduce()

    assert asked(fake) == 1
    assert IntakeEntry.objects.get(verdict="refused").external_id == f"profile:{ANA}"
