"""Where Threadline is not sure, the story asks, and one key answers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.core.stitching.expecting import Expected
from threadline.desk.queries.story import StoryPage
from threadline.desk.queries.story.drawing import draw
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.journeys.models import Journey, Membership
from threadline.journeys.queries import OpenSuggestion, open_suggestions

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=1)


@pytest.fixture
def bo() -> Agent:
    return make.agent()


@pytest.fixture
def desk(client: Client, bo: Agent) -> Client:
    client.force_login(bo)
    return client


@pytest.fixture
def lamp() -> Journey:
    return make.journey_of(make.received("ana@example.com", "Where is my lamp? Order HP-9000.", at=make.NOW))


@pytest.fixture
def doubted(lamp: Journey) -> Interaction:
    """A touch in the kettle's story that may belong to the lamp's."""
    later = make.NOW + timedelta(days=50)
    make.received("ana@example.com", "The kettle leaks. Order HP-4711.", at=later)
    touch = make.received("ana@example.com", "Any news about order HP-4711?", at=later + timedelta(hours=2))
    decision = Membership.objects.get(interaction=touch, superseded_at=None).decision
    decision.pk, decision.confidence = None, 0.55
    decision.evidence = {"alternatives": [[lamp.pk, 0.4, "the only open matter"]]}
    decision.save(force_insert=True)
    Membership.objects.filter(interaction=touch).update(superseded_at=later)
    Membership.objects.create(interaction=touch, journey=home(touch), decision=decision, at=later)
    return touch


def home(touch: Interaction) -> Journey:
    return Membership.objects.filter(interaction=touch).latest("pk").journey


def unsure(touch: Interaction, agent: Agent) -> list[OpenSuggestion]:
    return open_suggestions(home(touch), agent=agent)


def page(desk: Client, journey: Journey) -> str:
    return desk.get(reverse("story", args=[journey.pk])).content.decode()


def test_a_touch_that_may_belong_elsewhere_is_asked_about_with_both_reasons(desk, bo, doubted, lamp):
    (asked,) = unsure(doubted, bo)

    other = asked.elsewhere[0]
    assert (asked.interaction, other.journey, other.reason) == (doubted, lamp, "the only open matter")
    html = page(desk, home(doubted))
    assert "Does it belong here?" in html
    assert 'data-key="y"' in html


def test_it_does_and_nobody_is_asked_again(desk, bo, doubted):
    desk.post(reverse("touch-keep", args=[doubted.pk]))

    assert unsure(doubted, bo) == []
    assert make.why(doubted).endswith("says that it belongs here.")


def test_what_was_said_can_be_taken_back_and_the_question_stands_again(desk, bo, doubted):
    before = unsure(doubted, bo)
    desk.post(reverse("touch-keep", args=[doubted.pk]))

    desk.post(reverse("event-undo", args=[Event.objects.get(verb="kept_here").pk]))

    assert unsure(doubted, bo) == before


def test_one_key_moves_it_to_where_it_may_belong(desk, bo, doubted, lamp):
    desk.post(reverse("touch-accept", args=[doubted.pk]), {"story": lamp.pk})

    assert home(doubted) == lamp
    assert open_suggestions(lamp, agent=bo) == []


def test_what_was_concluded_for_sure_is_not_asked_about(bo):
    first = make.received("ana@example.com", "The kettle leaks. Order HP-4711.", at=make.NOW)
    make.received("ana@example.com", "Any news about order HP-4711?", at=make.NOW + timedelta(hours=2))

    assert open_suggestions(make.journey_of(first), agent=bo) == []


def test_stories_one_may_not_see_are_not_offered(doubted, lamp):
    lamp.team = make.team("Fraud", restricted=True)
    lamp.save()

    assert unsure(doubted, make.agent("Ida Holm")) == []


@pytest.mark.django_db(transaction=True)
def test_a_replay_keeps_what_an_agent_confirmed(bo, doubted):
    from threadline.journeys.replay import replay

    actions.keep_here(interaction=doubted, by=bo, now=LATER)

    replay()

    assert make.why(doubted).endswith("says that it belongs here.")


# ---- what comes next ------------------------------------------------------------------------------------------------


def test_the_likely_next_touch_stands_in_the_picture_with_how_sure_it_is_and_without_a_date(bo):
    at = make.NOW
    touch = make.received("ana@example.com", "The kettle leaks. Order HP-4711.", at=at)
    story = StoryPage(make.journey_of(touch), bo, at + timedelta(hours=1))
    coming = Expected("phone", at + timedelta(hours=9), 0.62, "Most who wait a day call.")

    drawn = draw(story.stops, story.turns, person="Ana", now=story.now, coming=coming)

    assert "Likely next: Ana by phone (62%). Most who wait a day call." in drawn.wide
    assert "Likely next" not in draw(story.stops, story.turns, person="Ana", now=story.now).wide


def test_of_a_story_that_is_done_nothing_is_expected(bo):
    journey = make.journey_of(make.received("ana@example.com", "The kettle leaks. Order HP-4711.", at=make.NOW))
    actions.finish(journey=journey, by=bo, now=LATER)

    assert StoryPage(Journey.objects.get(pk=journey.pk), bo, LATER).coming is None
