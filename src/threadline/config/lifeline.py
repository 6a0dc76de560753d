"""Runs a command that dies with the process that started it, even when that one is killed with `kill -9`.

`python -m threadline.config.lifeline PARENT_PID COMMAND …` ties itself to the parent, then becomes the command.
A step of its own, because code between fork and exec is not safe in a program with threads. On Linux only; elsewhere
the command simply starts.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def wrap(command: list[str]) -> list[str]:
    """The command line that runs `command` tied to the calling process."""
    return [sys.executable, "-m", "threadline.config.lifeline", str(os.getpid()), *command]


def tie_to(parent: int) -> None:
    """Ask the kernel to kill us when the parent goes. If it went before we could ask, go too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(f"The parent {parent} is gone already.")


if __name__ == "__main__":
    tie_to(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
