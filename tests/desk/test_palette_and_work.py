"""My work says what is urgent and why; the palette knows where to go and what can be done to the story at hand."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, Team
from threadline.desk.queries.palette import offered
from threadline.desk.queries.work import next_story, work
from threadline.journeys import actions
from threadline.journeys.models import Journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo(client: Client) -> Agent:
    agent = make.agent("Bo Lindqvist")
    client.force_login(agent)
    return agent


def waits(who: str, **values: object) -> Journey:
    journey = make.journey_of(make.received(f"{who}@example.com", "The kettle leaks.", at=make.NOW))
    Journey.objects.filter(pk=journey.pk).update(**values)
    journey.refresh_from_db()
    return journey


def words(typed: str, agent: Agent, journey: Journey | None = None) -> list[str]:
    groups = offered(typed, agent=agent, journey=journey, open_story=True, now=timezone.now())
    return [option.words for group in groups for option in group.options]


def test_a_story_stands_once_where_it_is_most_urgent_with_why(bo: Agent):
    now = make.NOW + timedelta(hours=3)
    breaking = waits("ana", owner=bo, due_at=now + timedelta(minutes=20))
    longest, free = waits("ben", owner=bo), waits("cleo")
    answered = waits("dan", owner=bo)
    actions.wait(journey=answered, by=bo, now=make.NOW + timedelta(hours=1))

    found = work(bo, now=now)

    assert {part.name: [item.row.journey.pk for item in part.items] for part in found.parts} == {
        "promised": [breaking.pk],
        "mine": [longest.pk],
        "theirs": [answered.pk],
        "unowned": [free.pk],
    }
    assert found.first is not None
    assert found.first.why.endswith("20 m left.")
    assert next_story(bo, now=now) == breaking.pk


def test_start_opens_the_most_urgent_and_says_when_there_is_none(client: Client, bo: Agent):
    assert client.get(reverse("work-next")).headers["Location"] == reverse("work")
    journey = waits("ana", owner=bo)

    assert client.get(reverse("work-next")).headers["Location"] == reverse("story", args=[journey.pk])


def test_my_work_costs_the_same_however_much_there_is(client: Client, bo: Agent, django_assert_max_num_queries):
    for number in range(12):
        waits(f"somebody{number}", owner=bo if number % 2 else None)

    with django_assert_max_num_queries(15):
        client.get(reverse("work"))


def test_the_palette_goes_to_screens_views_people_and_stories(bo: Agent):
    journey = make.journey_of(make.received("ana@example.com", name="Ana Karlsson"))
    actions.save_view(name="Refunds", filters={"view": "ours"}, by=bo, now=make.NOW, owner=bo)

    assert "My work" in words("", bo)
    assert words("refu", bo)[0] == "Refunds"
    assert words("karl", bo)[0] == "Ana Karlsson"
    assert f"Story {journey.pk}" in words(str(journey.pk), bo)
    assert words("nothing is called that", bo) == ["Find “nothing is called that” in everything"]


def test_it_does_what_can_be_done_to_the_story_and_only_that(bo: Agent):
    journey, femi = waits("ana"), make.agent("Femi Adeyemi")
    actions.set_intent(journey=journey, intent="Refund", by=femi, now=make.NOW)

    found = words("", bo, journey) + words("hand", bo, journey) + words("join", bo, journey)

    assert {"Undo: said what it is about", "Done", "Hand over to Femi Adeyemi", "Join with another story"} <= set(found)
    actions.finish(journey=journey, by=bo, now=make.NOW)
    journey.refresh_from_db()
    assert "Open it again" in words("open", bo, journey)


def test_a_story_of_a_foreign_team_is_offered_to_nobody_else(client: Client):
    journey = waits("ana", team=Team.objects.create(name="Legal", restricted=True))
    client.force_login(make.agent("Cy Okafor"))

    html = client.get(reverse("palette"), {"story": journey.pk, "q": str(journey.pk)}).content.decode()

    assert "This story" not in html
    assert f"/stories/{journey.pk}" not in html


def test_search_says_of_a_person_that_something_is_hidden_whatever_the_words(client: Client):
    make.received("ana@example.com", "The kettle leaks.", name="Ana Karlsson")
    secret = make.journey_of(make.received("ana@example.com", "A letter from my lawyer about the lamp.", kind="email"))
    Journey.objects.filter(pk=secret.pk).update(team=Team.objects.create(name="Legal", restricted=True))
    client.force_login(make.agent("Cy Okafor"))

    assert "Something is hidden here" in client.get(reverse("search"), {"q": "Karlsson"}).content.decode()
    assert "Something is hidden here" not in client.get(reverse("search"), {"q": "lawyer"}).content.decode()
