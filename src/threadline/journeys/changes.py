"""What people do to journeys, as functions of the recorded Event alone.

An action (actions/) checks, records an Event and calls `apply`. A replay calls `apply` for the same Events in the same
places, so both can not differ: everything a change needs stands in the Event's facts.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.dateparse import parse_datetime

from threadline.accounts.models import Decision, Event
from threadline.core.identity.people import NAMES_KEPT
from threadline.customers.models import Customer, Identity, IdentityLink
from threadline.customers.queries import standing
from threadline.customers.recognition import best_name
from threadline.interactions.models import Fact, Interaction
from threadline.journeys.clocks import tell_clocks, up_to_date
from threadline.journeys.models import Clock, Journey, JourneyQuerySet, Membership, Mention, Note
from threadline.journeys.naming import RENAMED, Renames, rename_in_stories
from threadline.journeys.parting import part_mixed
from threadline.journeys.placing import new_journey, place, refresh
from threadline.journeys.summary import members, spoken, turn, waits_again, waits_for_them
from threadline.lib.errors import ThreadlineError

Change = Callable[[Event], None]
CHANGES: dict[str, Change] = {}
UNDOES: dict[str, Change] = {}
STATUS_VERBS = ("snoozed", "waited", "done", "reopened")
MOVES_CLOCKS = {*STATUS_VERBS, "woken", "assigned"}
STATUS_MOMENTS = ("waiting_since", "wake_at", "closed_at", "ruled_at", "settled_at")


def apply(event: Event) -> None:
    """Carry out one recorded event. Verbs that only tell what happened change nothing here."""
    change = CHANGES.get(event.verb)
    if change:
        change(event)
    if event.journey_id is not None and {event.verb, event.facts.get("of")} & MOVES_CLOCKS:
        tell_clocks([event.journey_id])


def changes(verb: str) -> Callable[[Change], Change]:
    def register(function: Change) -> Change:
        CHANGES[verb] = function
        return function

    return register


def undoes(verb: str) -> Callable[[Change], Change]:
    def register(function: Change) -> Change:
        UNDOES[verb] = function
        return function

    return register


def concerned(event: Event) -> JourneyQuerySet:
    """The journey that the event is about, as a query."""
    assert event.journey_id is not None, "these events are about a journey"
    return Journey.objects.filter(pk=event.journey_id)


def locked(event: Event) -> Journey:
    return concerned(event).select_for_update().get()


# ---- whose turn, who works on it -------------------------------------------------------------------------------


@changes("assigned")
def assign(event: Event) -> None:
    owner, team = event.facts["owner"], event.facts["team"]
    concerned(event).update(owner=owner, team=team)


@undoes("assigned")
def unassign(event: Event) -> None:
    before = event.facts["before"]
    concerned(event).update(owner=before["owner"], team=before["team"])


@changes("snoozed")
def snooze(event: Event) -> None:
    journey = locked(event)
    journey.status, journey.wake_at = Journey.Status.SNOOZED, parse_datetime(event.facts["until"])
    journey.save(update_fields=["status", "wake_at"])


@changes("woken")
def wake(event: Event) -> None:
    journey = locked(event)
    waits_again(journey, event.at)
    journey.save(update_fields=["status", "wake_at", "waiting_since"])


@changes("waited")
def wait(event: Event) -> None:
    journey = locked(event)
    _rule(journey, event, Journey.Status.WAITING)


@changes("done")
def finish(event: Event) -> None:
    journey = locked(event)
    journey.closed_at, journey.outcome = event.at, event.facts.get("outcome", "")[:120] or journey.outcome
    _rule(journey, event, Journey.Status.DONE)


@changes("reopened")
def reopen(event: Event) -> None:
    journey = locked(event)
    journey.status, journey.wake_at, journey.closed_at = Journey.Status.OPEN, None, None
    journey.waiting_since = event.at
    journey.save(update_fields=["status", "wake_at", "closed_at", "waiting_since"])


def _rule(journey: Journey, event: Event, status: str) -> None:
    waits_for_them(journey, event.at, status=status)
    journey.save(update_fields=["status", "waiting_since", "wake_at", "ruled_at", "settled_at", "closed_at", "outcome"])


@undoes("snoozed")
@undoes("waited")
@undoes("done")
@undoes("reopened")
def restore_status(event: Event) -> None:
    """Back to the status before, as the event remembers it; what was said since then counts on top."""
    journey, before = locked(event), event.facts["before"]
    for name in STATUS_MOMENTS:
        setattr(journey, name, parse_datetime(before[name]) if before[name] else None)
    journey.status, journey.outcome = before["status"], before.get("outcome", journey.outcome)
    done_at = Event.objects.get(pk=event.pk).at
    for touch in members([journey.pk])[journey.pk]:
        if touch.at > done_at:
            turn(journey, spoken(touch, first=False))
    journey.save(update_fields=["status", "outcome", *STATUS_MOMENTS])


@changes("intent_set")
def set_intent(event: Event) -> None:
    concerned(event).update(intent=event.facts["intent"][:120])


@undoes("intent_set")
def restore_intent(event: Event) -> None:
    concerned(event).update(intent=Renames().today(event.facts["before"], since=event.pk))


@changes(RENAMED)
def rename_intents(event: Event) -> None:
    rename_in_stories(event.facts["became"])


@changes("noted")
def note(event: Event) -> None:
    assert event.agent_id is not None, "notes are written by agents"
    assert event.journey_id is not None, "on a journey"
    Note.objects.create(
        pk=event.pk, journey_id=event.journey_id, agent_id=event.agent_id, text=event.facts["text"], at=event.at
    )
    Mention.objects.bulk_create(
        Mention(note_id=event.pk, journey_id=event.journey_id, agent_id=agent)
        for agent in event.facts.get("mentions", [])
    )


@changes("mentions_seen")
def see_mentions(event: Event) -> None:
    assert event.agent_id is not None, "somebody has seen them"
    Mention.objects.filter(journey__in=concerned(event), agent=event.agent_id, seen_at=None).update(seen_at=event.at)


@changes("taken_back")
def take_back(event: Event) -> None:
    """An answer that had not gone out yet leaves the story as if it had not been written."""
    assert event.journey_id is not None, "an answer is taken out of a journey"
    member = Membership.objects.filter(interaction=event.facts["interaction"], superseded_at=None)
    member.update(superseded_at=event.at)
    refresh([event.journey_id])


# ---- promises --------------------------------------------------------------------------------------------------


@changes("promise_warned")
def warned(event: Event) -> None:
    _clock(event).update(warned_at=event.at, next_at=F("due_at"))


@changes("promise_broken")
def broken(event: Event) -> None:
    _clock(event).update(broken_at=F("due_at"), next_at=None)


@changes("told_when_closed")
def told_when_closed(event: Event) -> None:
    _clock(event).update(told_at=event.at)


def _clock(event: Event) -> QuerySet[Clock]:
    """The clock that an event is about: a story may have been told anew since, and its clock with it."""
    assert event.journey_id is not None, "clocks are those of a journey"
    up_to_date(event.journey_id)
    started = datetime.fromisoformat(event.facts["started"])
    found = Clock.objects.filter(journey=event.journey_id, started_at=started, met_at=None)
    return found.filter(kind="resolution") if event.facts["kind"] == "resolution" else found.exclude(kind="resolution")


# ---- what belongs where ----------------------------------------------------------------------------------------


@changes("moved")
@changes("split")
def move(event: Event) -> None:
    facts = event.facts
    if facts["to_is_new"]:
        new_journey(facts["to"], facts["from"], facts["interactions"])
    place(facts["interactions"], facts["to"], event, facts["reason"])
    refresh([facts["from"], facts["to"]])


@undoes("moved")
@undoes("split")
def move_back(event: Event) -> None:
    facts = event.facts
    place(facts["interactions"], facts["from"], event, "Put back where it was.")
    Journey.objects.filter(pk=facts["from"]).update(joined_into=None)
    if facts["to_is_new"] and not Membership.objects.filter(journey=facts["to"], superseded_at=None).exists():
        Journey.objects.filter(pk=facts["to"]).update(joined_into=facts["from"])
    refresh([facts["from"], facts["to"]])


@changes("kept_here")
def keep_here(event: Event) -> None:
    assert event.journey_id is not None, "a touch is kept in a journey"
    place(event.facts["interactions"], event.journey_id, event, event.facts["reason"])


@undoes("kept_here")
def ask_again(event: Event) -> None:
    """As before: on the word of whatever had put it there."""
    said = Event.objects.get(pk=event.pk)
    before = Membership.objects.filter(interaction__in=event.facts["interactions"], superseded_at=said.at)
    kept = {member.interaction_id: member for member in before.order_by("pk")}
    Membership.objects.filter(interaction__in=kept, superseded_at=None).update(superseded_at=event.at)
    for touch, member in kept.items():
        Membership.objects.create(
            interaction_id=touch, journey_id=member.journey_id, decision_id=member.decision_id, at=event.at
        )


@changes("joined")
def join(event: Event) -> None:
    facts = event.facts
    place(facts["interactions"], facts["into"], event, facts["reason"])
    concerned(event).update(joined_into=facts["into"])
    tell_clocks([*concerned(event).values_list("pk", flat=True), facts["into"]])
    refresh([facts["into"]])


@undoes("joined")
def part(event: Event) -> None:
    facts = event.facts
    assert event.journey_id is not None, "a join names the journey that was joined"
    concerned(event).update(joined_into=None)
    place(facts["interactions"], event.journey_id, event, "Taken apart again.")
    refresh([facts["into"], event.journey_id])


# ---- who is who ------------------------------------------------------------------------------------------------


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


# ---- undo ------------------------------------------------------------------------------------------------------


@changes("undone")
def undo(event: Event) -> None:
    """Reverse an earlier event, which keeps its place in the log; what the reversal writes is by who undid it."""
    first = Event.objects.get(pk=event.facts["event"])
    again = Event(
        pk=first.pk,
        verb=first.verb,
        at=event.at,
        agent_id=event.agent_id,
        journey_id=first.journey_id,
        customer_id=first.customer_id,
        facts=first.facts,
    )
    UNDOES[first.verb](again)
