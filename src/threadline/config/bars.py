"""Progress bars for the command line. They go to stderr, so that what a command prints can be piped on."""

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

Advance = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


@contextlib.contextmanager
def bar(what: str) -> Iterator[Advance]:
    """One bar, from the first call with a total on. Where stderr is no terminal it prints one line at the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=max(total, 1))
