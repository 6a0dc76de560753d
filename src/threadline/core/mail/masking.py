"""Numbers of cards, accounts and persons taken out of a mail's bytes, before anybody keeps it."""

import base64
import binascii
from collections.abc import Iterator
from email.header import Header
from typing import NamedTuple

from threadline.core.mail.headers import text_of
from threadline.core.mail.structure import Part, structure
from threadline.core.sensitive import masked

STARS = "****"  # every charset has them
WIDE = {
    "utf-16",
    "utf-16le",
    "utf-16be",
    "utf-32",
    "utf-32le",
    "utf-32be",
    "utf-7",
}  # in all others, a digit is as in ASCII
DEEPEST = 5  # mails within mails


class Edit(NamedTuple):
    start: int
    end: int
    written: bytes


def without_numbers(raw: bytes, *, depth: int = 0) -> tuple[bytes, list[str]]:
    """The mail with stars in place of such numbers in its subject and its texts, and what they were.

    Every other byte stays as it is. Files stay whole, and so does what is encoded in a way that nobody uses any more
    (uuencode). A mail that was passed on as a file is a mail, five levels deep. Cost: linear in its size.
    """
    found: list[str] = []
    root = structure(raw)
    edits = list(_subject(root, found))
    for part in root.walk():
        edits += _text(part, found) if _is_text(part) else _mail(part, found, depth)
    for edit in sorted(edits, reverse=True):
        raw = raw[: edit.start] + edit.written + raw[edit.end :]
    return raw, found


def _subject(root: Part, found: list[str]) -> Iterator[Edit]:
    value = root.first("subject")
    text, hidden = masked(text_of(value), dots=STARS)
    place = root.raw.find(value, 0, root.start) if hidden else -1
    if place >= 0:
        found += hidden
        line = text if text.isascii() else Header(text, "utf-8", errors="replace").encode()
        yield Edit(place, place + len(value), line.encode())


def _is_text(part: Part) -> bool:
    return part.kind.startswith("text/") and part.disposition != "attachment" and not part.filename


def _text(part: Part, found: list[str]) -> Iterator[Edit]:
    charset = part.params.get("charset", "").lower()
    codec = charset if charset in WIDE else "latin-1"
    text, hidden = masked(part.data().decode(codec, "replace"), dots=STARS)
    written = _encoded(part, text.encode(codec)) if hidden else None
    if written is not None:
        found += hidden
        yield Edit(part.start, part.end, written)


def _mail(part: Part, found: list[str], depth: int) -> Iterator[Edit]:
    if part.kind != "message/rfc822" or depth >= DEEPEST:
        return
    inner, hidden = without_numbers(part.data(), depth=depth + 1)
    written = _encoded(part, inner) if hidden else None
    if written is not None:
        found += hidden
        yield Edit(part.start, part.end, written)


def _encoded(part: Part, data: bytes) -> bytes | None:
    """As the part was encoded; None where it can not be encoded like that again."""
    encoding = part.first("content-transfer-encoding").strip().lower()
    if encoding.startswith(b"base64"):
        return base64.encodebytes(data).replace(b"\n", b"\r\n")
    if encoding.startswith(b"quoted-printable"):
        return binascii.b2a_qp(data)
    return None if encoding.startswith((b"x-uu", b"uuencode")) else data
