"""Numbers of cards, accounts and persons, taken out of what comes in before the ledger has it, where a channel says so.

Only in what people wrote: names, ids, addresses and files stay as they are, or items would not be known again.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from threadline.channels.models import Channel
from threadline.core import mail
from threadline.core.sensitive import masked

SETTING, BEFORE = "card_numbers", "taken out before they are kept"
HIDDEN = "hidden on screens"
MARK = "taken_out"  # in an entry's headers, and in the attributes of its touch
WRITTEN = frozenset(
    ("text", "body", "message", "caption", "subject", "content", "html", "title", "comment", "description", "note")
)


def takes_out(channel: Channel) -> bool:
    return (channel.settings or {}).get(SETTING) == BEFORE


def without_numbers(payload: Any) -> tuple[Any, list[str]]:
    """The same JSON without such numbers in what was written, and what they were."""
    found: list[str] = []
    return _walk(payload, "", found), found


def raw_without_numbers(raw: bytes, *, is_mail: bool = False) -> tuple[bytes, list[str]]:
    """The same for a mail, or for a request of a provider; of those, what is no JSON stays."""
    if is_mail:
        return mail.without_numbers(raw)
    try:
        told = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw, []
    clean, found = without_numbers(told)
    return (orjson.dumps(clean), found) if found else (raw, [])


def _walk(value: Any, key: str, found: list[str]) -> Any:
    if isinstance(value, str):
        if key.lower() not in WRITTEN:
            return value
        text, hidden = masked(value)
        found += hidden
        return text
    if isinstance(value, Mapping):
        return {name: _walk(each, str(name), found) for name, each in value.items()}
    return [_walk(each, key, found) for each in value] if isinstance(value, list) else value
