"""A journey's memory as JSON, and back: what a database keeps beside the row so that stitching needs no old texts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from threadline.core.stitching.shapes import Journey

MOMENTS = ("settled_at", "closed_at", "waiting_since", "opened_at", "last_at")
SETS = ("references", "words", "opening")
PLAIN = ("id", "customer", "brand", "status", "asked", "events_only", "purchase", "opening_leaning")


def remembered(journey: Journey) -> dict[str, Any]:
    """JSON-ready; the same journey always gives the same JSON."""
    memory: dict[str, Any] = {name: getattr(journey, name) for name in PLAIN}
    memory |= {name: sorted(getattr(journey, name)) for name in SETS}
    moments = {name: getattr(journey, name) for name in MOMENTS}
    memory |= {name: moment.isoformat() if moment else None for name, moment in moments.items()}
    memory["threads"] = {str(thread): at.isoformat() for thread, at in sorted(journey.threads.items())}
    memory["channels"] = {kind: at.isoformat() for kind, at in sorted(journey.channels.items())}
    return memory


def recalled(memory: Mapping[str, Any]) -> Journey:
    stored: dict[str, Any] = {name: memory[name] for name in PLAIN}
    stored |= {name: frozenset(memory[name]) for name in SETS}
    stored |= {name: datetime.fromisoformat(memory[name]) if memory[name] else None for name in MOMENTS}
    stored["threads"] = {int(thread): datetime.fromisoformat(at) for thread, at in memory["threads"].items()}
    stored["channels"] = {kind: datetime.fromisoformat(at) for kind, at in memory["channels"].items()}
    return Journey(**stored)
