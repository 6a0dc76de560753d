"""Better agreement never says less: where training found otherwise, by chance, it is evened out."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from threadline.core.identity.model.frequencies import Frequencies
from threadline.core.identity.model.reading import Model

LEAST = 1e-7
"""No level is impossible: what was never seen is taken to be rare, and no level speaks with less than this ratio."""


def repaired(source: Mapping[str, Any]) -> dict[str, Any]:
    """The same model with every comparison monotone in its levels, and every level trained.

    Neighbours that stand the wrong way round share their pairs: both get the weight they have together
    (pool adjacent violators), so that the chances of a comparison still add up.
    """
    return dict(source) | {"comparisons": [_comparison(each) for each in source["comparisons"]]}


def _comparison(source: Mapping[str, Any]) -> dict[str, Any]:
    levels = [dict(level) for level in source["comparison_levels"]]
    real = [level for level in levels if not level.get("is_null_level")]
    for level in real:
        for name in ("m_probability", "u_probability"):
            level[name] = min(1.0, float(level.get(name) or LEAST))
    whole = sum(level["m_probability"] for level in real)
    for level in real:
        fair = level["m_probability"] / (whole if whole > 1.0 + len(real) * LEAST else 1.0)
        level["m_probability"] = max(fair, LEAST * level["u_probability"])
    for level, m in zip(real, _monotone(real), strict=True):
        level["m_probability"] = m
    return dict(source) | {"comparison_levels": levels}


def _monotone(levels: Sequence[Mapping[str, Any]]) -> list[float]:
    """New values of m, from the best level down, such that m / u never rises."""
    blocks: list[tuple[float, float, list[float]]] = []
    for level in levels:
        m, u = level["m_probability"], level["u_probability"]
        block = (m, u, [u])
        while blocks and blocks[-1][0] / blocks[-1][1] < block[0] / block[1]:
            above = blocks.pop()
            block = (above[0] + block[0], above[1] + block[1], above[2] + block[2])
        blocks.append(block)
    return [m / u * share for m, u, shares in blocks for share in shares]


def clipped(frequencies: Frequencies, model: Model) -> Frequencies:
    """The same shares, none so large that exact agreement on it would say less than the next weaker level."""
    tables = {column: dict(table) for column, table in frequencies.tables.items()}
    for comparison in model.comparisons:
        levels = [level for level in comparison.levels if not level.is_null]
        for level, weaker in pairwise(levels):
            if level.column in tables and level.weight == 1.0:
                most = level.u_exact * 2 ** (level.bits - weaker.bits)
                table = tables[level.column]
                tables[level.column] = {value: min(share, most) for value, share in table.items()}
    return Frequencies(tables, frequencies.unseen)
