"""Customers and journeys, measured through the whole pipeline: import, process, read back, compare with the truth."""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from threadline.config.bars import Advance
from threadline.config.evaluation.baselines import BASELINES
from threadline.config.evaluation.database import own_database
from threadline.config.importing import drive
from threadline.core.measures import Answer, Truth, judge
from threadline.customers.models import Customer
from threadline.interactions.importing import import_file
from threadline.interactions.models import IntakeEntry, Interaction
from threadline.journeys.models import Journey, Membership

TRAPS = {"claimed_email": "claimed"}
"""Kinds of traps that have a shorter name in the measures."""


def omni_journeys(folder: Path, progress: Advance) -> dict[str, float]:
    """All measures, and beside them those of two baselines on the same touches."""
    items, truth = list(interactions(folder)), truth_of(folder)
    with own_database():
        import_file(folder / "interactions.jsonl.gz", brands=folder / "endpoints.csv")
        drive(progress)
        found = read_back()
    measures = rounded(judge(truth, found))
    for name, baseline in BASELINES.items():
        measures |= {f"baseline_{name}_{key}": value for key, value in rounded(judge(truth, baseline(items))).items()}
    return measures


def rounded(measures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in measures.items()}


# ---- the truth -------------------------------------------------------------------------------------------------


def interactions(folder: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / "interactions.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def truth_of(folder: Path) -> Truth:
    order, ours = [], set()
    for item in interactions(folder):
        order.append(item["id"])
        if item["direction"] == "out":
            ours.add(item["id"])
    gold = {row["id"]: row for row in table(folder / "gold.csv.gz")}
    return Truth(
        order=order,
        ours=frozenset(ours),
        customer={touch: row["customer"] for touch, row in gold.items()},
        journey={touch: row["journey"] for touch, row in gold.items()},
        noise=frozenset(touch for touch, row in gold.items() if row["is_noise"] == "1"),
        apart=apart(folder),
    )


def apart(folder: Path) -> dict[str, list[tuple[str, str]]]:
    pairs: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in table(folder / "mustnot.csv.gz"):
        pairs[TRAPS.get(row["kind"], row["kind"])].append((row["a"], row["b"]))
    return dict(pairs)


def table(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


# ---- what the pipeline concluded -------------------------------------------------------------------------------


def read_back() -> Answer:
    """Touch to customer and journey, by the ids of the set; merged and joined ones followed to where they stand."""
    merged = dict(Customer.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into"))
    joined = dict(Journey.objects.filter(joined_into__isnull=False).values_list("pk", "joined_into"))
    homes = dict(Membership.objects.filter(superseded_at=None).values_list("interaction", "journey"))
    speakers = dict(Interaction.objects.filter(identity__isnull=False).values_list("pk", "identity__customer"))
    customer, journey = {}, {}
    for entry, name, first in IntakeEntry.objects.values_list("pk", "external_id", "duplicate_of"):
        stored = first or entry
        if speakers.get(stored):
            customer[name] = str(end_of(speakers[stored], merged))
        if stored in homes:
            journey[name] = str(end_of(homes[stored], joined))
    return Answer(customer, journey)


def end_of(number: int, moved: Mapping[int, int | None]) -> int:
    while following := moved.get(number):
        number = following
    return number
