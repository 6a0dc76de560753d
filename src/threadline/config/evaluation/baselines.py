"""Two simple rivals on the same touches, so that a number can be judged.

`per_channel_desk`: what a desk with one inbox per channel does. A person is a handle on one kind of channel; a
conversation is the channel's own thread. `exact_equality`: a person is an equal e-mail address or telephone number on
any channel; what a person does within 24 hours is one matter.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from threadline.core.measures import Answer

Item = Mapping[str, Any]
DAY = timedelta(hours=24)
HANDLES = (
    "email",
    "number",
    "user_id",
    "psid",
    "nickname",
    "username",
    "visitor_id",
    "account_id",
    "loyalty_card",
    "device_id",
)
GROUPS = ("session", "call_id", "review_id")


def per_channel_desk(items: Sequence[Item]) -> Answer:
    """A handle on one kind of channel is a person; a mail thread, chat, call or review is a conversation, and so is
    whatever else one person does at one endpoint with less than a day in between."""
    customer = {item["id"]: f"{item['channel']} {handle(item)}" for item in items if handle(item)}
    return Answer(customer, conversations(items, customer, across=False))


def exact_equality(items: Sequence[Item]) -> Answer:
    """An equal e-mail address or telephone number on any channel is one person, whoever typed it in; whatever a person
    does with less than a day in between is one matter."""
    customer = {item["id"]: person for item in items if (person := contact(item) or handle(item))}
    return Answer(customer, conversations(items, customer, across=True))


def party(item: Item) -> Mapping[str, Any]:
    """The customer's side: whoever sent it, or to whom we did."""
    return (item.get("to") if item["direction"] == "out" else item["sender"]) or {}


def handle(item: Item) -> str:
    them = party(item)
    name = next((name for name in HANDLES if them.get(name)), "")
    return f"{name}:{str(them[name]).lower().lstrip('+')}" if name else ""


def contact(item: Item) -> str:
    them = party(item)
    email = them.get("email") or them.get("form_email") or them.get("login") or ""
    number = them.get("number") or them.get("phone") or ""
    if "@" in email:
        return f"email:{email.lower()}"
    return f"number:{str(number).lstrip('+')}" if number else ""


def conversations(items: Sequence[Item], customer: Mapping[str, str], *, across: bool) -> dict[str, str]:
    """Touch to conversation: the channel's own thread first, then the gap of a day; `across` all channels or not."""
    thread_of: dict[str, str] = {}
    latest: dict[str, tuple[str, datetime]] = {}
    found: dict[str, str] = {}
    for item in items:
        at, keys = datetime.fromisoformat(item["at"]), thread_keys(item)
        person = customer.get(item["id"], "")
        place = f"{person} {'' if across else item['endpoint']}" if person else ""
        known = next((thread_of[key] for key in keys if key in thread_of), None)
        if known is None and place in latest and at - latest[place][1] <= DAY:
            known = latest[place][0]
        found[item["id"]] = known or item["id"]
        thread_of.update(dict.fromkeys(keys, found[item["id"]]))
        if place:
            latest[place] = (found[item["id"]], at)
    return found


def thread_keys(item: Item) -> list[str]:
    """What ties a touch to others on its own channel: its thread's name, its own id, and the ids it answers."""
    thread = item.get("thread") or {}
    groups = [f"{name}:{thread[name]}" for name in GROUPS if thread.get(name)]
    answered = [
        *(thread.get("references") or ()),
        thread.get("in_reply_to"),
        thread.get("message_id"),
        thread.get("tweet_id"),
    ]
    return [*groups, *(f"id:{each}" for each in answered if each)]


BASELINES: dict[str, Callable[[Sequence[Item]], Answer]] = {
    "per_channel_desk": per_channel_desk,
    "exact_equality": exact_equality,
}
