"""Customers and journeys, measured through the whole pipeline: import, process, read back, compare with the truth."""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone

from threadline.config.bars import Advance
from threadline.config.evaluation.baselines import BASELINES
from threadline.config.evaluation.database import own_database
from threadline.config.evaluation.omni_rerun import learn, rerun, told, with_true_customers
from threadline.config.importing import drive
from threadline.core.measures import Answer, Truth, judge
from threadline.core.measures.grouping import bcubed_f1
from threadline.core.stitching import Model
from threadline.customers.models import Customer
from threadline.interactions.importing import import_file
from threadline.interactions.models import IntakeEntry, Interaction
from threadline.journeys.memory import brand_words
from threadline.journeys.models import Journey, Membership
from threadline.journeys.weights import keep

SEVERAL = "several_journeys_same_brand"
STITCHED = (
    "journey_bcubed_f1",
    "journey_pairwise_f1",
    "right_journey_given_continue",
    "new_vs_continue_accuracy",
    f"{SEVERAL}_journey_bcubed_f1",
)
ENOUGH = 500  # touches from which learning from a part of them says anything
TRAPS = {"claimed_email": "claimed"}
"""Kinds of traps that have a shorter name in the measures."""


def omni_journeys(folder: Path, test: Path | None, progress: Advance) -> dict[str, float]:
    """All measures, and beside them those of two baselines on the same touches.

    Without `test` the pipeline stitches with the model in use, and `cv_…` tells how it would with one learned from the
    other customers of the set. With it, a model is learned from `folder` and the pipeline stitches `test` with it.
    `oracle_…`: the same if everybody had always been recognised rightly.
    """
    model = learned(folder, progress) if test else None
    measured = test or folder
    items, truth = list(interactions(measured)), truth_of(measured)
    several = [touch for touch in touches_of(measured, SEVERAL) if touch in truth.journey and touch not in truth.noise]
    with own_database():
        through_the_pipeline(measured, progress, model)
        found = read_back()
        again = rerun_measures(truth, several, model)
    measures = rounded(judge(truth, found)) | of_several(truth, found, several) | again
    for name, baseline in BASELINES.items():
        measures |= {f"baseline_{name}_{key}": value for key, value in rounded(judge(truth, baseline(items))).items()}
    return measures


def learned(folder: Path, progress: Advance) -> Model:
    """Weights learned from a labelled folder, as it looks after the whole pipeline."""
    truth = truth_of(folder)
    with own_database():
        through_the_pipeline(folder, progress, None)
        return learn(told(truth), common=brand_words())


def through_the_pipeline(folder: Path, progress: Advance, model: Model | None) -> None:
    if model:
        keep(model, now=timezone.now())
    import_file(folder / "interactions.jsonl.gz", brands=folder / "endpoints.csv")
    drive(progress)


def rerun_measures(truth: Truth, several: Sequence[str], model: Model | None) -> dict[str, float]:
    """Stitching alone, once more in memory: cross-validated where no model was learned elsewhere, and with the truth
    about who is who."""
    stream = told(truth, noise=True)
    if model is None and len(stream) < ENOUGH:
        return {}
    histories = {"oracle_": with_true_customers(stream, truth)} | ({} if model else {"cv_": stream})
    found: dict[str, float] = {}
    for prefix, history in histories.items():
        answer = rerun(history, truth, model)
        measures = rounded(judge(truth, answer)) | of_several(truth, answer, several)
        found |= {f"{prefix}{name}": value for name, value in measures.items() if name in STITCHED}
    return found


def of_several(truth: Truth, found: Answer, several: Sequence[str]) -> dict[str, float]:
    scored = [touch for touch in several if touch not in truth.ours]
    if not scored:
        return {}
    whole = found.complete(truth.order)
    return rounded({f"{SEVERAL}_journey_bcubed_f1": bcubed_f1(scored, truth.journey, whole.journey)})


def touches_of(folder: Path, case: str) -> list[str]:
    """The touches of one kind of case, if the set says which those are."""
    file = folder / "cases.csv.gz"
    return [row["id"] for row in table(file) if row["case"] == case] if file.exists() else []


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
