"""Who is who: merging two customers and keeping two apart. Both can be undone."""

from datetime import datetime

from django.db import transaction

from threadline.accounts.models import Agent, Event
from threadline.customers.models import Customer, Identity
from threadline.journeys.actions.ruling import rule
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError


@transaction.atomic
def merge_customers(*, customer: Customer, into: Customer, by: Agent, now: datetime) -> Event:
    """These two are one person: handles and journeys of `customer` move to `into`; the old id redirects for ever."""
    hold_pipeline()
    _check_pair(customer, into)
    handles = list(Identity.objects.filter(customer=customer).values_list("scheme", "value").order_by("pk"))
    facts = {
        "from": customer.pk,
        "into": into.pk,
        "identities": [list(handle) for handle in handles],
        "journeys": list(Journey.objects.filter(customer=customer).order_by("pk").values_list("pk", flat=True)),
        "link": [_first_handle(customer), _first_handle(into)],
        "reason": f"{by} says that they are one person.",
    }
    return rule("customers_merged", facts, by=by, now=now, customer_id=into.pk)


@transaction.atomic
def keep_apart(*, customer: Customer, other: Customer, by: Agent, now: datetime) -> Event:
    """These two are not one person, for ever: no rule joins or suggests them again."""
    hold_pipeline()
    _check_pair(customer, other)
    facts = {
        "from": customer.pk,
        "into": other.pk,
        "link": [_first_handle(customer), _first_handle(other)],
        "reason": f"{by} says that they are two people.",
    }
    return rule("kept_apart", facts, by=by, now=now, customer_id=customer.pk)


def _check_pair(customer: Customer, other: Customer) -> None:
    if customer.pk == other.pk:
        raise ThreadlineError("This is one and the same person. Choose another one.")
    for person in (customer, other):
        person.refresh_from_db()
        if person.merged_into_id is not None:
            raise ThreadlineError(f"{person} was merged into person {person.merged_into_id} before. Open that one.")


def _first_handle(customer: Customer) -> list[str]:
    handle = Identity.objects.filter(customer=customer).order_by("pk").values_list("scheme", "value").first()
    if handle is None:
        raise ThreadlineError(f"{customer} has no handle left, so there is nothing to decide about.")
    return list(handle)
