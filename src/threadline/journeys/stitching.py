"""The database side of stitching: load the journeys a batch may concern, write down where its touches belong.

The conclusions themselves are drawn by pure functions in `core.stitching`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from threadline.accounts.models import Decision, Event, Team
from threadline.core.stitching import Join, Model, Stitch, Stories, remembered
from threadline.customers.recognition import decision_row
from threadline.interactions.models import Interaction
from threadline.journeys.clocks import Keeping
from threadline.journeys.fields.settling import settle_people
from threadline.journeys.joining import carry_out
from threadline.journeys.memory import recall
from threadline.journeys.models import Journey, Membership
from threadline.journeys.summary import SUMMARY_FIELDS, spoken
from threadline.journeys.weights import in_use
from threadline.lib.bulk import insert, made, update

SAVED = [*SUMMARY_FIELDS, "due_at", "memory", "brand", "intent", "to_place"]


@dataclass(slots=True)
class Shelf:
    """The working set: what stitching sees, and the rows behind it."""

    stories: Stories
    model: Model
    rows: dict[int, Journey] = field(default_factory=dict)


def load(customers: Iterable[int], *, also: Iterable[int] = ()) -> Shelf:
    """The standing journeys of these customers, locked until the transaction ends. Cost: two queries."""
    rows = (
        Journey.objects.select_for_update()
        .filter(Q(customer__in=set(customers)) | Q(pk__in=set(also)), joined_into=None)
        .order_by("pk")
    )
    found = {row.pk: row for row in rows}
    return Shelf(Stories(recall(row) for row in found.values()), in_use(), found)


def move_journeys(owners: Mapping[int, int]) -> dict[int, list[int]]:
    """Journeys of merged customers follow to the survivor. Returns which, by the customer they came from."""
    moved: dict[int, list[int]] = {loser: [] for loser in owners}
    if not owners:
        return moved
    rows = list(Journey.objects.filter(customer__in=owners).only("pk", "customer").order_by("pk"))
    for row in rows:
        moved[row.customer_id].append(row.pk)
        row.customer_id = owners[row.customer_id]
    update(rows, ["customer"])
    settle_people([*owners, *owners.values()])
    return moved


def restricted_teams(shelf: Shelf) -> dict[int, int]:
    """The journeys of the working set that only a team may see."""
    restricted = set(Team.objects.filter(restricted=True).values_list("pk", flat=True))
    return {number: row.team_id for number, row in shelf.rows.items() if row.team_id in restricted}


def write(
    shelf: Shelf, touches: Sequence[tuple[Interaction, Stitch, int | None]], *, owners: Mapping[int, int]
) -> tuple[list[Event], dict[int, int]]:
    """Store where every touch of a batch belongs.

    Args:
        touches: in the order they were concluded: the stored interaction, its stitch, and the agent who decided it.
        owners: customers that were merged in this batch, to the one they became part of.
    Returns:
        Events for the journeys joined on the way, and the journey of each touch.
    Cost: about twelve statements, whatever the size.
    """
    decisions = {touch.pk: _decision(touch, stitch, agent) for touch, stitch, agent in touches}
    insert(decisions.values())
    joins = _joins(touches)
    clocks = Keeping.load(stitch.state.id for _, stitch, _ in touches if stitch.state)
    new = _grow(shelf, touches, clocks)
    for row in shelf.rows.values():
        row.customer_id = owners.get(row.customer_id, row.customer_id)
    _save(shelf, new, {stitch.state.id for _, stitch, _ in touches if stitch.state})
    home = {touch.pk: stitch.journey for touch, stitch, _ in touches if stitch.journey is not None}
    insert(
        made(
            Membership,
            interaction_id=touch.pk,
            journey_id=home[touch.pk],
            decision=decisions[touch.pk],
            at=touch.received_at,
        )
        for touch, _, _ in touches
        if touch.pk in home
    )
    clocks.write()
    events = carry_out(joins, shelf.stories, version=shelf.model.version)
    return events, {touch: shelf.stories.standing(journey) for touch, journey in home.items()}


def _decision(touch: Interaction, stitch: Stitch, agent: int | None) -> Decision:
    row = decision_row(stitch.decision, touch.received_at)
    row.agent_id = agent if row.by == Decision.By.AGENT else None
    if stitch.alternatives:
        others = [[other.journey, other.confidence, other.reason] for other in stitch.alternatives]
        row.evidence = {"clues": row.evidence, "alternatives": others}
    elif row.evidence:
        row.evidence = {"clues": row.evidence}
    return row


def _joins(touches: Sequence[tuple[Interaction, Stitch, int | None]]) -> list[tuple[Join, datetime]]:
    return [(join, touch.received_at) for touch, stitch, _ in touches for join in stitch.joins]


def _grow(shelf: Shelf, touches: Sequence[tuple[Interaction, Stitch, int | None]], clocks: Keeping) -> set[int]:
    """Bring the rows and their clocks up to date, touch by touch; returns which are new."""
    new: set[int] = set()
    for touch, stitch, _ in touches:
        state = stitch.state
        if state is None:
            continue
        row = shelf.rows.get(state.id)
        if row is None:
            row = shelf.rows[state.id] = _begin(touch, state.customer, state.brand)
            new.add(state.id)
        row.brand_id = state.brand
        clocks.add(row, spoken(touch, first=row.touches == 0))
        row.memory = remembered(state)
        row.to_place = row.to_place or (row.team_id is None and touch.direction == "in")
        row.intent = row.intent or state.intent[:120]  # what an agent said stays
    return new


def _begin(touch: Interaction, customer: int, brand: int | None) -> Journey:
    return Journey(
        pk=touch.pk,
        customer_id=customer,
        brand_id=brand,
        status=Journey.Status.WAITING,
        opened_at=touch.at,
        last_at=touch.at,
        last_direction=touch.direction,
    )


def _save(shelf: Shelf, new: set[int], changed: set[int]) -> None:
    insert(shelf.rows[number] for number in sorted(new))
    update((shelf.rows[number] for number in sorted(changed - new)), SAVED)
