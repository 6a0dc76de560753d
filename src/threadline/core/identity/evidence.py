"""Which keys a touch shows, and how much each one says about who speaks: weights in bits (log2 of the odds)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import phonenumbers

from threadline.core.identity.names import parts
from threadline.core.identity.shapes import Key
from threadline.core.touch import Direction, Handle, Level, Touch
from threadline.core.understanding import FoundFact, Understanding, email_key

# A handle both sides prove; a number that only its owner and we know; somebody's word for it.
PROVEN, KNOWN, WORD = 30.0, 16.0, 10.0
MOBILE, LANDLINE, DEVICE, THREAD, POSTCODE, SIGNED, FORM, PROFILE = 24.0, 12.0, 14.0, 13.0, 10.0, 12.5, 6.0, 12.0
DIGITS = 11.0

ALIASES = {"sms": "tel", "phone": "tel", "whatsapp": "tel", "twitter": "x", "messenger": "facebook"}
ROLE_MAILBOX = re.compile(
    r"^(?:info|office|sales|hello|contact|admin|accounts?|billing|support|help(?:desk)?|mail|team|service|reception|"
    r"enquir\w+|bookings?|orders?|purchasing|marketing|no-?reply|post|kontakt|buero)\d*@"
)
SHAREABLE = frozenset({"tel", "visitor", "device", "agent_device"})
KNOWN_NUMBERS = {"order", "case", "account", "loyalty"}
DENIED = "email_denied"  # an address in From that its own domain says it did not send
NETWORKS = frozenset({"x", "community", "instagram", "reviewer", "facebook"})
NAMED_PROFILES = frozenset({"facebook"})  # people tell each other the name there, never the number
NEIGHBOURS = (1, 31, 32, 33, 34, 351, 353, 39, 41, 43, 44, 45, 46, 47, 48, 49)  # country codes
LONG_ENOUGH = 8
SCOPED = frozenset({"community", "reviewer"})  # the same name on another site is somebody else
TOLD_BY_AGENT = frozenset({"phone", "store"})
BY_MANNER = {"signed": SIGNED, "form": FORM}
ALIAS_KINDS = frozenset({"x", "facebook", "community", "review", "instagram"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A key that the touch shows.

    Args:
        direct: the touch came through it, or a signed-in system says so.
        kept: it becomes an identity of the customer; others are only looked up.
    """

    key: Key
    level: Level
    how: str
    direct: bool = False
    kept: bool = True

    @property
    def shareable(self) -> bool:
        return may_be_shared(self.key)


def canonical(handle: Handle) -> Key:
    """One spelling for one handle. A login that is an address is that address; a plus tag is no other person."""
    scheme, value = ALIASES.get(handle.scheme, handle.scheme), handle.value.strip()
    if scheme in {"email", "login"} and "@" in value:
        return ("email", email_key(value))
    return (scheme, value.lower().lstrip("@") if scheme in {"x", "community", "reviewer", "instagram"} else value)


@lru_cache(maxsize=65_536)
def may_be_shared(key: Key) -> bool:
    """Lines, screens and mailboxes that stand where several people use them."""
    scheme, value = key
    if scheme == "reviewer":
        return not any(map(str.isdigit, value.rpartition(":")[2]))
    return scheme in SHAREABLE or (scheme == "email" and bool(ROLE_MAILBOX.match(value)))


@lru_cache(maxsize=65_536)
def landline(number: str) -> bool:
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False
    return bool(kind == phonenumbers.PhoneNumberType.FIXED_LINE)


def evidence_of(touch: Touch, understanding: Understanding) -> tuple[Evidence, ...]:
    """All keys of the touch, the speaking handle first, each once and at its best level."""
    found: dict[Key, Evidence] = {}
    said = list(shown(touch, understanding))
    otherwise = [other for each in said if each.key[0] == "tel" for other in written_otherwise(each)]
    for item in (*said, *otherwise):
        held = found.get(item.key)
        if held is None or (item.direct and not held.direct):
            found[item.key] = item
    return tuple(doubted(found.values()) if failed_check(touch) else found.values())


def failed_check(touch: Touch) -> bool:
    """Whether a mail's own domain denies it. Whoever forges one also knows names, numbers and what it is about."""
    check = touch.attributes.get("sender_check")
    return isinstance(check, Mapping) and check.get("verdict") == "fail"


def doubted(items: Iterable[Evidence]) -> Iterator[Evidence]:
    """Nothing that such a mail shows becomes a handle of its writer: who really has it would be joined with them later.

    The address is remembered apart, so that people can be asked whether it was them after all.
    """
    for item in items:
        yield replace(item, level=Level.CLAIMED, direct=False, kept=False)
        if item.key[0] == "email" and item.how == "form":
            yield Evidence((DENIED, item.key[1]), Level.CLAIMED, "form")


