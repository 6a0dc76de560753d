"""The database the settings name: the embedded PostgreSQL, or another when THREADLINE_DATABASE_URL is set."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from threadline.config import postgres, settings

Say = Callable[[str], None]


def folder() -> Path:
    return settings.DATA_DIR / "postgres"


def start(*, say: Say) -> postgres.Server | None:
    """Start or find the embedded server; None when the settings name another database."""
    if settings.DATABASE_URL:
        return None
    return postgres.ensure(folder(), port=settings.POSTGRES_PORT, say=say)


def stop() -> None:
    if not settings.DATABASE_URL:
        postgres.stop(folder())


@contextlib.contextmanager
def database(*, say: Say) -> Iterator[None]:
    """The database for one command: started when nobody runs it, and then stopped again afterwards."""
    ours = not settings.DATABASE_URL and postgres.running(folder()) is None
    start(say=say)
    try:
        yield
    finally:
        if ours:
            postgres.stop(folder())
