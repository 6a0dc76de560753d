"""Who may place touches: one pipeline or one agent's decision at a time, for the whole installation."""

from django.db import connection

PIPELINE_LOCK = 0x7472_6561


def hold_pipeline() -> None:
    """Wait until no batch is under way (under a second) and keep it so until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [PIPELINE_LOCK])
