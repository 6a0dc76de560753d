"""A person as columns that a model compares: plain ASCII, so that every measure of texts agrees with every other."""

import re
from collections.abc import Mapping
from functools import lru_cache

from threadline.core.identity.names import latin, parts
from threadline.core.identity.nicknames import SAME_NAME

Columns = Mapping[str, str | None]


@lru_cache(maxsize=65_536)
def name_columns(name: str) -> Columns:
    """Given name, the name it is short for, and family name; None for what the name does not tell."""
    words = [word for word in parts(name.lstrip("~")) if word.isascii()]
    given = words[0] if words else None
    return {
        "given": given,
        "root": root(given) if given else None,
        "family": words[-1] if len(words) > 1 else None,
    }


@lru_cache(maxsize=65_536)
def root(given: str) -> str:
    """One spelling for all forms of a given name: the first in the alphabet of those it may stand for."""
    return min(SAME_NAME.get(given, {given}))


def email_columns(address: str) -> Columns:
    """The local part without its plus tag, and the domain."""
    local, _, domain = ascii_of(address).partition("@")
    return {"mailbox": local.partition("+")[0] or None, "domain": domain or None}


def postcode_columns(postcode: str) -> Columns:
    """The postcode and its district: all but the last three characters."""
    bare = re.sub(r"[^a-z0-9]", "", ascii_of(postcode))
    return {"postcode": bare or None, "district": bare[:-3] or None}


def ascii_of(text: str) -> str:
    return latin(text.casefold()).encode("ascii", "ignore").decode()
