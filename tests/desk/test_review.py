"""The review room: where people decide what the evidence did not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from threadline.accounts.models import Agent
from threadline.customers.models import Customer, Identity, IdentityLink
from threadline.desk.queries.review import people as perhaps_people
from threadline.desk.queries.review import quality as measured
from threadline.journeys import actions

pytestmark = pytest.mark.django_db
EVIDENCE = {
    "start": -12.0,
    "by": [["tel", "Same number, once by caller id", 11.6], ["name", "Another first name", -2.9]],
}


@pytest.fixture
def bo() -> Agent:
    return make.agent()


@pytest.fixture
def desk(client: Client, bo: Agent) -> Client:
    client.force_login(bo)
    return client


def person(number: int) -> Customer:
    touch = make.received(f"p{number}@example.com", f"Where is order HP-{7000 + number}?", name=f"Person No{number}")
    return Customer.objects.get(pk=make.customer_of(touch))


def suggest(one: Customer, other: Customer, bits: float) -> IdentityLink:
    left, right = (Identity.objects.filter(customer=each, scheme="email").earliest("pk") for each in (one, other))
    decision = left.decision
    decision.pk, decision.evidence, decision.reason = None, EVIDENCE, "Same number, but another first name."
    decision.save(force_insert=True)
    return IdentityLink.objects.create(
        left=left, right=right, standing="suggested", bits=bits, decision=decision, at=make.NOW
    )


def read(desk: Client, name: str, *args: Any, **query: str) -> str:
    answer = desk.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_people_who_may_be_one_are_listed_with_the_surest_first(desk):
    ana, anna, nils = person(1), person(2), person(3)
    suggest(ana, nils, 5.0)
    suggest(ana, anna, 9.0)

    html = read(desk, "review-people")

    assert html.index(reverse("person-beside", args=[ana.pk, anna.pk])) < html.index(
        reverse("person-beside", args=[ana.pk, nils.pk])
    )
    assert "Same number, but another first name." in html


def test_once_decided_a_pair_is_no_longer_asked_about(desk):
    ana, anna = person(1), person(2)
    suggest(ana, anna, 9.0)

    desk.post(reverse("person-apart", args=[ana.pk]), {"other": anna.pk})

    assert "Nobody to look at" in read(desk, "review-people")


def test_the_list_is_paged_and_each_pair_stands_in_it_once(desk, bo, monkeypatch):
    monkeypatch.setattr(perhaps_people, "SIZE", 2)
    people = [person(number) for number in range(4)]
    for bits, other in enumerate(people[1:], start=3):
        suggest(people[0], other, float(bits))

    first = perhaps_people.perhaps(bo, after="")
    second = perhaps_people.perhaps(bo, after=first.after)

    assert [pair.right.pk for pair in (*first.pairs, *second.pairs)] == [people[3].pk, people[2].pk, people[1].pk]
    assert (bool(first.after), second.after) == (True, "")


def test_the_list_costs_few_queries_however_many_pairs_there_are(desk, django_assert_max_num_queries):
    people = [person(number) for number in range(6)]
    for other in people[1:]:
        suggest(people[0], other, 4.0)

    with django_assert_max_num_queries(8):
        read(desk, "review-people")


def test_the_evidence_about_two_people_adds_up_before_ones_eyes(desk):
    ana, anna = person(1), person(2)
    suggest(ana, anna, -3.3)

    html = read(desk, "person-beside", ana.pk, anna.pk)

    assert "Same number, once by caller id" in html
    assert "+11.6" in html
    assert "What speaks against it:</b> Another first name." in html


def test_a_question_to_the_customer_tells_nothing_about_the_other_one(desk):
    ana, anna = person(1), person(2)
    suggest(ana, anna, 9.0)
    beside = read(desk, "person-beside", ana.pk, anna.pk)
    story = anna.journeys.get()
    assert f"{reverse('story', args=[story.pk])}?ask=same#composer" in beside

    composer = read(desk, "story", story.pk, ask="same").partition('id="answer"')[2].partition("</textarea>")[0]

    assert "another address or number" in composer
    assert ana.name not in composer


def test_what_was_decided_before_stands_there_with_its_undo(desk):
    ana, anna, nils = person(1), person(2), person(3)
    desk.post(reverse("person-apart", args=[ana.pk]), {"other": nils.pk})

    html = read(desk, "person-beside", ana.pk, anna.pk)

    assert "Decided before" in html
    assert "Kept apart from" in html
    assert "/undo" in html


# ---- how right we are -----------------------------------------------------------------------------------------------


def two_stories(bo: Agent) -> tuple[Any, Any]:
    kettle = make.received("ana@example.com", "The kettle I bought leaks. Order HP-4711.", at=make.NOW)
    again = make.received("ana@example.com", "Order HP-4711 still leaks.", at=make.NOW + timedelta(hours=1))
    lamp = make.received("nils@example.org", "Where is my lamp? Order HP-9000.", at=make.NOW)
    assert make.journey_of(kettle) == make.journey_of(again) != make.journey_of(lamp)
    return make.journey_of(kettle), again


def test_what_nobody_has_worked_on_says_nothing(desk, bo):
    two_stories(bo)

    found = measured.of_stories(make.NOW)

    assert (found.count, found.seen, found.share) == (3, 0, None)
    assert "Nobody has worked on a story yet" in read(desk, "review-quality")


def test_what_people_left_stood_and_what_they_moved_did_not(desk, bo):
    story, again = two_stories(bo)
    actions.finish(journey=story, by=bo, now=make.NOW + timedelta(days=1))
    actions.move(interaction=again, to=None, by=bo, now=make.NOW + timedelta(days=2))

    found = measured.of_stories(make.NOW + timedelta(days=2))

    assert (found.seen, found.stood) == (2, 1)
    assert [(week.count, week.changed) for week in found.weeks if week.count] == [(2, 1)]
    assert "1 of 2 stood." in read(desk, "review-quality")


def test_what_people_say_about_suggested_pairs_is_counted(desk, bo):
    ana, anna, nils = person(1), person(2), person(3)
    suggest(ana, anna, 9.0)
    suggest(ana, nils, 9.0)
    desk.post(reverse("person-apart", args=[ana.pk]), {"other": nils.pk})

    found = measured.of_people(make.NOW)

    assert (found.seen, found.stood) == (1, 0)


def test_the_quality_page_costs_few_queries(desk, bo, django_assert_max_num_queries):
    two_stories(bo)

    with django_assert_max_num_queries(7):
        read(desk, "review-quality")
