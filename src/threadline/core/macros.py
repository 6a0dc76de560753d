"""Texts with places to fill in: `Dear {first name}, your order {order number} …`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

PLACES: tuple[str, ...] = (
    "first name",
    "name",
    "order number",
    "product",
    "parcel number",
    "amount",
    "my name",
    "my first name",
    "brand",
)
_PLACE = re.compile(r"\{([^{}\n]{1,40})\}")
_OPEN = re.compile(rf"\[({'|'.join(map(re.escape, PLACES))})\]")


@dataclass(frozen=True, slots=True)
class Filled:
    """`missing` are the places that stay open; they stand in square brackets."""

    text: str
    missing: tuple[str, ...]


def filled(text: str, values: Mapping[str, str]) -> Filled:
    missing: dict[str, None] = {}

    def fill(match: re.Match[str]) -> str:
        place = spelt(match[1])
        value = values.get(place, "") if place else match[0]
        if not value and place:
            missing[place] = None
            return f"[{place}]"
        return value or match[0]

    return Filled(_PLACE.sub(fill, text), tuple(missing))


def spelt(place: str) -> str:
    """The name of a place as we write it; empty for what is none. Capitals and underlines do not matter."""
    name = " ".join(place.replace("_", " ").lower().split())
    return name if name in PLACES else ""


def unknown_places(text: str) -> list[str]:
    """Places in curly brackets that nothing fills, as they are written."""
    return list(dict.fromkeys(match[1] for match in _PLACE.finditer(text) if not spelt(match[1])))


def open_places(text: str) -> list[str]:
    """Places that a macro left open and nobody has filled since."""
    return list(dict.fromkeys(_OPEN.findall(text)))


def says(template: str, text: str) -> bool:
    """Whether a text is this one word for word, with something in each of its places and none left open."""
    parts = _PLACE.split(" ".join(template.split()))
    pattern = "".join(
        ".{1,200}?" if index % 2 and spelt(part) else re.escape(f"{{{part}}}" if index % 2 else part)
        for index, part in enumerate(parts)
    )
    said = " ".join(text.split())
    return not open_places(said) and re.fullmatch(pattern, said) is not None
