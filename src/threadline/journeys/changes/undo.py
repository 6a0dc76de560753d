"""An earlier event reversed."""

from threadline.accounts.models import Event
from threadline.journeys.changes.registry import UNDOES, changes
from threadline.journeys.fields.settling import settle_after


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
    settle_after(again)
