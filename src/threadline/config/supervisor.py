"""Keeps the processes of `threadline up` running: starts them, relays what they say, restarts one that dies.

Knows nothing of Threadline's parts; `config/up.py` tells it what to run. All children end together: on SIGINT, SIGTERM
or SIGHUP in order, and by the kernel's hand when the supervisor itself is killed.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass

from threadline.config import lifeline

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
GRACE = 5.0
"""Seconds a child may take to end before it is killed."""
LONG_LINE = 1 << 20

Say = Callable[[str, str], None]
"""Takes who speaks and one line."""


@dataclass(frozen=True, kw_only=True)
class Child:
    name: str
    command: list[str]


def tell(who: str, line: str) -> None:
    """One line on the screen, after the name of the process that said it."""
    sys.stdout.write(f"{who:<8} | {line}\n")
    sys.stdout.flush()


def run(
    children: list[Child],
    *,
    beside: Callable[[], Coroutine[None, None, None]] | None = None,
    environment: Mapping[str, str] | None = None,
    say: Say = tell,
) -> None:
    """Keep the children running until a signal asks to stop; returns when the last one has ended.

    Args:
        beside: runs beside the children, for example to wait until they are healthy; cancelled when they have ended.
        environment: added to our own for every child.
    """
    asyncio.run(_supervise(children, beside=beside, environment=environment or {}, say=say))


async def _supervise(
    children: list[Child],
    *,
    beside: Callable[[], Coroutine[None, None, None]] | None,
    environment: Mapping[str, str],
    say: Say,
) -> None:
    stopping = asyncio.Event()
    _stop_on_signals(stopping, say=say)
    surroundings = {**os.environ, "PYTHONUNBUFFERED": "1", **environment}
    keepers = [asyncio.create_task(_keep_running(child, surroundings, stopping, say=say)) for child in children]
    companion = asyncio.create_task(beside()) if beside else None
    await asyncio.gather(*keepers)
    if companion is not None:
        await _finish(companion, within=0)


def _stop_on_signals(stopping: asyncio.Event, *, say: Say) -> None:
    def stop() -> None:
        if not stopping.is_set():
            say("up", "Stopping …")
        stopping.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop)


async def _keep_running(child: Child, environment: Mapping[str, str], stopping: asyncio.Event, *, say: Say) -> None:
    """Start the child again whenever it ends, each time after a longer pause while it keeps failing at once."""
    pause = FIRST_PAUSE
    while not stopping.is_set():
        began = time.monotonic()
        code = await _run_once(child, environment, stopping, say=say)
        if stopping.is_set():
            return
        pause = FIRST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else pause
        say("up", f"{child.name} ended ({_in_words(code)}). Starting it again in {pause:.1f} s.")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _run_once(child: Child, environment: Mapping[str, str], stopping: asyncio.Event, *, say: Say) -> int:
    """Run the child to its end and give its exit code. When asked to stop, end it: politely, then not."""
    process = await asyncio.create_subprocess_exec(
        *lifeline.wrap(child.command),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment,
        limit=LONG_LINE,
        start_new_session=True,  # Ctrl-C in the terminal is ours to hand on, in order
    )
    relay = asyncio.create_task(_relay(process, child.name, say=say))
    ended, asked = asyncio.create_task(process.wait()), asyncio.create_task(stopping.wait())
    await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if not ended.done():
        await _end(process, ended, name=child.name, say=say)
    await _finish(relay, within=0.5)  # a grandchild may keep the pipe open; do not wait for it
    return await ended


async def _end(process: asyncio.subprocess.Process, ended: "asyncio.Task[int]", *, name: str, say: Say) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    done, _ = await asyncio.wait({ended}, timeout=GRACE)
    if not done:
        say("up", f"{name} did not end within {GRACE:.0f} s; killing it.")
        with contextlib.suppress(ProcessLookupError):
            process.kill()


async def _relay(process: asyncio.subprocess.Process, name: str, *, say: Say) -> None:
    if process.stdout is None:
        return
    with contextlib.suppress(ValueError):  # a line beyond LONG_LINE: the rest of this child's output goes unread
        async for line in process.stdout:
            say(name, line.decode(errors="replace").rstrip())


async def _finish(task: "asyncio.Task[None]", *, within: float) -> None:
    await asyncio.wait({task}, timeout=within)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _in_words(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    return f"killed by {signal.Signals(-code).name}"
