"""A long story: windowed by key, and no dearer than a short one."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make.agent("Bo Lindqvist"))
    return client


@pytest.fixture
def kettle() -> Interaction:
    return make.received("ana@example.com", name="Ana Karlsson", text="The kettle leaks. Order HP-4711.")


def shown(desk: Client, touch: Interaction, route: str = "story", **query: object) -> str:
    answer = desk.get(reverse(route, args=[make.journey_of(touch).pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_long_story_shows_its_newest_touches_and_fetches_the_rest_by_key(desk, kettle):
    for number in range(70):
        make.entry(make.payload("ana@example.com", text=f"Order HP-4711 leaks, message {number}."))
    make.process()
    first = Interaction.objects.order_by("at").first()
    newest = Interaction.objects.order_by("at").last()

    page = shown(desk, first)
    link = re.search(r"\?before=(\d+)", page)[1]
    earlier = shown(desk, first, "story-touches", before=link)

    assert f'id="touch-{newest.pk}"' in page
    assert f'id="touch-{first.pk}"' not in page
    assert f'id="touch-{first.pk}"' in earlier
    assert f'id="touch-{newest.pk}"' not in earlier


def test_a_story_costs_few_queries_however_long_it_is(desk, kettle, django_assert_max_num_queries):
    for number in range(40):
        make.entry(make.payload("ana@example.com", text=f"Order HP-4711 leaks, message {number}."))
    make.process()

    with django_assert_max_num_queries(34):
        shown(desk, kettle)


def test_however_many_other_stories_the_person_has(desk, kettle, django_assert_max_num_queries):
    for number, about in enumerate(["oven gloves", "a teak bench", "garden chairs"]):
        at = make.NOW + timedelta(days=60 * (number + 1))
        make.entry(make.payload("ana@example.com", f"Do you sell {about}? Order HP-9{number}88.", at=at))
    make.process()

    with django_assert_max_num_queries(34):
        assert "garden chairs" in shown(desk, kettle)
    assert Journey.objects.filter(customer=make.customer_of(kettle)).count() == 4
