"""One import: pieces of a file become ledger rows, a few hundred with each transaction."""

import csv
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from threadline.channels.adapters.email.own import OwnAddresses
from threadline.channels.adapters.email.reading import receiving_addresses
from threadline.channels.models import Channel
from threadline.core import mail
from threadline.interactions.actions.intake import Item, receive_each
from threadline.interactions.endpoints import Endpoints, place_of
from threadline.interactions.importing.files import LONGEST_PIECE, Lines, Piece, Source, open_source
from threadline.interactions.models import ImportRun
from threadline.interactions.objects import Judged, judge
from threadline.interactions.reading import endpoint_of
from threadline.lib.errors import ThreadlineError

AT_ONCE = 500
Progress = Callable[[int, int], None]
Read = Callable[[Piece], Judged]


def import_file(
    path: Path, *, channel: str | None = None, brands: Path | None = None, progress: Progress = lambda done, size: None
) -> ImportRun:
    """Take everything in a file into the ledger; go on where an earlier import of the same content stopped.

    Args:
        channel: the address of ours that mails came to; without it, each mail says where it was delivered.
        brands: a CSV file with the columns endpoint and brand, for channels that do not exist yet.
        progress: hears how much of the file was read, in the source's own measure.
    Raises:
        ThreadlineError: the file is of no known kind, or is damaged; what stood before the damage was taken.
    """
    source = open_source(path)
    run = begin(source, path)
    if run.finished_at is None:
        read = line_reader(brands) if isinstance(source, Lines) else mail_reader(channel)
        work_through(run, source, read, progress)
        ImportRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
        run.refresh_from_db()
    return run


def begin(source: Source, path: Path) -> ImportRun:
    return ImportRun.objects.get_or_create(digest=source.digest(), defaults={"path": str(path)})[0]


def work_through(run: ImportRun, source: Source, read: Read, progress: Progress) -> None:
    pieces = source.pieces(start=run.offset, taken=run.accepted + run.refused)
    while chunk := next_chunk(pieces, source):
        items = [tagged(read(piece), run, piece) for piece in chunk]
        take(run, items, offset=chunk[-1].end)
        progress(source.place(chunk[-1].end), source.size)


def next_chunk(pieces: Iterator[Piece], source: Source) -> list[Piece]:
    try:
        return list(islice(pieces, AT_ONCE))
    except (EOFError, OSError, zlib.error) as error:
        raise ThreadlineError(
            f"The file is damaged ({error}). The {source.word}s before that place were imported; mend it and go on."
        ) from error


@transaction.atomic
def take(run: ImportRun, items: list[Judged], *, offset: int) -> None:
    """Ledger rows and how far we came: both or neither."""
    receive_each(items, source="import")
    refused = sum(bool(item.refused) for _, item in items)
    run.offset, run.refused, run.accepted = offset, run.refused + refused, run.accepted + len(items) - refused
    run.save(update_fields=["offset", "refused", "accepted"])


def tagged(judged: Judged, run: ImportRun, piece: Piece) -> Judged:
    """The same item, with the import and the number of the piece it came from."""
    channel, item = judged
    return channel, replace(item, headers={"import": run.pk, "number": piece.number})


# ---- lines -----------------------------------------------------------------------------------------------------


def line_reader(brands: Path | None) -> Read:
    endpoints, brand_of = Endpoints.load(), read_brands(brands) if brands else {}

    def find(given: Mapping[str, object]) -> Channel:
        kind, address = place_of(given)
        if kind and address:
            return endpoints.ensure(kind, address, brand=brand_of.get(address, ""))
        return endpoints.find(given)

    return partial(read_line, find=find)


def read_line(piece: Piece, *, find: Callable[[Mapping[str, object]], Channel]) -> Judged:
    where = f"Line {piece.number}: "
    if piece.cut:
        return too_long(piece, where)
    try:
        given = json.loads(piece.body)
    except RecursionError:
        return refused(piece, f"{where}it is nested far too deeply. Send a flatter object.")
    except ValueError as error:  # also bytes that are no UTF-8
        return refused(piece, f"{where}this is no JSON ({error}). Mend the line and import it again.")
    return judge(given, find=find, where=where, raw=piece.body)


def refused(piece: Piece, reason: str) -> Judged:
    return None, Item(raw=piece.body, refused=reason)


def too_long(piece: Piece, where: str) -> Judged:
    beginning = f"longer than {LONGEST_PIECE:,} bytes, and only its beginning is kept"
    return refused(piece, f"{where}it is {beginning}. Import it in smaller pieces.")


def read_brands(path: Path) -> dict[str, str]:
    """Endpoint to brand.

    Raises:
        ThreadlineError: the file lacks one of the two columns or is no text.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ThreadlineError(f"{path} is no CSV file ({error}). Save it as CSV in UTF-8.") from error
    if rows and not {"endpoint", "brand"} <= set(rows[0]):
        raise ThreadlineError(f"{path} has the columns {', '.join(rows[0])}. It needs endpoint and brand.")
    return {row["endpoint"]: row["brand"] or "" for row in rows}


# ---- mails -----------------------------------------------------------------------------------------------------


def mail_reader(address: str | None) -> Read:
    endpoints = Endpoints.load()
    given = endpoints.ensure("email", address) if address else None
    own = [(OwnAddresses(endpoint_of(channel)), channel) for channel in endpoints.by_kind.get("email", ())]
    return partial(read_mail, given=given, own=own)


def read_mail(piece: Piece, *, given: Channel | None, own: list[tuple[OwnAddresses, Channel]]) -> Judged:
    where = f"Mail {piece.number}: "
    if piece.cut:
        return too_long(piece, where)
    if given:
        return given, Item(raw=piece.body)
    addresses = receiving_addresses(mail.parse(piece.body), {})
    found = next((channel for address in addresses for ours, channel in own if ours.holds(address)), None)
    if found:
        return found, Item(raw=piece.body)
    named = ", ".join(addresses[:5]) or "nobody"
    return refused(
        piece,
        f"{where}it went to {named}, and none of our e-mail channels has such an address. Add the channel, or name "
        "one with --channel.",
    )
