"""Are two written names one person's? Order, typos, short forms, initials and scripts differ; people do not."""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA, JaroWinkler

from threadline.core.identity.nicknames import SAME_NAME


class Match(IntEnum):
    """How well two names agree. FAMILY: one family name, two given names: a household, not a person."""

    DIFFERENT = -2
    FAMILY = -1
    UNKNOWN = 0
    PART = 1
    SAME = 2


CYRILLIC = str.maketrans(
    dict(
        zip(
            "абвгдеёжзийклмнопрстуфхцчшщъыьэюяієґї",
            [
                "a",
                "b",
                "v",
                "g",
                "d",
                "e",
                "e",
                "zh",
                "z",
                "i",
                "i",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "kh",
                "ts",
                "ch",
                "sh",
                "sch",
                "_",
                "y",
                "_",
                "e",
                "yu",
                "ya",
                "i",
                "e",
                "g",
                "i",
            ],
            strict=True,
        )
    )
) | {ord("ъ"): "", ord("ь"): ""}
LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'", "ё": "e"}
)
TITLES = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "herr", "frau", "mme", "m.", "jr", "sr"]
)
NOT_PEOPLE = frozenset(
    [
        "mail",
        "delivery",
        "info",
        "marketing",
        "office",
        "support",
        "sales",
        "team",
        "customer",
        "service",
        "noreply",
        "no-reply",
        "postmaster",
        "daemon",
        "mailer",
        "admin",
        "system",
        "helpdesk",
        "hello",
        "contact",
        "accounts",
        "billing",
        "limited",
        "ltd",
        "gmbh",
        "inc",
        "llc",
    ]
)
PIECE = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@lru_cache(maxsize=65_536)
def parts(name: str) -> tuple[str, ...]:
    """Given names first, in plain Latin letters; nothing for what is no person's name. "Roe, Ana" is turned round."""
    if name.count(",") == 1:
        family, given = name.split(",")
        name = f"{given} {family}"
    plain = latin(name.casefold())
    words = [word.replace("'", "") for word in PIECE.findall(plain)]
    words = [word for word in words if word not in TITLES and word.isascii()]
    return () if NOT_PEOPLE.intersection(words) else tuple(words)


def latin(text: str) -> str:
    text = text.translate(LETTERS).translate(CYRILLIC)
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=131_072)
def alike(one: str, other: str) -> bool:
    """Two single names: equal, an initial, a short form, or a slip of the pen or ear."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == 1:
        return longer[0] == shorter
    if other in SAME_NAME.get(one, ()) or (len(shorter) >= 3 and longer.startswith(shorter)):
        return True
    slips = OSA.distance(one, other)
    if len(shorter) <= 3:
        return slips <= 1 and len(shorter) == 3 and one[0] == other[0]
    return slips <= 1 or (slips == 2 and len(shorter) >= 6) or JaroWinkler.similarity(one, other) >= 0.93


@lru_cache(maxsize=131_072)
def compare(one: str, other: str) -> Match:
    """How well two full names agree. Two words on both sides must agree twice to be SAME."""
    left, right = parts(one), parts(other)
    if not left or not right:
        return Match.UNKNOWN
    if left == right:
        return Match.SAME if len(left) > 1 else Match.PART
    pairs = paired(left, right)
    if len(left) == 1 or len(right) == 1:
        if pairs and all(min(len(left[i]), len(right[j])) == 1 for i, j in pairs):
            return Match.UNKNOWN  # an initial against one word says nothing
        return Match.PART if pairs or in_one(left, right) else Match.DIFFERENT
    if len(pairs) >= 2:
        return Match.SAME
    if not pairs:
        return Match.SAME if alike("".join(left), "".join(right)) else Match.DIFFERENT
    at_left, at_right = pairs[0]
    if at_left or at_right:
        return Match.FAMILY
    return Match.PART if min(len(left[0]), len(right[0])) > 1 else Match.DIFFERENT


def in_one(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Given names of two parts are written together, apart or with a hyphen."""
    shorter, longer = sorted((left, right), key=len)
    return len(longer) > 1 and any(alike(shorter[0], "".join(pair)) for pair in pairwise(longer))


def paired(left: tuple[str, ...], right: tuple[str, ...]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    free = list(range(len(right)))
    for i, word in enumerate(left):
        j = next((j for j in free if alike(word, right[j])), None)
        if j is not None:
            free.remove(j)
            pairs.append((i, j))
    return pairs


def best(name: str, known: tuple[str, ...]) -> Match:
    """The best agreement with any of the names somebody is known by."""
    matches = [compare(name, other) for other in spelled_out(known)]
    told = [match for match in matches if match != Match.UNKNOWN]
    return max(told, default=Match.UNKNOWN)


@lru_cache(maxsize=16_384)
def spelled_out(known: tuple[str, ...]) -> tuple[str, ...]:
    """Without names that only abbreviate another: "A Roe" may be anybody of the family, "Ana Roe" is Ana."""
    full = {(words[0][0], words[-1]) for name in known if len(words := parts(name)) > 1 and len(words[0]) > 1}
    return tuple(
        name
        for name in known
        if not (len(words := parts(name)) > 1 and len(words[0]) == 1 and (words[0], words[-1]) in full)
    )


def hinted(name: str, handle: str) -> int:
    """How many parts of a name a handle or an address spells (0 to 2). Its silence says nothing."""
    words = parts(name)
    local = latin(handle.partition("@")[0].casefold())
    spelled = [word for word in words if len(word) >= 3 and word in local]
    if len(spelled) == 1 and len(words) > 1 and spelled[0] == words[-1] and local.startswith(words[0][0]):
        return 2  # an initial and the family name
    return min(len(spelled), 2) if any(len(word) >= 4 for word in spelled) else 0
