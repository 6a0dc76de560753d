"""Training: unsupervised by expectation maximisation, then sharpened by what agents said of pairs."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from threadline.core.identity.model import Frequencies, Model, clipped, model_of, repaired
from threadline.core.identity.model.score import reached
from threadline.core.identity.training.comparisons import BY_FREQUENCY, COMPARED, comparison
from threadline.core.identity.training.records import Record, prepared

Progress = Callable[[int, int], None]
Row = Mapping[str, Any]

LEAST_RECORDS, LEAST_PAIRS, LEAST_BITS = 200, 30, 3.0
FILLED = 0.05  # a column that fewer records have is not compared
STEPS = 6
ROUNDS = (25, 6, 3, 2)  # of expectation maximisation, at most
LABEL_STRENGTH = 100.0  # how many labelled pairs weigh as much as everything that was learned without labels
MOST_FREQUENT = 20_000
# Together these find most pairs; each session learns what it does not block on.
SESSIONS = (("mailbox", "domain"), ("tel",), ("given", "family"), ("family", "postcode"))


class TooLittle(ValueError):
    """The records do not suffice; the text says why, for a person."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Pairs of records, by their place, of which people said that they are one person or two."""

    same: Sequence[tuple[int, int]] = ()
    apart: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Trained:
    """`source` is the model as Splink writes it; `numbers` say what it was learned from and what it found."""

    source: dict[str, Any]
    frequencies: Frequencies
    numbers: dict[str, float] = field(default_factory=dict)

    @property
    def model(self) -> Model:
        return model_of(self.source)


def train(records: Sequence[Record], *, labels: Labels | None = None, progress: Progress) -> Trained:
    """Learn from records.

    Raises:
        TooLittle: there are too few, or nothing in them tells people apart.
    Cost: about a minute for 100,000 records on two cores.
    """
    rows = prepared(records)
    names = compared(rows)
    sessions = usable(rows, names)
    progress(1, STEPS)
    source = repaired(learned(rows, names, sessions, progress))
    if labels:
        source = repaired(sharpened(source, rows, labels))
    model = model_of(source)
    check(model)
    frequencies = clipped(shares(rows, names), model)
    progress(STEPS, STEPS)
    return Trained(source, frequencies, numbers(rows, model, labels))


def compared(rows: Sequence[Row]) -> list[str]:
    """The columns that enough records have."""
    if len(rows) < LEAST_RECORDS:
        raise TooLittle(f"There are {len(rows)} records of customers. Learning needs {LEAST_RECORDS} or more.")
    filled = {name: sum(row[name] is not None for row in rows) for name in COMPARED}
    names = [name for name, count in filled.items() if count >= FILLED * len(rows) and distinct(rows, name) > 10]
    if not {"given", "family"} <= set(names) or len(names) < 3:
        told = ", ".join(f"{name} {count}" for name, count in filled.items())
        raise TooLittle(f"Of {len(rows)} records too few have names and an address or number ({told}).")
    return names


def distinct(rows: Sequence[Row], name: str) -> int:
    return len({row[name] for row in rows if row[name] is not None})


def usable(rows: Sequence[Row], names: Sequence[str]) -> list[tuple[str, ...]]:
    """The sessions that have enough pairs to learn from."""
    pairs: dict[tuple[str, ...], int] = {session: pairs_sharing(rows, session) for session in SESSIONS}
    found = [session for session, count in pairs.items() if count >= LEAST_PAIRS]
    if len(found) < 2:
        told = ", ".join(f"{' and '.join(session)} {count}" for session, count in pairs.items())
        raise TooLittle(
            f"Too few customers introduced themselves twice: pairs that share {told}. "
            f"Learning needs {LEAST_PAIRS} pairs of at least two kinds."
        )
    return found


