"""Our online scores against Splink's own, on invented records: the same to the sixth digit."""

import random
from typing import Any

import pytest

from threadline.core.identity.model import Frequencies, model_of, repaired, score

pytestmark = pytest.mark.filterwarnings("ignore")

GIVEN = ["ana", "bo", "cyrus", "dilara", "edith", "fynn", "greta", "hamza", "ines", "jorge", "kaan", "lucia"]
FAMILY = ["abbott", "bianchi", "cortez", "dumont", "eriksen", "fadel", "grimaldi", "horvath", "ivanova", "jansen"]
TOWNS = ["norwick", "eastmere", "southam", "westerly"]


def people(count: int) -> list[dict[str, Any]]:
    """Invented people, each told of twice or so, with slips of the pen."""
    chance = random.Random(20260302)
    found: list[dict[str, Any]] = []
    for _ in range(count):
        person = {
            "given": chance.choices(GIVEN, weights=range(len(GIVEN), 0, -1))[0],
            "family": chance.choice(FAMILY) + chance.choice(["", "o", "sen", "ez"]),
            "born": f"{chance.randint(1940, 2004)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            "town": chance.choice(TOWNS),
            "email": f"{chance.choice(GIVEN)}.{chance.randint(10, 99)}@example.com",
        }
        person["items"] = chance.sample(TOWNS + GIVEN, 3)
        found += [slipped(person, chance) for _ in range(chance.randint(1, 3))]
    return [{"unique_id": number, **row} for number, row in enumerate(found)]


def slipped(person: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    row = dict(person)
    for name in ("given", "family", "email", "born"):
        if chance.random() < 0.25:
            at = chance.randrange(len(row[name]) - 1)
            row[name] = row[name][:at] + row[name][at + 1] + row[name][at] + row[name][at + 2 :]
    for name in ("town", "email", "born", "items"):
        if chance.random() < 0.15:
            row[name] = None
    return row


@pytest.fixture(scope="module")
def trained() -> tuple[dict[str, Any], Frequencies, list[dict[str, Any]], dict[int, dict[str, Any]]]:
    """A model, its frequencies, every scored pair, and the records by number."""
    import pyarrow
    import splink.comparison_library as library
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    rows = people(220)
    linker = Linker(
        DuckDBAPI().register(pyarrow.Table.from_pylist(rows), table_name="invented"),
        SettingsCreator(
            link_type="dedupe_only",
            blocking_rules_to_generate_predictions=["1=1"],
            comparisons=[
                library.JaroWinklerAtThresholds("given", [0.92, 0.7]).configure(term_frequency_adjustments=True),
                library.LevenshteinAtThresholds("family", [1, 2]).configure(term_frequency_adjustments=True),
                library.DamerauLevenshteinAtThresholds("town", [1]),
                library.DateOfBirthComparison("born", input_is_string=True),
                library.EmailComparison("email"),
                library.ArrayIntersectAtSizes("items", [2, 1]),
            ],
        ),
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e5, seed=1)
    for rule in (block_on("born"), block_on("family")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    source = repaired(linker.misc.save_model_to_json())
    again = Linker(DuckDBAPI().register(pyarrow.Table.from_pylist(rows), table_name="invented"), source)
    tables = {
        column: {row[column]: row[f"tf_{column}"] for row in listed(again.table_management.compute_tf_table(column))}
        for column in ("given", "family", "email")
    }
    pairs = listed(again.inference.predict())
    return source, Frequencies(tables), pairs, {row["unique_id"]: row for row in rows}


def listed(frame: Any) -> list[dict[str, Any]]:
    return list(frame.as_record_list())


def test_every_pair_weighs_what_splink_says(trained: Any) -> None:
    source, frequencies, pairs, rows = trained
    model = model_of(source)

    worst = max(
        abs(score(rows[pair["unique_id_l"]], rows[pair["unique_id_r"]], model, frequencies).bits - pair["match_weight"])
        for pair in pairs
    )

    assert len(pairs) > 50_000
    assert worst < 1e-6


def test_probabilities_agree_too(trained: Any) -> None:
    source, frequencies, pairs, rows = trained
    model = model_of(source)
    likely = sorted(pairs, key=lambda pair: -pair["match_probability"])[:500]

    for pair in likely:
        ours = score(rows[pair["unique_id_l"]], rows[pair["unique_id_r"]], model, frequencies)
        assert ours.probability == pytest.approx(pair["match_probability"], abs=1e-6)


def test_either_side_may_come_first(trained: Any) -> None:
    source, frequencies, pairs, rows = trained
    model = model_of(source)

    for pair in pairs[::97]:
        one, other = rows[pair["unique_id_l"]], rows[pair["unique_id_r"]]
        assert score(one, other, model, frequencies) == score(other, one, model, frequencies)
