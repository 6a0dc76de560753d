"""The wallboard: the moment as a whole, for those who answer for the work of others."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent
from threadline.accounts.serving import set_presence
from threadline.journeys.models import Journey, PromiseBook
from threadline.portal.queries import times

pytestmark = pytest.mark.django_db


@pytest.fixture
def di(client: Client) -> Agent:
    agent = make.agent("Di Moreau", is_admin=True)
    client.force_login(agent)
    return agent


def test_it_tells_who_waits_since_when_where_and_about_what(client: Client, di: Agent, django_assert_max_num_queries):
    make.received(
        "ana@example.com", at=timezone.now() - timedelta(hours=3, minutes=12), name="Ana <b>Ōe</b> " + "x" * 90
    )
    make.received("@pans", "Do you sell pans?", at=timezone.now() - timedelta(days=20), public=True)

    with django_assert_max_num_queries(22):
        html = client.get(reverse("wallboard")).content.decode()

    assert 'data-theme="dark"' in html
    assert '<span class="n">2</span>' in html
    assert "Ana &lt;b&gt;" in html
    assert "3 h 12 m" in html
    assert '<b class="lasted">20 d</b>' in html
    assert "X post" in html
    assert "1 in public" in html
    assert "2 have nobody yet" in html
    assert 'data-theme="light"' in client.get(reverse("wallboard"), {"theme": "light"}).content.decode()


def test_a_quiet_house_is_told_in_words(client: Client, di: Agent):
    html = client.get(reverse("wallboard-now")).content.decode()

    assert "Nobody waits. Every person has an answer." in html
    assert "No promise breaks within 30 m." in html
    assert "<html" not in html


def test_it_tells_who_is_there_what_breaks_next_and_what_is_promised(client: Client, di: Agent):
    office = make.promised(first=timedelta(hours=2))
    for promise in office.book["promises"]:
        promise["channels"] = ["email"]
    PromiseBook.objects.filter(pk=office.pk).update(book=office.book)
    times._published.cache_clear()
    bo = make.agent("Bo Lindqvist")
    set_presence(agent=bo, presence="available", now=timezone.now(), by=bo)
    soon = make.journey_of(make.received("ana@example.com", name="Ana Karlsson"))
    Journey.objects.filter(pk=soon.pk).update(due_at=timezone.now() + timedelta(minutes=7, seconds=30))

    html = " ".join(client.get(reverse("wallboard-now")).content.decode().split())

    assert "promise breaks within 30 m" in html
    assert "<b>in 7 m</b>" in html
    assert "<b>1</b> available <small>0 of 6 in hand</small>" in html
    assert '<td class="num light">2 h</td>' in html
    assert 'class="target"' in html
    times._published.cache_clear()


def test_only_who_may_supervise_sees_wallboard_and_reports_and_their_links(client: Client, di: Agent):
    places = ["wallboard", "wallboard-now", "reports", "reports-people", "reports-coaching"]
    assert reverse("reports") in client.get(reverse("queue")).content.decode()

    client.force_login(make.agent("Cy Okafor"))

    assert [client.get(reverse(place)).status_code for place in places] == [403] * len(places)
    assert client.post(reverse("reports-export"), {"what": "days"}).status_code == 403
    assert reverse("reports") not in client.get(reverse("queue")).content.decode()
    client.logout()
    assert client.get(reverse("wallboard")).status_code == 302
