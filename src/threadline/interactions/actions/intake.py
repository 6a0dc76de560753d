"""Writing the ledger. Every source calls `receive` and acknowledges only after it returned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from threadline.channels.models import Channel
from threadline.interactions.models import IntakeEntry
from threadline.interactions.taking_out import MARK, raw_without_numbers, takes_out, without_numbers
from threadline.lib.bulk import insert, made

CHANNEL = "threadline_intake"


@dataclass(frozen=True, slots=True)
class Item:
    """One item as a source hands it over: an object or bytes, exactly one of them."""

    payload: Mapping[str, object] | None = None
    raw: bytes | None = None
    external_id: str = ""
    headers: Mapping[str, object] = field(default_factory=dict)
    refused: str = ""  # the source itself refuses it, for this reason; it is kept all the same


def receive(items: Sequence[Item], *, source: str, channel: Channel | None = None) -> list[int]:
    """Commit items of one channel to the ledger and wake the pipeline. Returns the entries' ids in the order given."""
    return receive_each([(channel, item) for item in items], source=source)


@transaction.atomic
def receive_each(items: Sequence[tuple[Channel | None, Item]], *, source: str) -> list[int]:
    """The same for items of several channels. Cost: one COPY for all of them."""
    now = timezone.now()
    entries = [entry_of(item, channel, source, now) for channel, item in items]
    insert(entries)
    wake()
    return [entry.pk for entry in entries]


def entry_of(item: Item, channel: Channel | None, source: str, now: datetime) -> IntakeEntry:
    item = kept_of(item, channel) if channel is not None and takes_out(channel) else item
    return made(
        IntakeEntry,
        channel=channel,
        source=source,
        external_id=clean(item.external_id)[:512],
        payload=without_nulls(item.payload) if item.payload is not None else None,
        raw=item.raw,
        headers=without_nulls(dict(item.headers)),
        received_at=now,
        verdict="refused" if item.refused else "pending",
        reason=clean(item.refused),
        processed_at=now if item.refused else None,
    )


def kept_of(item: Item, channel: Channel) -> Item:
    """Without numbers of cards and persons, and with a mark that says what was taken out."""
    payload, found = without_numbers(item.payload) if item.payload is not None else (None, [])
    raw, more = raw_without_numbers(item.raw, is_mail=channel.kind == "email") if item.raw is not None else (None, [])
    headers = {**item.headers, MARK: sorted({*found, *more})} if found or more else item.headers
    return replace(item, payload=payload, raw=raw, headers=headers)


def wake() -> None:
    """Tell the pipeline that entries wait, once this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def clean(text: str) -> str:
    """The same text without NUL and lone surrogates, which PostgreSQL can not hold and no person writes."""
    if text.isascii():
        return text.replace("\x00", "")
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def without_nulls(value: object) -> object:
    """The same JSON value without NUL characters and lone surrogates, which the database could not hold."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {str(without_nulls(str(key))): without_nulls(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [without_nulls(entry) for entry in value]
    return value
