"""Replaying the ledger rebuilds everything behind it, including what people decided."""

from datetime import timedelta
from random import Random

import pytest

from tests import make
from threadline.customers.models import Customer, Identity, IdentityLink
from threadline.interactions.models import Delivery, Fact, IntakeEntry, Interaction, Thread
from threadline.journeys import actions
from threadline.journeys.actions import promises
from threadline.journeys.actions.reply import Way
from threadline.journeys.models import Clock, Journey, Membership, Note
from threadline.journeys.replay import replay

pytestmark = pytest.mark.django_db(transaction=True)
LATER = make.NOW + timedelta(days=1)


def test_a_replay_gives_the_same_customers_journeys_and_decisions_of_people():
    a_busy_day()
    before = snapshot()

    replay()

    assert snapshot() == before


def test_a_replay_keeps_the_delivery_of_what_was_sent():
    touch = make.received()
    sent = answer(make.journey_of(touch))
    Delivery.objects.filter(pk=sent.pk).update(state="sent", provider_id="kept")

    replay()

    assert Delivery.objects.get(pk=sent.pk).provider_id == "kept"


def test_a_second_replay_changes_nothing():
    a_busy_day()
    replay()
    before = snapshot()

    replay()

    assert snapshot() == before


@pytest.mark.parametrize("seed", range(3))
def test_everything_delivered_once_more_in_any_order_changes_nothing(seed: int):
    a_busy_day()
    before = snapshot()
    delivered = list(IntakeEntry.objects.exclude(source="desk").values_list("payload", flat=True))

    for item in Random(seed).sample(delivered, len(delivered)):
        make.entry(item)
    make.process()

    assert snapshot() == before
    assert IntakeEntry.objects.filter(verdict="duplicate").count() == len(delivered)


def a_busy_day() -> None:
    bo = make.agent()
    make.promised()
    kettle = make.received(
        {"email": "ana@example.com", "display_name": "Ana Karlsson"}, "My kettle leaks, order HP-4711."
    )
    make.received({"handle": "ana_k", "display_name": "Ana Karlsson"}, "kettle HP-4711 leaks", kind="x", public=True)
    lamp = make.received("ana@example.com", "Something else: do you sell shades for the Fulmar lamp?")
    stranger = make.received("+447700900155", "A caller asks about the shop's opening hours.", kind="phone")
    zoe = make.received("zoe@example.com", "Where is my parcel? Order HP-9000.")
    story, shop = make.journey_of(kettle), make.journey_of(stranger)
    answer(story)
    actions.note(journey=story, text="She was very kind.", by=bo, now=LATER)
    moved = actions.move(interaction=lamp, to=None, by=bo, now=LATER)
    actions.snooze(journey=shop, until=LATER + timedelta(days=2), by=bo, now=LATER)
    actions.assign(journey=story, owner=bo, team=make.team(), by=bo, now=LATER)
    actions.merge_customers(
        customer=Customer.objects.get(pk=make.customer_of(stranger)),
        into=Customer.objects.get(pk=make.customer_of(zoe)),
        by=bo,
        now=LATER,
    )
    actions.join(journey=shop, into=make.journey_of(zoe), by=bo, now=LATER)
    actions.undo(event=moved, by=bo, now=LATER)
    promises.watch(now=LATER)
    make.received("zoe@example.com", "Hello? My parcel HP-9000?", at=LATER + timedelta(hours=1))


def answer(journey: Journey) -> Interaction:
    thread = Thread.objects.filter(channel__kind="email", interactions__memberships__journey=journey).first()
    assert thread is not None, "the story has a mail thread"
    way = Way(thread.channel, thread.reply_address, thread)
    return actions.reply(journey=journey, text="We send a new one today.", way=way, by=make.agent(), now=LATER)


def snapshot() -> dict[str, list[tuple]]:
    """Everything behind the ledger, without the numbers of rows that nothing refers to."""
    members = Membership.objects.filter(superseded_at=None)
    journey_columns = [field.attname for field in Journey._meta.concrete_fields]
    clock_columns = [field.attname for field in Clock._meta.concrete_fields if not field.primary_key]
    touch_columns = ("pk", "thread", "kind", "direction", "at", "triage", "language", "identity__value", "author")
    return {
        "customers": list(Customer.objects.order_by("pk").values_list("pk", "name", "merged_into")),
        "identities": sorted(Identity.objects.values_list("customer", "scheme", "value", "level", "shared")),
        "links": sorted(IdentityLink.objects.values_list("left__value", "right__value", "standing")),
        "journeys": list(Journey.objects.order_by("pk").values_list(*journey_columns)),
        "members": sorted(members.values_list("interaction", "journey", "decision__reason")),
        "notes": list(Note.objects.order_by("pk").values_list("pk", "journey", "text")),
        "facts": sorted(Fact.objects.values_list("interaction", "name", "key")),
        "clocks": sorted(Clock.objects.values_list(*clock_columns), key=str),
        "touches": list(Interaction.objects.order_by("pk").values_list(*touch_columns)),
    }
