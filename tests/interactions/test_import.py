"""`threadline import`: JSON Lines, mbox and maildir come in once, whatever happens in between."""

import csv
import gzip
import mailbox
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests import make
from tests.interactions import hostile
from threadline.channels.models import Channel
from threadline.config import cli
from threadline.config.importing import bring_in
from threadline.interactions.importing import files, import_file, run
from threadline.interactions.models import ImportRun, IntakeEntry, Interaction
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db

MAIL = (
    b"From: Ana Karlsson <ana@example.com>\r\nTo: hello@harbourpine.example\r\nSubject: Kettle %d\r\n"
    b"Message-ID: <m%d@example.com>\r\nDate: Mon, 2 Mar 2026 09:30:00 +0000\r\n\r\n"
    b"It leaks.\r\n>From the lid.\r\n"
)


def lines(path: Path, items: Iterable[Any]) -> Path:
    content = "".join(f"{item if isinstance(item, str) else hostile.written(item)}\n" for item in items).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def mails(count: int) -> list[bytes]:
    return [MAIL % (number, number) for number in range(count)]


def many(count: int) -> list[dict[str, Any]]:
    return [hostile.GOOD | {"id": f"item-{number}", "thread": {}} for number in range(count)]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.ndjson"])
def test_lines_come_through_ledger_and_pipeline(tmp_path: Path, name: str):
    summary = bring_in(lines(tmp_path / name, many(3)))

    assert (summary.accepted, summary.duplicate, summary.refused, summary.pending) == (3, 0, 0, 0)
    assert Interaction.objects.count() == 3
    assert set(IntakeEntry.objects.values_list("source", "verdict")) == {("import", "accepted")}


def test_channels_are_made_with_their_brands(tmp_path: Path):
    brands = tmp_path / "endpoints.csv"
    brands.write_text("endpoint,brand,industry\n@tern,Tern Kettles,home\n")
    items = [make.payload("@ana_k", "hello", endpoint="@tern", channel="twitter"), make.payload("ana@example.com")]

    bring_in(lines(tmp_path / "a.jsonl", items), brands=brands)

    assert {(c.kind, c.address, c.brand and c.brand.name) for c in Channel.objects.all()} == {
        ("x", "@tern", "Tern Kettles"),
        ("email", make.ADDRESSES["email"], None),
    }


def test_a_file_imported_again_adds_nothing_and_counts_duplicates(tmp_path: Path):
    path = lines(tmp_path / "a.jsonl", [*many(3), "no json"])
    bring_in(path)

    summary = bring_in(path)

    assert (summary.accepted, summary.duplicate, summary.refused) == (0, 3, 1)
    assert (Interaction.objects.count(), IntakeEntry.objects.count()) == (3, 4)


def test_a_file_that_grew_adds_only_what_is_new(tmp_path: Path):
    bring_in(lines(tmp_path / "a.jsonl", many(3)))

    summary = bring_in(lines(tmp_path / "a.jsonl", many(5)))

    assert (summary.accepted, summary.duplicate) == (2, 3)
    assert Interaction.objects.count() == 5


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.mbox", "maildir"])
def test_an_import_that_was_killed_goes_on_where_it_stopped(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch):
    make.channel("email")
    path = tmp_path / name
    written(path)
    monkeypatch.setattr(run, "AT_ONCE", 4)

    with pytest.raises(KeyboardInterrupt):
        import_file(path, progress=interrupted)
    kept = IntakeEntry.objects.count()
    import_file(path)

    assert kept == 4
    assert IntakeEntry.objects.count() == 10
    assert [headers["number"] for headers in IntakeEntry.objects.order_by("pk").values_list("headers", flat=True)] == (
        list(range(1, 11)) if "jsonl" not in name else [1, *range(3, 12)]
    )


def written(path: Path) -> None:
    """Ten items in any of the forms; in the lines the second one is empty."""
    if "jsonl" in path.name:
        lines(path, [many(10)[0], "", *many(10)[1:]])
    elif path.suffix == ".mbox":
        path.write_bytes(b"".join(b"From ana@example.com Mon Mar  2 09:30:00 2026\n%b\n" % mail for mail in mails(10)))
    else:
        box = mailbox.Maildir(path)
        for mail in mails(10):
            box.add(mail)


def interrupted(done: int, size: int) -> None:
    raise KeyboardInterrupt


