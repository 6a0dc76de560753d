"""What each channel knows of the person at the other end: the `sender` of their touches and the `to` of our replies."""

from typing import Any

from threadline.config.sample.cast import Person

Fields = dict[str, Any]


def sender(word: str, person: Person, *, order: str, item: str) -> Fields:
    """Channel-native fields only. A chat form is typed, hence not verified; a withheld number stays unknown."""
    if word in ("purchase", "till", "partner"):
        return buyer(word, person) | {"order_number": order, "items": [item]}
    if word in ("signal", "alert"):
        return {"email": person.email, "order_number": order}
    return speaker(word, person)


def speaker(word: str, person: Person) -> Fields:
    known: dict[str, Fields] = {
        "email": {"email": person.email, "display_name": person.name},
        "chat": visitor(person),
        "phone": {"number": None if person.withheld else person.phone, "style": "note"},
        "sms": {"number": person.phone},
        "whatsapp": {"number": person.phone.lstrip("+"), "profile_name": person.first},
        "x": tweeter(person) | {"display_name": person.name},
        "dm": tweeter(person) | {"display_name": person.name},
        "facebook": {"psid": person.psid, "display_name": person.name},
        "messenger": {"psid": person.psid, "display_name": person.name},
        "review": {"nickname": nickname(person), "place": person.town},
        "community": {"username": person.handle},
        "counter": {"loyalty_card": person.card},
        "store": {"loyalty_card": person.card},
        "in-app": {"account_id": person.account, "device_id": person.device},
        "app": {"account_id": person.account, "device_id": person.device},
        "web": browser(person),
        "survey": {"email": person.email},
    }
    return known[word]


def recipient(word: str, person: Person, *, session: str) -> Fields:
    known: dict[str, Fields] = {
        "email": {"email": person.email},
        "chat": {"visitor_id": person.visitor, "session": session},
        "phone": {"number": person.phone},
        "sms": {"number": person.phone},
        "whatsapp": {"number": person.phone},
        "x": tweeter(person),
        "dm": tweeter(person),
        "facebook": {"psid": person.psid},
        "messenger": {"psid": person.psid},
        "review": {"nickname": nickname(person)},
        "community": {"username": person.handle},
        "counter": {"loyalty_card": person.card},
        "in-app": {"account_id": person.account, "device_id": person.device},
    }
    return known[word]


def device(word: str, person: Person) -> Fields | None:
    """The device, where the channel tells: apps run on phones, browsers name themselves, so does mail from a phone."""
    if word in ("app", "in-app") or (word == "email" and person.mails_from == "phone"):
        return {"kind": "phone"}
    if word in ("web", "chat"):
        return {"kind": person.mails_from, "browser": "Firefox" if person.mails_from == "desktop" else "Safari"}
    return None


def buyer(word: str, person: Person) -> Fields:
    """What a till writes down: the online shop everything, our store the card, another shop what was left there."""
    if word == "till":
        return {"loyalty_card": person.card}
    left = {"email": person.email, "phone": person.phone}
    if word == "partner":
        return left
    ship_to = {"name": person.name, "street": person.street, "city": person.town, "postcode": person.postcode}
    return left | {"ship_to": ship_to, "loyalty_card": person.card}


def visitor(person: Person) -> Fields:
    if person.signed_in:
        return browser(person)
    return {"visitor_id": person.visitor, "form_name": person.name, "form_email": person.form_email or person.email}


def browser(person: Person) -> Fields:
    signed_in = {"login": person.email, "account_id": person.account} if person.signed_in else {}
    return {"visitor_id": person.visitor} | signed_in


def tweeter(person: Person) -> Fields:
    return {"handle": person.handle, "user_id": person.user_id}


def nickname(person: Person) -> str:
    return f"{person.first} {person.last[0]}."
