"""The command line answers at once, and says in one sentence what went wrong."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from threadline.config import cli, embedded
from threadline.lib.errors import ThreadlineError

COMMANDS = ["up", "web", "worker", "intake", "import", "replay", "evaluate", "doctor", "create-agent", "migrate"]


def test_help_lists_the_commands_without_loading_django():
    code = "import sys; from threadline.config.cli import main; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    helped = CliRunner().invoke(cli.main, ["--help"]).output
    assert [name for name in COMMANDS if f"  {name} " not in helped] == []


def test_an_error_for_people_is_shown_without_a_traceback(monkeypatch: pytest.MonkeyPatch):
    def refuse(**_: object) -> None:
        raise ThreadlineError("Port 54400 is taken. Choose another.")

    monkeypatch.setattr(embedded, "database", refuse)

    result = CliRunner().invoke(cli.main, ["migrate"])

    assert result.exit_code == 1
    assert result.output == "Error: Port 54400 is taken. Choose another.\n"


def test_a_database_that_does_not_answer_is_said_in_words():
    error = type("OperationalError", (Exception,), {})("connection refused\n\tIs the server running?")

    assert cli._database_trouble(error) == (
        "The database does not answer: connection refused. Start it with `threadline up`, or see `threadline doctor`."
    )
