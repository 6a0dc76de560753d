"""What the database does allow: claims by many, and superseding instead of editing."""

import pytest

from tests import make
from tests.invariants import world
from tests.invariants.world import again
from threadline.customers.models import Identity, IdentityLink
from threadline.interactions.models import IntakeEntry
from threadline.journeys.models import Membership

pytestmark = pytest.mark.django_db


def test_one_and_the_same_claim_may_be_made_by_many():
    ana = make.customer_of(make.received("ana@example.com"))
    zoe = make.customer_of(make.received("zoe@example.org", "Where is my lamp?"))

    for customer in (ana, zoe):
        world.run(again(Identity, level="'claimed'", value="'+447700900199'", customer_id=str(customer)))

    assert Identity.objects.filter(value="+447700900199", level="claimed").count() == 2


def test_a_membership_a_link_and_a_verdict_may_change_where_a_change_of_mind_needs_it():
    world.build()

    world.run("update journeys_membership set superseded_at = now() where superseded_at is null")
    world.run("update customers_identitylink set superseded_at = now() where superseded_at is null")
    world.run("update interactions_intakeentry set verdict = 'quarantined', reason = 'Odd.'")

    assert not Membership.objects.filter(superseded_at=None).exists()
    assert not IdentityLink.objects.filter(superseded_at=None).exists()
    assert set(IntakeEntry.objects.values_list("verdict", flat=True)) == {"quarantined"}