def shown(touch: Touch, understanding: Understanding) -> Iterator[Evidence]:
    for handle in touch.handles:
        proven = handle.level != Level.CLAIMED
        yield Evidence(canonical(handle), handle.level, "handle" if proven else "form", direct=proven)
    yield from profiles(touch)
    for address in forwarded_from(touch):
        yield Evidence(("email", email_key(address)), Level.CLAIMED, "forwarded")
    for thread in (touch.thread, touch.answers) if touch.kind == "email" else ():
        if thread:
            yield Evidence(("thread", str(thread)), Level.CLAIMED, "thread")
    if postcode := postcode_of(touch):
        yield Evidence(("postcode", re.sub(r"\W", "", str(postcode)).upper()), Level.CLAIMED, "postcode")
    own_words = touch.direction != Direction.OUT
    for fact in understanding.facts:
        if item := shown_by(fact, own_words=own_words):
            yield item


def written_otherwise(item: Evidence) -> Iterator[Evidence]:
    """A number from abroad that somebody wrote as at home became one that cannot be: it is known by its digits."""
    digits, valid = national(item.key[1])
    if not digits:
        return
    yield Evidence(("tel_national", digits), item.level, "digits", kept=not valid)
    if not valid:
        for country in NEIGHBOURS:
            yield Evidence(("tel", f"+{country}{digits}"), item.level, "digits", kept=False)


@lru_cache(maxsize=65_536)
def national(number: str) -> tuple[str, bool]:
    """The digits without the country code, and whether such a number can exist."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return "", False
    digits = str(parsed.national_number)
    return (digits if len(digits) >= LONG_ENOUGH else "", phonenumbers.is_valid_number(parsed))


def profiles(touch: Touch) -> Iterator[Evidence]:
    """What people call a profile of theirs elsewhere: the name it shows, or the one it has on one site or another."""
    if touch.direction == Direction.OUT:
        return
    if touch.kind in NAMED_PROFILES and len(parts(touch.name)) > 1:
        yield Evidence((touch.kind, " ".join(touch.name.casefold().split())), Level.OBSERVED, "profile")
    for handle in touch.handles:
        if handle.scheme in SCOPED and ":" in handle.value:
            yield Evidence((handle.scheme, handle.value.rpartition(":")[2].lower()), Level.OBSERVED, "profile")


def forwarded_from(touch: Touch) -> list[str]:
    """Whose mail the writer passes on; often it is their own, from another mailbox of theirs."""
    listed = touch.attributes.get("forwarded_from")
    return [each for each in listed if isinstance(each, str) and "@" in each] if isinstance(listed, list) else []


def postcode_of(touch: Touch) -> object:
    delivery = touch.attributes.get("ship_to")
    return touch.attributes.get("postcode") or (delivery.get("postcode") if isinstance(delivery, Mapping) else None)


def shown_by(fact: FoundFact, *, own_words: bool) -> Evidence | None:
    """Of our own replies only the numbers count that we gave the customer."""
    if fact.name in KNOWN_NUMBERS and fact.part != "signature":
        return Evidence((fact.name, fact.key), Level.CLAIMED if own_words else Level.OBSERVED, "number")
    if not own_words or fact.how in {"doubted", "mentioned"}:
        return None
    if fact.name in {"email", "phone"}:
        return Evidence(("tel" if fact.name == "phone" else "email", fact.key), Level.CLAIMED, fact.how)
    if fact.name == "handle":
        network, _, value = fact.key.partition(":")
        return Evidence((network, value), Level.CLAIMED, "stated")
    if fact.name == "postcode":
        return Evidence(("postcode", fact.key), Level.CLAIMED, "postcode")
    return None


def weight(evidence: Evidence, *, proven: bool) -> float:
    """Bits that one shared key gives for two being one person, before names are compared.

    Args:
        proven: the other side holds the key as observed or verified.
    """
    if evidence.how == "number" or (evidence.key[0] in KNOWN_NUMBERS and not proven):
        return KNOWN
    if evidence.how == "postcode":
        return POSTCODE
    if evidence.how == "thread":
        return THREAD
    if evidence.how == "digits":
        return DIGITS
    if not (evidence.direct and proven):
        return BY_MANNER.get(evidence.how, PROFILE if evidence.key[0] in NETWORKS else WORD)
    scheme, value = evidence.key
    if scheme == "tel":
        return LANDLINE if landline(value) else MOBILE
    return DEVICE if evidence.shareable else PROVEN
