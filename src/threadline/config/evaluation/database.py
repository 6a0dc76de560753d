"""A database of its own for one measurement, on the configured server, gone afterwards."""

import contextlib
import os
from collections.abc import Iterator

from django.core.management import call_command
from django.db import connection
from psycopg import sql

PREFIX = "threadline_measure_"


@contextlib.contextmanager
def own_database() -> Iterator[None]:
    """Inside, everything Django does in this thread happens in a fresh, migrated database."""
    usual, fresh = connection.settings_dict["NAME"], f"{PREFIX}{os.getpid()}"
    _on_server(sql.SQL("drop database if exists {} with (force)"), fresh)
    _on_server(sql.SQL("create database {}"), fresh)
    try:
        # A measurement that a power cut ends is begun anew, so its commits need not wait for the disk.
        _on_server(sql.SQL("alter database {} set synchronous_commit = off"), fresh)
        _use(fresh)
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        _use(usual)
        _on_server(sql.SQL("drop database {} with (force)"), fresh)


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _on_server(statement: sql.SQL, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(sql.Identifier(name)))
