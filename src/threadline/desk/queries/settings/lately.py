"""What was changed in the settings, newest first, and what of it can be taken back."""

from dataclasses import dataclass

from django.db.models import Q

from threadline.accounts.actions import can_undo
from threadline.accounts.models import Event
from threadline.desk.queries.settings.verbs import SETTINGS_VERBS, sentence

SHOWN = 8
THINGS = ("who", "team", "role", "channel", "brand", "key")


@dataclass(frozen=True, slots=True)
class Change:
    event: Event
    words: str
    undo: bool


def lately(**about: int) -> list[Change]:
    """The latest changes, or those about one thing: `lately(team=7)`. Cost: one query along an index."""
    asked = Q()
    for name, number in about.items():
        asked &= Q(**{f"facts__{name}": number})
    events = Event.objects.filter(asked, agent__isnull=False, journey_id=None, customer_id=None)
    found = list(events.filter(verb__in=SETTINGS_VERBS).select_related("agent").order_by("-pk")[:SHOWN])
    return [_change(event, newer=found[:place]) for place, event in enumerate(found)]


def _change(event: Event, *, newer: list[Event]) -> Change:
    """Only the latest word about a thing can be taken back."""
    overruled = any(_about(event) == _about(other) for other in newer)
    return Change(event, sentence(event), can_undo(event) and not overruled)


def _about(event: Event) -> tuple[str, object]:
    named = (name for name in THINGS if name in event.facts)
    return next(((name, event.facts[name]) for name in named), ("", event.pk))
