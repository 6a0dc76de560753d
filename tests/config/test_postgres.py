"""The embedded database survives what happens to real machines."""

import os
import signal
import socket
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from threadline.config import postgres, system_user
from threadline.lib.errors import ThreadlineError


@contextmanager
def a_folder() -> Iterator[Path]:
    """A data folder with a space in its path, where the server's own user may go; stopped and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="a shop ") as above:
        Path(above).chmod(0o755)
        yield Path(above) / "postgres"
        postgres.stop(Path(above) / "postgres")


@pytest.fixture
def new_folder() -> Iterator[Path]:
    with a_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Shared by the tests that do not need a new one; each finds its server running or stopped, and copes."""
    with a_folder() as folder:
        yield folder


def test_a_first_start_creates_the_cluster_and_the_database(new_folder: Path):
    server = postgres.ensure(new_folder)

    with psycopg.connect(server.url()) as connection:
        version, durable, collation = connection.execute(
            "select current_setting('server_version_num')::int, current_setting('synchronous_commit'), datlocprovider "
            "from pg_database where datname = 'threadline'"
        ).fetchone()
    assert version >= 180000
    assert durable == "on"
    assert collation == "b"


def test_a_second_call_attaches_to_the_running_server(folder: Path):
    first = postgres.ensure(folder)

    assert postgres.ensure(folder, port=first.port) == first
    assert postgres.running(folder) == first


def test_two_callers_at_once_get_one_server(folder: Path):
    postgres.stop(folder)
    found: list[postgres.Server] = []
    callers = [threading.Thread(target=lambda: found.append(postgres.ensure(folder))) for _ in range(2)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert len(found) == 2
    assert found[0] == found[1]


def test_committed_rows_are_there_after_kill_nine(folder: Path):
    server = postgres.ensure(folder)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("drop table if exists kept")
        connection.execute("create table kept (id int)")
        connection.execute("insert into kept select generate_series(1, 500)")

    os.kill(server.pid, signal.SIGKILL)
    again = postgres.ensure(folder, port=server.port)

    assert again.pid != server.pid
    assert again.port == server.port
    with psycopg.connect(again.url()) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (500,)


def test_stopping_leaves_no_process_and_can_be_repeated(folder: Path):
    server = postgres.ensure(folder)

    assert postgres.stop(folder) is True
    assert postgres.stop(folder) is False
    assert postgres.running(folder) is None
    assert not psutil.pid_exists(server.pid) or psutil.Process(server.pid).status() == psutil.STATUS_ZOMBIE


def test_a_port_taken_by_a_stranger_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch):
    postgres.ensure(folder)
    postgres.stop(folder)
    monkeypatch.setattr(postgres, "PATIENCE", 0.1)
    with socket.socket() as stranger:
        stranger.bind((postgres.HOST, 0))
        stranger.listen()
        port = stranger.getsockname()[1]

        with pytest.raises(ThreadlineError, match=rf"Port {port} .* taken .* THREADLINE_POSTGRES_PORT"):
            postgres.ensure(folder, port=port)


def test_asking_for_another_port_than_the_running_one_says_what_to_do(folder: Path):
    server = postgres.ensure(folder)

    with pytest.raises(ThreadlineError, match=f"already runs on port {server.port}"):
        postgres.ensure(folder, port=server.port + 1)


def test_a_pid_file_left_by_a_dead_server_is_not_believed(folder: Path):
    server = postgres.ensure(folder)
    lines = (server.folder / "postmaster.pid").read_text().splitlines()
    postgres.stop(folder)
    stranger = str(os.getpid())

    (server.folder / "postmaster.pid").write_text("\n".join([stranger, *lines[1:]]))

    assert postgres.running(folder) is None


def test_a_broken_off_first_start_is_begun_anew(new_folder: Path):
    half_done = new_folder.with_name(f"{new_folder.name}.new")
    half_done.mkdir(parents=True)
    (half_done / "PG_VERSION").write_text("18")

    server = postgres.ensure(new_folder)

    assert postgres.running(new_folder) == server


def test_folders_above_the_data_folder_keep_their_rights(folder: Path):
    above = folder.parent
    above.mkdir(parents=True, exist_ok=True)
    before = [stat.S_IMODE(path.stat().st_mode) for path in above.parents]

    postgres.ensure(folder)

    assert [stat.S_IMODE(path.stat().st_mode) for path in above.parents] == before


def test_the_data_lives_elsewhere_when_the_servers_user_may_not_enter_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(system_user, "SHARED", tmp_path / "shared")
    monkeypatch.setattr(system_user, "name", lambda: "nobody")
    monkeypatch.setattr(system_user, "can_enter", lambda folder: False)
    said: list[str] = []

    found = postgres.home(tmp_path / "postgres", say=said.append)

    assert found.parent == tmp_path / "shared"
    assert postgres.home(tmp_path / "postgres") == found
    assert postgres.home(tmp_path / "other" / "postgres") != found
    assert "user nobody may not go there" in said[0]
