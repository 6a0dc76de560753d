"""The queue: whose turn it is, longest wait first, and nothing that is not yours to see."""

import re
from datetime import timedelta
from itertools import count

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from threadline.accounts.models import Agent
from threadline.desk.queries.queue import counts, rows
from threadline.desk.queries.queue.views import VIEWS
from threadline.journeys import actions
from threadline.journeys.models import Journey

pytestmark = pytest.mark.django_db
people = count(1)


@pytest.fixture
def bo(client: Client) -> Agent:
    agent = make.agent("Bo Lindqvist")
    client.force_login(agent)
    return agent


def waits(text: str = "The kettle leaks.", *, hours: float = 1, owner: Agent | None = None, **more: object) -> Journey:
    """Somebody new who wrote some hours ago."""
    sender = f"person{next(people)}@example.com"
    journey = make.journey_of(make.received(sender, text, at=make.NOW - timedelta(hours=hours), **more))
    if owner:
        Journey.objects.filter(pk=journey.pk).update(owner=owner)
    return journey


def shown(client: Client, **values: object) -> list[int]:
    """The stories on a page, in order."""
    html = client.get(reverse("queue"), values).content.decode()
    return [int(number) for number in re.findall(r'id="row-(\d+)"', html)]


def all_pages(client: Client, **values: object) -> list[int]:
    """The stories of a view as somebody without JavaScript reads them: by following the links."""
    found, address = [], f"{reverse('queue')}?view={values['view']}"
    while address:
        html = client.get(address).content.decode()
        found += [int(number) for number in re.findall(r'id="row-(\d+)"', html)]
        more = re.search(r'<p class="more"><a class="button" href="([^"]+)"', html)
        address = more[1].replace("&amp;", "&") if more else ""
    return found


def test_my_turn_shows_who_waits_for_me_longest_first(client: Client, bo: Agent):
    short, long = waits(hours=1, owner=bo), waits(hours=5, owner=bo)
    waits(hours=9)

    assert shown(client) == [long.pk, short.pk]


def test_each_view_shows_its_own_stories(client: Client, bo: Agent):
    mine, free, answered, asleep, done = waits(owner=bo), waits(), waits(), waits(), waits()
    actions.wait(journey=answered, by=bo, now=make.NOW)
    actions.snooze(journey=asleep, until=make.NOW + timedelta(days=400), by=bo, now=make.NOW)
    actions.finish(journey=done, by=bo, now=make.NOW)

    assert shown(client, view="unowned") == [free.pk]
    assert sorted(shown(client, view="ours")) == sorted([mine.pk, free.pk])
    assert shown(client, view="theirs") == [answered.pk]
    assert shown(client, view="asleep") == [asleep.pk]
    assert shown(client, view="done") == [done.pk]


def test_a_team_has_its_own_view(client: Client, bo: Agent):
    kitchen = make.team("Kitchen")
    bo.teams.add(kitchen)
    theirs = waits()
    waits()
    Journey.objects.filter(pk=theirs.pk).update(team=kitchen)

    assert shown(client, view="ours", team=kitchen.pk) == [theirs.pk]


def test_a_row_tells_who_what_since_when_how_and_whose(client: Client, bo: Agent):
    journey = waits("Signed for by somebody called R. There is no R in this house.", name="Marguerite Oduya", owner=bo)
    Journey.objects.filter(pk=journey.pk).update(intent="Parcel not found", channels=["email", "x+public"])

    html = client.get(reverse("queue")).content.decode()

    assert "Marguerite Oduya" in html
    assert "Parcel not found" in html
    assert "Signed for by somebody called R." in html
    assert 'data-since="' in html
    assert 'aria-label="Email, public X post"' in html
    assert "Public</span>" in html
    assert 'aria-label="Owner: Bo Lindqvist"' in html


def test_who_gave_no_name_is_called_by_their_handle(client: Client, bo: Agent):
    make.received("@pans_and_plants", "Do the Skerry pans work on induction?", public=True)

    assert "@pans_and_plants" in client.get(reverse("queue"), {"view": "ours"}).content.decode()


def test_our_own_last_words_are_marked_as_ours(client: Client, bo: Agent):
    journey = waits(owner=bo)
    Journey.objects.filter(pk=journey.pk).update(last_direction="out", last_text="We are looking into it.")

    assert "We:</span> “We are looking into it.”" in client.get(reverse("queue")).content.decode()


def test_the_heading_counts_people_and_the_views_count_stories(client: Client, bo: Agent):
    first, second = waits(owner=bo), waits(owner=bo)
    Journey.objects.filter(pk=second.pk).update(customer=first.customer_id)

    html = client.get(reverse("queue")).content.decode()

    assert "1 person waits for you" in html
    assert "data-my-turn data-ours>2</span>" in html


