"""Whom an object's `sender` (or, on our own items, `to`) names: handles with how well each is known, and a name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from threadline.channels.adapters.object import fields
from threadline.core.touch import Handle, Level
from threadline.core.understanding.contacts import e164
from threadline.core.understanding.numbers import number_key


@dataclass(frozen=True, slots=True)
class Source:
    """Where an object comes from, as far as values depend on it."""

    kind: str
    endpoint: str
    region: str


@dataclass(frozen=True, slots=True)
class Person:
    handles: tuple[Handle, ...]
    name: str
    rest: Mapping[str, object]  # what else stood there


Rule = Callable[[str, Source], tuple[Handle, ...]]  # one field's handles, most telling first; none for nonsense


def _plain(scheme: str, level: Level) -> Rule:
    return lambda value, source: (Handle(scheme, value, level),)


def _numbered(scheme: str) -> Rule:
    """Numbers that we gave out, in the form in which people are heard to say them."""
    return lambda value, source: (Handle(scheme, number_key(value), Level.OBSERVED),) if number_key(value) else ()


def order_of(number: str) -> tuple[Handle, ...]:
    """The order that a purchase, a delivery or a signal is about: whoever names it later is likely the buyer."""
    key = number_key(number)
    return (Handle("order", key, Level.OBSERVED),) if key else ()


def _scoped(scheme: str) -> Rule:
    """Names that mean something at one endpoint only: two sites may have a “Maple36” each."""
    return lambda value, source: (Handle(scheme, f"{source.endpoint}:{value}".lower()[:320], Level.OBSERVED),)


def _email(level: Level) -> Rule:
    return lambda value, source: (Handle("email", value.lower(), level),) if "@" in value else ()


def _phone(value: str, source: Source) -> tuple[Handle, ...]:
    number = e164(value, source.region)
    return (Handle("tel", number, Level.OBSERVED),) if number else ()


def _whatsapp(value: str, source: Source) -> tuple[Handle, ...]:
    return _phone(value if value.startswith("+") else f"+{value}", source)


def _login(value: str, source: Source) -> tuple[Handle, ...]:
    login = Handle("login", value.lower(), Level.VERIFIED)
    return (login, Handle("email", value.lower(), Level.VERIFIED)) if "@" in value else (login,)


def _x(value: str, source: Source) -> tuple[Handle, ...]:
    return (Handle("x", f"@{value.lower().lstrip('@')}", Level.OBSERVED),)


ACCOUNT: dict[str, Rule] = {
    "login": _login,
    "account_id": _plain("account", Level.VERIFIED),
}
NUMBER: dict[str, Rule] = {"number": _phone}
VISITOR: dict[str, Rule] = {
    **ACCOUNT,
    "visitor_id": _plain("visitor", Level.OBSERVED),
    "form_email": _email(Level.CLAIMED),
}
LOYALTY: dict[str, Rule] = {"loyalty_card": _numbered("loyalty")}
BUYER: dict[str, Rule] = {"email": _email(Level.OBSERVED), "phone": _phone, **LOYALTY}
RULES: dict[str, dict[str, Rule]] = {
    "email": {"email": _email(Level.OBSERVED)},
    "phone": {**NUMBER, "visitor_id": _plain("visitor", Level.OBSERVED)},  # a call in the chat window
    "sms": NUMBER,
    "whatsapp": {"number": _whatsapp},
    "x": {"handle": _x, "user_id": _plain("x_id", Level.OBSERVED)},
    "facebook": {"psid": _plain("facebook", Level.OBSERVED)},
    "review": {**ACCOUNT, "nickname": _scoped("reviewer")},
    "community": {**ACCOUNT, "username": _scoped("community")},
    "chat": VISITOR,
    "web": VISITOR,
    "store": LOYALTY,
    "purchase": {**ACCOUNT, **BUYER},
    "app": {**ACCOUNT, "device_id": _plain("device", Level.OBSERVED)},
    "survey": {**VISITOR, **BUYER},
    "signal": {**ACCOUNT, **BUYER, **NUMBER},
}
NAMES = ("display_name", "name", "profile_name", "form_name", "receipt_name")
_READ_APART = frozenset({*NAMES, "agent"})


def person(given: Mapping[str, object], source: Source, *, where: str) -> Person:
    """Raises Broken when a field has the wrong type. A withheld number is no handle; neither is nonsense."""
    rules = RULES.get(source.kind) or {source.kind: _plain(source.kind, Level.OBSERVED), **ACCOUNT}
    handles: list[Handle] = []
    for name, rule in rules.items():
        if name in given:
            value = fields.word(given, name, where=where)
            handles += rule(value, source) if value else ()
    rest = {name: value for name, value in given.items() if name not in rules and name not in _READ_APART}
    return Person(tuple(dict.fromkeys(handles)), _name(given, where), rest)


def looked_up(opened: Mapping[str, object], source: Source) -> tuple[Handle, ...]:
    """Handles of an account that somebody at the desk opened."""
    found: list[Handle] = []
    for name, rule in ACCOUNT.items():
        if name in opened:
            value = fields.word(opened, name, where="attributes.")
            found += rule(value, source) if value else ()
    return tuple(found)


def _name(given: Mapping[str, object], where: str) -> str:
    for name in NAMES:
        found = fields.word(given, name, where=where) if name in given else ""
        if found:
            return found[:255]
    ship_to = given.get("ship_to")
    return fields.word(ship_to, "name", where=f"{where}ship_to.")[:255] if isinstance(ship_to, Mapping) else ""


@lru_cache(maxsize=4096)
def region_of(address: str) -> str:
    """The country of an endpoint that is a telephone number, such as GB; "" for any other."""
    if not address.startswith("+"):
        return ""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(address)) or ""
    except phonenumbers.NumberParseException:
        return ""
