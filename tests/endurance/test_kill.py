"""`kill -9` in the middle of 2,000 messages: afterwards all 2,000 are there, none twice."""

import contextlib
import hashlib
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg

from tests.config.running import Program, running, until
from tests.endurance.senders import Progress, post, submit, text
from threadline.config import postgres

UP = [sys.executable, "-m", "threadline", "up", "--no-sample"]
MESSAGES = 2000
KEY = "tl_only-for-this-test"
PREPARE = [
    (
        """insert into channels_channel
            (kind, provider, address, name, active, trouble, settings, secrets, cursor, missing)
        values ('x', '', '@harbourpine', '', true, '', '{}', '', '', 0),
               ('email', '', 'hello@harbourpine.example', '', true, '', '{}', '', '', 0)""",
        [],
    ),
    (
        """insert into accounts_apikey (name, prefix, digest, scopes)
        values ('shop', 'tl_only', %s, '{interactions:write}')""",
        [hashlib.sha256(KEY.encode()).hexdigest()],
    ),
]


@contextlib.contextmanager
def surroundings() -> Iterator[dict[str, str]]:
    """Settings of a machine of its own; its database is stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="threadline-kill-") as folder:
        Path(folder).chmod(0o755)
        ports = {name: str(postgres.free_port()) for name in ("WEB", "POSTGRES", "SMTP")}
        yield {
            "THREADLINE_DATA_DIR": folder,
            "THREADLINE_DATABASE_URL": "",
            "THREADLINE_LMTP_PORT": "0",
            **{f"THREADLINE_{name}_PORT": port for name, port in ports.items()},
        }
        postgres.stop(Path(folder) / "postgres")


def kill(up: Program, part: str, folder: Path) -> None:
    """Kill one process of the running ones, as it may happen to it any time. Its name is the last word of its call."""
    if part == "database":
        server = postgres.running(folder)
        assert server is not None
        os.kill(server.pid, signal.SIGKILL)
        return
    found: list[int] = []
    until(lambda: bool(found.extend(pids(up, part)) or found), what=f"{part} to run")
    os.kill(found[0], signal.SIGKILL)


def pids(up: Program, part: str) -> list[int]:
    children = psutil.Process(up.process.pid).children()
    return [child.pid for child in children if child.cmdline()[-2:] == ["threadline", part]]


def test_of_two_thousand_messages_none_is_lost_and_none_is_there_twice():
    with surroundings() as settings, running(UP, environment=settings) as up:
        up.wait_for("Threadline is up at")
        folder = Path(settings["THREADLINE_DATA_DIR"]) / "postgres"
        server = postgres.running(folder)
        assert server is not None
        with psycopg.connect(server.url()) as connection:
            for statement, values in PREPARE:
                connection.execute(statement, values)
        progress = Progress()
        url = f"http://127.0.0.1:{settings['THREADLINE_WEB_PORT']}/api/v1/interactions"
        port = int(settings["THREADLINE_SMTP_PORT"])
        with ThreadPoolExecutor() as pool:
            senders = [
                pool.submit(post, range(1500), at_once=30, url=url, key=KEY, progress=progress),
                pool.submit(post, range(1500, 1700), at_once=1, url=url, key=KEY, progress=progress),
                pool.submit(submit, range(1700, 1850), port=port, progress=progress),
                pool.submit(submit, range(1850, MESSAGES), port=port, progress=progress),
            ]
            for mark, part in enumerate(("worker", "web", "database", "intake", "worker"), start=1):
                progress.wait_for(mark * MESSAGES // 6)
                kill(up, part, folder)
            for sender in senders:
                sender.result()
        until(lambda: is_processed(server), what="every message to be processed")

        assert progress.again, "nothing was in the way, so nothing was tried"
        assert stored(server) == sorted(text(number) for number in range(MESSAGES))
        assert verdicts(server) <= {"accepted", "duplicate"}
        assert up.end(signal.SIGINT) == 0


def ask(server: postgres.Server, statement: str) -> list[str]:
    """One column; empty while the database is away."""
    try:
        with psycopg.connect(server.url(), connect_timeout=5) as connection:
            return [str(value) for (value,) in connection.execute(statement).fetchall()]
    except psycopg.OperationalError:
        return []


def is_processed(server: postgres.Server) -> bool:
    return ask(server, "select count(*) from interactions_intakeentry where verdict = 'pending'") == ["0"]


def stored(server: postgres.Server) -> list[str]:
    """The words of every touch that stands in exactly one journey, sorted."""
    return sorted(
        ask(
            server,
            "select text from interactions_interaction touch join journeys_membership member"
            " on member.interaction_id = touch.id and member.superseded_at is null",
        )
    )


def verdicts(server: postgres.Server) -> set[str]:
    return set(ask(server, "select distinct verdict from interactions_intakeentry"))
