"""`threadline up`: everything on one machine. Prepares the database, then keeps web, intake and worker running."""

import asyncio
import contextlib
import fcntl
import http.client
import signal
import sys
import time
from collections.abc import Iterator

from threadline.config import embedded, postgres, settings, supervisor, web
from threadline.lib.errors import ThreadlineError

HEALTHY_WITHIN = 60.0
PARTS = ("intake", "worker")
UNFINISHED = "sample.loading"
"""A file that lies in the data folder while the sample company is loaded, and names the database it goes into."""

SignIn = tuple[str, str, str]
"""Name, e-mail address, password."""


def up(*, sample: bool = True, reset_sample: bool = False) -> None:
    """Run until a signal asks to stop; then end the processes first and the database last."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with _only_one():
        _require_free_port()
        try:
            server = embedded.start(say=_say)
            sign_ins = _prepare(server, sample=sample, reset_sample=reset_sample)
            supervisor.run(_children(), beside=lambda: _accompany(server, sign_ins, began=began))
        finally:
            embedded.stop()
            _say("Stopped.")


def _say(line: str) -> None:
    supervisor.tell("up", line)


def _children() -> list[supervisor.Child]:
    return [_child(name) for name in (*web.doors(), *PARTS)]


def _child(name: str) -> supervisor.Child:
    return supervisor.Child(name=name, command=[sys.executable, "-m", "threadline", name.split()[0]])


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Refuse to run twice over one data folder. The lock goes with the process, so a killed one leaves none."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / "up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ThreadlineError(
                f"Threadline already runs from {settings.DATA_DIR}, at {settings.PUBLIC_URL}. Stop it first with "
                "Ctrl-C where it runs, or give this one its own THREADLINE_DATA_DIR and ports."
            ) from None
        yield


def _require_free_port() -> None:
    deadline = time.monotonic() + 3
    while not postgres.is_free(settings.WEB_PORT, host=settings.WEB_HOST):
        if time.monotonic() > deadline:
            raise ThreadlineError(
                f"Port {settings.WEB_PORT} on {settings.WEB_HOST} is taken by another program. "
                "Choose a free one with THREADLINE_WEB_PORT, or stop that program."
            )
        time.sleep(0.2)


def _prepare(server: postgres.Server | None, *, sample: bool, reset_sample: bool) -> list[SignIn]:
    """Migrations and sample company; returns the sample company's sign-ins."""
    if server is not None:
        _say(f"Database ready on port {server.port}, data in {server.folder}")
    import django

    django.setup()
    from django.db import connections

    from threadline.config import migrating

    migrating.migrate(say=_say)
    if not sample:
        (settings.DATA_DIR / UNFINISHED).unlink(missing_ok=True)
    sign_ins = _sample_company(reset=reset_sample) if sample or reset_sample else []
    connections.close_all()
    return sign_ins


def _sample_company(*, reset: bool) -> list[SignIn]:
    """Load the sample company into an empty database; anew when asked, or when the last time was broken off."""
    from threadline.accounts.models import Agent
    from threadline.config import sample as shop
    from threadline.config import sample_company

    unfinished = settings.DATA_DIR / UNFINISHED
    reset = reset or (unfinished.exists() and unfinished.read_text() == _database_name())
    if reset or not Agent.objects.exists():
        began = time.monotonic()
        unfinished.write_text(_database_name())
        (sample_company.reset if reset else sample_company.load)(_sample_progress)
        unfinished.unlink()
        _say(f"The sample company is here ({time.monotonic() - began:.1f} s).")
    emails = [agent["email"] for agent in shop.company()["agents"]]
    agents = Agent.objects.filter(email__in=emails).order_by("is_admin", "pk")
    return [(agent.name, agent.email, sample_company.PASSWORD) for agent in (agents.first(), agents.last()) if agent]


def _database_name() -> str:
    return settings.DATABASE_URL.rpartition("@")[2] or "embedded"


def _sample_progress(done: int, total: int) -> None:
    _say(f"Loading the sample company: {done} of {total} touches …")


async def _accompany(server: postgres.Server | None, sign_ins: list[SignIn], *, began: float) -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_welcome(sign_ins, began=began))
        if server is not None:
            tasks.create_task(_keep_database(server))


async def _keep_database(server: postgres.Server) -> None:
    """Start the embedded database again when somebody kills it; the processes reconnect by themselves."""
    while True:
        await asyncio.sleep(0.5)
        if postgres.is_alive(server.pid):
            continue
        _say("The database has gone. Starting it again …")
        try:
            server = await asyncio.to_thread(postgres.ensure, server.folder, port=server.port, say=_say)
            _say(f"The database is back on port {server.port}.")
        except ThreadlineError as error:
            _say(str(error))


async def _welcome(sign_ins: list[SignIn], *, began: float) -> None:
    """Say where the desk is and how to sign in, as soon as it answers."""
    late = began + HEALTHY_WITHIN
    while not await asyncio.to_thread(_answers):
        if time.monotonic() > late:
            _say(f"The desk at {settings.PUBLIC_URL} does not answer yet. The lines above say why.")
            late = time.monotonic() + HEALTHY_WITHIN
        await asyncio.sleep(0.2)
    _say("")
    _say(f"  Threadline is up at {settings.PUBLIC_URL}  ({time.monotonic() - began:.1f} s)")
    for name, email, password in sign_ins:
        _say(f"  Sign in as {name}: {email} / {password}")
    if not sign_ins:
        _say("  Make a sign-in with: .venv/bin/threadline create-agent")
    _say("  Ctrl-C stops everything.")
    _say("")


def _answers() -> bool:
    host = "127.0.0.1" if settings.WEB_HOST in {"0.0.0.0", "::"} else settings.WEB_HOST
    connection = http.client.HTTPConnection(host, settings.WEB_PORT, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": f"{host}:{settings.WEB_PORT}"})
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
