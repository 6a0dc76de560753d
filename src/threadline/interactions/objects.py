"""Judging an object before it is taken into the ledger: a bad one is kept there, too, refused with the reason.

The API and `threadline import` share this, so that both say the same about the same mistake.
"""

import json
import math
from collections.abc import Callable, Mapping

from threadline.channels.adapters.object import ObjectAdapter, fields
from threadline.channels.contract import Broken, Raw
from threadline.channels.models import Channel
from threadline.interactions.actions.intake import Item, clean
from threadline.interactions.endpoints import UnknownEndpoint
from threadline.interactions.reading import endpoint_of

DEEPEST = 60
LONGEST_ID = 512
WHOLE_NUMBERS = range(-(2**63), 2**64)
FindChannel = Callable[[Mapping[str, object]], Channel]
Judged = tuple[Channel | None, Item]


def judge(given: object, *, find: FindChannel, where: str = "", raw: bytes = b"") -> Judged:
    """An object as a ledger item and its channel: pending when it can be read, refused with field and value when not.

    Args:
        find: gives the channel or raises UnknownEndpoint or Broken.
        where: stands before a reason, such as "Line 17: ".
        raw: how it was written, kept where the ledger can not hold the object itself.
    """
    trouble = unstorable(given)
    if trouble or not isinstance(given, Mapping):
        return None, Item(raw=raw or json.dumps(given).encode(), refused=where + trouble)
    number, channel = clean(str(given.get("id") or ""))[:LONGEST_ID], None
    try:
        channel = find(given)
        check(given, channel)
    except (UnknownEndpoint, Broken) as error:
        return channel, Item(payload=given, external_id=number, refused=clean(where + str(error)))
    return channel, Item(payload=given, external_id=number)


def check(given: Mapping[str, object], channel: Channel) -> None:
    """Raise Broken when the adapter could not read it later.

    The text is only looked at, not taken apart: finding quotes and signatures costs the pipeline most of its reading.
    """
    fields.text(given, "text")
    ObjectAdapter(endpoint_of(channel)).parse(Raw(payload={**given, "text": ""}))


def unstorable(given: object) -> str:
    """Why the ledger could not hold this as an object; empty when it can. Cost: one look at every value in it."""
    if not isinstance(given, Mapping):
        return f"This is {fields.SHORT.repr(given)}, and not an object. Put every interaction in curly brackets."
    level: list[object] = [given]
    for _ in range(DEEPEST):
        if not level:
            return ""
        strange = next((value for value in level if no_number(value)), None)
        if strange is not None:
            return f"It holds the number {fields.SHORT.repr(strange)}, which does not fit. Send it as a string."
        level = [each for value in level for each in inside(value)]
    return f"It is nested more than {DEEPEST} levels deep. Send a flatter object."


def no_number(value: object) -> bool:
    """Infinity, not-a-number, and whole numbers of more than 64 bits."""
    if isinstance(value, float):
        return not math.isfinite(value)
    return isinstance(value, int) and value not in WHOLE_NUMBERS


def inside(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []
