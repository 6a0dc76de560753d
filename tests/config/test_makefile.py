"""The commands the README promises exist, and say what they do."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def make(*arguments: str) -> str:
    done = subprocess.run(["make", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def test_help_lists_every_target_with_what_it_does():
    helped = make("help")

    for target in ("up", "test", "check", "bench", "fmt", "build", "lock", "clean"):
        assert re.search(rf"^  make {target} +\w", helped, re.MULTILINE), target


def test_make_alone_shows_the_help():
    assert make() == make("help")


def test_continuous_integration_runs_what_people_run():
    commands = [line for line in (ROOT / ".ci/run").read_text().splitlines() if not line.startswith(("#", "set", "cd"))]

    assert commands == ["make test"]


def test_lock_files_name_no_package_index():
    for lock in [*ROOT.glob("requirements*.lock"), ROOT / "frontend/package-lock.json"]:
        text = lock.read_text()
        assert "index-url" not in text
        assert "file://" not in text
        assert not re.search(r'"resolved": "(?!node_modules)', text)
        assert "registry" not in text
