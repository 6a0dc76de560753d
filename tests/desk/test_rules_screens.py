"""Rules on their pages: written, refused at the place, tried, used, switched off; told and undone on the story."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.interactions.models import Interaction
from threadline.journeys.models import RuleBook, RuleTrial
from threadline.journeys.rules import books
from threadline.journeys.rules.run import run
from threadline.journeys.rules.trial import try_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def di() -> Agent:
    return make.agent("Di Moreau", is_admin=True)


@pytest.fixture
def page(di: Agent) -> Client:
    client = Client()
    client.force_login(di)
    return client


@pytest.fixture
def kettle() -> Interaction:
    return make.received("ana@example.com", "My kettle leaks. Order HP-4711.", name="Ana Karlsson", at=timezone.now())


def said(**more: object) -> dict[str, object]:
    return {"name": "Kettles", "on": "received", "words": "kettle", "note": "A kettle.", "enabled": "on", **more}


def work() -> None:
    while run(now=timezone.now()):
        continue


def test_a_rule_is_written_tried_used_told_on_the_story_and_undone(page, di):
    kitchen = make.team("Kitchen")
    page.post(reverse("rules-new"), said(give_team=kitchen.pk))
    assert "You are looking at a draft" in page.get(reverse("rules")).content.decode()
    page.post(reverse("rules-release"), {"note": "Kettles are many"})
    kettle = make.received("ana@example.com", "My kettle leaks. Order HP-4711.", at=timezone.now())
    work()
    story = make.journey_of(kettle)

    text = page.get(reverse("story", args=[story.pk])).content.decode()

    event = Event.objects.get(verb="assigned")
    assert "The rule “Kettles” gave it to another team. Because: They write and they say “kettle”." in text
    assert "Note by the rule “Kettles”" in text
    assert story.team == kitchen
    assert page.post(reverse("event-undo", args=[event.pk])).status_code == 302
    story.refresh_from_db()
    assert story.team is None
    log = page.get(reverse("rules-log"), {"story": story.pk}).content.decode()
    assert "They write and they say “kettle”." in log


def test_a_wrong_condition_is_shown_at_its_place_and_nothing_is_lost(page):
    answer = page.post(reverse("rules-new"), said(cel='story.public && story.intnt == "x"'))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "<mark>story.intnt</mark>" in text
    assert "Do you mean “story.intent”?" in text
    assert 'value="Kettles"' in text
    assert not RuleBook.objects.exists()


def test_the_dry_run_tells_stories_and_hides_those_of_other_teams(page, kettle):
    garden = make.team("Garden", restricted=True)
    story = make.journey_of(kettle)
    sue = make.agent("Sue Visor")
    page.post(reverse("rules-new"), said(enabled=""))
    page.post(reverse("rules-try"), {"days": "7"})
    assert "Waiting for the worker to begin" in page.get(reverse("rules-try")).content.decode()

    try_rules(trial=RuleTrial.objects.get().pk)

    text = page.get(reverse("rules-try")).content.decode()
    assert "1 of 1 stories would have been touched" in text
    assert "My kettle leaks." in text
    assert not Event.objects.filter(verb="noted").exists()
    story.team = garden
    story.save()
    Agent.objects.filter(pk=sue.pk).update(role=_work_only())
    client = Client()
    client.force_login(Agent.objects.get(pk=sue.pk))
    assert "My kettle leaks." not in client.get(reverse("rules-try")).content.decode()


def test_off_counts_at_once_on_waits_for_the_draft_and_versions_come_back(page, di, kettle):
    page.post(reverse("rules-new"), said())
    page.post(reverse("rules-release"))
    first, key = books.standing(), books.read(books.standing()).rules[0].key

    page.post(reverse("rules-switch", args=[key]), {"to": "off"})
    assert not books.read(books.standing()).working
    page.post(reverse("rules-switch", args=[key]), {"to": "on"})
    assert not books.read(books.standing()).working
    page.post(reverse("rules-drop"))
    page.post(reverse("rules-back", args=[first.pk]))

    assert [rule.name for rule in books.read(books.standing()).working] == ["Kettles"]
    assert "Back to the version of" in page.get(reverse("rules")).content.decode()


def test_every_example_opens_filled_in_and_can_be_kept(page):
    text = page.get(reverse("rules")).content.decode()
    from threadline.desk.queries.rules import as_said
    from threadline.journeys.rules.examples import EXAMPLES

    for key, example in EXAMPLES.items():
        assert str(example.rule.name).replace("'", "&#x27;") in text
        assert page.get(reverse("rules-new"), {"example": key}).status_code == 200
        form = {name: value for name, value in as_said(example.rule).items() if value not in ("", False, None)}
        assert page.post(reverse("rules-new"), form).status_code == 302, key
    assert len(books.read(books.draft()).rules) == len(EXAMPLES)
    assert books.read(books.draft()).working == ()


def test_the_list_and_the_log_cost_the_same_however_much_there_is(page, django_assert_max_num_queries):
    page.post(reverse("rules-new"), said())
    page.post(reverse("rules-release"))
    for number in range(3):
        make.received(f"ana{number}@example.com", "My kettle leaks.", at=timezone.now() - timedelta(minutes=number))
    work()

    with django_assert_max_num_queries(24):
        page.get(reverse("rules"))
    with django_assert_max_num_queries(18):
        page.get(reverse("rules-log"))
    assert page.get(reverse("rules-due")).status_code == 200


def _work_only() -> object:
    from threadline.accounts.models import Role
    from threadline.accounts.rights import Right

    return Role.objects.create(name="Work", rights=[Right.WORK, Right.ANSWER])
