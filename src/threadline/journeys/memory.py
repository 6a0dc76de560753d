"""What stitching remembers of a journey: kept as JSON on its row, and told anew after people moved touches."""

from collections.abc import Sequence
from dataclasses import replace

from threadline.channels.models import Brand
from threadline.core.decision import Decision
from threadline.core.stitching import Journey as Remembered
from threadline.core.stitching import recalled, remembered
from threadline.core.stitching.clues import clues_of
from threadline.core.stitching.stories import grown, opened
from threadline.core.stitching.vectors import packed, unpacked
from threadline.core.touch import Direction, Touch
from threadline.core.understanding import FoundFact, Understanding
from threadline.core.understanding.words import words_of
from threadline.interactions.models import Fact, Interaction
from threadline.journeys.models import Journey, Meaning

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
    """Set the memory of a journey from its touches, oldest first. Changes the object only. Three queries."""
    facts: dict[int, list[FoundFact]] = {}
    for fact in Fact.objects.filter(interaction__in=touches).order_by("pk"):
        found = FoundFact(fact.name, fact.value, fact.key, fact.start or 0, fact.end or 0)
        facts.setdefault(fact.interaction_id, []).append(found)
    meanings = Meaning.objects.in_bulk([touch.pk for touch in touches])
    common = brand_words()
    state: Remembered | None = None
    for touch in touches:
        understanding = understanding_of(touch, facts.get(touch.pk, []), meanings.get(touch.pk))
        clues = clues_of(touch_of(touch, row.brand_id), understanding, common)
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
        written_here=written_here(touch),
        automatic=touch.automatic,
        attributes=touch.attributes,
    )


def written_here(touch: Interaction) -> bool:
    """One of us wrote it at the desk: what was told of elsewhere came in later than it was written."""
    ours = touch.direction == Direction.OUT and not touch.automatic
    return ours and touch.author_id is not None and touch.at == touch.received_at


def understanding_of(touch: Interaction, facts: Sequence[FoundFact], meaning: Meaning | None = None) -> Understanding:
    known = Understanding(touch.language, touch.triage, "", tuple(facts), NOT_CONCLUDED)
    if meaning is None:
        return known
    return replace(known, vector=unpacked(bytes(meaning.vector)) if meaning.vector else None, intent=meaning.intent)


def meaning_of(touch: int, understanding: Understanding) -> Meaning | None:
    """What to keep of it; None where nothing was read."""
    if understanding.vector is None and not understanding.intent:
        return None
    vector = None if understanding.vector is None else packed(understanding.vector)
    return Meaning(interaction_id=touch, vector=vector, intent=understanding.intent[:120])


def brand_words() -> frozenset[str]:
    """The names of our brands stand in every second message and tell stories apart no more than "hello" does."""
    return words_of(" ".join(Brand.objects.order_by("pk").values_list("name", flat=True)))
