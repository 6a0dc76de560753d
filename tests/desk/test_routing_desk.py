"""Being there for work, why a story is mine, handing over, supervisors, and the rules with their dry run."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, Availability, Event
from threadline.core.routing import Policy, Rule
from threadline.interactions.models import Interaction
from threadline.journeys.models import SUPERVISOR, Journey
from threadline.journeys.routing import policies
from threadline.journeys.routing.run import route

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def bo() -> Agent:
    return make.agent("Bo Lindqvist", make.team("Kitchen"))


@pytest.fixture
def cy() -> Agent:
    return make.agent("Cy Okafor", make.team("Home"))


@pytest.fixture
def di() -> Agent:
    return make.agent("Di Moreau", is_admin=True)


@pytest.fixture
def kettle() -> Interaction:
    now = timezone.now() - timedelta(hours=1)
    return make.received("ana@example.com", "My kettle leaks. Order HP-4711.", name="Ana Karlsson", at=now)


def desk_of(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def in_use(di: Agent, *rules: Rule) -> None:
    policies.change(lambda old: Policy(rules), words="all", by=di, now=timezone.now())
    policies.release(by=di, now=timezone.now())


def kitchen_rule() -> Rule:
    return Rule("Things for the kitchen", make.team("Kitchen").pk, words=("kettle",))


def routed(desk: Client, di: Agent, kettle: Interaction) -> Journey:
    """By rule to Bo, who has just become available."""
    in_use(di, kitchen_rule())
    desk.post(reverse("presence"), {"presence": "available"}, headers=FRAGMENT)
    route(now=timezone.now())
    return make.journey_of(kettle)


def test_the_switch_in_the_bar_says_who_is_there_and_signing_out_ends_it(bo):
    desk = desk_of(bo)

    told = desk.post(reverse("presence"), {"presence": "away", "reason": "Lunch"}, headers=FRAGMENT)
    desk.post(reverse("presence"), {"presence": "available"})
    desk.post(reverse("sign-out"))

    assert "Lunch" in told.content.decode()
    spans = Availability.objects.order_by("pk").values_list("presence", "reason")
    assert list(spans) == [("away", "Lunch"), ("available", ""), ("away", "signed out")]
    assert Event.objects.filter(verb="became_available", agent=bo).exists()


def test_a_state_that_there_is_not_changes_nothing(bo):
    answer = desk_of(bo).post(reverse("presence"), {"presence": "asleep"}, headers=FRAGMENT)

    assert answer.status_code == 422
    assert Availability.objects.count() == 0


def test_a_story_says_why_it_is_mine_and_can_be_taken_back(bo, di, kettle):
    desk = desk_of(bo)
    story = routed(desk, di, kettle)
    page = desk.get(reverse("story", args=[story.pk])).content.decode()
    assert "Why is this mine?" in page
    assert "Only Bo Lindqvist fits and has room." in page

    event = Event.objects.filter(verb="routed", journey_id=story.pk).latest("pk")
    desk.post(reverse("event-undo", args=[event.pk]), headers=FRAGMENT)

    story.refresh_from_db()
    assert (story.owner, story.team) == (None, make.team("Kitchen"))
    assert "Why is it with Kitchen?" in desk.get(reverse("story", args=[story.pk])).content.decode()


def test_a_hand_over_is_filled_from_the_story_and_its_brief_is_the_first_thing_to_read(bo, cy, kettle):
    desk, story = desk_of(bo), make.journey_of(kettle)
    desk.post(
        reverse("story-reply", args=[story.pk]),
        {"text": "Sorry. A new one is with you by Friday.", "way": f"thread-{kettle.thread_id}"},
        headers=FRAGMENT,
    )
    form = desk.get(reverse("story-hand-over", args=[story.pk])).content.decode()
    assert "HP-4711" in form
    assert form.count("A new one is with you by Friday.") == 2

    said = {"to": f"agent-{cy.pk}", "asked": "A new kettle", "tried": "Descaling", "promised": "By Friday"}
    answer = desk.post(reverse("story-hand-over", args=[story.pk]), said)

    assert answer.status_code == 302
    page = desk_of(cy).get(reverse("story", args=[story.pk])).content.decode()
    assert "Bo Lindqvist handed it over" in page
    assert "Descaling" in page


def test_a_hand_over_to_nobody_says_what_to_do_and_keeps_the_words(bo, kettle):
    address = reverse("story-hand-over", args=[make.journey_of(kettle).pk])

    answer = desk_of(bo).post(address, {"to": "", "asked": "A new kettle"})

    assert answer.status_code == 422
    assert "Choose a colleague or a team" in answer.content.decode()
    assert "A new kettle" in answer.content.decode()


def test_one_key_records_that_they_want_a_supervisor_and_undo_takes_it_back(bo, di, kettle):
    desk, story = desk_of(bo), make.journey_of(kettle)

    desk.post(reverse("story-supervisor", args=[story.pk]), headers=FRAGMENT)
    story.refresh_from_db()
    assert (story.owner, story.outcome) == (di, SUPERVISOR)
    assert "Asked for a supervisor" in desk.get(reverse("story", args=[story.pk])).content.decode()

    event = Event.objects.get(verb="supervisor_demanded")
    desk.post(reverse("event-undo", args=[event.pk]), headers=FRAGMENT)
    story.refresh_from_db()
    assert (story.owner, story.outcome) == (None, "")


def test_another_teams_agent_can_do_none_of_it_to_a_restricted_story(cy, kettle):
    story = make.journey_of(kettle)
    Journey.objects.filter(pk=story.pk).update(team=make.team("Payments", restricted=True))
    desk = desk_of(cy)

    assert desk.get(reverse("story-hand-over", args=[story.pk])).status_code == 404
    assert desk.post(reverse("story-supervisor", args=[story.pk])).status_code == 404


# ---- settings ------------------------------------------------------------------------------------------------------


def rule_form(**values: object) -> dict[str, object]:
    return {
        "name": "Things for the kitchen", "team": make.team("Kitchen").pk, "words": "kettle, toaster",
        "urgency": "0", "hold": "30", "overflow_after": "30", **values,
    }  # fmt: skip


def test_a_rule_is_written_in_a_draft_tried_on_yesterday_used_and_taken_back(di, kettle):
    desk = desk_of(di)
    assert desk.post(reverse("routing-new"), rule_form()).status_code == 302

    tried = desk.get(reverse("routing-try")).content.decode()
    assert "1 of 1 stories would have gone elsewhere" in tried
    assert "Kitchen" in tried
    assert make.journey_of(kettle).team is None

    desk.post(reverse("routing-release"), {"note": "Kettles"})
    route(now=timezone.now())
    assert make.journey_of(kettle).team == make.team("Kitchen")
    page = desk.get(reverse("routing")).content.decode()
    assert "“kettle”" in page
    assert ": Kettles" in page

    desk.post(reverse("routing-back"))
    assert policies.standing().first() is None


def test_a_rule_that_makes_no_sense_is_refused_in_words_and_nothing_is_kept(di):
    kitchen = make.team("Kitchen").pk

    answer = desk_of(di).post(reverse("routing-new"), rule_form(overflow=kitchen))

    assert answer.status_code == 422
    assert "a team can not help out itself" in answer.content.decode()
    assert policies.draft() is None


def test_rules_are_ordered_and_removed_in_the_draft_alone(di):
    in_use(di, kitchen_rule(), Rule("The rest", make.team("Home").pk))
    desk = desk_of(di)

    desk.post(reverse("routing-earlier", args=[2]))
    desk.post(reverse("routing-remove", args=[2]))

    assert [rule.name for rule in policies.read(policies.draft()).rules] == ["The rest"]
    assert len(policies.read(policies.standing().first()).rules) == 2
    desk.post(reverse("routing-drop"))
    assert policies.draft() is None


def test_what_somebody_is_good_at_counts_at_once_and_is_recorded(di, bo):
    said = {"capacity": "4", "topics": "Where is my refund 3\nDelivery", "languages": "en 3, de", "channels": ""}

    desk_of(di).post(reverse("routing-person", args=[bo.pk]), said)

    bo.refresh_from_db()
    skills = [(skill.dimension, skill.value, skill.level) for skill in bo.skills.all()]
    assert bo.capacity == 4
    assert skills == [
        ("language", "de", 2), ("language", "en", 3), ("topic", "Delivery", 2), ("topic", "Where is my refund", 3),
    ]  # fmt: skip
    assert Event.objects.get(verb="skills_set").agent == di


def test_who_sets_up_the_work_reads_the_rules_and_nobody_else_changes_them(bo, di):
    in_use(di, kitchen_rule())
    desk = desk_of(bo)

    assert "Things for the kitchen" in desk_of(di).get(reverse("routing")).content.decode()
    assert desk.get(reverse("routing")).status_code == 403
    for name, arguments in (
        ("routing-new", []),
        ("routing-remove", [1]),
        ("routing-release", []),
        ("routing-limits", []),
    ):
        assert desk.post(reverse(name, args=arguments)).status_code == 403


def test_the_page_of_rules_costs_few_queries(di, bo, django_assert_max_num_queries):
    in_use(di, kitchen_rule(), Rule("The rest", make.team("Home").pk))
    desk = desk_of(di)

    with django_assert_max_num_queries(28):
        desk.get(reverse("routing"))
