"""Who is who: two people found to be one, or kept apart."""

from django.db.models import Q, QuerySet

from threadline.accounts.models import Decision, Event
from threadline.core.identity.people import NAMES_KEPT
from threadline.customers.models import Customer, Identity, IdentityLink
from threadline.customers.queries import standing
from threadline.customers.recognition import best_name
from threadline.interactions.models import Fact, Interaction
from threadline.journeys.changes.places import part
from threadline.journeys.changes.registry import changes, undoes
from threadline.journeys.models import Journey
from threadline.journeys.parting import part_mixed
from threadline.lib.errors import ThreadlineError


@changes("customers_merged")
def merge(event: Event) -> None:
    facts = event.facts
    _link(event, IdentityLink.Standing.SAME, facts["reason"])
    _move_identities(facts["identities"], out_of=facts["from"], into=facts["into"])
    Customer.objects.filter(pk=facts["from"]).update(merged_into=facts["into"])
    Journey.objects.filter(pk__in=facts["journeys"]).update(customer=facts["into"])
    _share_names(Customer.objects.get(pk=facts["from"]), Customer.objects.get(pk=facts["into"]))


@undoes("customers_merged")
def unmerge(event: Event) -> None:
    """Handles, and the stories told through them, go back; also when the survivor has become part of another since."""
    facts = event.facts
    kept = standing(facts["into"])
    _part_joined(event, facts["journeys"])
    Customer.objects.filter(pk=facts["from"]).update(merged_into=None)
    _move_identities(facts["identities"], out_of=kept.pk, into=facts["from"])
    Journey.objects.filter(pk__in=facts["journeys"], customer=kept).update(customer=facts["from"])
    part_mixed(kept.pk, facts["from"], at=event.at)
    for person in (kept, Customer.objects.get(pk=facts["from"])):
        _forget_names(person)
    _link(event, IdentityLink.Standing.APART, "Taken apart again: they are two people.")


@changes("kept_apart")
def keep_apart(event: Event) -> None:
    _link(event, IdentityLink.Standing.APART, event.facts["reason"])


@undoes("kept_apart")
def allow_again(event: Event) -> None:
    """Nobody says any more that they are two; what stood before is written down anew."""
    said = Event.objects.get(pk=event.pk)
    left, right = _handles(event)
    between = _links_between(left.customer_id, right.customer_id)
    before = between.filter(superseded_at=said.at).order_by("pk").last()
    between.filter(standing=IdentityLink.Standing.APART, superseded_at=None).update(superseded_at=event.at)
    if before is not None:
        reason = f"As before it was kept apart: {before.decision.reason}"
        _write_link(event, left, right, before.standing, before.bits, reason)


def _move_identities(handles: list[list[str]], *, out_of: int, into: int) -> None:
    for scheme, value in handles:
        if not Identity.objects.filter(customer=into, scheme=scheme, value=value).exists():
            Identity.objects.filter(customer=out_of, scheme=scheme, value=value).update(customer=into)


def _share_names(gone: Customer, kept: Customer) -> None:
    """The survivor is known by the names of both, so that rules recognise either."""
    kept.names = [*kept.names, *(name for name in gone.names if name not in kept.names)][:NAMES_KEPT]
    kept.name = best_name(kept.names)
    kept.anchored = kept.anchored or gone.anchored
    kept.save(update_fields=["names", "name", "anchored"])


def _forget_names(person: Customer) -> None:
    """Only names that the person's own touches showed or said stay."""
    own = Interaction.objects.filter(identity__customer=person)
    shown = set(own.filter(name__in=[name.lstrip("~") for name in person.names]).values_list("name", flat=True))
    said = set(Fact.objects.filter(name="name", interaction__in=own).values_list("value", flat=True))
    person.names = [name for name in person.names if name.lstrip("~") in shown | said] or person.names
    person.name = best_name(person.names)
    person.save(update_fields=["names", "name"])


def _part_joined(event: Event, moved: list[int]) -> None:
    """Stories that rules joined because their people had become one are two again."""
    since = Event.objects.filter(Q(journey_id__in=moved) | Q(customer_id=event.facts["into"]), pk__gt=event.pk)
    undone = set(since.filter(verb="undone", facts__of="joined").values_list("facts__event", flat=True))
    for first in since.filter(verb="joined", agent=None).exclude(pk__in=undone).order_by("-pk"):
        if (first.journey_id in moved) != (first.facts["into"] in moved):
            part(Event(at=event.at, agent_id=event.agent_id, journey_id=first.journey_id, facts=first.facts))


def _link(event: Event, standing: str, reason: str) -> None:
    """Write down what an agent says about two people, between their first handles."""
    left, right = _handles(event)
    _links_between(left.customer_id, right.customer_id).filter(superseded_at=None).update(superseded_at=event.at)
    _write_link(event, left, right, standing, 40.0 if standing == IdentityLink.Standing.SAME else -40.0, reason)


def _links_between(one: int, other: int) -> QuerySet[IdentityLink]:
    """Whatever was said about the two people, through any of their handles."""
    return IdentityLink.objects.filter(
        Q(left__customer=one, right__customer=other) | Q(left__customer=other, right__customer=one)
    )


def _write_link(event: Event, left: Identity, right: Identity, standing: str, bits: float, reason: str) -> None:
    decision = Decision.objects.create(
        kind="link", reason=reason, confidence=1, by="agent", agent_id=event.agent_id, at=event.at
    )
    IdentityLink.objects.create(left=left, right=right, standing=standing, bits=bits, decision=decision, at=event.at)


def _handles(event: Event) -> tuple[Identity, Identity]:
    """The handles of the two people between which links are written."""
    facts = event.facts
    left = _handle(facts["from"], facts["link"][0])
    right = _handle(facts["into"], facts["link"][1])
    if left is None or right is None or left == right:
        raise ThreadlineError(
            f"Customer {facts['from']} or {facts['into']} has no handle any more. Look them up again."
        )
    return left, right


def _handle(customer: int, key: list[str]) -> Identity | None:
    """The handle of this key where this person holds it, else the first that they hold."""
    held = Identity.objects.filter(customer=standing(customer)).order_by("pk")
    named = held.filter(scheme=key[0], value=key[1]).first() if key else None
    return named or held.first()
