"""Reading header fields: encoded words, parameters, addresses, message ids, dates. Nothing here raises."""

import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from threadline.core.mail.charsets import clean, decode, encode

# Fields longer than this are cut before parsing: no honest one is, and hostile ones would cost quadratic time.
LONGEST_FIELD = 200_000
_LONGEST_PARAMETERS = 8_000

_FOLD = re.compile(rb"(?:\r\n|\r|\n)(?=[ \t])")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r';\s*([^=;\s]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_UNCLEAR_PARAMETER = re.compile(r"[\s;](charset|boundary|name|filename)\s*=\s*(\"[^\"]*\"|[^;\s]*)", re.IGNORECASE)
_CONTINUED = re.compile(r"^([^*]+)\*(\d{1,3})?(\*)?$")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|\((?:[^()\\]|\\.)*\)?|<[^<>]*>?|[,;:]|[^"(<,;:]+', re.DOTALL)
_EMAIL = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+")
_BRACKETED = re.compile(r"<([^<>]+)>")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    email: str


def text_of(raw: bytes) -> str:
    """A raw field value, unfolded, with 8-bit bytes read as UTF-8 or Windows-1252; encoded words still encoded."""
    return decode(_FOLD.sub(b"", raw[:LONGEST_FIELD])).strip()


def decode_words(value: str) -> str:
    """Replace encoded words (RFC 2047). Neighbours in one charset are joined as bytes: mailers cut letters in two."""
    if "=?" not in value:
        return clean(value)
    read: list[str] = []
    pending, charset, end = b"", "", 0
    for match in _WORD.finditer(value):
        gap = value[end : match.start()]
        word_charset = match[1].partition("*")[0].lower()
        adjacent = end > 0 and not gap.strip()
        if not (adjacent and word_charset == charset):
            read.append(decode(pending, charset))
            pending, charset = b"", word_charset
        if not adjacent:
            read.append(gap)
        pending += _word_bytes(match[2], match[3], charset)
        end = match.end()
    read += [decode(pending, charset), value[end:]]
    return clean("".join(read))


def _word_bytes(encoding: str, payload: str, charset: str) -> bytes:
    data = encode(payload, charset)  # some mailers leave 8-bit signs inside
    if encoding in "bB":
        return from_base64(data)
    return binascii.a2b_qp(data.replace(b"\n", b""), header=True)


def from_base64(data: bytes) -> bytes:
    """What can be read of base64, with wrong padding, line noise and truncation forgiven."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        return _from_broken_base64(data)


def _from_broken_base64(data: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    whole = len(letters) - len(letters) % 4
    rest = letters[whole:]
    tail = binascii.a2b_base64(rest + b"=" * (4 - len(rest))) if len(rest) > 1 else b""
    return binascii.a2b_base64(letters[:whole]) + tail


def line_of(raw: bytes) -> str:
    """A field as one decoded line: Subject, a display name, a note."""
    return _SPACE.sub(" ", decode_words(text_of(raw))).strip()


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=utf-8` as ("text/plain", {"charset": "utf-8"}), with RFC 2231 pieces joined and decoded."""
    value = value[:_LONGEST_PARAMETERS]
    main = value.partition(";")[0].strip().lower()
    found = {key.lower(): _unquoted(text) for key, text in reversed(_PARAMETER.findall(value))}
    if any("*" in key for key in found):
        found = _joined(found)
    for key, text in _UNCLEAR_PARAMETER.findall(value):
        found.setdefault(key.lower(), _unquoted(text))
    return main.split()[0] if main else "", {key: decode_words(text) for key, text in found.items()}


def _unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        return _ESCAPE.sub(r"\1", text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:])
    return text


def _joined(found: dict[str, str]) -> dict[str, str]:
    """RFC 2231: name*0*=utf-8''a%20; name*1=b gives name="a b"."""
    plain = {key: text for key, text in found.items() if "*" not in key}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for key, text in found.items():
        if match := _CONTINUED.match(key):
            pieces.setdefault(match[1], []).append((int(match[2] or 0), match[3] is not None or match[2] is None, text))
    return plain | {key: _assembled(sorted(parts)) for key, parts in pieces.items()}


def _assembled(parts: list[tuple[int, bool, str]]) -> str:
    charset, data = "", b""
    for place, (_, encoded, text) in enumerate(parts):
        if encoded and place == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return decode(data, charset)


def addresses(raw: bytes) -> tuple[Address, ...]:
    """All mailboxes of an address field. Groups are flattened; what has no address in it is left out."""
    value = text_of(raw)
    found = tuple(_mailboxes(value))
    if not found and "=?" in value:
        found = tuple(_mailboxes(decode_words(value)))
    return found or tuple(Address("", _tidy(email)) for email in _EMAIL.findall(value))


def _mailboxes(value: str) -> list[Address]:
    found: list[Address] = []
    tokens: list[str] = []
    for token in [*_TOKEN.findall(value), ","]:
        if token in {",", ";"}:
            found += _mailbox(tokens)
            tokens = []
        elif token == ":":
            tokens = []  # the name of a group
        else:
            tokens.append(token)
    return found


def _mailbox(tokens: list[str]) -> list[Address]:
    email = next((_tidy(t.strip("<> ")) for t in reversed(tokens) if t.startswith("<") and "@" in t), "")
    plain = [t for t in tokens if not t.startswith(("<", "("))]
    if not email:
        bare = _EMAIL.search("".join(plain))
        if bare is None:
            return []
        return [Address(_comment(tokens), _tidy(bare[0]))]
    name = " ".join(_unquoted(t) for t in plain if t.strip())
    return [Address(_SPACE.sub(" ", decode_words(name)).strip(" '") or _comment(tokens), email)]


def _comment(tokens: list[str]) -> str:
    note = next((t for t in tokens if t.startswith("(")), "")
    return decode_words(_ESCAPE.sub(r"\1", note.strip("() ")))


def _tidy(email: str) -> str:
    local, at, domain = clean(_SPACE.sub("", email)).removeprefix("mailto:").rpartition("@")
    return f"{local}{at}{domain.lower()}"


def message_ids(raw: bytes) -> tuple[str, ...]:
    """Message ids without their angle brackets, in order, each once."""
    value = text_of(raw)
    found = [_SPACE.sub("", inner) for inner in _BRACKETED.findall(value)]
    if not found:
        found = [word.strip("<>,;") for word in value.split()[:1] if word.strip("<>,;")]
    return tuple(dict.fromkeys(found))


def moment(raw: bytes) -> datetime | None:
    """The aware UTC moment of a Date field; None if it is missing or makes no sense."""
    try:
        parsed = parsedate_tz(text_of(raw)[:200])
        if parsed is None:
            return None
        zone = timezone(timedelta(seconds=parsed[9] or 0))
        seconds = min(parsed[5], 59)  # a leap second
        return datetime(*parsed[:5], seconds, tzinfo=zone).astimezone(UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
