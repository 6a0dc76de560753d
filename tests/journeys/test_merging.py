"""Merging people and taking them apart again: everything comes back, in whatever order it is asked for."""

from datetime import timedelta

import pytest

from tests import make
from threadline.accounts.models import Event
from threadline.customers.models import Customer, Identity, IdentityLink
from threadline.customers.queries import standing
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.journeys.models import Journey, Membership
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db

Shape = tuple[set[tuple[object, ...]], ...]


def person(sender: str, text: str, name: str = "") -> Customer:
    return Customer.objects.get(pk=make.customer_of(make.received(sender, text, name=name)))


def shape() -> Shape:
    """Who holds what, whose the stories are, where every touch stands, and how everybody is called."""
    return (
        set(Identity.objects.values_list("scheme", "value", "customer", "level", "shared")),
        set(Journey.objects.values_list("pk", "customer", "joined_into", "status", "waiting_since", "touches")),
        set(Membership.objects.filter(superseded_at=None).values_list("interaction", "journey")),
        {(c.pk, c.name, tuple(c.names), c.merged_into_id) for c in Customer.objects.all()},
    )


def merge(customer: Customer, into: Customer, minutes: int = 0) -> Event:
    now = make.NOW + timedelta(days=1, minutes=minutes)
    return actions.merge_customers(customer=customer, into=into, by=make.agent(), now=now)


def undo(event: Event, minutes: int = 30) -> Event:
    return actions.undo(event=event, by=make.agent(), now=make.NOW + timedelta(days=1, minutes=minutes))


@pytest.fixture
def ana() -> Customer:
    return person("ana@example.com", "The kettle leaks. Order HP-4711.", "Ana Karlsson")


@pytest.fixture
def nils() -> Customer:
    return person("nils@example.org", "Where is my lamp? Order HP-9000.", "Nils Karlsson")


@pytest.fixture
def zoe() -> Customer:
    return person("zoe@example.net", "Do you sell oven gloves in red?", "Zoe Abara")


def test_merging_moves_handles_and_stories_and_the_old_number_leads_to_the_survivor(ana, nils):
    story = Journey.objects.get(customer=nils)

    merge(nils, ana)

    story.refresh_from_db()
    assert story.customer == ana
    assert not Identity.objects.filter(customer=nils).exists()
    assert standing(nils.pk) == ana
    assert "Nils Karlsson" in Customer.objects.get(pk=ana.pk).names


def test_taking_apart_restores_handles_stories_and_names_exactly_and_writes_down_that_they_are_two(ana, nils):
    before = shape()
    merged = merge(nils, ana)

    undone = undo(merged)

    assert shape() == before
    link = IdentityLink.objects.get(superseded_at=None)
    assert (link.standing, link.decision.agent) == ("apart", make.agent())
    assert (undone.verb, undone.customer_id) == ("undone", ana.pk)


def test_a_merge_of_a_merge_is_taken_apart_in_the_order_of_doing(ana, nils, zoe):
    before = shape()
    first = merge(zoe, nils)
    middle = shape()
    second = merge(nils, ana, minutes=5)

    undo(second)

    assert shape() == middle
    undo(first, minutes=40)
    assert shape() == before


def test_a_merge_of_a_merge_is_taken_apart_in_the_other_order_too(ana, nils, zoe):
    before = shape()
    first = merge(zoe, nils)
    second = merge(nils, ana, minutes=5)

    undo(first)

    assert standing(zoe.pk) == zoe
    assert standing(nils.pk) == ana
    assert set(Journey.objects.filter(customer=zoe).values_list("pk", flat=True)) == {zoe.pk}
    undo(second, minutes=40)
    assert shape() == before


def test_two_merges_into_one_person_are_independent(ana, nils, zoe):
    before = shape()
    first = merge(nils, ana)
    second = merge(zoe, ana, minutes=5)

    undo(first)
    undo(second, minutes=40)

    assert shape() == before


def test_two_people_who_named_the_same_order_can_be_merged_and_taken_apart(ana):
    other = person("a.k@example.net", "Order HP-4711 is mine as well.", "Anders Kvist")
    assert other != ana
    before = shape()

    undo(merge(other, ana))

    assert shape() == before


def test_what_came_after_the_merge_goes_back_with_its_own_handle(ana, nils):
    merged = merge(nils, ana)
    late = make.received("nils@example.org", "Another thing: is your shop open on Sundays?")

    undo(merged)

    assert make.customer_of(late) == nils.pk
    assert make.journey_of(late).customer == nils


