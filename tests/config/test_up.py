"""`threadline up` on this machine, with its own ports and data folder: it starts, survives and stops."""

import http.client
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.config.running import Program, is_alive, running, until
from threadline.config import postgres

UP = [sys.executable, "-m", "threadline", "up", "--no-sample"]


@contextmanager
def machine() -> Iterator[dict[str, str]]:
    """Settings of a machine of its own; its database is stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="a shop ") as folder:
        Path(folder).chmod(0o755)
        ports = {name: str(postgres.free_port()) for name in ("WEB", "POSTGRES", "SMTP", "LMTP")}
        try:
            yield {
                "THREADLINE_DATA_DIR": folder,
                "THREADLINE_DATABASE_URL": "",
                "THREADLINE_WEB_PROCESSES": "2",
                **{f"THREADLINE_{name}_PORT": port for name, port in ports.items()},
            }
        finally:
            postgres.stop(Path(folder) / "postgres")


@pytest.fixture(scope="module")
def surroundings() -> Iterator[dict[str, str]]:
    with machine() as settings:
        yield settings


@pytest.fixture(scope="module")
def up(surroundings: dict[str, str]) -> Iterator[Program]:
    """What runs after `kill -9` of the one before."""
    with running(UP, environment=surroundings) as killed:
        address(killed)
        parts = children_of(killed)
        killed.end(signal.SIGKILL)
        until(lambda: not any(is_alive(pid) for pid in parts), what="the processes to go")
    with running(UP, environment=surroundings) as program:
        address(program)
        yield program
        assert program.end(signal.SIGTERM) == 0
    assert postgres.running(Path(surroundings["THREADLINE_DATA_DIR"]) / "postgres") is None


def address(up: Program) -> str:
    return up.wait_for("Threadline is up at").split("http://")[1].split()[0]


def greets(address: str) -> bool:
    """The start page is there."""
    with closing(http.client.HTTPConnection(address, timeout=10)) as connection:
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 400
        except OSError:
            return False


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").replace("\0", " ")


def listens_on(pid: int, where: str) -> bool:
    listening = (each for each in psutil.Process(pid).net_connections("inet") if each.status == psutil.CONN_LISTEN)
    return int(where.rpartition(":")[2]) in {each.laddr.port for each in listening}


def children_of(up: Program) -> list[int]:
    tasks = Path(f"/proc/{up.process.pid}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def test_it_comes_up_answers_and_leaves_nothing_behind():
    with machine() as settings, running(UP, environment=settings) as first:
        assert greets(address(first))
        parts = children_of(first)

        assert first.end(signal.SIGINT) == 0

        assert len(parts) == 4
        assert not any(is_alive(pid) for pid in parts)
        assert postgres.running(Path(settings["THREADLINE_DATA_DIR"]) / "postgres") is None
    assert "Stopped." in first.lines[-1]


def test_after_kill_nine_the_next_one_just_works(up: Program):
    assert greets(address(up))


def test_a_front_door_that_is_killed_is_not_missed(up: Program):
    where = address(up)
    doors = [pid for pid in children_of(up) if command_of(pid).endswith("web")]
    until(lambda: all(listens_on(pid, where) for pid in doors), what="both doors")

    os.kill(doors[0], signal.SIGKILL)

    until(lambda: not Path(f"/proc/{doors[0]}").exists(), what="the door to go")
    assert len(doors) == 2
    assert [greets(where) for _ in range(8)] == [True] * 8


def test_a_killed_database_is_started_again_while_everything_runs(surroundings: dict[str, str], up: Program):
    server = postgres.running(Path(surroundings["THREADLINE_DATA_DIR"]) / "postgres")
    assert server is not None

    os.kill(server.pid, signal.SIGKILL)

    up.wait_for("The database is back")
    until(lambda: greets(address(up)), what="the desk to answer again")


def test_a_second_one_over_the_same_data_is_refused_in_words(surroundings: dict[str, str], up: Program):
    with running(UP, environment=surroundings) as second:
        assert "already runs" in second.wait_for("Error:")
        assert second.process.wait(10) == 1
    assert not up.has_ended
