"""A Threadline of its own for one benchmark: a temporary folder, free ports, the real processes.

Importing this module sets the environment, so it must come before anything that reads the settings.
"""

import contextlib
import http.client
import logging
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
PATIENCE = 120.0


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


DATA = Path(tempfile.mkdtemp(prefix="threadline-bench-"))
DATA.chmod(0o755)
PORTS = {name: free_port() for name in ("POSTGRES", "WEB", "SMTP")}
os.environ.update(
    {f"THREADLINE_{name}_PORT": str(port) for name, port in PORTS.items()},
    THREADLINE_LMTP_PORT="0",
    THREADLINE_API_RATE="0",
    THREADLINE_DATA_DIR=str(DATA),
    THREADLINE_SECRET_KEY="only-for-this-benchmark",
    DJANGO_SETTINGS_MODULE="threadline.config.settings",
)
os.environ.pop("THREADLINE_DATABASE_URL", None)


class House:
    """The running parts by name: web, worker, intake; with several front doors, "web 2" and so on beside "web"."""

    def __init__(self) -> None:
        self.parts: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *parts: str) -> None:
        from threadline.config import lifeline

        for part in parts:
            with (DATA / f"{part}.log").open("ab") as log:
                command = lifeline.wrap([sys.executable, "-m", "threadline", part.split()[0]])
                self.parts[part] = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)
        if "web" in parts:
            wait_until(answers, "the front door answers")
        if "intake" in parts:
            wait_until(lambda: listens(PORTS["SMTP"]), "the mail listener answers")

    def stop(self, *parts: str) -> None:
        for part in parts or tuple(self.parts):
            process = self.parts.pop(part)
            process.terminate()
            process.wait(timeout=20)

    def memory(self, part: str) -> float:
        """MiB that a part holds."""
        return psutil.Process(self.parts[part].pid).memory_info().rss / 2**20

    def cpu(self) -> dict[str, float]:
        """Seconds of a processor that each part and the database have used so far.

        On a shared machine they tell more than the clock. The database is the whole machine's share of its processes
        that still live or were waited for.
        """
        from threadline.config import embedded, postgres

        used = dict.fromkeys((part.split()[0] for part in self.parts), 0.0)
        for part, process in self.parts.items():
            used[part.split()[0]] += seconds(psutil.Process(process.pid))
        server = postgres.running(embedded.folder())
        if server is not None:
            main = psutil.Process(server.pid)
            ended = main.cpu_times()
            living = sum(seconds(child) for child in main.children())
            used["database"] = living + ended.user + ended.system + ended.children_user + ended.children_system
        return used


def seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def spent(before: dict[str, float], after: dict[str, float], many: int) -> str:
    """What each part used for one of `many`, in words: `web 1.2 + worker 3.4 + database 0.9 = 5.5 ms CPU each`."""
    each = {part: (after[part] - before[part]) / many * 1000 for part in after if part in before}
    shares = " + ".join(f"{part} {share:.2f}" for part, share in each.items())
    whole = sum(each.values())
    return f"{shares} = {whole:.2f} ms of CPU each, {2000 / whole:,.0f}/s at best if 2 cores were ours"


@contextlib.contextmanager
def house(*parts: str) -> Iterator[House]:
    """An empty, migrated database and these processes; all gone afterwards."""
    allow_many_files()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    from threadline.config import embedded

    built = House()
    embedded.start(say=lambda line: None)
    try:
        import django

        django.setup()
        logging.getLogger().setLevel(logging.WARNING)
        from threadline.config import migrating

        migrating.migrate(say=lambda line: None)
        built.start(*parts)
        yield built
        built.stop()
    finally:
        for process in built.parts.values():
            process.kill()
        from django.db import connections

        connections.close_all()
        embedded.stop()
        shutil.rmtree(DATA, ignore_errors=True)


def allow_many_files() -> None:
    """A thousand open screens are a thousand sockets at each end; the processes inherit the limit."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def answers() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", PORTS["WEB"], timeout=5)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def listens(port: int) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], object], what: str, *, within: float = PATIENCE, pause: float = 0.05) -> None:
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() > until:
            raise SystemExit(f"Waited {within:.0f} s in vain until {what}.\n{last_words()}")
        time.sleep(pause)


def last_words() -> str:
    return "\n".join(f"--- {path.name}\n{path.read_text()[-1500:]}" for path in DATA.glob("*.log"))


def all_processed() -> bool:
    from threadline.interactions.models import IntakeEntry

    return not IntakeEntry.objects.filter(verdict="pending").exists()


def session_of(agent: object) -> str:
    """The cookie of a signed-in agent, without the price of checking a password."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(agent.pk)  # type: ignore[attr-defined]
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()  # type: ignore[attr-defined]
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def api_key() -> str:
    from threadline.accounts.actions import create_api_key

    return create_api_key(name="benchmark")[1]


def sign_in() -> tuple[object, str]:
    """An agent of the kitchen team, and the cookie."""
    from threadline.accounts.actions import create_agent

    agent = create_agent(email="bo@shop.example", name="Bo Lindqvist", password="a-long-bench-password")
    return agent, session_of(agent)


def supervise(agent: object) -> None:
    """They may see measures too."""
    agent.is_admin = True  # type: ignore[attr-defined]
    agent.save()  # type: ignore[attr-defined]
