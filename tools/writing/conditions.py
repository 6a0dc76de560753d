"""A condition of a constraint or an index in words."""

from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Greatest, Least, Lower

SAID = {"lt": "is less than", "lte": "is at most", "gt": "is more than", "gte": "is at least"}


def in_words(condition: Any) -> str:
    """Such as “status is not open, or waiting_since is set”."""
    if not isinstance(condition, Q):
        name, value = condition
        return compared(name, value)
    joiner = ", or " if condition.connector == Q.OR else " and "
    if condition.negated and len(condition.children) == 1:
        return denied(condition.children[0])
    parts = joiner.join(in_words(child) for child in condition.children)
    return f"not ({parts})" if condition.negated else parts


def denied(child: Any) -> str:
    if isinstance(child, Q):
        return f"not ({in_words(child)})"
    name, value = child
    field, _, way = name.partition("__")
    if way in ("", "exact"):
        return f"{field} is set" if value is None else f"{field} is not {shown(value)}"
    if way == "in":
        return f"{field} is none of {shown(value)}"
    return f"not ({compared(name, value)})"


def compared(name: str, value: Any) -> str:
    field, _, way = name.partition("__")
    if way == "isnull" or value is None:
        return f"{field} is empty" if value in (True, None) else f"{field} is set"
    if way == "in":
        return f"{field} is one of {shown(value)}"
    if way == "range":
        return f"{field} is between {value[0]} and {value[1]}"
    return f"{field} {SAID.get(way, 'is')} {shown(value)}"


def shown(value: Any) -> str:
    if isinstance(value, F):
        return value.name
    if isinstance(value, Greatest | Least):
        which = "later" if isinstance(value, Greatest) else "earlier"
        return f"{which} of {' and '.join(shown(each) for each in value.get_source_expressions())}"
    if isinstance(value, Lower):
        return "in lower case"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return "empty" if value == "" else str(value).lower() if isinstance(value, bool) else str(value)
