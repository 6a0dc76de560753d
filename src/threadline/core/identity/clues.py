"""The clues that speak for or against two being one person, each with its words and its bits."""

from collections.abc import Iterable
from datetime import timedelta

from threadline.core.identity.evidence import KNOWN_NUMBERS, Evidence
from threadline.core.identity.model import Clue
from threadline.core.identity.names import Match, compare
from threadline.core.identity.shapes import Key
from threadline.core.identity.weights import LEAST, Weights

AGAINST = {Match.FAMILY: -14.0, Match.DIFFERENT: -20.0}
RECENTLY, JUST_NOW = timedelta(days=30), timedelta(days=7)
JUST_NOW_BITS, RECENT_BITS, BEFORE_BITS = 6.0, 5.0, 2.5
HINT_BITS, LONELY_BITS, MATTER_BITS = 2.5, 4.0, 4.0


NAME_WORDS = {
    Match.SAME: "The same name",
    Match.PART: "Part of the name is the same",
    Match.FAMILY: "The family name is the same, the first name is another",
    Match.DIFFERENT: "Another name",
}
SPOKEN = {
    "tel": "number",
    "tel_national": "number",
    "email": "e-mail address",
    "email_denied": "e-mail address that its domain denies",
    "x": "X handle",
    "x_id": "X account",
    "case": "case number",
    "order": "order number",
    "account": "customer account",
    "visitor": "browser",
    "device": "device",
    "loyalty": "loyalty card",
    "thread": "mail thread",
    "postcode": "postcode",
    "community": "forum name",
    "reviewer": "review name",
    "facebook": "Facebook profile",
}


def spoken(key: Key) -> str:
    return SPOKEN.get(key[0], key[0])


def of_key(item: Evidence, bits: float, *, proven: bool) -> Clue:
    """A shared key; the words say who proved it and who only said so."""
    what = spoken(item.key)
    if item.how == "digits":
        return Clue("tel", "The same number, written with another country code", bits)
    if item.key[0] in KNOWN_NUMBERS or item.how in {"thread", "postcode"}:
        words = f"The same {what}"
    elif item.direct and proven:
        words = f"Both come through the same {what}"
    elif proven:
        words = f"Says that the other's {what} is theirs"
    elif item.direct or item.how == "profile":
        words = f"Comes through the {what} that the other said was theirs"
    else:
        words = f"Both say that the same {what} is theirs"
    return Clue(item.key[0], words, bits)


def of_names(match: Match, names: Iterable[str], known: Iterable[str], weights: Weights) -> Clue | None:
    """Agreeing names by what was learned of names, the best pair of them; differing names speak against."""
    if match == Match.UNKNOWN:
        return None
    if match < Match.UNKNOWN:
        return Clue("name", NAME_WORDS[match], AGAINST[match])
    told = [weights.of_names(match, name, other) for name in names for other in known if agree(name, other) == match]
    return Clue("name", NAME_WORDS[match], round(max(told, default=LEAST[match]), 2))


def agree(name: str, other: str) -> Match:
    return compare(name.lstrip("~"), other.lstrip("~"))


def of_time(ago: timedelta) -> Clue:
    """Somebody who was here lately is likelier to be here again. `ago` may lie on either side."""
    ago = abs(ago)
    if ago < JUST_NOW:
        return Clue("time", "Both were in touch with the same brand within a week", JUST_NOW_BITS)
    if ago < RECENTLY:
        return Clue("time", "Both were in touch with the same brand within a month", RECENT_BITS)
    return Clue("time", "Both have been in touch with the same brand", BEFORE_BITS)


def of_matter() -> Clue:
    return Clue("matter", "Both speak of the same matter", MATTER_BITS)


def of_hints(hints: int) -> Clue:
    return Clue("name", "The handle of one spells the name of the other", HINT_BITS * hints)


def of_loneliness() -> Clue:
    return Clue("handles", "Nothing else is known of the other", LONELY_BITS)
