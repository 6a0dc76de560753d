"""Handles in plain words: what each scheme is called, how its values are written, and which ones are worth showing."""

from dataclasses import dataclass

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from threadline.channels.adapters import adapters


@dataclass(frozen=True, slots=True)
class Scheme:
    """`glyph` is the kind of channel whose drawing stands before the value; empty where none fits."""

    name: str | Promise
    glyph: str = ""


# Ways in which a person speaks or is reached, most telling first.
WAYS = {
    "email": Scheme(_("Email"), "email"),
    "email_denied": Scheme(_("Address that its domain denies"), "email"),
    "tel": Scheme(_("Phone"), "phone"),
    "login": Scheme(_("Sign-in name"), "web"),
    "x": Scheme(_("X"), "x+public"),
    "facebook": Scheme(_("Facebook"), "facebook"),
    "instagram": Scheme(_("Instagram"), "facebook"),
    "community": Scheme(_("Community name"), "community"),
    "reviewer": Scheme(_("Review name"), "review"),
    "visitor": Scheme(_("Browser"), "web"),
    "device": Scheme(_("Device"), "app"),
}
# Numbers that only the person and we know.
NUMBERS = {
    "account": Scheme(_("Customer account")),
    "loyalty": Scheme(_("Loyalty card"), "store"),
    "order": Scheme(_("Order"), "purchase"),
    "case": Scheme(_("Case number")),
}
# Also worth comparing, though no list of handles shows them.
COMPARED = {"postcode": Scheme(_("Postcode")), "name": Scheme(_("Name"))}


def ways() -> dict[str, Scheme]:
    """Those of the house, and those that adapters bring along."""
    brought = {each.scheme: Scheme(gettext_lazy(each.label), each.kind) for each in adapters().values() if each.label}
    return {**WAYS, **{scheme: way for scheme, way in brought.items() if scheme not in WAYS}}


def scheme_of(scheme: str) -> Scheme:
    return ways().get(scheme) or NUMBERS.get(scheme) or COMPARED.get(scheme) or Scheme(scheme)


def written(scheme: str, value: str) -> str:
    """A value as people write it: telephone numbers with spaces, @ before names on X, no endpoint before a nickname."""
    match scheme:
        case "tel":
            return international(value)
        case "x" | "instagram":
            return value if value.isdecimal() else f"@{value.lstrip('@')}"
        case "community" | "reviewer":
            return value.rpartition(":")[2]
        case _:
            return value


def international(number: str) -> str:
    """`+447700900142` as `+44 7700 900142`; what is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