def test_counts_stop_at_ninety_nine():
    assert counts.shown(99) == 99
    assert counts.shown(100) == "99+"


def test_hostile_words_are_shown_and_never_run(client: Client, bo: Agent):
    journey = waits("<script>alert(1)</script> leaks", name='"><img src=x onerror=alert(1)>', owner=bo)

    pages = [client.get(reverse("queue")), client.get(reverse("queue-preview", args=[journey.pk]))]

    for page in pages:
        assert b"<script>alert" not in page.content
        assert b"<img src=x" not in page.content
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in pages[0].content


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_view_says_what_it_is_for(client: Client, bo: Agent, view: str):
    html = client.get(reverse("queue"), {"view": view}).content.decode()

    assert 'class="empty"' in html
    assert 'class="row"' not in html


@pytest.mark.parametrize("values", [{"view": "nonsense"}, {"team": "1000000"}, {"team": "x"}])
def test_a_view_that_does_not_exist_is_not_found(client: Client, bo: Agent, values: dict[str, str]):
    assert client.get(reverse("queue"), values).status_code == 404


@pytest.mark.parametrize("key", ["nonsense", "2026-03-10~x", "~7", "2026-03-10T09:00:00~7", f"9~{10**20}"])
def test_a_damaged_address_says_what_to_do(client: Client, bo: Agent, key: str):
    response = client.get(reverse("queue"), {"after": key})

    assert response.status_code == 422
    assert "Begin at its top" in response.content.decode()


def test_the_address_of_the_desk_leads_to_my_work_and_nobody_unknown_gets_in(client: Client):
    make.agent("Bo Lindqvist")

    for name in ("queue", "queue-rows", "queue-counts"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("sign-in"))
    assert client.get(reverse("queue-preview", args=[1])).status_code == 302
    client.force_login(make.agent("Bo Lindqvist"))
    assert client.get("/").headers["Location"] == reverse("work")


