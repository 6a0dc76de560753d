"""What a list shows of a journey: kept touch by touch, and the same when it is told anew."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import make
from threadline.interactions.models import Interaction
from threadline.journeys import actions, summary
from threadline.journeys.models import Journey
from threadline.journeys.summary import SUMMARY_FIELDS, add, spoken, summarise

HOUR = timedelta(hours=1)


@st.composite
def stories(draw: st.DrawFn) -> list[Interaction]:
    """Touches of one journey in the order of time, some at the same moment."""
    hours = sorted(draw(st.lists(st.integers(0, 40), min_size=1, max_size=14)))
    return [
        Interaction(
            pk=number,
            at=make.NOW + hour * HOUR,
            kind=draw(st.sampled_from(["email", "x", "phone", "chat", "purchase"])),
            direction=draw(st.sampled_from(["in", "in", "out", "event"])),
            public=draw(st.booleans()),
            text=draw(st.sampled_from(["", "My kettle leaks. What now?", "Thank you!", "word " * 80])),
            subject=draw(st.sampled_from(["", "Leaking kettle"])),
            triage=draw(st.sampled_from(["question", "complaint", "praise", ""])),
            automatic=draw(st.sampled_from(["", "", "", "an automatic reply"])),
        )
        for number, hour in enumerate(hours, start=1)
    ]


def begun(touches: list[Interaction]) -> Journey:
    first = touches[0]
    return Journey(pk=1, status="waiting", opened_at=first.at, last_at=first.at, last_direction=first.direction)


def told(touches: list[Interaction]) -> Journey:
    """The journey after these touches, one by one."""
    journey = begun(touches)
    for touch in touches:
        add(journey, spoken(touch, first=journey.touches == 0))
    return journey


def columns(journey: Journey) -> dict[str, Any]:
    return {name: getattr(journey, name) for name in SUMMARY_FIELDS}


@given(touches=stories())
@settings(max_examples=80, deadline=None)
def test_adding_touch_by_touch_is_the_same_as_telling_the_story_anew(touches):
    journey, anew = told(touches), told(touches)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journey, "save", lambda journey, **_: None)
        patch.setattr(summary, "opened_by_word", lambda journey: False)
        summarise(anew, reversed(touches))

    assert columns(anew) == columns(journey)


@given(touches=stories())
@settings(max_examples=80, deadline=None)
def test_the_clock_shows_the_first_unanswered_question_whatever_came_after_it(touches):
    unanswered: datetime | None = None
    settled: datetime | None = None
    for number, touch in enumerate(touches):
        if touch.direction == "out" and not touch.automatic:
            unanswered, settled = None, touch.at
        elif spoken(touch, first=number == 0).asks and touch.at != settled:
            unanswered = unanswered or touch.at

    journey = told(touches)

    assert journey.waiting_since == unanswered
    assert journey.status == ("open" if unanswered else "waiting")


@given(touches=stories())
@settings(max_examples=60, deadline=None)
def test_the_clock_never_runs_backwards_to_the_present(touches):
    journey = begun(touches)
    for touch in touches:
        before = journey.waiting_since
        add(journey, spoken(touch, first=journey.touches == 0))

        assert touch.direction == "out" or before is None or journey.waiting_since == before


def said(hours: int, text: str = "My kettle leaks.", *, direction: str = "in", **more: Any) -> Interaction:
    return Interaction(
        pk=hours + 1, at=make.NOW + hours * HOUR, kind="email", direction=direction, text=text, public=False, **more
    )


def test_thanks_do_not_open_a_story_that_was_answered():
    journey = told([said(0), said(1, "A new one is on its way.", direction="out"), said(2, "Lovely!", triage="praise")])

    assert (journey.status, journey.waiting_since) == ("waiting", None)
    assert journey.last_text == "Lovely!"


def test_praise_that_begins_a_story_is_ours_to_answer():
    assert told([said(0, "Your shop is lovely!", triage="praise")]).status == "open"


def test_an_automatic_answer_of_theirs_leaves_the_turn_where_it_was():
    away = said(2, "I am on holiday.", automatic="an automatic reply")

    assert told([said(0), said(1, "On its way.", direction="out"), away]).status == "waiting"


def test_an_answer_of_ours_that_comes_in_late_does_not_hide_a_later_question():
    journey = told([said(0), said(5, "Hello? Anybody there?")])

    add(journey, spoken(said(2, "We are looking into it.", direction="out"), first=False))

    assert journey.status == "open"


def test_a_snoozed_story_woken_by_its_customer_keeps_the_earlier_clock():
    journey = told([said(0)])
    journey.status, journey.wake_at = "snoozed", make.NOW + 100 * HOUR

    add(journey, spoken(said(3, "Any news?"), first=False))

    assert (journey.status, journey.waiting_since, journey.wake_at) == ("open", make.NOW, None)


def test_a_snoozed_story_that_was_answered_waits_from_the_new_question():
    journey = told([said(0), said(1, "Tomorrow.", direction="out")])
    journey.status, journey.wake_at = "snoozed", make.NOW + 100 * HOUR

    add(journey, spoken(said(3, "Any news?"), first=False))

    assert (journey.status, journey.waiting_since) == ("open", make.NOW + 3 * HOUR)


@pytest.mark.django_db
def test_a_story_that_an_agent_reopened_stays_open_when_touches_are_moved_into_it():
    bo, kettle = make.agent(), make.received(at=make.NOW)
    stray = make.received("zoe@example.org", "Thank you!", at=make.NOW)
    journey = make.journey_of(kettle)
    actions.finish(journey=journey, by=bo, now=make.NOW + HOUR)
    actions.reopen(journey=journey, by=bo, now=make.NOW + 2 * HOUR)

    actions.move(interaction=stray, to=journey, by=bo, now=make.NOW + 3 * HOUR)

    journey.refresh_from_db()
    assert (journey.status, journey.waiting_since) == ("open", make.NOW + 2 * HOUR)


@pytest.mark.django_db
def test_a_story_whose_only_question_was_split_off_is_no_longer_ours_to_answer():
    bo, kettle = make.agent(), make.received(at=make.NOW)
    journey = make.journey_of(kettle)
    actions.wait(journey=journey, by=bo, now=make.NOW + HOUR)
    lamp = make.received("ana@example.com", "And order HP-4711 again: it leaks.", at=make.NOW + 2 * HOUR)
    assert make.journey_of(lamp) == journey

    actions.split(journey=journey, interactions=[lamp], by=bo, now=make.NOW + 3 * HOUR)

    journey.refresh_from_db()
    assert (journey.status, make.journey_of(lamp).status) == ("waiting", "open")
