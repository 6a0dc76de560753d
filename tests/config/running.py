"""Programs started by tests: what they say is collected, and they never outlive the test."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import psutil

PATIENCE = 180.0
"""Seconds. A machine that also does something else is slow, not wrong."""


class Program:
    """A running program and the lines it said so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process, self.lines = process, list[str]()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip())

    def wait_for(self, text: str, *, times: int = 1) -> str:
        """The line with the text, as soon as it was said so often."""
        until(lambda: sum(text in line for line in self.lines) >= times or self.has_ended, what=f"{text!r}")
        found = [line for line in self.lines if text in line]
        assert len(found) >= times, f"{text!r} was not said {times} times in:\n" + "\n".join(self.lines)
        return found[times - 1]

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None and not self.reader.is_alive()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def running(command: list[str], *, environment: Mapping[str, str] | None = None) -> Iterator[Program]:
    process = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    program = Program(process)
    try:
        yield program
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        program.reader.join(PATIENCE)
        if process.stdout:
            process.stdout.close()


def until(condition: Callable[[], bool], *, what: str) -> None:
    """Wait for a condition; say what was waited for when it never came."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s for {what}"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
