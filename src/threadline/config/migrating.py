"""Bringing the database up to date, once, however many processes ask."""

import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

LOCK = 7_302_114_561
"""Any number nobody else uses: the advisory lock that lets one process migrate at a time."""


def pending() -> list[str]:
    """Migrations that were not applied yet, as `app.name`, in order. Costs one query when there are none."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate(*, say: Callable[[str], None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [LOCK])
        try:
            _apply(say=say)
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [LOCK])


def _apply(*, say: Callable[[str], None]) -> None:
    waiting = pending()
    if not waiting:
        return
    say(f"Bringing the database up to date: {len(waiting)} migrations …")
    began = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    say(f"The database is up to date ({time.monotonic() - began:.1f} s).")
