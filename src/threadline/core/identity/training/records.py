"""What is trained on: one record for each way in which somebody introduced themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from threadline.core.identity.features import email_columns, name_columns, postcode_columns

COLUMNS = ("given", "root", "family", "mailbox", "domain", "tel", "postcode", "district", "born")


@dataclass(frozen=True, slots=True)
class Record:
    """Args:
    person: whose record it is, as far as is known; "" if it is not. Used for labels only, never compared.
    """

    person: str = ""
    name: str = ""
    email: str = ""
    tel: str = ""
    postcode: str = ""
    born: str = ""  # as 1980-12-31


def prepared(records: Iterable[Record]) -> list[dict[str, object]]:
    """Rows for Splink, numbered in order."""
    return [{"unique_id": number, **columns(record)} for number, record in enumerate(records)]


def columns(record: Record) -> Mapping[str, str | None]:
    found = {
        **name_columns(record.name),
        **email_columns(record.email),
        **postcode_columns(record.postcode),
        "tel": record.tel or None,
        "born": record.born or None,
    }
    return {name: found.get(name) for name in COLUMNS}
