"""Everything runs on a real PostgreSQL: the embedded one, started here, unless THREADLINE_DATABASE_URL names another.

Any number of test runs may share the checkout at the same time: each takes its own test database, named after its
process, and the last one to finish stops the server.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import hypothesis
import psutil
import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tests.emptying import empty_quickly
from tests.mail_server import mail_server
from threadline.config import postgres

__all__ = ["mail_server"]
ROOT = Path(__file__).parent.parent
FOLDER = Path(os.environ.get("THREADLINE_TEST_DATA_DIR", ROOT / ".data")) / "test-postgres"
PREFIX = "test_threadline_"
LONG = ("test_every_screen.py", "test_up.py", "test_kill.py", "test_a_morning_together.py")


def start_database() -> None:
    """Point the settings at the shared test server. Must run before Django reads them."""
    server = postgres.ensure(FOLDER, durable=False)
    drop_orphans(server)
    os.environ["THREADLINE_DATABASE_URL"] = server.url()


def drop_orphans(server: postgres.Server) -> None:
    """Remove the databases of test runs that were killed before they could tidy up."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        names = connection.execute("select datname from pg_database where datname like %s", [f"{PREFIX}%"]).fetchall()
        for (name,) in names:
            pid = name.removeprefix(PREFIX)
            if pid.isdigit() and not psutil.pid_exists(int(pid)):
                statement = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
                connection.execute(statement)


def use_server() -> Iterator[None]:
    """Hold a share of the test server; whoever finds no other share at the end stops it."""
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with FOLDER.with_name("test-postgres.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        start_database()
        yield
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        postgres.stop(FOLDER)


share = None if os.environ.get("THREADLINE_DATABASE_URL") else use_server()
if share:
    next(share)
keys = tempfile.TemporaryDirectory(prefix="threadline-test-")
os.environ["THREADLINE_DATA_DIR"] = keys.name
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "threadline.config.settings")
django.setup()
settings.PASSWORD_HASHERS = ["tests.passwords.Quick"]
empty_quickly()
# On a busy machine making an example may take long; that says nothing about what is tested.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files begin first: at the end no worker waits for another one's long file."""
    items.sort(key=lambda item: item.path.name not in LONG)


def pytest_unconfigure() -> None:
    keys.cleanup()
    if share:
        next(share, None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Give this run a test database of its own."""
    from django.db import connection

    connection.settings_dict["TEST"]["NAME"] = f"{PREFIX}{os.getpid()}"


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The test database as THREADLINE_DATABASE_URL, for processes a test starts."""
    from django.db import connection

    values = connection.settings_dict
    return f"postgresql://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
