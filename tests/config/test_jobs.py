"""The worker knows every job, although it loads no page."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from threadline import config

SOURCE = Path(config.__file__ or "").parent.parent
CODE = """
import django
django.setup()
from procrastinate.contrib.django import app
jobs = app.with_connector(app.connector.get_worker_connector())  # as the worker makes it
jobs.perform_import_paths()  # its first step when it runs
print(*jobs.tasks)
print(*(name for name, _ in jobs.periodic_registry.periodic_tasks))
"""


@cache
def known_to_the_worker() -> tuple[set[str], set[str]]:
    """Its jobs, and those that run by the clock."""
    printed = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True).stdout
    jobs, by_the_clock = printed.splitlines()
    return set(jobs.split()), set(by_the_clock.split())


def written(decorator: str) -> set[str]:
    """Every function of ours under this decorator, with its module: found in the source, whoever imports it."""
    return {
        f"{module}.{function.name}"
        for module, tree in parsed()
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and any(called(each) == decorator for each in function.decorator_list)
    }


def parsed() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(SOURCE.rglob("*.py")):
        text = file.read_text()
        if "lib.jobs import" in text:
            module = ".".join(file.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
            yield module, ast.parse(text)


def called(decorator: ast.expr) -> str:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return getattr(function, "id", getattr(function, "attr", ""))


def test_every_job_and_its_clock_are_known_to_the_worker():
    jobs, by_the_clock = known_to_the_worker()

    known = {name.rpartition(".")[2] for name in jobs & by_the_clock}
    assert {"deliver_due", "wake_snoozed", "forget_receipts"} <= known


def test_no_job_lives_where_the_worker_does_not_look():
    """One that is missing here needs its module in PROCRASTINATE_IMPORT_PATHS: else it is enqueued and never done."""
    jobs, by_the_clock = known_to_the_worker()

    assert len(written("job")) > 15
    assert written("job") - jobs == set()
    assert written("periodic") - by_the_clock == set()
