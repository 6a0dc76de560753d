"""Paging by key: the next page begins after the last row of this one, whatever came or went in between.

Costs the same on the first and on the thousandth page, when the order has an index.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.timezone import is_naive

from threadline.lib.errors import ThreadlineError

Row = TypeVar("Row", bound=Model)
MARK = "~"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`after` is the key of the next page, empty on the last one."""

    rows: list[Row]
    after: str


def page(query: "QuerySet[Row, Row]", *, by: str, after: str, size: int) -> Page[Row]:
    """The rows that follow the key `after`, ordered `by` a column that is never null ("-last_at": newest first) and id.

    Raises:
        ThreadlineError: `after` is no key of this list.
    """
    name, falling = by.lstrip("-"), by.startswith("-")
    if after:
        query = query.filter(_beyond(name, _read(query.model, name, after), falling=falling))
    rows = list(query.order_by(by, "-pk" if falling else "pk")[: size + 1])
    return Page(rows[:size], _key(rows[size - 1], name) if len(rows) > size else "")


def _beyond(name: str, key: tuple[Any, Any], *, falling: bool) -> Q:
    """The first part lets the index begin at the right place; the second leaves out what was shown."""
    value, number = key
    over, reaches = ("lt", "lte") if falling else ("gt", "gte")
    return Q(**{f"{name}__{reaches}": value}) & (Q(**{f"{name}__{over}": value}) | Q(**{f"pk__{over}": number}))


def _key(row: Model, name: str) -> str:
    value = getattr(row, name)
    return f"{value.isoformat() if isinstance(value, datetime) else value}{MARK}{row.pk}"


def _read(model: type[Model], name: str, key: str) -> tuple[Any, Any]:
    value, mark, number = key.rpartition(MARK)
    field: Any = model._meta.get_field(name)
    try:
        parsed, pk = field.to_python(value), int(number)
    except (ValidationError, ValueError) as error:
        raise _damaged(key) from error
    if not mark or parsed is None or (isinstance(parsed, datetime) and is_naive(parsed)) or abs(pk) >= 2**63:
        raise _damaged(key)
    return parsed, pk


def _damaged(key: str) -> ThreadlineError:
    return ThreadlineError(f"“{key[:60]}” in the address names no place in this list. Begin at its top.")