def pairs_sharing(rows: Sequence[Row], columns: Sequence[str]) -> int:
    keys = Counter(key for row in rows if None not in (key := tuple(row[column] for column in columns)))
    return sum(count * (count - 1) // 2 for count in keys.values() if count <= 50)


def learned(
    rows: Sequence[Row], names: Sequence[str], sessions: Sequence[tuple[str, ...]], progress: Progress
) -> dict[str, Any]:
    """The model as Splink learns it without any label.

    Where all records of one person agree, the chance that they differ falls to 0 within a few rounds, which Splink
    refuses: then it is asked for fewer, and `repaired` gives what is next to nothing its least.
    """
    for rounds in ROUNDS[:-1]:
        with suppress(ValueError):
            return learned_in(rounds, rows, names, sessions, progress)
    return learned_in(ROUNDS[-1], rows, names, sessions, progress)


def learned_in(
    rounds: int,
    rows: Sequence[Row],
    names: Sequence[str],
    sessions: Sequence[tuple[str, ...]],
    progress: Progress,
) -> dict[str, Any]:
    """Raises ValueError when a chance falls to 0."""
    import logging

    import pyarrow
    from splink import Linker, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    table = pyarrow.Table.from_pylist([dict(row) for row in rows])
    settings = {
        "link_type": "dedupe_only",
        "max_iterations": rounds,
        "blocking_rules_to_generate_predictions": [blocking(session) for session in sessions],
        "comparisons": [comparison(name) for name in names],
    }
    linker = Linker(DuckDBAPI().register(table, table_name="records"), settings)
    sure: list[Any] = [blocking((*session, "family" if "family" not in session else "given")) for session in sessions]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    progress(2, STEPS)
    for done, session in enumerate(sessions[:3], 3):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*session))
        progress(done, STEPS)
    found: dict[str, Any] = linker.misc.save_model_to_json()
    return found


def blocking(columns: Sequence[str]) -> str:
    return " and ".join(f'l."{column}" = r."{column}"' for column in columns)


def sharpened(source: Mapping[str, Any], rows: Sequence[Row], labels: Labels) -> dict[str, Any]:
    """What agents said of pairs, added to what was learned, as if that stood for LABEL_STRENGTH pairs."""
    model = model_of(source)
    found = dict(source) | {"comparisons": [dict(each) for each in source["comparisons"]]}
    for place, one in enumerate(model.comparisons):
        counts = {
            kind: Counter(reached(rows[a], rows[b], one).label for a, b in pairs)
            for kind, pairs in (("m_probability", labels.same), ("u_probability", labels.apart))
        }
        levels = [dict(level) for level in source["comparisons"][place]["comparison_levels"]]
        for kind, told in counts.items():
            real = [level for level in levels if not level.get("is_null_level")]
            seen = sum(told[level["label_for_charts"]] for level in real)
            for level in real:
                count = told[level["label_for_charts"]]
                level[kind] = (level[kind] * LABEL_STRENGTH + count) / (LABEL_STRENGTH + seen)
        found["comparisons"][place]["comparison_levels"] = levels
    return found


def check(model: Model) -> None:
    """Refuse what learned nothing: equal names must speak for one person."""
    told = {each.name: next(level.bits for level in each.levels if not level.is_null) for each in model.comparisons}
    weak = [name for name in ("given", "family") if told.get(name, 0.0) < LEAST_BITS]
    if weak or not all(map(math.isfinite, told.values())):
        said = ", ".join(f"{name} {bits:.1f} bits" for name, bits in told.items())
        raise TooLittle(f"What was learned tells nobody apart: equal values say {said}.")


def shares(rows: Sequence[Row], names: Sequence[str]) -> Frequencies:
    """How common each value is; what is rarer than the most frequent ones counts as unseen."""
    tables: dict[str, dict[str, float]] = {}
    unseen: dict[str, float] = {}
    for name in BY_FREQUENCY:
        counts = Counter(str(row[name]) for row in rows if row[name] is not None)
        total = sum(counts.values())
        if name in names and total:
            common = [(value, count) for value, count in counts.most_common(MOST_FREQUENT) if count > 1]
            tables[name] = {value: count / total for value, count in common}
            unseen[name] = 1 / total
    return Frequencies(tables, unseen)


def numbers(rows: Sequence[Row], model: Model, labels: Labels | None) -> dict[str, float]:
    found = {"records": float(len(rows)), "prior": model.prior}
    if labels:
        found |= {"labels_same": float(len(labels.same)), "labels_apart": float(len(labels.apart))}
    for each in model.comparisons:
        best = next(level for level in each.levels if not level.is_null)
        found[f"bits_{each.name}"] = round(best.bits, 2)
    return found
