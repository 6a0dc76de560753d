"""Sets of conversations, small and invented: what is printed, beside which baseline, and what is never looked at."""

import csv
import gzip
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from threadline.config.evaluation import evaluate
from threadline.lib.errors import ThreadlineError

COLUMNS = ("tweet_id", "author_id", "inbound", "created_at", "text", "in_response_to", "responses", "conversation")


def tweets(customers: int) -> list[tuple[str, ...]]:
    """Everybody complains, is answered, says more, and asks something else weeks later."""
    rows = []
    for who in range(1, customers + 1):
        author, talk = f"{1000 + who}", f"{who}1"
        rows += [
            (f"{who}1", author, "True", f"2017-10-0{1 + who % 9}T10:00:00Z", "@shop my kettle leaks", "", "", talk),
            (f"{who}2", "shop", "False", f"2017-10-0{1 + who % 9}T11:00:00Z", f"@{author} DM us?", "", "", talk),
            (f"{who}3", author, "True", f"2017-10-0{1 + who % 9}T12:00:00Z", "@shop ok, sent", "", "", talk),
            (f"{who}4", author, "True", "2017-11-20T12:00:00Z", "@shop do you sell oak benches?", "", "", f"{who}4"),
        ]
    return rows


def twcs(folder: Path, customers: int, part: str = "train") -> Path:
    folder.mkdir(parents=True)
    with gzip.open(folder / f"twosided_{part}.csv.gz", "wt", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *tweets(customers)])
    return folder


def test_tweets_are_stitched_beside_a_pause_of_a_day(tmp_path: Path):
    measures = evaluate(twcs(tmp_path / "thread-twcs", 15))["measures"]

    assert measures["new_vs_continue_accuracy"] == measures["bcubed_f1"] == 1
    assert measures["twosided_bcubed_f1"] == 1
    assert 0 < measures["baseline_24_hours_bcubed_f1"] <= 1


def test_what_is_learned_on_one_folder_is_measured_on_another(tmp_path: Path):
    folder, held_out = twcs(tmp_path / "thread-twcs", 15), twcs(tmp_path / "other" / "thread-twcs", 3, "test")

    measures = evaluate(folder, test=held_out)["measures"]

    assert measures["new_vs_continue_accuracy"] == 1


def lines(name: str, talks: int) -> Iterable[Mapping[str, Any]]:
    """Two people talk, two others talk at the same time."""
    for talk in range(talks):
        start, at = 4 * talk, f"[{talk // 60:02d}:{talk % 60:02d}]"
        said = ["<ana> how do I print?", "<cem> a good kettle?", "<bo> ana: use layout", "<dina> cem: the Tern one"]
        for place, text in enumerate(said):
            parent = start + place - 2 if place > 1 else start + place
            home = start + place % 2
            yield {"file": name, "i": start + place, "line": f"{at} {text}", "conv": home, "reply_to": [parent]}


def irc(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, talks in (("ubuntu_train", 60), ("ubuntu_dev", 5), ("other-place_dev", 5)):
        rows = "\n".join(json.dumps(line) for line in lines(name, talks))
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
    return folder


def test_conversations_of_a_channel_are_told_apart_beside_a_pause(tmp_path: Path):
    measures = evaluate(irc(tmp_path / "thread-irc"))["measures"]

    assert (measures["one_to_one"], measures["vi"], measures["exact_f1"]) == (1, 1, 1)
    assert measures["other_place_exact_f1"] == 1
    assert measures["baseline_pause_one_to_one"] < 1
    assert measures["learning_seconds"] >= 0


def test_a_folder_without_the_headline_channel_is_refused_in_words(tmp_path: Path):
    folder = irc(tmp_path / "thread-irc")
    (folder / "ubuntu_dev.jsonl.gz").unlink()

    with pytest.raises(ThreadlineError, match="no file called ubuntu_"):
        evaluate(folder)
