"""Levels, repair and frequencies on hand-made models."""

import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from threadline.core.identity.model import Frequencies, clipped, model_of, repaired, score
from threadline.core.identity.model.conditions import condition

CHANCE = st.floats(1e-6, 1.0, allow_nan=False)


def level(sql: str, m: float | None = None, u: float | None = None, **more: Any) -> dict[str, Any]:
    return {"sql_condition": sql, "label_for_charts": sql, "m_probability": m, "u_probability": u, **more}


def names(*chances: tuple[float, float]) -> dict[str, Any]:
    """One comparison of names with the levels equal, near and else."""
    conditions = ['"name_l" = "name_r"', 'jaro_winkler_similarity("name_l", "name_r") >= 0.8', "ELSE"]
    missing = level('"name_l" IS NULL OR "name_r" IS NULL', is_null_level=True)
    found = [level(sql, m, u) for sql, (m, u) in zip(conditions, chances, strict=True)]
    found[0]["tf_adjustment_column"] = "name"
    comparison = {"output_column_name": "name", "comparison_levels": [missing, *found]}
    return {"probability_two_random_records_match": 0.001, "comparisons": [comparison]}


USUAL = names((0.8, 0.01), (0.15, 0.02), (0.05, 0.97))


def test_a_clue_names_its_level_and_its_bits() -> None:
    found = score({"name": "ana"}, {"name": "ana"}, model_of(USUAL))

    assert [(clue.what, clue.says) for clue in found.by] == [("name", '"name_l" = "name_r"')]
    assert found.by[0].bits == pytest.approx(math.log2(80))
    assert found.bits == pytest.approx(math.log2(80) + math.log2(0.001 / 0.999))


def test_what_is_missing_says_nothing() -> None:
    assert score({"name": None}, {"name": "ana"}, model_of(USUAL)).by[0].bits == 0.0
    assert score({}, {}, model_of(USUAL)).bits == pytest.approx(model_of(USUAL).prior_bits)


def test_a_rare_name_says_more_than_a_frequent_one() -> None:
    shares = Frequencies({"name": {"ana": 0.02, "xanthippe": 0.0001}}, unseen={"name": 0.00005})
    bits = {
        name: score({"name": name}, {"name": name}, model_of(USUAL), shares).bits
        for name in ("ana", "xanthippe", "never seen")
    }

    assert bits["never seen"] > bits["xanthippe"] > bits["ana"]


@given(st.lists(st.tuples(CHANCE, CHANCE), min_size=3, max_size=3))
def test_better_agreement_never_says_less(chances: list[tuple[float, float]]) -> None:
    model = model_of(repaired(names(*chances)))

    equal, near, other = [score({"name": "ana"}, {"name": name}, model).bits for name in ("ana", "anna", "zoltan")]

    assert equal >= near - 1e-9
    assert near >= other - 1e-9


@given(st.lists(st.tuples(CHANCE, CHANCE), min_size=3, max_size=3), st.floats(1e-6, 1.0))
def test_not_even_the_most_common_name_says_less_when_equal(chances: list[tuple[float, float]], share: float) -> None:
    model = model_of(repaired(names(*chances)))
    shares = clipped(Frequencies({"name": {"ana": share}}), model)

    equal, near = [score({"name": "ana"}, {"name": name}, model, shares).bits for name in ("ana", "anna")]

    assert equal >= near - 1e-9


@example([(1.0, 1.0), (0.0625, 1.0), (0.03125, 1e-06)])
@given(st.lists(st.tuples(CHANCE, CHANCE), min_size=3, max_size=3))
def test_repair_keeps_a_model_that_needs_none(chances: list[tuple[float, float]]) -> None:
    once = repaired(names(*chances))

    twice = repaired(once)

    for one, other in zip(
        once["comparisons"][0]["comparison_levels"][1:], twice["comparisons"][0]["comparison_levels"][1:], strict=True
    ):
        assert one["m_probability"] == pytest.approx(other["m_probability"], rel=1e-9)


def test_a_level_that_was_never_trained_is_refused_in_words() -> None:
    broken = names((0.8, 0.01), (0.15, 0.02), (0.05, 0.97))
    broken["comparisons"][0]["comparison_levels"][1]["m_probability"] = None

    with pytest.raises(ValueError, match="never trained"):
        model_of(broken)


def test_a_function_that_nobody_knows_is_refused_with_its_name() -> None:
    with pytest.raises(ValueError, match="soundex"):
        condition('soundex("name_l") = soundex("name_r")')


@pytest.mark.parametrize(
    ("sql", "left", "right", "expected"),
    [
        ('"a_l" = "a_r"', {"a": 1}, {"a": 1}, True),
        ('"a_l" = "a_r"', {"a": None}, {"a": 1}, None),
        ('"a_l" IS NULL OR "a_r" IS NULL', {"a": None}, {"a": 1}, True),
        ('"a_l" IS NOT NULL', {"a": None}, {}, False),
        ('NOT ("a_l" = "a_r") AND "b_l" = "b_r"', {"a": 1, "b": 2}, {"a": 3, "b": 2}, True),
        ('"a_l" = "a_r" OR "b_l" = "b_r"', {"a": None, "b": 2}, {"a": 3, "b": 2}, True),
        ('"a_l" = "a_r" AND "b_l" = "b_r"', {"a": None, "b": 2}, {"a": 3, "b": 1}, False),
        ("levenshtein(\"a_l\", \"a_r\") <= 1", {"a": "kettle"}, {"a": "ketle"}, True),
        ('damerau_levenshtein("a_l", "a_r") <= 1', {"a": "ketlte"}, {"a": "kettle"}, True),
        ('array_length(list_intersect("a_l", "a_r")) >= 1', {"a": ["x", "y"]}, {"a": ["y"]}, True),
        ("NULLIF(regexp_extract(\"a_l\", '^[^@]+', 0), '') = 'ana'", {"a": "ana@example.com"}, {}, True),
        ("ABS(EPOCH(try_strptime(\"a_l\", '%Y-%m-%d')) - EPOCH(try_strptime(\"a_r\", '%Y-%m-%d'))) <= 86400.0",
         {"a": "2026-03-01"}, {"a": "2026-03-02"}, True),
        ("try_strptime(\"a_l\", '%Y-%m-%d') IS NULL", {"a": "no date"}, {}, True),
    ],
)  # fmt: skip
def test_conditions_mean_what_they_mean_in_sql(sql: str, left: Any, right: Any, expected: Any) -> None:
    assert condition(sql)(left, right) is expected