class TestPaging:
    @pytest.fixture(autouse=True)
    def short_pages(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(rows, "STEP", 2)
        monkeypatch.setattr(rows, "MOST", 4)

    def test_following_the_pages_shows_every_story_once(self, client: Client, bo: Agent):
        same_moment = [waits(hours=3).pk for _person in range(3)]
        others = [waits(hours=hours).pk for hours in (1, 2, 4, 5)]

        assert sorted(all_pages(client, view="ours")) == sorted(same_moment + others)

    @pytest.mark.parametrize("view", ["theirs", "asleep", "done"])
    def test_the_quiet_views_page_as_well(self, client: Client, bo: Agent, view: str):
        journeys = [waits(hours=hours) for hours in (1, 2, 3, 4, 5)]
        for days, journey in enumerate(journeys):
            if view == "asleep":
                actions.snooze(journey=journey, until=make.NOW + timedelta(days=400 + days), by=bo, now=make.NOW)
            else:
                act = actions.wait if view == "theirs" else actions.finish
                act(journey=journey, by=bo, now=make.NOW)

        assert all_pages(client, view=view) == [journey.pk for journey in journeys]

    def test_what_comes_and_goes_between_two_pages_neither_repeats_nor_drops_a_story(self, client: Client, bo: Agent):
        five, four, three, two = (waits(hours=hours).pk for hours in (5, 4, 3, 2))
        html = client.get(reverse("queue"), {"view": "ours"}).content.decode()
        second = re.search(r'class="button" href="([^"]+after=[^"]+)"', html)[1].replace("&amp;", "&")

        actions.finish(journey=Journey.objects.get(pk=five), by=bo, now=make.NOW)
        waits(hours=9)
        newest = waits(hours=1).pk
        after = client.get(second).content.decode()

        assert [int(n) for n in re.findall(r'id="row-(\d+)"', html)] == [five, four]
        assert [int(n) for n in re.findall(r'id="row-(\d+)"', after)] == [three, two]
        assert newest in all_pages(client, view="ours")

    def test_more_makes_the_list_longer_in_place_until_it_is_long_enough(self, client: Client, bo: Agent):
        for _person in range(6):
            waits()

        first = client.get(reverse("queue-rows"), {"view": "ours"}).content.decode()
        longer = client.get(reverse("queue-rows"), {"view": "ours", "shown": 4}).content.decode()
        longest = client.get(reverse("queue-rows"), {"view": "ours", "shown": 4000}).content.decode()

        assert first.count('class="row"') == 2
        assert 'hx-get="/queue/rows?view=ours&amp;shown=4"' in first
        assert longer.count('class="row"') == longest.count('class="row"') == 4
        assert 'hx-target="#list"' not in longer
        assert "Next page" in longer

    def test_a_live_refresh_keeps_as_many_rows_as_were_shown(self, client: Client, bo: Agent):
        for _person in range(5):
            waits()

        html = client.get(reverse("queue-rows"), {"view": "ours", "shown": 4}).content.decode()

        assert 'hx-get="/queue/rows?view=ours&amp;shown=4" hx-trigger="threadline:queue from:body' in html


class TestRestricted:
    @pytest.fixture
    def secret(self) -> Journey:
        journey = waits("A matter for the lawyers.", name="Ruth Adeyemi")
        Journey.objects.filter(pk=journey.pk).update(team=make.team("Legal", restricted=True))
        return journey

    def test_cy_sees_nothing_of_a_restricted_teams_story(self, client: Client, secret: Journey):
        client.force_login(make.agent("Cy Okafor", make.team("Kitchen")))

        assert shown(client, view="ours") == []
        assert client.get(reverse("queue-preview", args=[secret.pk])).status_code == 404
        assert b"Ruth Adeyemi" not in client.get(reverse("queue-rows"), {"view": "ours"}).content
        assert counts.counts(make.agent("Cy Okafor")).of_views["ours"] == 0

    def test_its_members_and_admins_do(self, client: Client, secret: Journey):
        for agent in (make.agent("Bo Lindqvist", make.team("Legal")), make.agent("Di Moreau", is_admin=True)):
            client.force_login(agent)

            assert shown(client, view="ours") == [secret.pk]
            assert client.get(reverse("queue-preview", args=[secret.pk])).status_code == 200

    def test_a_team_that_is_not_mine_is_no_view_of_mine(self, client: Client, secret: Journey):
        client.force_login(make.agent("Cy Okafor"))

        assert client.get(reverse("queue"), {"view": "ours", "team": make.team("Legal").pk}).status_code == 404


class TestPreview:
    def test_it_shows_the_picture_the_last_words_in_full_and_what_they_told_us(self, client: Client, bo: Agent):
        journey = waits("The kettle I bought leaks. Order HP-4711. " + "It is a very long story. " * 20, owner=bo)

        html = client.get(reverse("queue-preview", args=[journey.pk])).content.decode()

        assert "<svg" in html
        assert html.count("It is a very long story.") >= 20
        assert "HP-4711" in html
        assert f'href="{reverse("story", args=[journey.pk])}#composer"' in html

    def test_its_buttons_answer_to_keys_and_write_through_the_story(self, client: Client, bo: Agent):
        journey = waits(owner=bo)

        html = client.get(reverse("queue-preview", args=[journey.pk])).content.decode()

        assert {"r", "z", "a", "e"} <= set(re.findall(r'data-key="(.)"', html))
        for name in ("story-snooze", "story-assign", "story-done"):
            assert f'action="{reverse(name, args=[journey.pk])}"' in html

    def test_sleep_and_hand_over_do_what_their_buttons_say(self, client: Client, bo: Agent):
        journey, femi = waits(owner=bo), make.agent("Femi Adeyemi")

        client.post(reverse("story-assign", args=[journey.pk]), {"owner": femi.pk}, headers={"HX-Request": "true"})
        client.post(reverse("story-snooze", args=[journey.pk]), {"when": "week"}, headers={"HX-Request": "true"})

        journey.refresh_from_db()
        assert (journey.owner, journey.status) == (femi, "snoozed")

    def test_a_joined_story_leads_to_the_one_it_became(self, client: Client, bo: Agent):
        gone, stays = waits(), waits()
        Journey.objects.filter(pk=gone.pk).update(joined_into=stays)

        response = client.get(reverse("queue-preview", args=[gone.pk]))

        assert response.headers["Location"] == reverse("queue-preview", args=[stays.pk])

    def test_a_story_that_does_not_exist_is_not_found(self, client: Client, bo: Agent):
        assert client.get(reverse("queue-preview", args=[987654])).status_code == 404


class TestCost:
    """The number of queries stays the same, however long the list."""

    def test_of_the_queue(self, client: Client, bo: Agent, django_assert_max_num_queries):
        bo.teams.add(make.team("Kitchen"), make.team("Garden"))
        for _person in range(12):
            waits(owner=bo)
        make.received("@pans_and_plants", "Do the Skerry pans work on induction?", public=True)

        with django_assert_max_num_queries(8):
            client.get(reverse("queue"), {"view": "ours"})
        with django_assert_max_num_queries(6):
            client.get(reverse("queue-rows"), {"view": "ours"})
        with django_assert_max_num_queries(4):
            client.get(reverse("queue-counts"))

    def test_of_the_preview(self, client: Client, bo: Agent, django_assert_max_num_queries):
        journey = waits(owner=bo)
        for number in range(5):
            make.received(f"person{next(people)}@example.com", f"Still leaking {number}")

        with django_assert_max_num_queries(10):
            client.get(reverse("queue-preview", args=[journey.pk]))
