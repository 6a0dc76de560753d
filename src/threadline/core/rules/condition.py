"""A condition in CEL (https://cel.dev): checked as it is written, so that a mistake is found at its place.

CEL has no loops but over lists that are given, and its regular expressions take linear time; with the bounds here a
condition always ends. The library is `common-expression-language`.
"""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache

import cel

from threadline.core.rules.names import AREAS, DEFAULTS, FIELDS, FIELDS_OF, KNOWN, NUMBER, TEXT, TEXTS, YES, Seen, blank

MOST_CHARS = 1_000
MOST_DEPTH = 20
MOST_LOOPS = 2
MOST_SAID = 20_000
FUNCTIONS = frozenset(
    {
        "says",
        "contains",
        "startsWith",
        "endsWith",
        "matches",
        "size",
        "exists",
        "exists_one",
        "all",
        "filter",
        "map",
        "has",
    }
    | {"int", "double", "string", "max", "min"}
)
_STRING = re.compile(r'r?"(?:\\.|[^"\\\n])*"|r?\'(?:\\.|[^\'\\\n])*\'')
_NAME = re.compile(r"(?<![\w.])([a-zA-Z_]\w*)((?:\.fields(?=\.))?(?:\.[a-zA-Z_]\w*)?)(\s*\()?")
_CALL = re.compile(r"(?<!\w)([a-zA-Z_]\w*)\s*\(")
_LOOP = re.compile(r"\.\s*(?:exists|exists_one|all|filter|map)\s*\(\s*(\w+)")
_PLACE = re.compile(r"<input>:(\d+):(\d+): Syntax error: (.*)")
_WORDS = frozenset({"true", "false", "null", "in"})


class Refused(ValueError):
    """What is wrong, at which character (from 0), and what to do now."""

    def __init__(self, words: str, at: int = 0) -> None:
        super().__init__(words)
        self.at = at


class Failed(ValueError):
    """The condition could not be worked out for what it was given, in words."""


def check(text: str, fields: Mapping[str, str] | None = None) -> None:
    """Whether this is a condition. Raises Refused.

    Args:
        fields: the fields that there are, path to sort; None where that is not known, and any name of a field passes.
    """
    if len(text) > MOST_CHARS:
        raise Refused(f"It has {len(text):,} characters; {MOST_CHARS:,} fit. Make two rules of it.", MOST_CHARS)
    bare = _STRING.sub(lambda found: '"' + " " * (len(found[0]) - 2) + '"', text)
    _bounds(bare)
    _compiled(text)
    used = _names(bare, fields)
    if used and fields is None:
        return
    for example in _examples(fields or {}):
        _tried(text, example)


def ready(seen: Seen) -> cel.Context:
    """What conditions look at, made once for all that look at it."""
    return cel.Context(variables=_shortened(seen), functions={"says": says})


def says(text: str, words: list[str]) -> bool:
    """Whether any of the words stands in it by itself, also with the s of a plural, whatever the capitals."""
    return any(_whole(word).search(text) for word in words)


@lru_cache(maxsize=4096)
def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}s?(?!\w)", re.IGNORECASE)


def holds(text: str, seen: Seen | cel.Context) -> bool:
    """Whether the condition is true. Raises Failed in words."""
    try:
        found = _compiled(text).execute(seen if isinstance(seen, cel.Context) else ready(seen))
    except Refused as error:
        raise Failed(str(error)) from error
    except Exception as error:
        raise Failed(_plainly(error)) from error
    if not isinstance(found, bool):
        raise Failed(f"It gives {_shown(found)}, not yes or no. Compare it with something.")
    return found


