"""Keeping the pipeline at work: all that waits, then sleep until something comes in."""

import threading
import time
from collections.abc import Callable

from django.db import connection

from threadline.interactions import meaning
from threadline.interactions.actions.intake import CHANNEL
from threadline.interactions.models import IntakeEntry
from threadline.journeys.pipeline import process_pending
from threadline.lib.surviving import surviving

IDLE_SECONDS = 5.0
THEN_SECONDS = 1.0


def drive(stop: threading.Event, *, then: Callable[[], None] = lambda: None) -> None:
    """Process the ledger until told to stop; survive a database that goes away and comes back.

    Args:
        then: called after what came in is processed, at least every second while there is more: the router.
    """
    meaning.get_ready()
    while not stop.is_set():
        with surviving("the pipeline", stop):
            if work_off(stop, then):
                wait_for_entries(stop)


def work_off(stop: threading.Event, then: Callable[[], None]) -> bool:
    """Process all there is. False when told to stop."""
    then_at, worked = time.monotonic(), False
    while process_pending():
        worked = True
        if stop.is_set():
            return False
        if time.monotonic() - then_at > THEN_SECONDS:
            then()
            then_at = time.monotonic()
    if worked:
        then()
    return True


def wait_for_entries(stop: threading.Event) -> None:
    """Sleep until entries are announced, at most a few seconds, in case a notice was missed."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    if IntakeEntry.objects.pending().exists() or stop.is_set():
        return
    raw = connection.connection
    deadline = time.monotonic() + IDLE_SECONDS
    while time.monotonic() < deadline and not stop.is_set():
        if next(raw.notifies(timeout=0.5, stop_after=1), None) is not None:
            return
