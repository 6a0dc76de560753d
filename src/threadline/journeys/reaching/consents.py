"""What people said of being written to: yes or no over a channel, with how we know. The newest word holds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event
from threadline.customers.models import Customer, Identity
from threadline.journeys.models import Consent
from threadline.lib.errors import ThreadlineError

Key = tuple[str, str, str]  # scheme, address, kind of channel


@transaction.atomic
def say(*, identity: Identity, kind: str, allowed: bool, evidence: str, by: Agent, now: datetime) -> Event:
    """Write down what somebody said of an address of theirs.

    Raises:
        ThreadlineError: nobody says how we know.
    """
    evidence = " ".join(evidence.split())[:240]
    if not evidence:
        raise ThreadlineError("Say how we know, such as “said on the phone on 3 March”.")
    where = {"scheme": identity.scheme, "address": identity.value, "kind": kind}
    Consent.objects.select_for_update().filter(**where, taken_back_at=None).update(taken_back_at=now)
    row = Consent.objects.create(**where, allowed=allowed, evidence=evidence, agent=by, at=now)
    facts: dict[str, Any] = {"consent": row.pk, "kind": kind, "allowed": allowed, "name": identity.value}
    return record("consent_said", at=now, by=by, customer_id=identity.customer_id, **facts)


@transaction.atomic
def take_back(*, consent: Consent, customer: Customer, by: Agent, now: datetime) -> Event:
    """It was not so. What stood before it holds again."""
    row = Consent.objects.select_for_update().get(pk=consent.pk)
    if row.taken_back_at is not None:
        raise ThreadlineError("That was taken back already.")
    row.taken_back_at = now
    row.save(update_fields=["taken_back_at"])
    before = Consent.objects.filter(scheme=row.scheme, address=row.address, kind=row.kind, taken_back_at=row.at).last()
    if before is not None:
        before.taken_back_at = None
        before.save(update_fields=["taken_back_at"])
    facts: dict[str, Any] = {"consent": row.pk, "kind": row.kind, "name": row.address}
    return record("consent_taken_back", at=now, by=by, customer_id=customer.pk, **facts)


def standing(keys: Iterable[Key]) -> dict[Key, Consent]:
    """What holds for these. Cost: one query."""
    wanted = set(keys)
    found = Consent.objects.filter(taken_back_at=None, address__in={address for _, address, _ in wanted})
    rows = {(row.scheme, row.address, row.kind): row for row in found.select_related("agent")}
    return {key: rows[key] for key in wanted if key in rows}


def silent(scheme: str, address: str, kind: str) -> bool:
    """They asked not to be written to there."""
    return Consent.objects.filter(scheme=scheme, address=address, kind=kind, allowed=False, taken_back_at=None).exists()
