"""What the model compares, as Splink's settings: levels from the best down, each with words an agent understands."""

from collections.abc import Sequence
from typing import Any

Level = tuple[str, str]  # condition, words


def equal(column: str) -> str:
    return f'"{column}_l" = "{column}_r"'


def like(column: str, least: float) -> str:
    return f'jaro_winkler_similarity("{column}_l", "{column}_r") >= {least}'


def near(column: str, slips: int) -> str:
    return f'damerau_levenshtein("{column}_l", "{column}_r") <= {slips}'


INITIAL = '(length("given_l") = 1 OR length("given_r") = 1) AND substr("given_l", 1, 1) = substr("given_r", 1, 1)'

COMPARED: dict[str, Sequence[Level]] = {
    "given": [
        (equal("given"), "The same first name"),
        (equal("root"), "Two forms of one first name"),
        (like("given", 0.92), "Nearly the same first name"),
        (INITIAL, "The same initial"),
    ],
    "family": [
        (equal("family"), "The same family name"),
        (like("family", 0.92), "Nearly the same family name"),
        (near("family", 2), "A similar family name"),
    ],
    "mailbox": [
        (equal("mailbox"), "The same name before the @"),
        (like("mailbox", 0.92), "Nearly the same name before the @"),
    ],
    "tel": [(equal("tel"), "The same number"), (near("tel", 1), "A number that differs in one digit")],
    "postcode": [(equal("postcode"), "The same postcode"), (equal("district"), "The same district")],
    "born": [(equal("born"), "The same date of birth"), (near("born", 1), "Nearly the same date of birth")],
}
BY_FREQUENCY = ("given", "family", "postcode")
ELSE = {"given": "Another first name", "family": "Another family name", "mailbox": "Another address"}


def comparison(name: str) -> dict[str, Any]:
    """One comparison in the form of Splink's JSON, without any weight yet."""
    missing = f'"{name}_l" IS NULL OR "{name}_r" IS NULL'
    levels: list[dict[str, Any]] = [{"sql_condition": missing, "label_for_charts": "Missing", "is_null_level": True}]
    levels += [{"sql_condition": sql, "label_for_charts": words} for sql, words in COMPARED[name]]
    levels.append({"sql_condition": "ELSE", "label_for_charts": ELSE.get(name, f"Another {name}")})
    if name in BY_FREQUENCY:
        levels[1] |= {"tf_adjustment_column": name, "tf_adjustment_weight": 1.0}
    return {"output_column_name": name, "comparison_levels": levels}
