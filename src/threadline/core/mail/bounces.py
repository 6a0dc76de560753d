"""What mail systems tell of mails of ours: not delivered, delayed, delivered, or complained about.

RFC 3464 and 6533 (delivery status), 6522 (reports), 5965 (feedback reports); Exim, qmail and old Exchange, which write
prose. Never raises; reads at most the first parts of a mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from threadline.core.mail.headers import Address, addresses, line_of, message_ids, moment
from threadline.core.mail.reading import Mail, parse
from threadline.core.mail.structure import Part, structure

Kind = Literal["failed", "delayed", "delivered", "complaint"]
STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
ORIGINAL_PARTS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
ACTIONS: dict[str, Kind] = {"failed": "failed", "delayed": "delayed", "delivered": "delivered", "relayed": "delivered"}
MOST_RECIPIENTS, MOST_BYTES = 50, 200_000
# X.1.x is about the address itself, X.2.1 a mailbox that is closed (RFC 3463); 5.4.1 is how Exchange says "unknown".
BAD_STATUS = re.compile(r"^5\.(?:1\.(?:[0-6]|10)|2\.1|4\.1)$")
_BAD_WORDS = re.compile(
    r"(?:user|mailbox|recipient|address|account)\b.{0,60}\b(?:unknown|not exist|doesn['’]t exist|not found|disabled|"
    r"inactive|unavailable|no longer)|"
    r"(?:unknown|no such|invalid|unrouteable)\s+(?:user|mailbox|recipient|address|account)",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)[ \-](?=\D)")
_LINE = re.compile(r"\n[ \t]*\n")
_NAMED = re.compile(r"^\s{0,8}<?([^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255})>?\s*:?\s*$", re.MULTILINE)
_ORIGINAL_ID = re.compile(r"^[>\s]*Message-ID:\s*<([^<>\s]{3,900})>", re.IGNORECASE | re.MULTILINE)
_PROSE = re.compile(
    r"could not be delivered|delivery (?:to the following|has failed|failed|failure)|undeliverable|"
    r"did not reach|qmail-send program|returned mail|permanent error|konnte nicht zugestellt|n['’]a pas pu être",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What became of one mail of ours for one recipient. `bad_address`: nobody reads that address."""

    kind: Kind
    address: str
    words: str
    status: str = ""
    bad_address: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """A report, and what it says of the mail it is about: its Message-ID and to whom it went, where it tells."""

    notices: tuple[Notice, ...]
    message_id: str = ""
    to: tuple[Address, ...] = ()
    by: str = ""
    at: datetime | None = None


def returned(raw: bytes) -> Returned | None:
    """The report that a mail is; None for any other mail. Ask only for mails that a machine sent."""
    try:
        root = structure(raw)
        found = _standard(root) or _complaint(root) or _in_prose(root, parse(raw))
        return found if found and found.notices else None
    except Exception:  # as `parse`: a report nobody can read is an ordinary mail
        return None


def groups_of(part: Part) -> list[dict[str, list[bytes]]]:
    """The groups of fields of a status part, lower-case names."""
    body = part.data()[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip(b"\n")
    blocks = _LINE.split(body.decode("latin-1"))[: MOST_RECIPIENTS + 1]
    return [structure(block.encode("latin-1") + b"\r\n\r\n").fields for block in blocks if block.strip()]


def _standard(root: Part) -> Returned | None:
    status = next((part for part in root.walk() if part.kind in STATUS_PARTS), None)
    if status is None:
        return None
    groups = groups_of(status)
    notices = tuple(notice for group in groups if (notice := _notice(group)))
    reporting = _after_type(_first(groups[0], "reporting-mta")) if groups else ""
    return _about(root, notices, by=reporting)


def _notice(group: dict[str, list[bytes]]) -> Notice | None:
    kind = ACTIONS.get(_first(group, "action").lower().split(" ")[0])
    address = _after_type(_first(group, "original-recipient")) or _after_type(_first(group, "final-recipient"))
    if kind is None or "@" not in address:
        return None
    said = _after_type(_first(group, "diagnostic-code"))
    status = _status(_first(group, "status"), said)
    words = said or status
    return Notice(kind, address.lower(), words[:500], status, kind == "failed" and is_bad(status, words))


def _status(written: str, said: str) -> str:
    """The enhanced code; the one in the server's own words is better than a general one (5.0.0)."""
    found, spoken = _CODE.search(written), _CODE.search(said)
    if found and not (found[1].endswith(".0.0") and spoken):
        return found[1]
    return spoken[1] if spoken else ""


def is_bad(status: str, words: str) -> bool:
    """Whether the address is to blame, and not a full mailbox, the size, a filter or the hour."""
    if status and not status.endswith(".0.0"):
        return bool(BAD_STATUS.match(status))
    return not status.startswith("4") and bool(_BAD_WORDS.search(words))


def _complaint(root: Part) -> Returned | None:
    feedback = next((part for part in root.walk() if part.kind == "message/feedback-report"), None)
    if feedback is None:
        return None
    fields = groups_of(feedback)[0]
    kind = _first(fields, "feedback-type").lower() or "abuse"
    if kind == "not-spam":
        return None
    by = _first(fields, "reporting-mta") or _first(fields, "user-agent")
    about = _about(root, (), by=_after_type(by))
    recipient = addresses(b", ".join(fields.get("original-rcpt-to", ()))) or about.to
    address = recipient[0].email.lower() if recipient else ""
    return _about(root, (Notice("complaint", address, kind[:80]),), by=about.by)


def _in_prose(root: Part, mail: Mail) -> Returned | None:
    """Reports for people to read. The address stands on a line of its own, what the server said below it."""
    failed = b", ".join(root.fields.get("x-failed-recipients", ()))
    text = mail.text[:20_000]
    if not failed and not _PROSE.search(f"{mail.subject}\n{text[:4000]}"):
        return None
    named = _NAMED.search(text)
    listed = addresses(failed)
    address = listed[0].email if listed else named[1] if named else ""
    found = _ORIGINAL_ID.search(text)
    about = _about(root, (), by="")
    if not address or not (found or about.message_id or failed):
        return None
    words = " ".join(text[named.end() :].split("\n\n")[0].split())[:500] if named else mail.subject
    status = _status("", words)
    reply = _REPLY.search(words)
    kind: Kind = "delayed" if status.startswith("4") or (reply and reply[1].startswith("4")) else "failed"
    notice = Notice(kind, address.lower(), words, status, kind == "failed" and is_bad(status, words))
    return Returned((notice,), about.message_id or (found[1] if found else ""), about.to, "", mail.date)


def _about(root: Part, notices: tuple[Notice, ...], *, by: str) -> Returned:
    """The mail that the report is about, as its last part has it."""
    at = moment(root.first("date"))
    for head in _originals(root):
        ids = message_ids(head.first("message-id"))
        return Returned(notices, ids[0] if ids else "", addresses(head.first("to")), by[:255], at)
    return Returned(notices, by=by[:255], at=at)


def _originals(root: Part) -> Iterator[Part]:
    for part in root.walk():
        if part.kind in ORIGINAL_PARTS:
            yield structure(part.data()[:MOST_BYTES].lstrip(b"\r\n"))


def _first(fields: dict[str, list[bytes]], name: str) -> str:
    values = fields.get(name)
    return line_of(values[0]) if values else ""


def _after_type(value: str) -> str:
    """`rfc822; ana@example.com` without its type; addresses that a server wrote in angle brackets without them."""
    kind, mark, rest = value.partition(";")
    return (rest if mark else kind).strip().strip("<>").strip()


__all__ = ["Notice", "Returned", "is_bad", "returned"]
