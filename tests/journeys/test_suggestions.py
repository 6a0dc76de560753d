"""Where the rules were not sure they ask: accept with one move, or keep; both can be undone."""

from datetime import timedelta

import pytest

from tests import make
from threadline.accounts.models import Agent, Decision, Event
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.journeys.models import Journey, Membership
from threadline.journeys.queries import likely_next, open_suggestions
from threadline.journeys.replay import replay
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=1)


@pytest.fixture
def bo() -> Agent:
    return make.agent()


@pytest.fixture
def kettle() -> Journey:
    return make.journey_of(make.received("ana@example.com", "The kettle I bought leaks. Order HP-4711.", at=make.NOW))


@pytest.fixture
def unsure(kettle: Journey) -> Interaction:
    """A touch that began a story of its own, though the kettle's was nearly as likely."""
    touch = make.received("ana@example.com", "Do you sell oven gloves in red?", at=make.NOW + timedelta(days=30))
    doubt(touch, [[kettle.pk, 0.41, "same mail thread"]])
    return touch


def doubt(touch: Interaction, alternatives: list[list[object]], confidence: float = 0.55) -> None:
    decision = Decision.objects.create(
        kind="stitch",
        reason="A new matter: about something else.",
        confidence=confidence,
        by="rule",
        version="test",
        evidence={"clues": {}, "alternatives": alternatives},
        at=make.NOW,
    )
    home = make.journey_of(touch)
    Membership.objects.filter(interaction=touch, superseded_at=None).update(superseded_at=make.NOW)
    Membership.objects.create(interaction=touch, journey=home, decision=decision, at=make.NOW)


def test_a_touch_whose_place_is_not_sure_is_asked_about_with_the_other_story_and_the_clue_for_it(unsure, kettle, bo):
    (asked,) = open_suggestions(make.journey_of(unsure), agent=bo)

    assert (asked.interaction, asked.confidence) == (unsure, 0.55)
    assert [(other.journey, other.confidence, other.reason) for other in asked.elsewhere] == [
        (kettle, 0.41, "same mail thread")
    ]


def test_what_is_sure_is_not_asked_about(kettle, bo):
    assert open_suggestions(kettle, agent=bo) == []


def test_stories_that_the_agent_may_not_see_are_not_offered(unsure, kettle, bo):
    Journey.objects.filter(pk=kettle.pk).update(team=make.team("Fraud", restricted=True))

    assert open_suggestions(make.journey_of(unsure), agent=bo) == []


def test_accepting_brings_the_story_that_the_touch_began_into_the_other_one(unsure, kettle, bo):
    own = make.journey_of(unsure)

    event = actions.accept_suggestion(interaction=unsure, to=kettle, by=bo, now=LATER)

    assert make.journey_of(unsure) == kettle
    assert (event.verb, event.journey_id) == ("joined", own.pk)
    assert open_suggestions(kettle, agent=bo) == []
    actions.undo(event=event, by=bo, now=LATER)
    assert make.journey_of(unsure) == own


def test_accepting_moves_a_touch_that_came_into_a_story_under_way(unsure, kettle, bo):
    follow_up = make.received("ana@example.com", "Any news, order HP-4711?", at=make.NOW + timedelta(days=31))
    doubt(follow_up, [[make.journey_of(unsure).pk, 0.3, "means much the same"]])

    event = actions.accept_suggestion(interaction=follow_up, to=make.journey_of(unsure), by=bo, now=LATER)

    assert event.verb == "moved"
    assert make.journey_of(follow_up) == make.journey_of(unsure)


def test_a_touch_that_is_kept_is_not_asked_about_again_until_that_is_undone(unsure, bo):
    home = make.journey_of(unsure)

    event = actions.keep_here(interaction=unsure, by=bo, now=LATER)

    assert open_suggestions(home, agent=bo) == []
    assert make.why(unsure) == "Bo Lindqvist says that it belongs here."
    actions.undo(event=event, by=bo, now=LATER + timedelta(hours=1))
    assert len(open_suggestions(home, agent=bo)) == 1
    assert Event.objects.filter(verb="kept_here").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_replay_keeps_what_an_agent_kept(kettle, bo):
    (touch,) = Interaction.objects.filter(memberships__journey=kettle)
    actions.keep_here(interaction=touch, by=bo, now=LATER)

    replay()

    assert make.why(touch) == "Bo Lindqvist says that it belongs here."


def test_a_touch_without_a_story_can_not_be_kept(bo):
    noise = make.received("deals@example.net", "Cheap watches! Click here!", automatic="bulk mail")

    with pytest.raises(ThreadlineError, match="belongs to no story"):
        actions.keep_here(interaction=noise, by=bo, now=LATER)


def test_the_likely_next_touch_of_an_open_story_is_told_with_when_and_how_sure(kettle):
    kettle.refresh_from_db()

    coming = likely_next([kettle], now=make.NOW + timedelta(hours=5))[kettle.pk]

    assert coming.at > make.NOW + timedelta(hours=5)
    assert 0 < coming.probability < 1
    assert coming.reason.startswith("Of 100 customers")


def test_that_a_customer_asks_again_elsewhere_stands_in_the_event_of_the_touch():
    make.received("ana@example.com", "The kettle leaks. Order HP-4711.", at=make.NOW)
    sender = {"handle": "ana_k", "user_id": "7"}
    tweet = "@harbourpine still no answer about my kettle, order HP-4711!"

    touch = make.received(sender, tweet, kind="x", public=True, at=make.NOW + timedelta(days=2))

    event = Event.objects.get(verb="received", interaction_id=touch.pk)
    assert event.facts["noticed"] == ["switched_channel", "asked_again", "escaped_to_public"]