def test_what_one_person_said_in_the_others_story_goes_back_to_a_story_of_their_own(ana, nils):
    merged = merge(nils, ana)
    shared = make.received("nils@example.org", "Any news about the kettle that leaks? Order HP-4711.")
    assert make.journey_of(shared).pk == make.journey_of(first_touch(ana)).pk

    undo(merged)

    assert make.journey_of(shared).customer_id == nils.pk
    assert make.journey_of(first_touch(ana)).touches == 1
    assert Membership.objects.get(interaction=shared, superseded_at=None).decision.by == "rule"


def test_what_an_agent_put_into_the_others_story_stays_there_when_they_are_two_again(ana, nils):
    lamp, kettle = first_touch(nils), make.journey_of(first_touch(ana))
    merged = merge(nils, ana)
    actions.move(interaction=lamp, to=kettle, by=make.agent(), now=make.NOW + timedelta(days=1, minutes=1))

    undo(merged)

    assert make.journey_of(lamp).pk == kettle.pk


def first_touch(customer: Customer) -> Interaction:
    return Interaction.objects.filter(identity__customer=customer).earliest("at")


def test_stories_that_rules_joined_with_the_people_are_parted_with_them():
    mail = make.received("ana@example.com", "The Tern kettle leaks. Order HP-4711.", name="Ana Karlsson")
    tweet = make.received({"handle": "ana_k", "user_id": "7"}, "my kettle leaks", kind="x", public=True)
    before = (make.journey_of(mail).pk, make.journey_of(tweet).pk)
    survivor, gone = sorted({make.customer_of(mail), make.customer_of(tweet)})
    merged = merge(Customer.objects.get(pk=gone), Customer.objects.get(pk=survivor))
    old = Membership.objects.filter(journey=before[1], superseded_at=None)
    touches, why = list(old.values_list("interaction", flat=True)), old[0].decision
    old.update(superseded_at=make.NOW)
    for touch in touches:
        Membership.objects.create(interaction_id=touch, journey_id=before[0], decision=why, at=make.NOW)
    Journey.objects.filter(pk=before[1]).update(joined_into=before[0])
    facts = {"into": before[0], "interactions": touches, "reason": "One person, one kettle."}
    Event.objects.create(verb="joined", at=make.NOW, journey_id=before[1], customer_id=survivor, facts=facts)

    undo(merged)

    assert (make.journey_of(mail).pk, make.journey_of(tweet).pk) == before
    assert make.journey_of(tweet).customer_id == gone
    assert make.journey_of(tweet).joined_into is None


def test_a_merge_with_oneself_is_refused_in_words(ana):
    with pytest.raises(ThreadlineError, match="one and the same person"):
        merge(ana, ana)


def test_a_merge_can_be_undone_once(ana, nils):
    merged = merge(nils, ana)
    undo(merged)

    with pytest.raises(ThreadlineError, match="undone before"):
        undo(merged)


def test_keeping_apart_lasts_and_can_be_taken_back(ana, nils):
    kept = actions.keep_apart(customer=ana, other=nils, by=make.agent(), now=make.NOW)
    assert IdentityLink.objects.get(superseded_at=None).standing == "apart"

    undo(kept)

    assert not IdentityLink.objects.filter(superseded_at=None).exists()


def test_taking_back_that_two_are_apart_restores_the_suggestion_that_stood_before(ana, nils):
    left, right = (Identity.objects.filter(customer=each).earliest("pk") for each in (ana, nils))
    IdentityLink.objects.create(
        left=left, right=right, standing="suggested", bits=3.7, decision=left.decision, at=make.NOW
    )
    kept = actions.keep_apart(customer=nils, other=ana, by=make.agent(), now=make.NOW + timedelta(hours=1))

    undo(kept)

    link = IdentityLink.objects.get(superseded_at=None)
    assert (link.standing, link.bits) == ("suggested", 3.7)


def test_proof_takes_the_place_of_a_suggestion_between_two_people():
    sender = {"handle": "ana_k", "user_id": "7", "display_name": "Ana Karlsson"}
    mail = make.received(
        {"email": "ana@example.com", "display_name": "Ana Karlsson"}, "The Tern kettle I bought leaks. Order HP-4711."
    )
    tweet = make.received(sender, "hello!", kind="x", public=True)
    left, right = (Identity.objects.filter(customer=make.customer_of(each)).earliest("pk") for each in (mail, tweet))
    IdentityLink.objects.create(
        left=left, right=right, standing="suggested", bits=3.7, decision=left.decision, at=make.NOW
    )

    make.received(sender, "@harbourpine still no answer about my kettle, order HP-4711!", kind="x", public=True)

    assert standing(right.customer_id) == standing(left.customer_id)
    assert IdentityLink.objects.get(superseded_at=None).standing == "same"
    assert IdentityLink.objects.get(standing="suggested").superseded_at is not None
