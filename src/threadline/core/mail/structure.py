"""MIME structure of a mail, read in one pass over the bytes: parts are offsets, nothing is copied until asked for.

The standard library's parser builds every line and header as an object and reads about 200 mails a second with decoded
headers; a service hub's intake needs several times that, and must survive mails that are nested or broken on purpose.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from threadline.core.mail.charsets import decode
from threadline.core.mail.headers import from_base64, parameters, text_of

_DEEPEST = 60  # levels of multiparts; what lies deeper is one opaque text
_MOST_PARTS = 2_000
_LONGEST_HEAD = 4_000_000

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:([^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*)(?:\r\n|\r|\n|\Z)")
_STRAY = re.compile(rb"(?:>?From |[ \t]+\S)[^\r\n]*(?:\r\n|\r|\n|\Z)")
_EMPTY = re.compile(rb"[ \t]*(?:\r\n|\r|\n|\Z)")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*$", re.MULTILINE)


@dataclass(slots=True)
class Part:
    """One node of the tree. `index` counts nodes in reading order from 0, the mail itself."""

    index: int
    raw: bytes
    start: int  # of the body
    end: int
    fields: dict[str, list[bytes]]  # lower-case name → raw values in order
    kind: str = "text/plain"
    params: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str = ""
    children: list["Part"] = field(default_factory=list)

    def first(self, name: str) -> bytes:
        """The first field of that (lower-case) name, raw; b"" if there is none."""
        values = self.fields.get(name)
        return values[0] if values else b""

    def data(self) -> bytes:
        """The body with its transfer encoding undone."""
        body = self.raw[self.start : self.end]
        encoding = self.first("content-transfer-encoding").strip().lower()
        if encoding.startswith(b"base64"):
            return from_base64(body)
        if encoding.startswith(b"quoted-printable"):
            return binascii.a2b_qp(body)
        if encoding.startswith((b"x-uu", b"uuencode")):
            return _from_uu(body)
        return body

    def text(self) -> str:
        """The decoded body with plain line ends."""
        text = decode(self.data(), self.params.get("charset", ""))
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

    def walk(self) -> Iterator["Part"]:
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def _from_uu(body: bytes) -> bytes:
    begin = _UU_BEGIN.search(body)
    read = bytearray()
    for line in body[begin.end() if begin else 0 :].splitlines():
        if line.strip() == b"end":
            break
        try:
            read += binascii.a2b_uu(line)
        except binascii.Error:
            continue
    return bytes(read)


def structure(raw: bytes) -> Part:
    """The tree of a mail. Cost: linear in its size for each of at most 60 levels."""
    root = _entity(raw, 0, len(raw), "text/plain", 0)
    count = 1
    waiting = [(root, 0)]
    while waiting:  # depth first, so that indexes follow the reading order
        part, depth = waiting.pop()
        part.index = count - 1 if part is root else count
        count += part is not root
        if depth < _DEEPEST and count + len(waiting) < _MOST_PARTS:
            _open(part, _MOST_PARTS - count)
            waiting.extend((child, depth + 1) for child in reversed(part.children))
    return root


def _open(part: Part, most: int) -> None:
    """Find the children of a multipart. One without its boundary in the body is a text: the words must not be lost."""
    if not part.kind.startswith("multipart/"):
        return
    spans = _spans(part, part.params.get("boundary", ""), most)
    if not spans:
        part.kind = "text/plain"
    inner = "message/rfc822" if part.kind == "multipart/digest" else "text/plain"
    part.children = [_entity(part.raw, start, end, inner, 0) for start, end in spans]


def _spans(part: Part, boundary: str, most: int) -> list[tuple[int, int]]:
    if not boundary.strip():
        return []
    delimiter = re.compile(
        rb"--" + re.escape(boundary.encode("utf-8", "replace").rstrip()) + rb"(--)?[ \t]*(?:\r\n|\r|\n|\Z)"
    )
    spans: list[tuple[int, int]] = []
    opened = -1
    for match in _lines_with(delimiter, part):
        if opened >= 0:
            spans.append((opened, _before_newline(part.raw, opened, match.start())))
        opened = -1 if match[1] else match.end()
        if match[1] or len(spans) >= most:
            break
    if 0 <= opened < part.end and len(spans) < most:
        spans.append((opened, part.end))
    return spans


def _lines_with(pattern: re.Pattern[bytes], part: Part) -> Iterator[re.Match[bytes]]:
    for match in pattern.finditer(part.raw, part.start, part.end):
        if match.start() == part.start or part.raw[match.start() - 1] in b"\r\n":
            yield match


def _before_newline(raw: bytes, start: int, end: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    if end > start and raw[end - 1] == 0x0A:
        end -= 1
    if end > start and raw[end - 1] == 0x0D:
        end -= 1
    return end


def _entity(raw: bytes, start: int, end: int, default: str, index: int) -> Part:
    fields, body = _head(raw, start, end)
    part = Part(index, raw, body, end, fields, default)
    if declared := part.first("content-type"):
        kind, part.params = parameters(text_of(declared))
        part.kind = kind if "/" in kind else default
    if disposition := part.first("content-disposition"):
        part.disposition, params = parameters(text_of(disposition))
        part.filename = params.get("filename", "") or params.get("name", "")
    part.filename = _base_name(part.filename or part.params.get("name", ""))
    return part


def _base_name(name: str) -> str:
    """Without folders and control signs: a name, never a path."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[:255]


def _head(raw: bytes, start: int, end: int) -> tuple[dict[str, list[bytes]], int]:
    """Header fields and where the body begins. A line that is no field ends the head: some forget the blank line."""
    fields: dict[str, list[bytes]] = {}
    last = min(end, start + _LONGEST_HEAD)
    place = start
    while place < last:
        match = _FIELD.match(raw, place, last)
        if match:
            fields.setdefault(match[1].decode("ascii").lower(), []).append(match[2].strip())
        elif (empty := _EMPTY.match(raw, place, last)) and empty.end() > place:
            return fields, empty.end()
        else:
            match = _STRAY.match(raw, place, last) if not fields or raw[place] in b" \t" else None
            if match is None:
                return fields, place
        place = match.end()
    return fields, place
