"""A mail's bytes as a `Mail`. Never raises, whatever the bytes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from threadline.core.mail.automatic import reason_automatic
from threadline.core.mail.charsets import decode
from threadline.core.mail.headers import Address, addresses, line_of, message_ids, moment, text_of
from threadline.core.mail.html import text_of_html
from threadline.core.mail.structure import Part, structure

# Fields that adapters look at after parsing, beside what `Mail` already says.
KEPT_FIELDS = (
    "delivered-to",
    "to",
    "x-original-to",
    "envelope-to",
    "x-forwarded-to",
    "return-path",
    "authentication-results",
    "received-spf",
    "auto-submitted",
    "list-id",
    "thread-index",
)
_PROSE = {"text/plain", "text/html", "text/enriched", "text/x-amp-html", "text/watch-html", "text"}
_UNSEEN = {"text/x-amp-html", "text/watch-html"}  # third and fourth renderings of what the others already say
_NAMES_BY_KIND = {
    "text/calendar": "invite.ics",
    "message/rfc822": "mail.eml",
    "message/delivery-status": "delivery-status.txt",
    "text/rfc822-headers": "headers.txt",
}


@dataclass(frozen=True, slots=True)
class File:
    """An attachment or inline picture. `part` is what `file_bytes` takes."""

    name: str
    content_type: str
    size: int  # bytes after decoding
    part: int
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """What a mail says. Ids stand without angle brackets; texts are free of NUL and lone surrogates."""

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None  # UTC
    text: str = ""
    html: str = ""
    files: tuple[File, ...] = ()
    automatic: str = ""  # why it is held for a machine's mail
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # `KEPT_FIELDS`, lower case

    def header(self, name: str) -> tuple[str, ...]:
        """All values of one of `KEPT_FIELDS`, in order; empty if the mail has none."""
        return self.fields.get(name.lower(), ())


def parse(raw: bytes) -> Mail:
    """Read a mail. Whatever cannot be understood stays empty; a mail nobody can read is all text."""
    try:
        return read(raw)
    except Exception:  # the promise to intake: one poisoned mail never blocks the next
        return Mail(text=decode(bytes(raw)))


def read(raw: bytes) -> Mail:
    """`parse` without its net, so that tests see what breaks."""
    root = structure(raw)
    senders = addresses(root.first("from")) or addresses(root.first("sender"))
    sender = senders[0] if senders else None
    subject = line_of(root.first("subject"))
    text, html = _words(root)
    return Mail(
        message_id=next(iter(message_ids(root.first("message-id"))), ""),
        in_reply_to=message_ids(root.first("in-reply-to")),
        references=message_ids(b" ".join(root.fields.get("references", ()))),
        sender=sender,
        reply_to=addresses(root.first("reply-to")),
        to=addresses(b", ".join(root.fields.get("to", ()))),
        cc=addresses(b", ".join(root.fields.get("cc", ()))),
        subject=subject,
        date=moment(root.first("date")),
        text=text,
        html=html,
        files=tuple(_files(root)),
        automatic=reason_automatic(root, sender=sender.email if sender else "", subject=subject),
        fields={name: tuple(map(text_of, root.fields[name])) for name in KEPT_FIELDS if name in root.fields},
    )


def file_bytes(raw: bytes, part: int) -> bytes:
    """The decoded bytes of the file that `parse` named with this part index; b"" if there is no such part."""
    return next((node.data() for node in structure(raw).walk() if node.index == part), b"")


def is_prose(part: Part) -> bool:
    """Words for the reader, not a file. A named text is a file, except that some mailers name their HTML body."""
    if part.children or part.kind not in _PROSE or part.disposition.startswith("attachment"):
        return False
    return not part.filename or (part.kind == "text/html" and not part.disposition)


def _words(part: Part) -> tuple[str, str]:
    """(text, raw html) of a part and all below it."""
    if not part.children:
        return _leaf_words(part)
    if part.kind == "multipart/alternative":
        return _best(_words(child) for child in part.children)
    found = [_words(child) for child in part.children]
    return _together(text for text, _ in found), "\n".join(html for _, html in found if html)


def _leaf_words(part: Part) -> tuple[str, str]:
    if not is_prose(part) or part.kind in _UNSEEN:
        return "", ""
    text = part.text()
    return (text_of_html(text), text) if part.kind == "text/html" else (text.strip("\n"), "")


def _best(renderings: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Of several renderings of one text: the plain one unless it is empty, and the richest HTML beside it."""
    found = list(renderings)
    plain = next((text for text, html in found if text.strip() and not html), "")
    html = next((html for _, html in reversed(found) if html), "")
    return plain or next((text for text, _ in reversed(found) if text.strip()), ""), html


def _together(texts: Iterable[str]) -> str:
    return "\n\n".join(text for text in texts if text.strip())


def _files(root: Part) -> Iterable[File]:
    for part in root.walk():
        if part.children or is_prose(part):
            continue
        content_id = next(iter(message_ids(part.first("content-id"))), "")
        yield File(
            name=_file_name(part),
            content_type=part.kind,
            size=len(part.data()),
            part=part.index,
            content_id=content_id,
            inline=part.disposition.startswith("inline") or bool(content_id and not part.disposition),
        )


def _file_name(part: Part) -> str:
    if part.filename:
        return part.filename
    if part.kind == "message/rfc822" and (subject := _subject_within(part)):
        return f"{subject}.eml"
    return _NAMES_BY_KIND.get(part.kind, "")


def _subject_within(part: Part) -> str:
    subject = line_of(structure(part.data()[:20_000]).first("subject"))
    return "".join(sign for sign in subject if sign.isprintable() and sign not in '/\\:*?"<>|')[:80].strip()
