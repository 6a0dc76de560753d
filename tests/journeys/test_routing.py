"""Stories find their team and whoever fits, people overrule rules, and a replay gives the same."""

import itertools
from datetime import timedelta

import pytest

from tests import make
from threadline.accounts import serving
from threadline.accounts.models import Agent, Availability, Decision, Event
from threadline.core.routing import Policy, Rule
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.journeys.actions.reply import Way
from threadline.journeys.models import SUPERVISOR, Journey
from threadline.journeys.replay import replay
from threadline.journeys.routing import policies
from threadline.journeys.routing.run import route
from threadline.journeys.waits import expected_wait, position_of
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(minutes=30)
KETTLE, LAMP = "The kettle I bought leaks.", "Where is my lamp? Order HP-9000."
ORDERS = itertools.count(4711)


def rules(*more: Rule, supervisors: tuple[int, ...] = ()) -> Policy:
    """Kettles go to Kitchen and all else by mail to Home; in use."""
    kitchen, home = make.team("Kitchen"), make.team("Home")
    first = Rule("Things for the kitchen", kitchen.pk, words=("kettle",), overflow=home.pk)
    policy = Policy((*more, first, Rule("By mail", home.pk, kinds=("email",))), supervisors=supervisors)
    di = make.agent("Di Moreau", is_admin=True)
    policies.change(lambda old: policy, words="all", by=di, now=make.NOW)
    policies.release(by=di, now=make.NOW)
    return policy


def here(agent: Agent, presence: str = "available") -> Agent:
    serving.set_presence(agent=agent, presence=presence, now=make.NOW, by=agent)
    return agent


def bo() -> Agent:
    return make.agent("Bo Lindqvist", make.team("Kitchen"))


def cy() -> Agent:
    return make.agent("Cy Okafor", make.team("Home"))


def kettle(sender: str = "ana@example.com", **more: object) -> Journey:
    return make.journey_of(make.received(sender, f"{KETTLE} Order HP-{next(ORDERS)}.", **more))


def now_of(journey: Journey) -> tuple[str, str]:
    """Who has it, in which team."""
    journey.refresh_from_db()
    return (journey.owner.first_name if journey.owner else "", journey.team.name if journey.team else "")


def test_without_rules_nothing_is_ever_routed():
    here(bo())
    story = kettle()

    assert route(now=LATER) == 0
    assert now_of(story) == ("", "")


def test_a_story_goes_to_the_team_of_the_first_rule_that_fits_and_to_whoever_is_there():
    rules()
    here(bo())
    story = kettle()
    lamp = make.journey_of(make.received("zoe@example.com", LAMP))

    route(now=LATER)

    assert (now_of(story), now_of(lamp)) == (("Bo", "Kitchen"), ("", "Home"))
    placed, given = Event.objects.filter(verb="routed", journey_id=story.pk).order_by("pk")
    assert placed.facts["reason"] == "Rule 1, “Things for the kitchen”: they said “kettle”."
    assert Decision.objects.get(pk=given.facts["decision"]).reason == "Only Bo Lindqvist fits and has room."
    assert given.agent is None


def test_nobody_gets_more_than_their_capacity_and_the_longest_wait_goes_first():
    rules()
    serving.set_skills(agent=bo(), skills={}, capacity=2, by=bo(), now=make.NOW)
    here(bo())
    stories = [kettle(f"p{n}@example.com", at=make.NOW + timedelta(minutes=n)) for n in range(3)]

    route(now=LATER)

    assert [now_of(story)[0] for story in stories] == ["Bo", "Bo", ""]


def test_somebody_away_keeps_a_story_for_its_time_and_then_it_goes_on():
    rules()
    here(bo())
    story = kettle(at=make.NOW)
    route(now=make.NOW)
    here(bo(), "away")
    here(make.agent("Femi Adeyemi", make.team("Kitchen")))

    route(now=make.NOW + timedelta(minutes=29))
    held = now_of(story)
    route(now=make.NOW + timedelta(minutes=31))

    assert (held[0], now_of(story)[0]) == ("Bo", "Femi")


def test_a_hand_over_by_a_person_is_not_overruled_within_its_time():
    rules()
    here(cy())
    story = kettle(at=make.NOW)
    actions.assign(journey=story, owner=bo(), team=make.team("Kitchen"), by=cy(), now=make.NOW)

    route(now=make.NOW + timedelta(hours=7))
    held = now_of(story)
    route(now=make.NOW + timedelta(hours=9))

    assert (held[0], now_of(story)[0]) == ("Bo", "Cy")


def test_what_somebody_gives_back_does_not_come_back_to_them():
    rules()
    here(bo())
    story = kettle(at=make.NOW)
    route(now=LATER)
    event = Event.objects.filter(verb="routed", journey_id=story.pk).latest("pk")

    actions.undo(event=event, by=bo(), now=LATER)
    route(now=LATER)

    assert now_of(story) == ("", "Kitchen")


