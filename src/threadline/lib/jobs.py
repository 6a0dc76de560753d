"""Work that runs later: Procrastinate on the same PostgreSQL, enqueued inside the caller's transaction.

A job costs about 8 ms of bookkeeping: one job per batch, never one per message. Jobs run at least once, so every
job must be safe to run twice.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


def job(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Declare a job. `queueing_lock` keeps at most one of it waiting."""
    return app.task(retry=RETRY, **options)


def periodic(*, cron: str) -> Callable[[Any], Any]:
    """Run a job by the clock; it gets the planned moment as `timestamp`."""
    return app.periodic(cron=cron)


def enqueue(task: Any, **arguments: Any) -> None:
    """Run `task` soon, if this transaction commits. Enqueuing twice under one queueing lock counts once.

    The savepoint matters: without it, a refused second job would silently roll back everything the caller wrote.
    """
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(**arguments)


def enqueue_at(task: Any, moment: datetime, **arguments: Any) -> None:
    """Run `task` at that moment or a few seconds later, if this transaction commits."""
    task.configure(schedule_at=moment).defer(**arguments)
