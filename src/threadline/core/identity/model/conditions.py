"""The conditions of a model's levels, which Splink writes as SQL, as Python functions of two records.

Understood: columns of the left and the right record, numbers, texts, comparisons, `is null`, and/or/not, arithmetic,
and the functions below. As in SQL, what compares with a missing value is unknown (None), and unknown is not true.
DuckDB measures texts by bytes and rapidfuzz by characters: columns in plain ASCII give the same on both.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein, Jaro, JaroWinkler, Levenshtein

Row = Mapping[str, Any]
Term = Callable[[Row, Row], Any]

TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|"(?P<column>[^"]+)"|'(?P<text>(?:[^']|'')*)'"""
    r"""|(?P<word>[A-Za-z_]\w*)|(?P<sign><=|>=|<>|!=|[-+*/=<>(),]))""",
    re.IGNORECASE,
)
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: bool(one == other),
    "<>": lambda one, other: bool(one != other),
    "!=": lambda one, other: bool(one != other),
    "<": lambda one, other: bool(one < other),
    "<=": lambda one, other: bool(one <= other),
    ">": lambda one, other: bool(one > other),
    ">=": lambda one, other: bool(one >= other),
}
ADD: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
}
MULTIPLY: dict[str, Callable[[Any, Any], Any]] = {
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other if other else None,
}


def moment(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None


def common(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    return sorted(set(one) & set(other))


def found(text: str, pattern: str, group: int = 0) -> str:
    match = re.search(pattern, text)
    return (match.group(int(group)) or "") if match else ""


# Each gives None as soon as one argument is None, as in SQL; the exceptions stand below.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "array_length": len,
    "damerau_levenshtein": DamerauLevenshtein.distance,
    "epoch": datetime.timestamp,
    "greatest": max,
    "jaro_similarity": Jaro.similarity,
    "jaro_winkler_similarity": JaroWinkler.similarity,
    "least": min,
    "left": lambda text, count: text[: int(count)],
    "len": len,
    "length": len,
    "levenshtein": Levenshtein.distance,
    "list_intersect": common,
    "lower": str.lower,
    "regexp_extract": found,
    "substr": lambda text, start, count: text[int(start) - 1 : int(start) - 1 + int(count)],
    "try_strptime": moment,
}


def condition(sql: str) -> Term:
    """The condition as a function of the left and the right record: True, False, or None for unknown.

    Raises:
        ValueError: something in it is not understood; it says what.
    """
    return Reading(sql).whole()


class Reading:
    """Reads one condition from left to right: each method one rank of operators, loosest first."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tokens = list(tokens(sql))
        self.at = 0

    def whole(self) -> Term:
        term = self.either()
        if self.at < len(self.tokens):
            raise self.wrong()
        return term

    def wrong(self) -> ValueError:
        here = self.tokens[self.at][1] if self.at < len(self.tokens) else "the end"
        return ValueError(f"The condition {self.sql!r} is not understood at {here!r}.")

    def next_is(self, *words: str) -> str | None:
        """Take the next token if it is one of these words or signs."""
        if self.at < len(self.tokens):
            kind, value = self.tokens[self.at]
            if kind in {"word", "sign"} and value.lower() in words:
                self.at += 1
                return value.lower()
        return None

    def must(self, sign: str) -> None:
        if not self.next_is(sign):
            raise self.wrong()

    def either(self) -> Term:
        terms = [self.both()]
        while self.next_is("or"):
            terms.append(self.both())
        return terms[0] if len(terms) == 1 else any_of(terms)

    def both(self) -> Term:
        terms = [self.negated()]
        while self.next_is("and"):
            terms.append(self.negated())
        return terms[0] if len(terms) == 1 else all_of(terms)

    def negated(self) -> Term:
        return negation(self.negated()) if self.next_is("not") else self.compared()

    def compared(self) -> Term:
        term = self.sum()
        if sign := self.next_is(*COMPARE):
            return lifted(COMPARE[sign], [term, self.sum()])
        if self.next_is("is"):
            wanted = self.next_is("not") is None
            self.must("null")
            return lambda left, right: (term(left, right) is None) is wanted
        return term

    def sum(self) -> Term:
        left = self.product()
        while sign := self.next_is(*ADD):
            left = lifted(ADD[sign], [left, self.product()])
        return left

    def product(self) -> Term:
        left = self.atom()
        while sign := self.next_is(*MULTIPLY):
            left = lifted(MULTIPLY[sign], [left, self.atom()])
        return left

    def atom(self) -> Term:
        if self.next_is("("):
            inner = self.either()
            self.must(")")
            return inner
        if self.at >= len(self.tokens):
            raise self.wrong()
        kind, value = self.tokens[self.at]
        self.at += 1
        match kind:
            case "number":
                return constant(float(value))
            case "text":
                return constant(value.replace("''", "'"))
            case "column":
                return self.column(value)
            case "word":
                return self.call(value.lower())
        self.at -= 1
        raise self.wrong()

    def column(self, name: str) -> Term:
        bare = name[:-2]
        if name.endswith("_l"):
            return lambda left, right: left.get(bare)
        if name.endswith("_r"):
            return lambda left, right: right.get(bare)
        raise self.wrong()

    def call(self, name: str) -> Term:
        if name in {"true", "false", "null"}:
            return constant({"true": True, "false": False}.get(name))
        self.must("(")
        terms = [self.either()]
        while self.next_is(","):
            terms.append(self.either())
        self.must(")")
        if name == "coalesce":
            return lambda left, right: next((value for term in terms if (value := term(left, right)) is not None), None)
        if name == "nullif":
            return lambda left, right: None if (value := terms[0](left, right)) == terms[1](left, right) else value
        if name not in FUNCTIONS:
            raise ValueError(f"The condition {self.sql!r} uses “{name}”, which is not understood.")
        return lifted(FUNCTIONS[name], terms)


def tokens(sql: str) -> list[tuple[str, str]]:
    found_tokens, at = [], 0
    sql = sql.rstrip()
    while at < len(sql):
        match = TOKEN.match(sql, at)
        if match is None:
            raise ValueError(f"The condition {sql!r} is not understood at {sql[at : at + 20]!r}.")
        kind = match.lastgroup or ""
        found_tokens.append((kind, match[kind]))
        at = match.end()
    return found_tokens


def constant(value: Any) -> Term:
    return lambda left, right: value


def lifted(function: Callable[..., Any], terms: Sequence[Term]) -> Term:
    """Apply to values; unknown if any of them is."""
    if len(terms) == 2:
        one, other = terms

        def of_two(left: Row, right: Row) -> Any:
            first, second = one(left, right), other(left, right)
            return None if first is None or second is None else function(first, second)

        return of_two

    def of_all(left: Row, right: Row) -> Any:
        values = [term(left, right) for term in terms]
        return None if any(value is None for value in values) else function(*values)

    return of_all


def any_of(terms: Sequence[Term]) -> Term:
    def either(left: Row, right: Row) -> bool | None:
        unknown = False
        for term in terms:
            value = term(left, right)
            if value:
                return True
            unknown = unknown or value is None
        return None if unknown else False

    return either


def all_of(terms: Sequence[Term]) -> Term:
    def both(left: Row, right: Row) -> bool | None:
        unknown = False
        for term in terms:
            value = term(left, right)
            if value is None:
                unknown = True
            elif not value:
                return False
        return None if unknown else True

    return both


def negation(term: Term) -> Term:
    def opposite(left: Row, right: Row) -> bool | None:
        value = term(left, right)
        return None if value is None else not value

    return opposite