def test_another_team_helps_out_when_nobody_has_room_for_too_long():
    rules()
    here(cy())
    story = kettle(at=make.NOW)
    route(now=make.NOW + timedelta(minutes=29))
    before = now_of(story)

    route(now=make.NOW + timedelta(minutes=31))

    assert (before[0], now_of(story)) == ("", ("Cy", "Kitchen"))
    assert "so Home helps out" in Event.objects.filter(verb="routed").latest("pk").facts["reason"]


def test_new_rules_look_at_what_waits_without_a_team_and_one_can_go_back():
    first = rules()
    make.agent("Di Moreau", is_admin=True)
    post = make.journey_of(make.received("@ana_k", "Is the shop open?", kind="x"))
    route(now=LATER)
    assert now_of(post) == ("", "")

    rules(Rule("Posts", make.team("Home").pk, kinds=("x",)))
    route(now=LATER)

    assert now_of(post) == ("", "Home")
    back = policies.go_back(by=make.agent("Di Moreau"), now=LATER)
    assert policies.read(back) == first


def test_a_rule_for_a_restricted_team_lets_no_other_team_help_out():
    payments = make.team("Payments", restricted=True)
    with pytest.raises(ThreadlineError, match="for its members only"):
        rules(Rule("Money", payments.pk, overflow=make.team("Home").pk))
    assert policies.draft() is None


@pytest.mark.django_db(transaction=True)
def test_a_replay_puts_every_story_where_the_router_had_put_it():
    rules()
    here(bo())
    story = kettle()
    route(now=LATER)
    actions.hand_over(
        journey=story, owner=cy(), team=None, asked="A new kettle", tried="", promised="Friday", by=bo(), now=LATER
    )
    demanded = kettle("zoe@example.com")
    actions.demand_supervisor(journey=demanded, words="I want your boss.", by=bo(), now=LATER)
    before = list(Journey.objects.order_by("pk").values("pk", "owner", "team", "outcome", "status"))

    replay()

    assert list(Journey.objects.order_by("pk").values("pk", "owner", "team", "outcome", "status")) == before
    assert now_of(story) == ("Cy", "Kitchen")


def test_a_demand_for_a_supervisor_is_an_outcome_that_stays_and_reaches_one_who_may_decide():
    rules(supervisors=(make.agent("Femi Adeyemi").pk,))
    story = kettle()

    event = actions.demand_supervisor(journey=story, words="I want your boss.", by=bo(), now=LATER)
    actions.finish(journey=story, by=bo(), now=LATER)

    assert now_of(story)[0] == "Femi"
    assert (story.outcome, event.facts["words"]) == (SUPERVISOR, "I want your boss.")
    with pytest.raises(ThreadlineError, match="asked for a supervisor before"):
        actions.demand_supervisor(journey=story, words="", by=bo(), now=LATER)


def test_being_available_ends_by_itself_and_every_span_is_kept():
    agent = here(bo())

    gone = serving.end_idle(after=timedelta(minutes=30), now=make.NOW + timedelta(minutes=31))

    agent.refresh_from_db()
    spans = list(Availability.objects.order_by("since").values_list("presence", "reason", "until"))
    assert gone == 1
    assert spans == [
        ("available", "", make.NOW + timedelta(minutes=31)),
        ("away", "nothing done for 30 minutes", None),
    ]


def test_a_position_counts_whom_we_owe_longer_and_a_wait_is_measured_from_answers():
    rules()
    route(now=LATER)
    for number in range(6):
        asked = make.received(
            f"p{number}@example.com", f"{KETTLE} Order HP-{next(ORDERS)}.", at=make.NOW + timedelta(minutes=number)
        )
        if number < 5:
            answer(asked, after=timedelta(minutes=10 * (number + 1)))
    zoe = kettle("zoe@example.com", at=make.NOW + timedelta(hours=1))
    now = make.NOW + timedelta(hours=2)
    route(now=now)
    zoe.refresh_from_db()

    found = position_of(zoe, now=now)

    assert found is not None
    assert (found.place, found.waiting, found.waited) == (2, 2, timedelta(hours=1))
    assert found.wait == expected_wait("email", now=now)
    assert found.wait is not None
    assert (found.wait.median, found.wait.most) == (timedelta(minutes=30), timedelta(minutes=50))
    assert expected_wait("chat", now=now) is None


def answer(asked: Interaction, *, after: timedelta) -> None:
    way = Way(asked.channel, asked.thread.reply_address, asked.thread)
    journey = make.journey_of(asked)
    actions.reply(journey=journey, text="A new one is on its way.", way=way, by=bo(), now=asked.at + after)
