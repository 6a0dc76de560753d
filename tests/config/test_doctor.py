"""The doctor finds what is broken, says what to do, and its exit code tells a script."""

import json
import shutil
import socket
from collections import namedtuple
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone

from threadline.channels.models import Channel
from threadline.config import cli, doctor, migrating, postgres, settings

pytestmark = pytest.mark.django_db


def examine(*options: str) -> Result:
    return CliRunner().invoke(cli.main, ["doctor", *options])


def found(about: str) -> doctor.Finding:
    (finding,) = [finding for finding in doctor.examine() if finding.about.startswith(about)]
    return finding


def test_a_healthy_machine_exits_with_zero():
    result = examine()

    assert result.exit_code == 0, result.output
    assert "PostgreSQL 18" in result.output
    assert "all applied" in result.output


def test_findings_can_be_read_by_a_program():
    findings = json.loads(examine("--json").output)

    assert {"database", "migrations", "channels", "clock", "disk", "front end", "secret key"} <= {
        finding["about"] for finding in findings
    }
    assert {finding["level"] for finding in findings} <= {"ok", "warn", "fail"}


def test_a_migration_not_applied_fails_and_says_how_to_apply_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(migrating, "pending", lambda: ["journeys.0007_clocks"])

    result = examine()

    assert result.exit_code == 1
    assert "journeys.0007_clocks" in result.output
    assert "threadline migrate" in result.output


def test_a_database_that_does_not_answer_fails_and_leaves_out_what_needs_it(monkeypatch: pytest.MonkeyPatch):
    down = doctor.Finding(about="database", level="fail", text="connection refused", advice="Start it.")
    monkeypatch.setattr(doctor, "database", lambda: down)

    findings = doctor.examine()

    assert findings[0] == down
    assert "clock" not in {finding.about for finding in findings}
    assert not doctor.is_well(findings)


def test_a_mailbox_that_can_be_reached_is_well():
    with socket.create_server((postgres.HOST, 0)) as mailbox:
        port = mailbox.getsockname()[1]
        Channel.objects.create(
            kind="email", address="help@example.com", settings={"imap_host": postgres.HOST, "imap_port": port}
        )

        assert found("channel") == doctor.Finding(
            about=f"channel {Channel.objects.get()}", level="ok", text=f"reached 127.0.0.1:{port}"
        )


def test_a_mailbox_that_can_not_be_reached_fails():
    port = postgres.free_port()
    Channel.objects.create(
        kind="email", address="help@example.com", settings={"imap_host": postgres.HOST, "imap_port": port}
    )

    finding = found("channel")

    assert finding.level == "fail"
    assert f"127.0.0.1:{port} does not answer" in finding.text


def test_a_paused_channel_fails_with_the_reason_it_was_paused_for():
    Channel.objects.create(kind="email", address="help@example.com", trouble="The password was refused.")

    assert found("channel").text == "The password was refused."


@pytest.mark.parametrize(("apart", "level"), [(0, "ok"), (10, "warn"), (90, "fail")])
def test_a_clock_that_is_wrong_is_noticed(apart: int, level: str, monkeypatch: pytest.MonkeyPatch):
    now = timezone.now
    monkeypatch.setattr(doctor.timezone, "now", lambda: now() + timedelta(seconds=apart))

    assert found("clock").level == level


@pytest.mark.parametrize(("free", "level"), [(20 * 2**30, "ok"), (2 * 2**30, "warn"), (2**20, "fail")])
def test_a_full_disk_is_noticed(free: int, level: str, monkeypatch: pytest.MonkeyPatch):
    usage = namedtuple("usage", "total used free")(2**40, 0, free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    assert found("disk").level == level


def test_a_short_secret_key_fails(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "SECRET_KEY", "short")

    assert found("secret key").level == "fail"
