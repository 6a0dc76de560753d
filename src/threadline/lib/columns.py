"""Reading many rows of numbers cheaply: the database strings each column together, NumPy sees it as it lies there.

For sums over hundreds of thousands of rows. As Python objects, 100,000 rows with a moment took eight times as long,
thirty times the processor time and three times the memory.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import QuerySet

Kind = Literal["number", "moment"]
Columns = dict[str, npt.NDArray[np.int64]]
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
AS_BYTES = {"number": 'int8send("{0}"::bigint)', "moment": 'timestamptz_send("{0}")'}


def read(statement: str, values: Sequence[Any], kinds: dict[str, Kind]) -> Columns:
    """The columns of a query by name, in the order in which they stand there; the order of the rows is any.

    None may be NULL. Moments are microseconds since `EPOCH`; `-infinity` is the smallest number.
    """
    parts = ", ".join(f"string_agg({AS_BYTES[kind].format(name)}, '')" for name, kind in kinds.items())
    names = ", ".join(f'"{name}"' for name in kinds)
    with connection.cursor() as cursor:
        cursor.execute(f"select {parts} from ({statement}) as read ({names})", values)
        found = cursor.fetchone() or ()
    return {
        name: np.frombuffer(column or b"", ">i8").astype(np.int64) for name, column in zip(kinds, found, strict=True)
    }


def statement_of(query: "QuerySet[Any, Any]") -> tuple[str, tuple[Any, ...]]:
    """A query of Django's as SQL with its values, to stand inside another one."""
    text, values = query.query.sql_with_params()
    return text, tuple(values)


def ticks(moment: datetime) -> int:
    """A moment as it stands in such a column."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(ticks: int) -> datetime:
    return EPOCH + timedelta(microseconds=int(ticks))
