"""Bytes to text, whatever the mail claims about its charset. Never raises."""

import codecs
import re
from functools import lru_cache

# Labels seen in real mail that Python does not know, or knows under a narrower table than senders mean
# (the WHATWG encoding standard reads them wide too).
_ALIASES = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi": "cp1252",
    "ansi_x3.4-1968": "utf-8",
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "x-euc-cn": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "big5": "cp950",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_2",
    "windows-874": "cp874",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "macintosh": "mac_roman",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "koi8-ru": "koi8-u",
}

# Text codecs of Python that no mail means; the first two take quadratic time on long input.
_REFUSED = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def clean(text: str) -> str:
    """Without NUL and lone surrogates, which neither PostgreSQL nor UTF-8 can hold."""
    return text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("", text)


def decode(data: bytes, charset: str = "") -> str:
    """Text of `data`; an unknown, missing or wrong charset falls back to UTF-8 and then Windows-1252."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return clean(data[len(bom) :].decode(encoding, "replace"))
    known = _codec(charset[:60])
    if known == "utf-8":
        return _utf8(data)
    return clean(data.decode(known, "replace")) if known else _utf8(data)


def encode(text: str, charset: str) -> bytes:
    """The way back, for text with a few signs that should have been encoded."""
    if text.isascii():
        return text.encode("ascii")
    try:
        return text.encode(_codec(charset[:60]) or "utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _utf8(data: bytes) -> str:
    try:
        return clean(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(data, error):
            return clean(data.decode("utf-8", "replace"))
        return clean(_windows(data))


def _is_mostly_utf8(data: bytes, error: UnicodeDecodeError) -> bool:
    """One broken spot in text that otherwise reads as UTF-8 (a truncated mail): keep the rest readable."""
    read = data[: error.start]
    return not read.isascii()


def _windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


@lru_cache(maxsize=512)
def _codec(charset: str) -> str:
    """Python's name for a text codec, or "" for one nobody knows."""
    label = charset.strip().strip("\"'").lower()
    label = _ALIASES.get(label, label)
    try:
        name = codecs.lookup(label).name
        b" ".decode(name, "replace")  # refuses base64, zlib and the other codecs that do not give text
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if name.replace("-", "_") in _REFUSED else name
