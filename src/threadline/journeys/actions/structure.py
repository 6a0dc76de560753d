"""What belongs to which journey: move, split, join, and the undo of each."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from threadline.accounts.models import Agent, Event
from threadline.interactions.models import Interaction
from threadline.journeys.actions.ruling import rule, standing_journey
from threadline.journeys.changes import STATUS_VERBS, UNDOES
from threadline.journeys.fields.changes import VERB as FIELD_SET
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Journey, Membership
from threadline.lib.errors import ThreadlineError


def next_number() -> int:
    """A number for a journey or thread made by an agent, from the sequence of the ledger, so that ids never meet."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(pg_get_serial_sequence('interactions_intakeentry', 'id'))")
        return int(cursor.fetchone()[0])


@transaction.atomic
def move(*, interaction: Interaction, to: Journey | None, by: Agent, now: datetime) -> Event:
    """Put one touch into another journey, or, with `to=None`, into a new one of its own."""
    hold_pipeline()
    origin = home_of(interaction)
    if to is not None:
        standing_journey(to)
        if to.pk == origin.pk:
            raise ThreadlineError("This touch is already in that story. Choose another story.")
    facts = {
        "interactions": [interaction.pk],
        "from": origin.pk,
        "to": to.pk if to else next_number(),
        "to_is_new": to is None,
        "reason": f"{by} moved it here." if to else f"{by} began a new story with it.",
    }
    return rule("moved", facts, journey=origin, by=by, now=now)


@transaction.atomic
def split(*, journey: Journey, interactions: Sequence[Interaction], by: Agent, now: datetime) -> Event:
    """Make a new journey of some touches of this one."""
    hold_pipeline()
    standing_journey(journey)
    numbers = sorted(touch.pk for touch in interactions)
    here = set(Membership.objects.filter(journey=journey, superseded_at=None).values_list("interaction", flat=True))
    if not numbers:
        raise ThreadlineError("Choose at least one touch to split off.")
    if not here.issuperset(numbers):
        raise ThreadlineError(
            "Some of these touches are no longer in this story. Load the story again and choose anew."
        )
    if len(numbers) == len(here):
        raise ThreadlineError("These are all touches of the story. Leave at least one, or there is nothing to split.")
    facts = {
        "interactions": numbers,
        "from": journey.pk,
        "to": next_number(),
        "to_is_new": True,
        "reason": f"{by} split it off.",
    }
    return rule("split", facts, journey=journey, by=by, now=now)


@transaction.atomic
def join(*, journey: Journey, into: Journey, by: Agent, now: datetime) -> Event:
    """Make this journey part of another one. Its id redirects there for ever; threads and reply addresses stay."""
    hold_pipeline()
    standing_journey(journey)
    standing_journey(into)
    if journey.pk == into.pk:
        raise ThreadlineError("A story can not be joined with itself. Choose another one.")
    touches = Membership.objects.filter(journey=journey, superseded_at=None).order_by("interaction")
    facts = {
        "into": into.pk,
        "interactions": list(touches.values_list("interaction", flat=True)),
        "reason": f"{by} joined both stories.",
    }
    return rule("joined", facts, journey=journey, by=by, now=now)


@transaction.atomic
def undo(*, event: Event, by: Agent, now: datetime) -> Event:
    """Reverse what a person did, also next year. What stood before is put back as new rows; nothing is deleted."""
    hold_pipeline()
    if event.verb not in UNDOES:
        raise ThreadlineError(f"'{event.verb}' can not be undone.")
    if Event.objects.filter(verb="undone", facts__event=event.pk).exists():
        raise ThreadlineError("This was undone before.")
    refuse_if_overruled(event)
    refuse_if_filled_in_since(event)
    journey = Journey.objects.filter(pk=event.journey_id or 0).first()
    facts = {"event": event.pk, "of": event.verb}
    return rule("undone", facts, journey=journey, by=by, now=now, customer_id=event.customer_id)


def refuse_if_overruled(event: Event) -> None:
    """Only the newest word about the status can be taken back: an older one would bring back a state nobody meant."""
    undone = Event.objects.filter(verb="undone", journey_id=event.journey_id).values_list("facts__event", flat=True)
    since = Event.objects.filter(journey_id=event.journey_id, verb__in=STATUS_VERBS, pk__gt=event.pk)
    newer = since.exclude(pk__in=list(undone)).select_related("agent").order_by("-pk").first()
    if event.verb in STATUS_VERBS and newer is not None:
        by = newer.agent.name if newer.agent else "Threadline"
        raise ThreadlineError(
            f"{by} has changed whose turn it is since then. Undo that first, or set it as you want it."
        )


def refuse_if_filled_in_since(event: Event) -> None:
    """As above, for a field: what somebody wrote there since stays."""
    if event.verb != FIELD_SET:
        return
    of_story = event.journey_id is not None
    here = {"journey_id": event.journey_id} if of_story else {"journey_id": None, "customer_id": event.customer_id}
    since = Event.objects.filter(**here, pk__gt=event.pk)
    undone = since.filter(verb="undone").values_list("facts__event", flat=True)
    same = since.filter(verb=FIELD_SET, facts__field=event.facts["field"])
    newer = same.exclude(pk__in=list(undone)).select_related("agent").order_by("-pk").first()
    if newer is not None:
        by, name = newer.agent.name if newer.agent else "Threadline", event.facts["name"]
        raise ThreadlineError(
            f"{by} has filled in “{name}” anew since then. Undo that first, or set it as you want it."
        )


def home_of(interaction: Interaction) -> Journey:
    """The journey a touch stands in now."""
    member = Membership.objects.filter(interaction=interaction, superseded_at=None).select_related("journey").first()
    if member is None:
        raise ThreadlineError("This touch belongs to no story yet.")
    return member.journey
