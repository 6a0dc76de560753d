"""Work that goes on for ever outlives a database that goes away and comes back."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

log = logging.getLogger(__name__)
PAUSE_SECONDS = 1.0


@contextmanager
def surviving(what: str, stop: threading.Event) -> Iterator[None]:
    """One round of such work. When the database is lost, that is logged, and the round ends after a pause.

    Args:
        what: whose work it is, as the log says it.
        stop: ends the pause.
    """
    try:
        close_old_connections()
        yield
    except (DatabaseError, InterfaceError, psycopg.Error, OSError) as error:
        log.warning("%s lost the database (%s); trying again", what, error)
        with suppress(Exception):
            connection.close()
        stop.wait(PAUSE_SECONDS)
