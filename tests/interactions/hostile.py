"""Fifty objects that nobody should send. Each is JSON; each must get a clear answer."""

import json
from typing import Any

from tests import make

GOOD = {
    "id": "good",
    "at": "2026-03-01T09:30:00Z",
    "channel": "email",
    "direction": "in",
    "endpoint": make.ADDRESSES["email"],
    "sender": {"email": "ana@example.com"},
    "thread": {"message_id": "good@example.com"},
    "text": "The kettle leaks.",
}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


def nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = [value]
    return value


def changed(name: str, *values: Any) -> list[dict[str, Any]]:
    return [GOOD | {name: value} for value in values]


REFUSED: list[Any] = [
    None,
    True,
    7,
    "text",
    [],
    [GOOD],
    {},
    without("id"),
    without("at"),
    *changed("id", "", {}, [1], True, "x" * 5000),
    *changed(
        "at", "", "yesterday", 5, None, "2026-03-01T09:30:00", "2026-13-45T99:99:99Z", "9999-12-31T23:59:59-14:00"
    ),
    *changed("channel", "pigeon", 5, {}, ["email"], "x" * 5000, "EMAIL\u0000X"),
    *changed("endpoint", "nobody@elsewhere.example", 5, [], {"a": 1}, "x" * 5000, "' or 1=1 --"),
    *changed("direction", "sideways", 5, []),
    *changed("public", "yes", 1),
    *changed("sender", "ana@example.com", ["ana"], {"email": {"deep": 1}}, {"email": "x" * 5000}),
    *changed("thread", "mine", {"references": 5}, {"message_id": []}),
    *changed("text", 5, ["a"], {"a": 1}),
    *changed("subject", 5),
    *changed("attributes", [], "x", {"a": nested(40)}),
    *changed("device", "iPhone", nested(200)),
]
"""Refused with a reason when they come in."""

TAKEN: list[dict[str, Any]] = [
    GOOD | {"id": f"odd {number}", "thread": {"message_id": f"odd-{number}@example.com"}} | odd
    for number, odd in enumerate(
        [
            {"text": ""},
            {"text": "\u0000 with nul"},
            {"text": "half a pair \ud800 of surrogates"},
            {"text": "<script>alert(1)</script>"},
            {"text": "\u202eright to left\u202c " + "e\u0301\u0302\u0303" * 500},
            {"text": "9" * 200_000},
            {"subject": "\r\nBcc: everybody@example.com\r\n"},
            {"sender": {"email": "no address"}},
            {"sender": {"email": "ana@example.com", "display_name": "\u0000\ud83d"}},
            {"unknown": {"field": [1, 2.5, None]}, "id": 4711},
            {"id": "half \udc00 id"},
        ]
    )
]
"""Odd, but readable: accepted, and processed without any harm."""

BROKEN_BODIES = [
    b"",
    b"{",
    b"not json",
    b"\xff\xfe\x00",
    b'{"interactions": 5}',
    b'{"interactions": []}',
    b"[" * 100_000,
    b'{"id": ' + b"9" * 5000 + b"}",
    b'{"interactions": [' + b",".join([b"{}"] * 1001) + b"]}",
]
"""Bodies of which nothing can be taken."""


def written(value: Any) -> str:
    """As JSON, in pure ASCII, so that any oddity survives the way."""
    return json.dumps(value)