def test_fifty_hostile_lines_each_get_a_reason_and_nothing_is_lost(tmp_path: Path):
    strange = [
        "{",
        "nul \0",
        '{"id": NaN',
        "[" * 5000,
        '"half \\ud800"',
        "\udcff",
        '{"a": 1e999}',
        f'{{"a": {"9" * 30}}}',
    ]
    refused = [*map(hostile.written, refusable()), *strange]
    path = tmp_path / "a.jsonl"
    content = "\n".join([*refused, *map(hostile.written, hostile.TAKEN)])
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    report = tmp_path / "report.csv"
    assert len(refused) + len(hostile.TAKEN) >= 50

    summary = bring_in(path, report=report)

    assert (summary.accepted, summary.refused) == (len(hostile.TAKEN), len(refused))
    assert IntakeEntry.objects.count() == len(refused) + len(hostile.TAKEN)
    entries = IntakeEntry.objects.filter(verdict="refused").order_by("pk")
    assert [e.reason for number, e in enumerate(entries, 1) if not e.reason.startswith(f"Line {number}: ")] == []
    with report.open(newline="") as file:
        assert [row["number"] for row in csv.DictReader(file)] == [str(n) for n in range(1, len(refused) + 1)]


def refusable() -> list[Any]:
    """An import makes channels that it does not know, so that a strange endpoint alone is no mistake there."""
    unknown = ("nobody@elsewhere.example", "' or 1=1 --", 5)
    return [item for item in hostile.REFUSED if not isinstance(item, dict) or item.get("endpoint") not in unknown]


def test_a_line_of_any_length_is_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "LONGEST_PIECE", 2000)
    endless = hostile.GOOD | {"text": "x" * 9000}

    summary = bring_in(lines(tmp_path / "a.jsonl", [many(2)[0], endless, many(2)[1]]))

    assert (summary.accepted, summary.refused) == (2, 1)
    assert bytes(IntakeEntry.objects.get(verdict="refused").raw or b"").startswith(b'{"id": "good"')


def test_a_damaged_file_gives_what_stood_before_the_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "AT_ONCE", 1)
    path = lines(tmp_path / "a.jsonl.gz", many(200))
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(ThreadlineError, match=r"damaged .* were imported"):
        import_file(path)

    assert IntakeEntry.objects.count() > 0
    assert ImportRun.objects.get().finished_at is None


# ---- mails -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "text"), [("a.mbox", "It leaks.\nFrom the lid."), ("maildir", "It leaks.")])
def test_mails_come_to_the_channel_they_were_sent_to(tmp_path: Path, name: str, text: str):
    """Only an mbox escapes lines that begin with “From ”; elsewhere the sign is that of a quote."""
    channel = make.channel("email")
    written(tmp_path / name)

    summary = bring_in(tmp_path / name)

    assert summary.accepted == 10
    assert set(Interaction.objects.values_list("channel", "text")) == {(channel.pk, text)}


def test_mails_to_nobody_of_ours_are_refused_unless_a_channel_is_named(tmp_path: Path):
    written(tmp_path / "a.mbox")
    refused = bring_in(tmp_path / "a.mbox")
    assert refused.refused == 10
    assert "hello@harbourpine.example, and none of our e-mail channels" in str(refused)

    with (tmp_path / "a.mbox").open("ab") as more:
        more.write(b"\n")
    named = bring_in(tmp_path / "a.mbox", channel="hello@harbourpine.example")

    assert named.accepted == 10
    assert Channel.objects.get().kind == "email"


def test_our_own_mail_is_refused_with_the_reason(tmp_path: Path):
    make.channel("email")
    own = mails(1)[0].replace(b"ana@example.com", b"hello@harbourpine.example")
    (tmp_path / "a.mbox").write_bytes(b"From x\n" + own)

    summary = bring_in(tmp_path / "a.mbox")

    assert summary.refused == 1
    assert "from our own address" in str(summary)


# ---- the command -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make_it", [lambda p: p.write_text("hello"), lambda p: p.mkdir(), lambda p: p.write_bytes(b"")]
)
def test_what_is_no_such_file_is_said_in_words(tmp_path: Path, make_it: Any):
    make_it(tmp_path / "strange")

    with pytest.raises(ThreadlineError, match="maildir"):
        import_file(tmp_path / "strange")


def test_the_command_prints_the_summary(tmp_path: Path):
    path = lines(tmp_path / "a.jsonl", [*many(2), "no json"])

    printed = CliRunner().invoke(cli.main, ["import", str(path)])

    assert printed.exit_code == 0, printed.output
    assert "2 accepted, 0 duplicate, 1 refused" in printed.stdout
    assert "1 × this is no JSON" in printed.stdout


def test_the_pipeline_can_be_left_to_the_worker(tmp_path: Path):
    path = lines(tmp_path / "a.jsonl", many(2))

    printed = CliRunner().invoke(cli.main, ["import", "--no-process", str(path)])

    assert "2 waiting for the worker" in printed.stdout
    assert list(IntakeEntry.objects.order_by("pk").values_list("payload", flat=True)) == many(2)
