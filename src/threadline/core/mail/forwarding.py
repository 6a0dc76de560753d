"""Whose mail is passed on? Often the writer's own, from another mailbox of theirs; or a customer's, by a colleague."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from threadline.core.mail.anatomy import Zones, split
from threadline.core.mail.headers import Address, addresses
from threadline.core.mail.lines import Line, lines_of
from threadline.core.mail.quotes import field_of, header_spans, is_divider
from threadline.core.mail.reading import Mail, parse
from threadline.core.mail.structure import structure

PREFIX = r"(?:fwd?|wg|tr|i|rv|enc|vs|vb|vl|pd|doorst?|weitergeleitet|reenv(?:iado)?)\s*:\s*"
PASSED_ON = re.compile(rf"^\s*{PREFIX}", re.IGNORECASE)
_PREFIXES = re.compile(rf"^\s*(?:{PREFIX})+", re.IGNORECASE)
SENDER = re.compile(
    r"^[>*\s]*(?:from|von|de|van|da|från|fra|od|от|lähettäjä)\s*:[^\n]{0,120}?([\w.%+'-]{1,64}@[\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE | re.MULTILINE,
)
_MAILTO = re.compile(r"\[mailto:([^\]\s]+)\]", re.IGNORECASE)
_MARK = re.compile(r"^[ \t]*[>|] ?")
MOST_NOTE = 2_000


def forwarded_from(subject: str, quoted: Sequence[str]) -> list[str]:
    """Addresses of those who wrote the mails below, the newest first; none where the subject tells of a reply."""
    if not PASSED_ON.match(subject):
        return []
    found = [match[1].lower() for part in quoted for match in SENDER.finditer(part[:4000])]
    return list(dict.fromkeys(found))[:5]


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Somebody else's mail inside a mail. `note` is what whoever passed it on wrote above it.

    `attached`: it came whole, as message/rfc822, with its own Message-ID and date; otherwise only as text.
    """

    sender: Address
    subject: str
    zones: Zones
    note: str = ""
    attached: bool = False
    message_id: str = ""
    references: tuple[str, ...] = ()
    reply_to: str = ""
    date: datetime | None = None


def passed_on(raw: bytes, read: Mail) -> PassedOn | None:
    """The mail that this one passes on; None for any other. Never raises.

    Args:
        read: what `parse` made of `raw`.
    """
    try:
        return attached(raw, read) or inline(read)
    except Exception:  # as `parse`: what can not be taken apart stays as it came
        return None


def attached(raw: bytes, read: Mail) -> PassedOn | None:
    """Of a mail that holds another one as a file. With words of its own and no Fwd: in its subject it is no forward."""
    if not any(file.content_type == "message/rfc822" for file in read.files):
        return None
    part = next(each for each in structure(raw).walk() if each.kind == "message/rfc822")
    inner = parse(part.data())
    bare = not split(read.text).new.strip()
    if inner.sender is None or not (bare or PASSED_ON.match(read.subject)):
        return None
    return PassedOn(
        inner.sender,
        inner.subject,
        split(inner.text),
        note=_note(read.text),
        attached=True,
        message_id=inner.message_id,
        references=(*inner.in_reply_to, *reversed(inner.references)),
        reply_to=inner.reply_to[0].email if inner.reply_to else "",
        date=inner.date,
    )


def inline(read: Mail) -> PassedOn | None:
    """Of a mail with the other one's head and words in its text, under a divider or a subject that says so."""
    lines = lines_of(read.text)
    spans = header_spans(lines)
    block = next((span for span in spans if sender_of(lines[slice(*span)])), None)
    if block is None or not (PASSED_ON.match(read.subject) or _divided(lines, spans, block)):
        return None
    above = [span for span in spans if span[1] <= block[0]]
    if any(not is_divider(lines[start].words) for start, _end in above):
        return None  # an answer to somebody, below which older mails hang
    sender = sender_of(lines[slice(*block)])
    assert sender is not None, "the block was chosen for it"
    start = above[0][0] if above else block[0]
    depth = max(line.depth for line in lines[slice(*block)])
    said = "\n".join(_unmarked(line.raw, depth) for line in lines[block[1] :]).strip("\n")
    subject = _value(lines[slice(*block)], "subject") or _PREFIXES.sub("", read.subject)
    note = "\n".join(line.raw for line in lines[:start])
    return PassedOn(sender, subject, split(said), note=_note(note))


def _divided(lines: Sequence[Line], spans: Sequence[tuple[int, int]], block: tuple[int, int]) -> bool:
    """Whether a line such as “Forwarded message” announces it; “Original message” also stands in answers."""
    heads = [lines[at].words.lower() for at in range(max(0, block[0] - 3), block[0]) if is_divider(lines[at].words)]
    return any(not re.search(r"original|origin|ursprünglich|oorspronkelijk|исходное|原", head) for head in heads)


def sender_of(block: Sequence[Line]) -> Address | None:
    value = _MAILTO.sub(r"<\1>", _value(block, "from"))
    found = addresses(value.encode()) if "@" in value else ()
    return found[0] if found else None


def _value(block: Sequence[Line], name: str) -> str:
    """What stands behind a field's name; with its next line, where that one is no field."""
    for at, line in enumerate(block):
        if field_of(line.words) == name:
            more = block[at + 1].words if at + 1 < len(block) and not field_of(block[at + 1].words) else ""
            value = re.split(r"[:：]", line.words, maxsplit=1)[1].strip(" *")
            return value if "@" in value or name != "from" else f"{value} {more}".strip()
    return ""


def _unmarked(raw: str, depth: int) -> str:
    for _level in range(depth):
        raw = _MARK.sub("", raw, count=1)
    return raw


def _note(text: str) -> str:
    return split(text).new.strip()[:MOST_NOTE]