def quoted(text: str) -> str:
    """A text as CEL writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _bounds(bare: str) -> None:
    depth = 0
    for place, letter in enumerate(bare):
        depth += (letter in "([{?!-") - (letter in ")]}")
        if depth > MOST_DEPTH:
            raise Refused("Too many brackets stand within one another. Make it simpler, or two rules of it.", place)
    loops = list(_LOOP.finditer(bare))
    if len(loops) > MOST_LOOPS:
        raise Refused(
            f"It goes through lists {len(loops)} times; {MOST_LOOPS} are allowed. Use “in” where you can.",
            loops[MOST_LOOPS].start(),
        )


@lru_cache(maxsize=512)
def _compiled(text: str) -> cel.Program:
    try:
        return cel.compile(text)
    except Exception as error:
        raise _syntax(text, str(error)) from error


def _syntax(text: str, said: str) -> Refused:
    found = _PLACE.search(said)
    if found is None:
        return Refused("This can not be read as a condition. Compare it with the examples.")
    line, column, words = int(found[1]), int(found[2]), found[3]
    at = sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1  # it counts from 1
    extra = re.match(r"(?:extraneous|mismatched|no viable alternative at) input '([^'<]+)'", words)
    if "<EOF>' expecting" in words or at >= len(text.rstrip()):
        return Refused("It ends too early: something is missing here. Finish it, or remove the last sign.", len(text))
    if extra:
        return Refused(f"“{extra[1]}” can not stand here. Is && or || missing before it, or a quotation mark?", at)
    if "token recognition" in words:
        return Refused("A quotation mark is open here. Close it.", at)
    return Refused("It can not be read from here on. Compare it with the examples.", at)


def _names(bare: str, fields: Mapping[str, str] | None) -> bool:
    """Every name must be known: a mistyped one would otherwise be noticed on the first customer.

    Returns: whether it looks at fields.
    """
    used = False
    bound = {found[1] for found in _LOOP.finditer(bare)}
    for found in _CALL.finditer(bare):
        if found[1] not in FUNCTIONS:
            raise Refused(f"There is no “{found[1]}()”. {_instead(found[1], FUNCTIONS)}", found.start())
    for found in _NAME.finditer(bare):
        area, leaf, call = found[1], found[2].lstrip("."), found[3]
        if area in _WORDS or area in bound or (call and not leaf):
            continue
        if area not in AREAS:
            raise Refused(f"There is no “{area}”. {_instead(area, (*AREAS, *KNOWN))}", found.start())
        if leaf.startswith(f"{FIELDS}.") and area in FIELDS_OF:
            used = True
            if fields is not None:
                _known_field(f"{area}.{leaf}", fields, found.start())
        elif f"{area}.{leaf}" not in KNOWN:
            near = f"{area}.{leaf}" if leaf else area
            own = [path for path in KNOWN if path.startswith(area)]
            raise Refused(f"There is no “{near}”. {_instead(near, own)}", found.start())
    return used


def _known_field(path: str, fields: Mapping[str, str], at: int) -> None:
    if path not in fields:
        raise Refused(f"There is no field “{path}”. {_instead(path, fields)}", at)


def _instead(word: str, known: object) -> str:
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)  # type: ignore[call-overload]
    return f"Do you mean “{near[0]}”?" if near else "The names that are known stand beside it."


def _examples(fields: Mapping[str, str]) -> tuple[Seen, ...]:
    """Two stories as different as can be, so that both sides of an “or” are tried."""
    empty, full = blank(), blank()
    for name in KNOWN.values():
        full[name.area][name.leaf] = {TEXT: "a", NUMBER: 1, YES: True, TEXTS: ["a"]}.get(name.sort, DEFAULTS[name.sort])
    for path, sort in fields.items():
        area, _, key = path.partition(f".{FIELDS}.")
        empty[area][FIELDS][key] = {TEXT: "", NUMBER: 0.0, YES: False}[sort]
        full[area][FIELDS][key] = {TEXT: "a", NUMBER: 1.0, YES: True}[sort]
    return empty, full


def _tried(text: str, seen: Seen) -> None:
    try:
        holds(text, seen)
    except Failed as error:
        raise Refused(str(error)) from error


def _shortened(seen: Seen) -> Seen:
    """A condition reads the beginning of very long texts."""
    return {
        area: {leaf: value[:MOST_SAID] if isinstance(value, str) else value for leaf, value in names.items()}
        for area, names in seen.items()
    }


def _plainly(error: Exception) -> str:
    said = str(error)
    if isinstance(error, KeyError):
        return f"There is no {said}. Look at the names beside it."
    if isinstance(error, ZeroDivisionError):
        return "It divides by zero. Ask first whether the number is larger than 0."
    if "not a valid regex" in said:
        return "The regular expression can not be read. Look at its brackets."
    if isinstance(error, TypeError) or "says" in said:
        return "It compares or joins a text with a number. Put a text in quotation marks, and a number without."
    return f"It can not be worked out: {said.splitlines()[0][:160]}" if said else "It can not be worked out."


def _shown(value: object) -> str:
    return f"“{value}”" if isinstance(value, str) else str(value)[:60]
