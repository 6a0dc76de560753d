"""What agents said that stories are about, as examples to learn from."""

from collections.abc import Iterator

from threadline.accounts.models import Event
from threadline.core.understanding.intents import Example
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey
from threadline.journeys.naming import Renames

MOST_CHARACTERS = 1_000


def corrections() -> Iterator[Example]:
    """The opening words of each story of which an agent said what it is about, if that still stands."""
    said = Event.objects.filter(verb="intent_set", journey_id__isnull=False).exclude(agent=None)
    stories = Journey.objects.filter(pk__in=said.values("journey_id")).exclude(intent="").order_by("pk")
    renames = Renames()
    told = {(event.journey_id, renames.today(event.facts["intent"], since=event.pk)) for event in said.iterator()}
    for number, intent in stories.values_list("pk", "intent"):
        opening = first_words(number) if (number, intent) in told else ""
        if opening:
            yield Example(opening, intent)


def first_words(journey: int) -> str:
    touch = (
        Interaction.objects.filter(memberships__journey=journey, memberships__superseded_at=None, direction="in")
        .exclude(triage="noise")
        .order_by("at", "pk")
        .first()
    )
    return f"{touch.subject}\n{touch.text}".strip()[:MOST_CHARACTERS] if touch else ""
