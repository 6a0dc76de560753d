"""Reports against stories that were counted by hand: several channels, sleep, moved touches, joined stories, teams."""

from datetime import UTC, date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from threadline.accounts.models import Agent
from threadline.accounts.serving import set_presence
from threadline.channels.models import Channel
from threadline.core.periods import Period
from threadline.core.routing import Policy
from threadline.insights import wall
from threadline.insights.breaking import breaking
from threadline.insights.coaching import time_in_calls
from threadline.insights.crew import crew
from threadline.insights.people import comebacks, persons
from threadline.insights.report import Report, Wanted, report
from threadline.insights.stories import channel_name, channel_number
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.journeys.actions.reply import Way
from threadline.journeys.models import Journey

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAYS = Period(date(2026, 3, 10), date(2026, 3, 12))


def colleague(name: str, **more: Any) -> Agent:
    """Somebody who never signs in here: working out a password would take longer than all the rest."""
    handle = name.split()[0].lower()
    return Agent.objects.create(email=f"{handle}@harbourpine.example", name=name, handle=handle, **more)


@pytest.fixture
def bo(db: None) -> Agent:
    return colleague("Bo Lindqvist")


@pytest.fixture
def cy(db: None) -> Agent:
    return colleague("Cy Okafor")


@pytest.fixture
def di(db: None) -> Agent:
    return colleague("Di Moreau", is_admin=True)


def wrote(hours: float, text: str = "My kettle leaks. Order HP-4711.", *, to: Interaction | None = None, **more: Any):
    """Ana by mail, so many hours after the beginning; `to` is the mail of ours that she answers."""
    thread = {"message_id": f"ana-{hours}@example.com"}
    if to is not None:
        thread |= {"in_reply_to": to.external_id, "references": [to.external_id]}
    more = {"sender": "ana@example.com", "thread": thread, **more}
    return make.received(more.pop("sender"), text, at=make.NOW + hours * HOUR, **more)


def answered(hours: float, asked: Interaction, by: Agent) -> Interaction:
    way = Way(make.channel("email"), "ana@example.com", asked.thread if asked.kind == "email" else None)
    return actions.reply(
        journey=make.journey_of(asked), text="We are on it.", way=way, by=by, now=make.NOW + hours * HOUR
    )


def seen(whose: Agent, **filters: Any) -> Report:
    return report(Wanted(DAYS, **filters), agent=whose, zone=UTC)


def told(hours: float) -> float:
    return hours * 3600


@pytest.fixture
def kettle(bo: Agent, cy: Agent) -> Journey:
    """Ana's: a mail at 9 (Bo after 2 h), a post at 12 (Cy after 3 h), a mail the next day that slept (6 h), done."""
    first = wrote(0)
    reply = answered(2, first, bo)
    post = make.received("@ana_k", "Still no kettle, HP-4711!", at=make.NOW + 3 * HOUR, public=True)
    journey = make.journey_of(first)
    if make.journey_of(post) != journey:
        actions.move(interaction=post, to=journey, by=bo, now=make.NOW + 4 * HOUR)
    answered(6, post, cy)
    later = wrote(24, "It leaks again. HP-4711.", to=reply)
    assert make.journey_of(later) == journey
    actions.snooze(journey=journey, until=make.NOW + 29 * HOUR, by=bo, now=make.NOW + 25 * HOUR)
    last = answered(30, later, bo)
    Interaction.objects.filter(pk=wrote(31, "Thank you so much!", to=last).pk).update(triage="praise")
    actions.assign(journey=journey, owner=bo, team=None, by=bo, now=make.NOW + 31 * HOUR)
    actions.finish(journey=journey, by=bo, now=make.NOW + 32 * HOUR)
    return journey


