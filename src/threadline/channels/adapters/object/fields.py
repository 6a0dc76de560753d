"""Reading fields of an object: each has a type and a limit, and whatever is wrong is said with field and value."""

import math
import reprlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NoReturn

from threadline.channels.contract import Broken

LONGEST_TEXT = 1_000_000
LONGEST_WORD = 320
DEEPEST = 20
EMPTY: Mapping[str, object] = {}
SHORT = reprlib.Repr()  # shows any value, however long or deep, in a few words
SHORT.maxlevel, SHORT.maxstring, SHORT.maxother, SHORT.maxdict, SHORT.maxlist = 3, 80, 80, 4, 4


def word(source: Mapping[str, object], name: str, *, where: str = "", longest: int = LONGEST_WORD) -> str:
    """A short string without line breaks around it; numbers are taken too, because ids often are. Missing gives ""."""
    value = source.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        wrong(where + name, value, "a string")
    if len(value) > longest:
        wrong(where + name, value, f"at most {longest} characters, and this has {len(value)}")
    return clean(value).strip()


def required(source: Mapping[str, object], name: str, *, longest: int = LONGEST_WORD) -> str:
    value = word(source, name, longest=longest)
    return value or missing(name)


def text(source: Mapping[str, object], name: str) -> str:
    value = source.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        wrong(name, value, "a string")
    if len(value) > LONGEST_TEXT:
        wrong(name, value, f"at most {LONGEST_TEXT:,} characters, and this has {len(value):,}")
    return clean(value)


def table(source: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = source.get(name)
    if value is None:
        return EMPTY
    if not isinstance(value, Mapping):
        wrong(name, value, "an object")
    return value


def flag(source: Mapping[str, object], name: str) -> bool | None:
    value = source.get(name)
    if value is not None and not isinstance(value, bool):
        wrong(name, value, "true or false")
    return value


def words(source: Mapping[str, object], name: str, *, where: str = "") -> list[str]:
    """A list of strings; a single string counts as one of one."""
    value = source.get(name)
    if value is None:
        return []
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(each, str) for each in listed):
        wrong(where + name, value, "a list of strings")
    return [clean(each).strip() for each in listed]


def moment(source: Mapping[str, object], name: str) -> datetime:
    written = required(source, name, longest=40)
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        wrong(name, written, "a moment such as 2026-03-01T09:30:00Z")
    if at.tzinfo is None:
        wrong(name, written, "a moment with its time zone, such as 2026-03-01T09:30:00Z")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        wrong(name, written, "a moment between the years 1 and 9999")


def jsonables(source: Mapping[str, object], where: str) -> dict[str, object]:
    """A table whose every value is `jsonable`."""
    return {clean(str(name)): jsonable(value, where=f"{where}.{name}") for name, value in source.items()}


def jsonable(value: object, *, where: str, depth: int = 0) -> object:
    """The same value without characters that no database holds; nested at most DEEPEST levels."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if depth >= DEEPEST:
        raise Broken(f"“{where}” is nested more than {DEEPEST} levels deep. Send a flatter object.")
    if isinstance(value, Mapping):
        return {clean(str(key)): jsonable(each, where=where, depth=depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(each, where=where, depth=depth + 1) for each in value]
    return wrong(where, value, "what JSON can hold")


def clean(value: str) -> str:
    """Without NUL and lone surrogates, which PostgreSQL refuses."""
    if value.isascii():
        return value.replace("\0", "") if "\0" in value else value
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def wrong(name: str, value: object, expected: str) -> NoReturn:
    raise Broken(f"“{name}” is {SHORT.repr(value)}. It must be {expected}.")


def missing(name: str) -> NoReturn:
    raise Broken(f"“{name}” is missing or empty. Every object needs one.")
