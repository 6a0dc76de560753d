"""The main job: one experience over several channels becomes one journey."""

from datetime import timedelta
from typing import Any

import pytest

from tests import make
from threadline.accounts.models import Event
from threadline.config.sample_company import empty
from threadline.customers.models import Customer
from threadline.interactions.models import Fact, IntakeEntry, Interaction
from threadline.journeys import pipeline
from threadline.journeys.models import Journey, Membership

pytestmark = pytest.mark.django_db


def test_a_tweet_and_a_call_about_the_emailed_kettle_join_the_same_journey():
    mail = make.received(
        {"email": "ana@example.com", "display_name": "Ana Karlsson"},
        "The Tern kettle I bought leaks. Order HP-4711.\n\nAna Karlsson\n+44 7700 900142",
        subject="Leaking kettle",
    )
    tweet = make.received(
        {"handle": "ana_k", "user_id": "77", "display_name": "Ana Karlsson"},
        "@harbourpine still no answer about my leaking kettle, order HP-4711!",
        kind="x",
        public=True,
    )
    call = make.received("+447700900142", "Ana Karlsson asks about her kettle, order HP-4711.", kind="phone")

    journeys = {make.journey_of(touch).pk for touch in (mail, tweet, call)}

    assert len(journeys) == 1
    assert "HP-4711" in make.why(tweet) or "order" in make.why(tweet).lower()
    assert {make.customer_of(touch) for touch in (mail, tweet, call)} == {make.customer_of(mail)}


def test_the_clock_of_the_wait_starts_once_and_is_not_restarted_by_another_channel():
    mail = make.received("ana@example.com", at=make.NOW)
    make.received("ana@example.com", "Any news about the kettle?", at=make.NOW + timedelta(hours=5))

    journey = make.journey_of(mail)

    assert journey.status == Journey.Status.OPEN
    assert journey.waiting_since == make.NOW


def test_every_touch_is_announced_with_its_journey():
    touch = make.received()

    event = Event.objects.get(interaction_id=touch.pk)

    assert (event.verb, event.journey_id) == ("received", make.journey_of(touch).pk)


def test_the_order_number_becomes_a_fact_with_its_reason():
    touch = make.received()

    fact = Fact.objects.get(interaction=touch, name="order")

    assert fact.value.endswith("4711")
    assert fact.decision.reason


def test_one_item_seen_twice_is_stored_once_and_the_second_names_the_first():
    item = make.payload()
    first, second = make.entry(item), make.entry(item)

    make.process()

    second.refresh_from_db()
    assert Interaction.objects.count() == 1
    assert (second.verdict, second.duplicate_of_id) == ("duplicate", first.pk)


def test_a_poisoned_entry_is_quarantined_with_a_reason_and_the_others_go_through():
    before = make.entry(make.payload())
    poison = make.entry({"id": "x", "channel": "email", "endpoint": make.ADDRESSES["email"], "at": "yesterday"})
    after = make.entry(make.payload("zoe@example.com", "Where is my lamp?"))

    make.process()

    poison.refresh_from_db()
    assert poison.verdict == IntakeEntry.Verdict.QUARANTINED
    assert "yesterday" in poison.reason
    assert set(Interaction.objects.values_list("pk", flat=True)) == {before.pk, after.pk}


@pytest.mark.django_db(transaction=True)
def test_the_size_of_a_batch_makes_no_difference():
    items = [
        make.payload("ana@example.com", "My kettle leaks, order HP-4711. Call me on +44 7700 900142."),
        make.payload({"handle": "ana_k"}, "my kettle, order HP-4711, still leaks", kind="x", public=True),
        make.payload("zoe@example.com", "Where is my lamp? Order HP-9000."),
        make.payload("+447700900142", "Ana asks about order HP-4711.", kind="phone"),
        make.payload("ana@example.com", "Separate thing: do you sell oven gloves?"),
    ]

    one_by_one, all_at_once = shape_after(items, at_once=1), shape_after(items, at_once=100)

    assert one_by_one == all_at_once
    assert len(one_by_one) >= 2


@pytest.mark.django_db(transaction=True)
def test_a_batch_knows_whom_its_people_may_be_and_whom_those_may_be():
    ana, mobile, work = {"email": "ana@example.com"}, "+447700900123", "+447700900456"
    items = [
        hours_later(0, ana, "You can reach me on 07700 900123"),
        hours_later(740, mobile, "The grinder squeaks. You can reach me on 07700 900456"),
        hours_later(1500, work, "My kettle leaks. Order HP-4711."),
        hours_later(760, ana, "The grinder squeaks."),
        hours_later(1510, ana, "My kettle leaks. Still."),
    ]

    assert merged_after(items, 1, 1, 1, 1, 1) == [1, 2]
    assert merged_after(items, 1, 1, 1, 2) == [1, 2]
    assert merged_after(items, 5) == [1, 2]


def hours_later(hours: int, sender: str | dict[str, str], text: str) -> dict[str, Any]:
    return make.payload(
        sender, text, kind="email" if isinstance(sender, dict) else "phone", at=make.NOW + timedelta(hours=hours)
    )


def merged_after(items: list[dict[str, Any]], *batches: int) -> list[int]:
    """Which of these items' senders became part of an older customer, after they came in batches of these sizes."""
    empty()
    for item in items:
        make.entry(item)
    for size in batches:
        pipeline.process_pending(size)
    came = enumerate(Customer.objects.order_by("pk"))
    return [place for place, customer in came if customer.merged_into_id]


def shape_after(items: list[dict[str, Any]], *, at_once: int) -> set[frozenset[str]]:
    """The journeys as sets of items, after processing so many at once."""
    empty()
    for item in items:
        make.entry(item)
    while pipeline.process_pending(at_once):
        continue
    members = Membership.objects.filter(superseded_at=None)
    journeys: dict[int, set[str]] = {}
    for journey, key in members.values_list("journey", "interaction__once_key"):
        journeys.setdefault(journey, set()).add(key)
    return {frozenset(keys) for keys in journeys.values()}