def test_a_story_over_two_channels_that_slept_is_counted_as_by_hand(kettle: Journey, bo: Agent, cy: Agent):
    reader = Agent.objects.get(pk=bo.pk)  # as a page knows who asks
    with CaptureQueriesContext(connection) as caught:
        found = seen(reader)
        figures = found.counted.figures
        days = [(day.touches, day.answers) for day in found.series]
        channels = {channel_name(key): part.figures for key, part in found.counted.by("channel").items()}
        colleagues = {key: part.figures for key, part in found.counted.by("agent").items()}
    assert len(caught) == 2

    assert (figures.touches, figures.people, figures.answers, figures.begun, figures.unanswered) == (4, 1, 3, 1, 0)
    assert (figures.first.count, figures.first.median) == (1, told(2))
    assert (figures.later.count, figures.later.median) == (2, told(4.5))
    assert (figures.resolved.count, figures.resolved.median) == (1, told(32))
    assert days == [(2, 2), (2, 1), (0, 0)]
    assert found.before.figures.silent

    # A wait counts for the channel it began on, and for whoever answered.
    assert (channels["email"].first.median, channels["email"].later.median) == (told(2), told(6))
    assert channels["x+public"].later.median == told(3)
    assert (colleagues[bo.pk].first.count, colleagues[bo.pk].later.median) == (1, told(6))
    assert (colleagues[cy.pk].first.count, colleagues[cy.pk].later.median) == (0, told(3))

    # Filters leave out what was not asked for.
    assert seen(bo, channel=channel_number("x+public")).counted.figures.touches == 1
    assert seen(bo, agent=cy.pk).counted.figures.answers == 1
    assert seen(bo, intent="No such thing").counted.figures.silent
    assert seen(bo, intent=kettle.intent).counted.figures.first.count == 1
    assert seen(bo, team=make.team("Kitchen").pk).counted.figures.silent

    # What came before the period still tells how long they waited.
    second = report(Wanted(Period(date(2026, 3, 11), date(2026, 3, 11))), agent=bo, zone=UTC)
    assert (second.counted.figures.first.count, second.counted.figures.later.median) == (0, told(6))
    assert second.before.figures.first.median == told(2)

    # A moved touch counts in the story where it is now.
    post = Interaction.objects.get(kind="x", direction="in")
    actions.split(journey=kettle, interactions=[post], by=bo, now=make.NOW + 33 * HOUR)
    apart = seen(bo).counted.figures
    assert (apart.first.median, apart.later.median) == (told(2), told(6))


def test_two_stories_that_became_one_are_one(bo: Agent):
    first, second = wrote(0), make.received("@ana_k", "Do you sell pans?", at=make.NOW + HOUR, public=True)
    assert make.journey_of(first) != make.journey_of(second)
    actions.join(journey=make.journey_of(second), into=make.journey_of(first), by=bo, now=make.NOW + 2 * HOUR)
    answered(4, first, bo)

    figures = seen(bo).counted.figures

    assert (figures.first.count, figures.first.median, figures.later.count) == (1, told(4), 0)
    assert figures.begun == 1


def test_two_people_who_became_one_are_one_person(bo: Agent):
    mail, post = wrote(0), make.received("@ana_k", "Do you sell pans?", at=make.NOW + HOUR, public=True)
    before = seen(bo).counted.figures.people

    one, other = (make.journey_of(touch).customer for touch in (mail, post))
    actions.merge_customers(customer=other, into=one, by=bo, now=make.NOW + 2 * HOUR)

    assert (before, seen(bo).counted.figures.people) == (2, 1)


def test_a_wait_that_an_agent_ended_by_a_word_has_no_response_time_until_that_is_undone(bo: Agent):
    journey = make.journey_of(wrote(0))
    said = actions.finish(journey=journey, by=bo, now=make.NOW + HOUR)
    ended = seen(bo).counted.figures

    actions.undo(event=said, by=bo, now=make.NOW + 2 * HOUR)
    again = seen(bo).counted.figures

    assert (ended.unanswered, ended.first.count, ended.resolved.median) == (1, 0, told(1))
    assert (again.unanswered, again.resolved.count) == (0, 0)


def test_a_call_that_was_taken_has_no_response_time_of_its_own(bo: Agent, di: Agent):
    phone: Channel = make.channel("phone")
    call = actions.log_call(
        channel=phone, number="+447700900123", name="Tom", text="Wants pans.", by=bo, now=make.NOW, seconds=240
    )

    found = seen(di)

    assert make.journey_of(call)
    assert (found.counted.figures.touches, found.counted.figures.answers) == (1, 1)
    assert (found.counted.figures.first.count, found.counted.figures.later.count) == (0, 0)
    calls = time_in_calls(found, agent=bo.pk)
    assert (calls.calls, calls.lasted.median) == (1, 240)
    assert time_in_calls(found, agent=di.pk).calls == 0


def test_stories_of_a_restricted_team_count_only_for_those_who_may_see_them(bo: Agent, cy: Agent, di: Agent):
    secret = wrote(0)
    Journey.objects.filter(pk=make.journey_of(secret).pk).update(team=make.team("Payments", restricted=True))
    answered(1, secret, di)

    counts = [seen(agent).counted.figures.touches for agent in (bo, cy, di)]

    assert counts == [0, 0, 1]
    assert [wall.waiting(agent).stories for agent in (bo, di)] == [0, 0]


