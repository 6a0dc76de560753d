"""Rows made by the thousand are the rows that Django itself would make."""

import pytest

from tests import make
from threadline.accounts.models import Decision, Event
from threadline.customers.models import Identity
from threadline.interactions.models import IntakeEntry, Interaction
from threadline.journeys.models import Journey, Membership
from threadline.lib.bulk import insert, made

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Decision, Event, Identity, IntakeEntry, Interaction, Journey, Membership])
def test_a_row_made_without_the_constructor_holds_the_same_values(model):
    fields = [field for field in model._meta.concrete_fields if not field.generated]

    ours, djangos = made(model), model()

    for field in fields:
        one, other = getattr(ours, field.attname), getattr(djangos, field.attname)
        assert type(one) is type(other), field.name
        assert field.has_db_default() or one == other, field.name


def test_rows_do_not_share_what_can_change():
    one, other = made(Decision), made(Decision)

    one.evidence["bits"] = 3

    assert other.evidence == {}


def test_related_rows_may_be_given_themselves():
    touch = make.received("ana@example.com", "The kettle leaks.")
    decision = made(Decision, kind="link", reason="Same number.", confidence=0.9, version="1", at=make.NOW)
    insert([decision])

    event = made(Event, verb="received", at=make.NOW, agent=None, interaction_id=touch.pk, facts={"why": decision.pk})
    insert([event])
    identity = made(Identity, customer=touch.identity.customer, scheme="x", value="ana_k", level="observed",
                    first_seen_at=make.NOW, last_seen_at=make.NOW, decision=decision)  # fmt: skip
    insert([identity])

    kept = Identity.objects.get(pk=identity.pk)
    assert (kept.customer, kept.decision) == (touch.identity.customer, decision)
    assert Event.objects.get(pk=event.pk).agent is None
