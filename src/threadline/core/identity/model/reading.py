"""The model itself, read from Splink's JSON: comparisons, their levels from the best down, and what each is worth."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from threadline.core.identity.model.conditions import Term, condition


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement.

    Args:
        label: what it says, in words.
        holds: whether two records reach it; None for the last, which takes everything else.
        m, u: how often one person's, and two people's, records reach it. Unused for the null level.
        column: adjusted by how common the shared value of this column is; "" for none.
        u_exact: the u of exact agreement, against which the share of a value is held.
    """

    label: str
    holds: Term | None
    m: float = 1.0
    u: float = 1.0
    is_null: bool = False
    column: str = ""
    weight: float = 1.0
    least: float = 0.0
    u_exact: float = 1.0

    @property
    def bits(self) -> float:
        """What reaching this level says for one person, in log2 of the odds, before any adjustment."""
        return 0.0 if self.is_null else math.log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Comparison:
    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """`prior` is the probability that two records picked at random are one person."""

    prior: float
    comparisons: tuple[Comparison, ...]
    version: str = ""
    source: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def prior_bits(self) -> float:
        return math.log2(self.prior / (1 - self.prior))


def read_model(file: Path) -> Model:
    return model_of(json.loads(file.read_text(encoding="utf-8")))


def model_of(source: Mapping[str, Any]) -> Model:
    """A model from Splink's JSON.

    Raises:
        ValueError: it is no such model, a level of it was never trained, or a condition is not understood.
    """
    prior = source.get("probability_two_random_records_match")
    if not isinstance(prior, float) or not 0 < prior < 1:
        raise ValueError(f"The chance that two records match is {prior!r}. It must lie between 0 and 1.")
    comparisons = tuple(_comparison(each) for each in source.get("comparisons", ()))
    if not comparisons:
        raise ValueError("The model compares nothing. It needs at least one comparison.")
    return Model(prior, comparisons, str(source.get("version", "")), source)


def _comparison(source: Mapping[str, Any]) -> Comparison:
    levels = source["comparison_levels"]
    return Comparison(source["output_column_name"], tuple(_level(each, levels) for each in levels))


def _level(source: Mapping[str, Any], levels: Sequence[Mapping[str, Any]]) -> Level:
    sql, label = source["sql_condition"], str(source.get("label_for_charts", ""))
    holds = None if sql.strip().upper() == "ELSE" else condition(sql)
    if source.get("is_null_level"):
        return Level(label, holds, is_null=True)
    m, u = source.get("m_probability"), source.get("u_probability")
    if not (isinstance(m, int | float) and isinstance(u, int | float) and 0 < m <= 1 and 0 < u <= 1):
        raise ValueError(f"The level “{label}” was never trained: m is {m!r} and u is {u!r}. Both must lie in 0..1.")
    column = str(source.get("tf_adjustment_column") or "")
    return Level(
        label,
        holds,
        float(m),
        float(u),
        column=column,
        weight=float(source.get("tf_adjustment_weight", 1.0)),
        least=float(source.get("tf_minimum_u_value", 0.0)),
        u_exact=_u_exact(source, levels) if column else 1.0,
    )


def _u_exact(source: Mapping[str, Any], levels: Sequence[Mapping[str, Any]]) -> float:
    """The u of the level at which the adjusted column is exactly equal; this level's own if there is none."""
    column = source["tf_adjustment_column"]
    exact = f'"{column}_l" = "{column}_r"'
    if not source.get("disable_tf_exact_match_detection"):
        for level in levels:
            if level["sql_condition"].strip() == exact:
                return float(level["u_probability"])
    return float(source["u_probability"])
