"""Promises on the desk: in the queue, in the story, and the settings for them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent
from threadline.core.promises import Book
from threadline.journeys import actions
from threadline.journeys.book import in_force
from threadline.journeys.models import Journey, PromiseBook

pytestmark = pytest.mark.django_db
OFFICE = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00–12:30, 13:30–18:00")
CALENDAR = {"name": "Office", "zone": "Europe/London", "country": "GB", "region": "ENG", **OFFICE}


@pytest.fixture
def bo(client: Client) -> Agent:
    agent = make.agent("Bo Lindqvist")
    client.force_login(agent)
    return agent


@pytest.fixture
def di(client: Client) -> Agent:
    agent = make.agent("Di Moreau", is_admin=True)
    client.force_login(agent)
    return agent


def waits(sender: str, hours: float, **more: object) -> Journey:
    return make.journey_of(
        make.received(sender, f"Mine leaks, says {sender}.", at=make.NOW - timedelta(hours=hours), **more)
    )


def in_force_now() -> Book:
    return in_force(timezone.now())


def page(client: Client, name: str, *arguments: object, **values: object) -> str:
    return client.get(reverse(name, args=arguments), values).content.decode()


class TestTheQueue:
    def test_a_row_says_by_when_we_promised_or_how_late_we_are(self, client: Client, bo: Agent):
        make.promised()
        waits("ana@example.com", 1)
        Journey.objects.update(owner=bo)

        html = page(client, "queue")

        assert re.search(r'class="due" data-late data-since="2026-03-10T11:00:00\+00:00"', html)
        assert " late</span>" in html

    def test_it_can_be_read_by_promise_the_next_to_fall_due_first(self, client: Client, bo: Agent):
        unpromised = waits("zoe@example.com", 30)
        make.promised(since=make.NOW - timedelta(hours=20), first=timedelta(hours=4))
        short = waits("ana@example.com", 1)
        long = waits("tom@example.com", 2)
        Journey.objects.filter(pk=short.pk).update(due_at=make.NOW)

        html = page(client, "queue", view="ours", sort="due")

        assert re.findall(r'id="row-(\d+)"', html) == [str(short.pk), str(long.pk)]
        assert str(unpromised.pk) in page(client, "queue", view="ours")
        assert "Stories without a promise are not listed" in html


class TestTheStory:
    def test_its_head_says_what_is_due_by_which_calendar_and_why(self, client: Client, bo: Agent):
        make.promised()
        journey = waits("ana@example.com", 1)

        html = page(client, "story", journey.pk)

        assert "First answer was due" in html
        assert "“Everybody” promises the first answer within 2 h of working time" in html
        assert "Office (Europe/London)" in html
        assert "Broken: a first answer by" in html  # in the picture

    def test_a_kept_promise_is_a_flag_in_the_picture(self, client: Client, bo: Agent):
        make.promised()
        journey = waits("ana@example.com", 1)
        actions.wait(journey=journey, by=bo, now=make.NOW)

        html = page(client, "story", journey.pk)

        assert "Kept: a first answer" in html
        assert 'class="promises"' not in html


class TestSettings:
    def test_a_calendar_is_tried_saved_and_taken_back(self, client: Client, di: Agent, monkeypatch: pytest.MonkeyPatch):
        asked = {"arrives": "2026-11-20T17:50", "within": "1 h"}
        with monkeypatch.context() as then:
            then.setattr(timezone, "now", lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))
            tried = client.post(reverse("calendar-new"), {**CALENDAR, **asked, "do": "try"}).content.decode()

        assert "due Mon 23 Nov, 09:50" in tried
        assert "Christmas Day" in tried
        assert not PromiseBook.objects.exists()

        client.post(reverse("calendar-new"), {**CALENDAR, "do": "save"})
        assert [one.name for one in in_force_now().calendars.values()] == ["Office"]
        client.post(reverse("promises-undo"))
        assert not in_force_now().calendars

    def test_a_promise_is_made_changed_and_removed(self, client: Client, di: Agent):
        client.post(reverse("calendar-new"), {**CALENDAR, "do": "save"})
        hours = next(iter(in_force_now().calendars))
        fields = {"name": "Mail", "calendar": hours, "first": "2 h 30 m", "channels": ["email"], "do": "save"}

        client.post(reverse("promise-new"), fields)
        (key,) = in_force_now().promises
        client.post(reverse("promise", args=[key]), {**fields, "first": "45 m"})

        assert in_force_now().promises[key].first == timedelta(minutes=45)
        assert "45 m" in page(client, "settings-calendars")
        refused = client.post(reverse("calendar", args=[hours]), {"do": "remove"})
        assert "is used by: Mail" in refused.content.decode()
        client.post(reverse("promise", args=[key]), {"do": "remove"})
        assert not in_force_now().promises

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"mon": "09:00"}, "has no end"),
            ({"mon": "18:00–09:00"}, "End after the start"),
            ({"zone": "Mars"}, "no time zone"),
            ({"closed": "Christmas"}, "is no day"),
            ({"name": " "}, "has no name"),
            (dict.fromkeys(OFFICE, ""), "no working hours"),
        ],
        ids=["no-end", "backwards", "zone", "day", "name", "empty"],
    )
    def test_what_can_not_be_is_refused_in_words_and_nothing_typed_is_lost(
        self, client: Client, di: Agent, wrong: dict[str, str], says: str
    ):
        answer = client.post(reverse("calendar-new"), {**CALENDAR, **wrong, "do": "save"})

        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert 'value="ENG"' in answer.content.decode()

    def test_two_admins_do_not_overwrite_each_other(self, client: Client, di: Agent):
        client.post(reverse("calendar-new"), {**CALENDAR, "do": "save"})
        first = PromiseBook.objects.latest("pk")
        client.post(reverse("calendar-new"), {**CALENDAR, "name": "Shop", "do": "save", "seen": first.pk})

        late = client.post(reverse("calendar-new"), {**CALENDAR, "name": "Night", "do": "save", "seen": first.pk})

        assert late.status_code == 422
        assert "Somebody has changed this" in late.content.decode()

    @pytest.mark.parametrize("name", ["settings-calendars", "calendar-new", "promise-new"])
    def test_only_admins_may_look(self, client: Client, bo: Agent, name: str):
        assert client.get(reverse(name)).status_code == 403
        assert "settings/calendars" not in page(client, "queue")

    def test_the_page_costs_few_queries(self, client: Client, di: Agent, django_assert_max_num_queries):
        make.promised(by=di)

        with django_assert_max_num_queries(8):
            page(client, "settings-calendars")
