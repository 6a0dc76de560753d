"""What stitching remembers of a journey, as JSON on the journey's row."""

from datetime import datetime

from threadline.core.stitching import Journey as Remembered
from threadline.journeys.models import Journey


def memory_of(state: Remembered) -> dict[str, object]:
    """The parts of the working state that no other column of the journey holds."""
    return {
        "settled_at": state.settled_at.isoformat() if state.settled_at else None,
        "asked": state.asked,
        "events_only": state.events_only,
        "purchase": state.purchase,
        "threads": {str(thread): at.isoformat() for thread, at in state.threads.items()},
        "channels": {kind: at.isoformat() for kind, at in state.channels.items()},
        "references": sorted(state.references),
        "words": sorted(state.words),
        "opening": sorted(state.opening),
        "opening_leaning": state.opening_leaning,
    }


def recall(row: Journey) -> Remembered:
    """The working state of a stored journey."""
    memory = row.memory
    moment = datetime.fromisoformat
    return Remembered(
        id=row.pk,
        customer=row.customer_id,
        brand=row.brand_id,
        opened_at=row.opened_at,
        last_at=row.last_at,
        status=row.status,
        waiting_since=row.waiting_since,
        closed_at=row.closed_at,
        settled_at=moment(memory["settled_at"]) if memory.get("settled_at") else None,
        asked=memory.get("asked", False),
        events_only=memory.get("events_only", True),
        purchase=memory.get("purchase", False),
        threads={int(thread): moment(at) for thread, at in memory.get("threads", {}).items()},
        channels={kind: moment(at) for kind, at in memory.get("channels", {}).items()},
        references=frozenset(memory.get("references", ())),
        words=frozenset(memory.get("words", ())),
        opening=frozenset(memory.get("opening", ())),
        opening_leaning=memory.get("opening_leaning", 0.0),
    )