class TestComingBack:
    def test_people_who_asked_again_elsewhere_and_in_public_are_counted_once(self, bo: Agent):
        wrote(0)
        wrote(5, "Any news about the kettle, HP-4711?", to=None)
        make.received("ben@example.com", "Where is my lamp?", at=make.NOW)

        found = comebacks(seen(bo))

        assert found.counted.people == 2
        assert found.counted.again == 1
        assert [(one.touches, one.again) for one in persons(found.counted)] == [(2, 1), (1, 0)]
        assert [part.again for part in found.counted.series([0, 2**62])] == [1]

    def test_what_was_noticed_no_longer_counts_when_the_touch_was_moved_away_and_counts_once_put_back(self, bo: Agent):
        wrote(0)
        again = wrote(5, "Any news about the kettle, HP-4711?")
        journey = make.journey_of(again)
        moved = actions.split(journey=journey, interactions=[again], by=bo, now=make.NOW + 6 * HOUR)
        apart = comebacks(seen(bo)).counted.again

        actions.undo(event=moved, by=bo, now=make.NOW + 7 * HOUR)

        assert (apart, comebacks(seen(bo)).counted.again) == (0, 1)

    def test_it_stays_with_a_story_that_became_part_of_another(self, bo: Agent):
        wrote(0)
        again = wrote(5, "Any news about the kettle, HP-4711?")
        other = make.journey_of(make.received("@ana_k", "Do you sell pans?", at=make.NOW + HOUR, public=True))

        actions.join(journey=make.journey_of(again), into=other, by=bo, now=make.NOW + 6 * HOUR)

        assert comebacks(seen(bo)).counted.again == 1


class TestTheWall:
    def test_who_waits_is_counted_by_person_with_the_first_of_their_waits(self, bo: Agent):
        first = make.journey_of(wrote(0))
        second = make.journey_of(make.received("@ana_k", "Do you sell pans?", at=make.NOW + HOUR, public=True))
        ben = make.journey_of(make.received("ben@example.com", "Where is my lamp?", at=make.NOW + 2 * HOUR))
        Journey.objects.filter(pk=second.pk).update(customer=first.customer_id)
        Journey.objects.filter(pk=ben.pk).update(owner=bo)

        found = wall.waiting(bo)

        assert (found.stories, found.people, found.people_where(found.owner == 0)) == (3, 2, 1)
        assert found.public is not None
        assert found.public.people == 1
        assert {channel_name(key): part.people for key, part in found.by("channel").items()} == {
            "email": 2,
            "x+public": 1,
        }
        longest = wall.longest_waits(found, 5)
        assert [(wait.person, wait.since, wait.stories) for wait in longest] == [
            (first.customer_id, make.NOW, 2),
            (ben.customer_id, make.NOW + 2 * HOUR, 1),
        ]

    def test_today_holds_the_answers_of_today_and_the_curve_ends_with_who_waits_now(self, bo: Agent, cy: Agent):
        asked = wrote(-20)
        answered(1, asked, bo)
        make.received("ben@example.com", "Where is my lamp?", at=make.NOW + 2 * HOUR)
        now = make.NOW + 4 * HOUR

        waiting, day = wall.waiting(bo), wall.today(bo, now=now, zone=UTC)

        assert day.waits().median == told(21)
        points = dict(wall.curve(waiting, day, now=now, zone=UTC))
        assert points[make.NOW] == 1
        assert points[make.NOW + 1.5 * HOUR] == 0
        assert points[now] == 1

    def test_the_crew_is_counted_as_routing_counts_it(self, bo: Agent, cy: Agent, di: Agent):
        set_presence(agent=bo, presence="available", now=make.NOW, by=bo)
        mail, chat = wrote(0), make.received({"visitor_id": "v-1"}, "Hello?", kind="chat", at=make.NOW)
        for asked in (mail, chat):
            actions.assign(journey=make.journey_of(asked), owner=bo, team=None, by=bo, now=make.NOW)

        crew_now = crew(wall.waiting(di), now=make.NOW + HOUR)
        answered(1, mail, bo)
        later = crew(wall.waiting(di), now=make.NOW + HOUR)

        policy = Policy()
        assert [(one.agent, one.used) for one in crew_now.states["available"]] == [
            (bo, policy.weight("email") + policy.weight("chat"))
        ]
        assert later.used == policy.weight("chat")
        assert later.capacity == Agent.objects.get(pk=bo.pk).capacity
        assert [one.agent for one in later.states["away"]] == [cy, di]

    def test_promises_about_to_break_are_counted_by_person_the_nearest_first(self, bo: Agent, di: Agent):
        now = make.NOW + HOUR
        for minutes, hour in ((20, 0), (5, 1), (31, 2), (-3, 3)):
            story = make.journey_of(wrote(hour, f"Question {minutes}", sender=f"p{minutes + 9}@example.com"))
            Journey.objects.filter(pk=story.pk).update(due_at=now + timedelta(minutes=minutes))

        found = breaking(di, now=now)

        assert [int((due.at - now).total_seconds() // 60) for due in found.soon] == [5, 20]
        assert (found.people, found.broken, found.more) == (2, 1, False)
