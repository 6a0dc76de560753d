"""What a column holds, told by its name; and a table of records column by column."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from threadline.core.identity.names import latin


class Kind(StrEnum):
    GIVEN = "given name"
    FAMILY = "family name"
    NAME = "full name"
    EMAIL = "e-mail address"
    DATE = "date of birth"
    POSTCODE = "postcode"
    NUMBER = "number that is one person's"
    PLACE = "place"
    TEXT = "other text"


# The first pattern found in the column's name decides.
KINDS = [
    (re.compile(r"(?:^|_)(?:first_and_surname|first_and_last)"), None),
    (re.compile(r"e_?mail"), Kind.EMAIL),
    (re.compile(r"given|first_?name|forename"), Kind.GIVEN),
    (re.compile(r"surname|family|last_?name"), Kind.FAMILY),
    (re.compile(r"name$"), Kind.NAME),
    (re.compile(r"^dob$|birth_?(?:date|day)|date_of_birth|^born$"), Kind.DATE),
    (re.compile(r"post_?code|zip"), Kind.POSTCODE),
    (re.compile(r"phone|tel$|soc_sec|ssn|account|loyalty|order"), Kind.NUMBER),
    (re.compile(r"place|city|town|suburb|state|address"), Kind.PLACE),
]


@dataclass(frozen=True, slots=True)
class Table:
    """Values as plain lower-case Latin text, "" where there is none. All columns have one length."""

    columns: Mapping[str, Sequence[str]]
    kinds: Mapping[str, Kind]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def of(self, *kinds: Kind) -> list[str]:
        return [name for name, kind in self.kinds.items() if kind in kinds]


def kind_of(name: str) -> Kind | None:
    """None for a column that repeats others."""
    return next((kind for pattern, kind in KINDS if pattern.search(name.lower())), Kind.TEXT)


def table_of(rows: Sequence[Mapping[str, str]], *, without: Sequence[str] = ()) -> Table:
    """The rows by column.

    Args:
        without: columns that must not be looked at, such as the truth.
    """
    names = [name for name in rows[0] if name not in without] if rows else []
    kinds = {name: kind for name in names if (kind := kind_of(name)) is not None}
    return Table({name: [cleaned(row[name], kind) for row in rows] for name, kind in kinds.items()}, kinds)


def cleaned(value: str | None, kind: Kind) -> str:
    """An address at no real domain, such as root@localhost, is anybody's: it counts as none."""
    text = plain(value)
    return "" if kind is Kind.EMAIL and "." not in text.partition("@")[2].strip(".") else text


def plain(value: str | None) -> str:
    return " ".join(latin((value or "").casefold()).split())
