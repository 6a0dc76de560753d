"""A hundred messages each way through a provider that misbehaves; benchmarks/faults.py does it with 5,000."""

from random import Random
from typing import Any

import pytest
from django.db import connections

from tests.channels.at_the_door import call
from tests.channels.test_exchange_with_providers import CHATTING
from tests.providers import storm
from tests.providers.kit import PUBLIC
from tests.providers.registry import fakes
from threadline.journeys.actions import delivery

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("name", CHATTING[:1])
def test_nothing_is_lost_and_nothing_comes_twice_in_a_storm(name: str, settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.PUBLIC_URL = PUBLIC
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    monkeypatch.setattr(delivery, "pace", lambda rate: None)
    with fakes()[name]().running() as fake:
        fake.channel()

        came = storm.coming(fake, 100, lambda hooks: [told.status_code for told in call(*hooks)], Random(7))
        went = storm.going(fake, 100, Random(7))

    assert (came.lost, came.in_order, came.refused) == (0, True, came.forged)
    assert (went.lost, went.twice, went.in_order) == (0, 0, True)
    assert went.halted
