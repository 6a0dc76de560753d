"""A journey's memory as JSON, and back: what a database keeps beside the row so that stitching needs no old texts."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from threadline.core.stitching.shapes import Journey

MOMENTS = ("settled_at", "closed_at", "waiting_since", "opened_at", "last_at", "heard_at", "said_at", "wrote_at")
SETS = ("references", "words", "opening")
PLAIN = ("id", "customer", "brand", "status", "asked", "events_only", "purchase", "opening_leaning")
LATER = {
    "began": "",
    "heard_on": "",
    "touches": 0,
    "language": "",
    "triage": "",
    "intent": "",
    "public": False,
    "weighed": 0,
}
"""What journeys remember only since version 0.2, with what they take for it when they are older."""


def remembered(journey: Journey) -> dict[str, Any]:
    """JSON-ready; the same journey always gives the same JSON."""
    memory: dict[str, Any] = {name: getattr(journey, name) for name in PLAIN}
    memory |= {name: getattr(journey, name) for name in LATER}
    memory |= {name: sorted(getattr(journey, name)) for name in SETS}
    moments = {name: getattr(journey, name) for name in MOMENTS}
    memory |= {name: moment.isoformat() if moment else None for name, moment in moments.items()}
    memory["threads"] = {str(thread): at.isoformat() for thread, at in sorted(journey.threads.items())}
    memory["channels"] = {kind: at.isoformat() for kind, at in sorted(journey.channels.items())}
    memory["vectors"] = {name: b64encode(vector).decode() for name, vector in sorted(journey.vectors.items())}
    return memory


def recalled(memory: Mapping[str, Any]) -> Journey:
    stored: dict[str, Any] = {name: memory[name] for name in PLAIN}
    stored |= {name: frozenset(memory[name]) for name in SETS}
    stored |= {name: memory.get(name, usual) for name, usual in LATER.items()}
    stored |= {name: datetime.fromisoformat(memory[name]) if memory.get(name) else None for name in MOMENTS}
    stored["vectors"] = {name: b64decode(vector) for name, vector in memory.get("vectors", {}).items()}
    stored["threads"] = {int(thread): datetime.fromisoformat(at) for thread, at in memory["threads"].items()}
    stored["channels"] = {kind: datetime.fromisoformat(at) for kind, at in memory["channels"].items()}
    return Journey(**stored)
