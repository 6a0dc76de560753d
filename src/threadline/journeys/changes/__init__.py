"""What people do to journeys, as functions of the recorded Event alone.

An action (actions/) checks, records an Event and calls `apply`. A replay calls `apply` for the same Events in the same
places, so both can not differ: everything a change needs stands in the Event's facts.

    registry   which verb changes what, and how it is undone
    turns      whose turn it is: snoozed, waiting, done, open again
    work       who works on a story, what it is about, what is noted on it
    promises   what became of a promise
    places     which touch belongs where: moved, split, kept, joined
    people     who is who: merged, kept apart
    undo       an earlier event reversed
"""

from threadline.journeys.changes import people, places, promises, turns, undo, work
from threadline.journeys.changes.registry import CHANGES, STATUS_VERBS, UNDOES, apply, changes, concerned, undoes
from threadline.journeys.changes.turns import STATUS_MOMENTS
from threadline.journeys.changes.work import assign, unassign

__all__ = [
    "CHANGES",
    "STATUS_MOMENTS",
    "STATUS_VERBS",
    "UNDOES",
    "apply",
    "assign",
    "changes",
    "concerned",
    "people",
    "places",
    "promises",
    "turns",
    "unassign",
    "undo",
    "undoes",
    "work",
]
