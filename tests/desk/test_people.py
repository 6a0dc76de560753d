"""The page of one person, finding another one, and saying that two are one or not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.customers.models import Account, Customer, Identity, IdentityLink
from threadline.journeys import actions
from threadline.journeys.models import Journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo() -> Agent:
    return make.agent()


@pytest.fixture
def desk(client: Client, bo: Agent) -> Client:
    client.force_login(bo)
    return client


@pytest.fixture
def ana() -> Customer:
    return person("ana@example.com", "The kettle leaks. Order HP-4711.", name="Ana Karlsson")


@pytest.fixture
def nils() -> Customer:
    return person("nils@example.org", "Where is my lamp? Order HP-9000.", name="Nils Karlsson")


def person(sender: Any, text: str, **more: Any) -> Customer:
    return Customer.objects.get(pk=make.customer_of(make.received(sender, text, **more)))


def page(desk: Client, customer: Customer, **query: str) -> str:
    answer = desk.get(reverse("person", args=[customer.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def suggest(one: Customer, other: Customer, bits: float = 3.7) -> IdentityLink:
    left, right = (Identity.objects.filter(customer=each, scheme="email").earliest("pk") for each in (one, other))
    left.decision.evidence = {"keys": [["tel", "+447700900142"], ["thread", "9"]]}
    left.decision.pk = None
    left.decision.save(force_insert=True)
    return IdentityLink.objects.create(
        left=left, right=right, standing="suggested", bits=bits, decision=left.decision, at=make.NOW
    )


# ---- one person ------------------------------------------------------------------------------------------------


def test_a_person_is_shown_with_handles_how_each_is_known_and_why(desk, ana):
    shown = page(desk, ana)

    assert "<bdi>Ana Karlsson</bdi>" in shown
    assert "ana@example.com" in shown
    assert "observed" in shown
    assert Identity.objects.get(customer=ana, scheme="email").decision.reason.split(".")[0] in shown


def test_numbers_we_know_stand_apart_and_what_only_recognition_needs_is_not_shown(desk, ana):
    where = Identity.objects.filter(customer=ana)
    first = where.earliest("pk")
    Identity.objects.create(
        customer=ana, scheme="postcode", value="ZZ99QQ", level="claimed", first_seen_at=make.NOW, last_seen_at=make.NOW,
        decision=first.decision,
    )  # fmt: skip

    shown = page(desk, ana)

    ways, _, numbers = shown.partition("Numbers we know")
    assert "HP-4711" in numbers
    assert "ana@example.com" in ways
    assert "ZZ99QQ" not in shown


def test_a_handle_of_several_people_is_marked(desk, ana):
    Identity.objects.filter(customer=ana, scheme="email").update(shared=True)

    assert "Used by several people" in page(desk, ana)


def test_the_stories_of_a_person_lead_to_the_story(desk, ana):
    journey = Journey.objects.get(customer=ana)

    shown = page(desk, ana)

    assert reverse("story", args=[journey.pk]) in shown
    assert "Waiting" in shown


def test_stories_of_a_restricted_team_are_hidden_and_it_is_said(desk, ana):
    secret = make.team("Complaints", restricted=True)
    Journey.objects.filter(customer=ana).update(team=secret)

    shown = page(desk, ana)

    assert "The kettle leaks" not in shown
    assert "Something is hidden here" in shown
    assert "1 story belongs to a team" in shown


def test_members_of_the_restricted_team_see_everything_and_nothing_is_said_to_be_hidden(client, ana):
    secret = make.team("Complaints", restricted=True)
    Journey.objects.filter(customer=ana).update(team=secret)
    client.force_login(make.agent("Cy Moreau", secret))

    shown = page(client, ana)

    assert "The kettle leaks" in shown
    assert "Something is hidden here" not in shown


def test_the_household_is_named_with_its_people(desk, ana, nils):
    household = Account.objects.create(name="Karlsson, Larch Avenue", kind="household")
    Customer.objects.filter(pk__in=[ana.pk, nils.pk]).update(account=household)

    shown = page(desk, ana)

    assert "Karlsson, Larch Avenue" in shown
    assert reverse("person", args=[nils.pk]) in shown


def test_a_suggestion_gives_the_odds_in_words_and_what_both_show(desk, ana, nils):
    suggest(ana, nils)

    shown = page(desk, ana)

    assert "Perhaps one person with Nils Karlsson" in shown
    assert "The odds are 13 to 1 that they are one." in shown
    assert "Phone +44 7700 900142" in shown
    assert reverse("person-beside", args=[ana.pk, nils.pk]) in shown


def test_what_was_decided_is_told_with_who_and_can_be_undone(desk, ana, nils, bo):
    kept = actions.keep_apart(customer=ana, other=nils, by=bo, now=timezone.now())

    for customer in (ana, nils):
        shown = page(desk, customer)
        assert "Kept apart from" in shown
        assert str(bo) in shown
        assert reverse("event-undo", args=[kept.pk]) in shown


def test_what_was_undone_is_told_on_both_pages_and_can_not_be_undone_again(desk, ana, nils, bo):
    merged = actions.merge_customers(customer=nils, into=ana, by=bo, now=timezone.now())
    actions.undo(event=merged, by=bo, now=timezone.now())

    for customer in (ana, nils):
        shown = page(desk, customer)
        assert "Taken apart again" in shown
        assert reverse("event-undo", args=[merged.pk]) not in shown


def test_a_person_without_name_or_handle_has_a_page(desk):
    caller = person({"number": None}, "Somebody asked for our opening hours.", kind="phone")

    shown = page(desk, caller)

    assert "Through no address or number yet" in shown


def test_hostile_names_and_handles_are_shown_as_text(desk):
    evil = "<script>alert(1)</script>"
    mean = person("eve@example.com", f"{evil} my kettle leaks", name=evil)
    Customer.objects.filter(pk=mean.pk).update(name=evil, names=[evil])
    Identity.objects.filter(customer=mean).update(value=evil)

    shown = page(desk, mean, other=evil)

    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_a_merged_person_redirects_to_the_one_they_became(desk, ana, nils, bo):
    actions.merge_customers(customer=nils, into=ana, by=bo, now=timezone.now())

    answer = desk.get(reverse("person", args=[nils.pk]))

    assert (answer.status_code, answer.url) == (302, reverse("person", args=[ana.pk]))


@pytest.mark.parametrize("number", [0, 987_654, 10**30])
def test_nobody_behind_a_number_is_not_found(desk, number):
    assert desk.get(f"/people/{number}").status_code == 404


def test_people_are_for_signed_in_agents_only(client, ana):
    for name in ("person", "person-others", "person-merge", "person-apart"):
        answer = client.get(reverse(name, args=[ana.pk]))
        assert answer.status_code == 302
        assert reverse("sign-in") in answer.url


def test_the_page_costs_the_same_for_much_as_for_little(desk, ana, nils, bo, django_assert_max_num_queries):
    suggest(ana, nils)
    for day in range(12):
        make.received(
            "ana@example.com", f"Question {day} about lamp number {day}", at=make.NOW + timedelta(days=40 * day)
        )
    actions.keep_apart(customer=ana, other=nils, by=bo, now=timezone.now())

    with django_assert_max_num_queries(21):
        page(desk, ana, other="nils")


# ---- finding the other one -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["nils karl", "NILS@example.org", "HP-9000", "+44 7700 900777", "07700 900777", "#{id}", "/people/{id}"]
)
def test_somebody_is_found_by_name_address_number_order_or_person_number(desk, ana, nils, words):
    first = Identity.objects.filter(customer=nils).earliest("pk")
    Identity.objects.create(
        customer=nils, scheme="tel", value="+447700900777", level="claimed", first_seen_at=make.NOW,
        last_seen_at=make.NOW, decision=first.decision,
    )  # fmt: skip

    answer = desk.get(reverse("person-others", args=[ana.pk]), {"other": words.format(id=nils.pk)})

    assert reverse("person-beside", args=[ana.pk, nils.pk]) in answer.content.decode()


def test_the_person_themself_is_not_offered(desk, ana):
    answer = desk.get(reverse("person-others", args=[ana.pk]), {"other": "ana@example.com"})

    assert "Nobody fits" in answer.content.decode()


def test_the_page_finds_somebody_without_scripts(desk, ana, nils):
    assert reverse("person-beside", args=[ana.pk, nils.pk]) in page(desk, ana, other="nils")


# ---- one or two ------------------------------------------------------------------------------------------------


def test_two_people_are_compared_strand_by_strand_before_anything_is_decided(desk, ana, nils):
    suggest(ana, nils)

    answer = desk.get(reverse("person-beside", args=[ana.pk, nils.pk]))
    shown = answer.content.decode()

    assert "One person, or two?" in shown
    assert "13 to 1" in shown
    assert 'data-says="against"' in shown
    assert "ana@example.com" in shown
    assert "nils@example.org" in shown


def test_looking_at_both_costs_few_queries(desk, ana, nils, django_assert_max_num_queries):
    with django_assert_max_num_queries(19):  # one of them writes down who looked
        desk.get(reverse("person-beside", args=[ana.pk, nils.pk]))


def test_nobody_is_compared_with_themself(desk, ana):
    answer = desk.get(reverse("person-beside", args=[ana.pk, ana.pk]))

    assert answer.status_code == 422
    assert "one and the same person" in answer.content.decode()


def test_joining_keeps_the_one_known_longer_and_offers_undo(desk, ana, nils):
    answer = desk.post(reverse("person-merge", args=[nils.pk]), {"other": ana.pk})

    event = Event.objects.get(verb="customers_merged", agent__isnull=False)
    assert answer.url == reverse("person", args=[ana.pk])
    assert (event.facts["from"], event.facts["into"]) == (nils.pk, ana.pk)
    assert reverse("event-undo", args=[event.pk]) in page(desk, ana)


def test_keeping_apart_is_written_down_and_offers_undo(desk, ana, nils):
    answer = desk.post(reverse("person-apart", args=[ana.pk]), {"other": nils.pk})

    event = Event.objects.get(verb="kept_apart")
    assert answer.url == reverse("person", args=[ana.pk])
    assert IdentityLink.objects.get(superseded_at=None).standing == "apart"
    assert "Not the same as" in page(desk, ana)
    assert event.agent == make.agent()


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("{id}", "one and the same person"),
        ("", "Choose the other person"),
        ("99999", "no such person"),
        ("x", "no such person"),
    ],
)
def test_what_can_not_be_joined_is_refused_in_words_and_changes_nothing(desk, ana, other, words):
    answer = desk.post(reverse("person-merge", args=[ana.pk]), {"other": other.format(id=ana.pk)})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Event.objects.filter(verb="customers_merged").exists()


def test_undoing_a_merge_at_the_desk_brings_the_person_back(desk, ana, nils):
    desk.post(reverse("person-merge", args=[ana.pk]), {"other": nils.pk})
    event = Event.objects.get(verb="customers_merged")

    desk.post(reverse("event-undo", args=[event.pk]), {"next": reverse("person", args=[ana.pk])})

    nils.refresh_from_db()
    assert nils.merged_into is None
    assert Journey.objects.filter(customer=nils).exists()


def test_a_merge_by_a_rule_can_be_undone_at_the_desk_too(desk, ana, nils):
    desk.post(reverse("person-merge", args=[ana.pk]), {"other": nils.pk})
    told = Event.objects.get(verb="customers_merged")
    by_rule = Event(verb="customers_merged", at=told.at, customer_id=told.customer_id, facts=told.facts)
    by_rule.save()
    assert reverse("event-undo", args=[by_rule.pk]) in page(desk, ana)

    desk.post(reverse("event-undo", args=[by_rule.pk]))

    nils.refresh_from_db()
    assert nils.merged_into is None
