"""The worker knows every job, although it loads no page."""

import subprocess
import sys

CODE = """
import django
django.setup()
from procrastinate.contrib.django import app
jobs = app.with_connector(app.connector.get_worker_connector())  # as the worker makes it
jobs.perform_import_paths()  # its first step when it runs
print(*jobs.tasks)
print(*(name for name, _ in jobs.periodic_registry.periodic_tasks))
"""


def test_every_job_and_its_clock_are_known_to_the_worker():
    printed = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True).stdout

    known, by_the_clock = ({name.rpartition(".")[2] for name in line.split()} for line in printed.splitlines())
    assert {"deliver_due", "wake_snoozed", "forget_receipts"} <= known & by_the_clock
