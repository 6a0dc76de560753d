"""The kinds of channels that the API and imports know, with or without a connector."""

from dataclasses import dataclass

from threadline.channels.contract import words as _


@dataclass(frozen=True, slots=True)
class HouseKind:
    """`scheme`: of the handles that it writes to."""

    label: str
    scheme: str


HOUSE: dict[str, HouseKind] = {
    "email": HouseKind(_("Email"), "email"),
    "chat": HouseKind(_("Chat"), "visitor"),
    "phone": HouseKind(_("Phone"), "tel"),
    "sms": HouseKind(_("Text message"), "tel"),
    "whatsapp": HouseKind(_("WhatsApp"), "tel"),
    "x": HouseKind(_("X"), "x"),
    "facebook": HouseKind(_("Facebook"), "facebook"),
    "review": HouseKind(_("Review"), "review"),
    "community": HouseKind(_("Community"), "community"),
    "store": HouseKind(_("Store"), "store"),
    "web": HouseKind(_("Web"), "web"),
    "purchase": HouseKind(_("Purchase"), "purchase"),
    "app": HouseKind(_("App"), "app"),
    "survey": HouseKind(_("Survey"), "survey"),
    "signal": HouseKind(_("Signal"), "signal"),
}
