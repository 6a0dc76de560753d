"""`threadline evaluate`: sets known by their names, measured through the whole pipeline in a database of their own."""

import base64
import csv
import gzip
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from tests import make
from threadline.config import cli
from threadline.config.evaluation import KNOWN, evaluate
from threadline.config.evaluation.baselines import exact_equality, per_channel_desk
from threadline.config.evaluation.database import own_database
from threadline.core.measures import Answer
from threadline.interactions.models import IntakeEntry
from threadline.lib.errors import ThreadlineError

ANA = {"email": "ana@example.com", "display_name": "Ana Karlsson"}
ITEMS = [
    make.payload(ANA, "The Tern kettle I bought leaks. Order HP-4711.", id="mail"),
    make.payload({"handle": "ana_k", "user_id": "77"}, "my kettle, order HP-4711, still leaks", kind="x", id="tweet"),
    make.payload("zoe@example.org", "Where is my lamp? Order HP-9000.", id="lamp"),
    make.payload("deals@example.net", "Cheap watches! Click here!", id="spam", automatic="bulk mail"),
]
GOLD = [
    ("mail", "ana", "kettle", "new", "0"),
    ("tweet", "ana", "kettle", "continue", "0"),
    ("lamp", "zoe", "lamp", "new", "0"),
    ("spam", "", "", "none", "1"),
]


@pytest.fixture
def journeys(tmp_path: Path) -> Path:
    """A set of four touches of ours."""
    folder = tmp_path / "omni-journeys"
    folder.mkdir()
    packed_lines(folder / "interactions.jsonl.gz", ITEMS)
    packed_table(folder / "gold.csv.gz", [("id", "customer", "journey", "continues", "is_noise"), *GOLD])
    packed_table(folder / "mustnot.csv.gz", [("kind", "a", "b"), ("claimed_email", "ana", "zoe")])
    endpoints = {(item["endpoint"], "Harbour & Pine") for item in ITEMS}
    with (folder / "endpoints.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("endpoint", "brand"), *endpoints])
    return folder


def packed_lines(path: Path, rows: Iterable[Any]) -> None:
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))


def packed_table(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with gzip.open(path, "wt", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.mark.django_db(transaction=True)
def test_journeys_are_measured_through_the_pipeline_and_leave_nothing_behind(journeys: Path):
    result = evaluate(journeys)

    measures = result["measures"]
    assert (result["set"], measures["journey_bcubed_f1"], measures["customer_pairwise_f1"]) == ("omni-journeys", 1, 1)
    assert (measures["noise_recall"], measures["must_not_merge_claimed_breaches"]) == (1, 0)
    assert measures["baseline_per_channel_desk_journey_bcubed_f1"] < 1
    assert not IntakeEntry.objects.exists()
    assert databases_of_measurements() == []


@pytest.mark.django_db(transaction=True)
def test_a_measurement_that_fails_leaves_no_database_and_the_usual_one_in_use():
    usual = connection.settings_dict["NAME"]

    with pytest.raises(ZeroDivisionError):
        fail_within()

    assert connection.settings_dict["NAME"] == usual
    assert databases_of_measurements() == []


def fail_within() -> None:
    with own_database():
        assert connection.settings_dict["NAME"] in databases_of_measurements()
        1 / 0  # noqa: B018


def databases_of_measurements() -> list[str]:
    """Those of this process: other test runs may measure at the same time."""
    with connection.cursor() as cursor:
        cursor.execute("select datname from pg_database where datname = %s", [f"threadline_measure_{os.getpid()}"])
        return [name for (name,) in cursor.fetchall()]


def test_the_baselines_know_only_their_own_channel_or_equal_addresses():
    form = make.payload({"visitor_id": "v1", "form_email": ANA["email"]}, "kettle", kind="chat", id="chat")

    desk, equal = per_channel_desk([*ITEMS, form]), exact_equality([*ITEMS, form])

    assert together(desk, "mail", "chat") == (False, False)
    assert together(equal, "mail", "chat") == (True, True)
    assert together(equal, "mail", "tweet") == (False, False)


def together(answer: Answer, one: str, other: str) -> tuple[bool, bool]:
    return answer.customer[one] == answer.customer[other], answer.journey[one] == answer.journey[other]


def test_with_another_folder_that_one_is_measured(tmp_path: Path):
    train, test = tmp_path / "email-replies", tmp_path / "held-out"
    for folder, gold in ((train, "wrong"), (test, "Thanks!")):
        folder.mkdir()
        packed_lines(folder / "some.jsonl.gz", [{"id": "1", "email": "Thanks!", "trimmed": gold, "elided": ""}])

    assert evaluate(train)["measures"]["exact_match"] == 0
    assert evaluate(train, test=test)["measures"]["exact_match"] == 1


def test_the_command_prints_exactly_one_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "email-mime"
    folder.mkdir()
    raw = base64.b64encode(b"Subject: Hello\r\n\r\nHi").decode()
    part = {"headers": [], "body": {"Text": "Hi"}}
    packed_lines(
        folder / "a.jsonl.gz",
        [{"id": "1", "raw_base64": raw, "expected": {"parts": [part], "attachments": []}}],
    )

    printed = CliRunner().invoke(cli.main, ["evaluate", str(folder), "--json"])

    result = json.loads(printed.stdout)
    assert set(result) == {"set", "measures", "seconds"}
    assert (result["measures"]["exceptions"], result["measures"]["same_text"]) == (0, 1.0)


def test_a_folder_of_no_known_name_is_said_with_those_that_are_known(tmp_path: Path):
    with pytest.raises(ThreadlineError) as told:
        evaluate(tmp_path)

    assert [name for name in KNOWN if name not in str(told.value)] == []


@pytest.mark.parametrize(
    "content",
    [None, b"no gzip", gzip.compress(b"no json"), gzip.compress(b"{}")],
    ids=["missing", "no gzip", "no json", "no rows"],
)
def test_a_set_with_missing_or_damaged_files_is_said_in_words(tmp_path: Path, content: bytes | None):
    folder = tmp_path / "email-replies"
    folder.mkdir()
    if content is not None:
        (folder / "a.jsonl.gz").write_bytes(content)

    with pytest.raises(ThreadlineError, match=str(folder)):
        evaluate(folder)
