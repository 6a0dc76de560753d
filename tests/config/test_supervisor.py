"""The supervisor keeps processes running, and takes all of them with it when it goes."""

import os
import signal
import sys
from contextlib import AbstractContextManager

from tests.config.running import Program, is_alive, running, until

FOREVER = "import os, time; print('pid', os.getpid()); time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {FOREVER}"
BRIEF = "print('I was here'); raise SystemExit(3)"


def supervising(**programs: str) -> AbstractContextManager[Program]:
    """A real supervisor over small Python programs, impatient enough for a test."""
    children = [
        f"supervisor.Child(name={name!r}, command=[{sys.executable!r}, '-c', {code!r}])"
        for name, code in programs.items()
    ]
    script = (
        "from threadline.config import supervisor; supervisor.GRACE = 0.5; supervisor.FIRST_PAUSE = 0.1; "
        f"supervisor.run([{', '.join(children)}])"
    )
    return running([sys.executable, "-c", script])


def pid_in(line: str) -> int:
    return int(line.rsplit(" ", 1)[1])


def test_every_line_is_said_after_the_name_of_its_process():
    with supervising(web=FOREVER, worker=FOREVER) as supervisor:
        assert supervisor.wait_for("web      | pid")
        assert supervisor.wait_for("worker   | pid")


def test_a_child_that_dies_is_started_again_after_ever_longer_pauses():
    with supervising(worker=BRIEF) as supervisor:
        supervisor.wait_for("I was here", times=3)

        assert "worker ended (exit code 3). Starting it again in 0.1 s." in supervisor.wait_for("ended")
        assert "in 0.2 s" in supervisor.wait_for("ended", times=2)


def test_a_killed_child_comes_back_and_its_neighbour_stays():
    with supervising(web=FOREVER, worker=FOREVER) as supervisor:
        web, worker = pid_in(supervisor.wait_for("web      | pid")), pid_in(supervisor.wait_for("worker   | pid"))

        os.kill(worker, signal.SIGKILL)

        assert pid_in(supervisor.wait_for("worker   | pid", times=2)) != worker
        assert "killed by SIGKILL" in supervisor.wait_for("ended")
        assert is_alive(web)


def test_asking_it_to_stop_ends_every_child():
    with supervising(web=FOREVER, worker=FOREVER) as supervisor:
        pids = [pid_in(supervisor.wait_for(f"{name:<8} | pid")) for name in ("web", "worker")]

        assert supervisor.end(signal.SIGINT) == 0

        assert not any(is_alive(pid) for pid in pids)


def test_a_child_deaf_to_the_request_is_killed():
    with supervising(worker=DEAF) as supervisor:
        pid = pid_in(supervisor.wait_for("pid"))

        assert supervisor.end(signal.SIGTERM) == 0

        assert "did not end within" in supervisor.wait_for("killing it")
        assert not is_alive(pid)


def test_children_go_when_the_supervisor_is_killed():
    with supervising(web=FOREVER, worker=DEAF) as supervisor:
        pids = [pid_in(supervisor.wait_for(f"{name:<8} | pid")) for name in ("web", "worker")]

        supervisor.end(signal.SIGKILL)

        until(lambda: not any(is_alive(pid) for pid in pids), what="the children to go")
