"""What stitching remembers of a journey: kept as JSON on its row, and told anew after people moved touches."""

from collections.abc import Sequence
from dataclasses import replace

from threadline.core.decision import Decision
from threadline.core.stitching import Journey as Remembered
from threadline.core.stitching import recalled, remembered
from threadline.core.stitching.clues import clues_of
from threadline.core.stitching.stories import grown, opened
from threadline.core.touch import Direction, Touch
from threadline.core.understanding import FoundFact, Understanding
from threadline.interactions.models import Fact, Interaction
from threadline.journeys.models import Journey

NOT_CONCLUDED = Decision("understand", "Read before.", 1.0, "stored")


def recall(row: Journey) -> Remembered:
    """The working state of a stored journey; what people may have changed comes from its columns."""
    return replace(
        recalled(row.memory),
        id=row.pk,
        customer=row.customer_id,
        brand=row.brand_id,
        opened_at=row.opened_at,
        last_at=row.last_at,
        status=row.status,
        waiting_since=row.waiting_since,
        closed_at=row.closed_at,
    )


def tell_anew(row: Journey, touches: Sequence[Interaction]) -> None:
    """Set the memory of a journey from its touches, oldest first. Changes the object, not the database. One query."""
    facts: dict[int, list[FoundFact]] = {}
    for fact in Fact.objects.filter(interaction__in=touches).order_by("pk"):
        found = FoundFact(fact.name, fact.value, fact.key, fact.start or 0, fact.end or 0)
        facts.setdefault(fact.interaction_id, []).append(found)
    state: Remembered | None = None
    for touch in touches:
        clues = clues_of(touch_of(touch, row.brand_id), understanding_of(touch, facts.get(touch.pk, [])))
        state = grown(state, clues) if state else opened(clues, row.customer_id)
    if state is not None:
        row.memory = remembered(replace(state, id=row.pk))


def touch_of(touch: Interaction, brand: int | None) -> Touch:
    return Touch(
        id=touch.pk,
        at=touch.at,
        kind=touch.kind,
        direction=Direction(touch.direction),
        channel=touch.channel_id,
        thread=touch.thread_id,
        public=touch.public,
        brand=brand,
        subject=touch.subject,
        text=touch.text,
        signature=touch.signature,
        automatic=touch.automatic,
        attributes=touch.attributes,
    )


def understanding_of(touch: Interaction, facts: Sequence[FoundFact]) -> Understanding:
    return Understanding(touch.language, touch.triage, "", tuple(facts), NOT_CONCLUDED)
