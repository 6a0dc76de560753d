"""Splink on the same tables, set up by hand and tuned as well as we could: the rival to beat."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from threadline.core.identity.linkage.learning import best_threshold
from threadline.core.measures.grouping import pairwise

Row = Mapping[str, str]
NEVER_LOOKED_AT = {"unique_id", "rec_id", "cluster"}


@dataclass(frozen=True, slots=True)
class Plan:
    """How Splink is set up for one kind of table: columns to block on, and what it is trained by."""

    rules: tuple[tuple[str, ...], ...]
    sure: tuple[str, ...]
    recall: float
    sessions: tuple[tuple[str, ...], ...]


HISTORICAL = Plan(
    rules=(
        ("substr(first_name,1,3)", "substr(surname,1,4)"),
        ("surname", "dob"),
        ("first_name", "dob"),
        ("postcode_fake", "first_name"),
        ("postcode_fake", "surname"),
        ("dob", "birth_place"),
        ("dob", "postcode_fake"),
        ("postcode_fake", "substr(dob,1,4)"),
        ("surname", "birth_place"),
        ("surname", "occupation", "substr(dob,1,4)"),
    ),
    sure=(
        "l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
        "l.postcode_fake = r.postcode_fake and l.first_name = r.first_name",
    ),
    recall=0.6,
    sessions=(("first_name", "surname"), ("dob",)),
)
FEBRL = Plan(
    rules=(
        ("given_name", "surname"),
        ("soc_sec_id",),
        ("date_of_birth",),
        ("surname", "postcode"),
        ("given_name", "address_1"),
        ("address_1", "suburb"),
    ),
    sure=("l.soc_sec_id = r.soc_sec_id", "l.given_name = r.given_name and l.surname = r.surname"),
    recall=0.9,
    sessions=(("date_of_birth",), ("surname",), ("soc_sec_id",)),
)


def comparisons_of(plan: Plan) -> list[Any]:
    import splink.comparison_library

    library: Any = splink.comparison_library
    if plan is HISTORICAL:
        names = library.ForenameSurnameComparison(
            "first_name", "surname", forename_surname_concat_col_name="first_and_surname"
        )
        rare = [
            library.ExactMatch(each).configure(term_frequency_adjustments=True)
            for each in ("birth_place", "occupation")
        ]
        born = library.DateOfBirthComparison("dob", input_is_string=True)
        return [names, born, library.PostcodeComparison("postcode_fake"), *rare]
    names = [
        library.JaroWinklerAtThresholds(each, [0.9, 0.8]).configure(term_frequency_adjustments=True)
        for each in ("given_name", "surname")
    ]
    slips = [library.DamerauLevenshteinAtThresholds(each, [1, 2]) for each in ("date_of_birth", "soc_sec_id")]
    places = [library.JaroWinklerAtThresholds(each, [0.9, 0.8]) for each in ("address_1", "address_2", "suburb")]
    return [
        *names,
        *slips,
        *places,
        library.DamerauLevenshteinAtThresholds("postcode", [1]),
        library.ExactMatch("state"),
    ]


def scored(rows: Sequence[Row], plan: Plan, files: Sequence[str] | None) -> list[tuple[int, int, float]]:
    """Every candidate pair with its match weight."""
    import pyarrow
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    api, plain = DuckDBAPI(), [_plain(number, row) for number, row in enumerate(rows)]
    names = list(dict.fromkeys(files)) if files else [""]
    tables = [
        pyarrow.Table.from_pylist(
            [row for row, file in zip(plain, files or [""] * len(rows), strict=True) if file == name]
        )
        for name in names
    ]
    frames = [api.register(table, table_name=f"part_{place}") for place, table in enumerate(tables)]
    settings = SettingsCreator(
        link_type="link_only" if files else "dedupe_only",
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in plan.rules],
        comparisons=comparisons_of(plan),
    )
    linker = Linker(frames if files else frames[0], settings)
    linker.training.estimate_probability_two_random_records_match(list(plan.sure), recall=plan.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for session in plan.sessions:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*session))
    found = linker.inference.predict(threshold_match_weight=-5).as_dict()
    return list(zip(found["unique_id_l"], found["unique_id_r"], found["match_weight"], strict=True))


def _plain(number: int, row: Row) -> dict[str, Any]:
    return {"unique_id": number} | {name: value or None for name, value in row.items() if name not in NEVER_LOOKED_AT}


def components(size: int, pairs: Sequence[tuple[int, int, float]], threshold: float) -> list[int]:
    group = list(range(size))

    def end(record: int) -> int:
        while group[record] != record:
            group[record] = record = group[group[record]]
        return record

    for one, other, weight in pairs:
        if weight >= threshold:
            group[end(one)] = end(other)
    return [end(record) for record in range(size)]


def tuned(pairs: Sequence[tuple[int, int, float]], truth: Sequence[str]) -> tuple[float, list[int]]:
    """The threshold that is best on these records, and the groups it gives: all help that labels can give it."""
    items = [str(number) for number in range(len(truth))]
    true = dict(zip(items, truth, strict=True))
    tried = []
    for threshold in [half / 2 for half in range(-8, 30)]:
        groups = dict(zip(items, components(len(truth), pairs, threshold), strict=True))
        tried.append((threshold, pairwise(items, true, groups)[2]))
    best = best_threshold(tried)
    return best, components(len(truth), pairs, best)
