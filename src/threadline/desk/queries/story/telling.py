"""What stands beside the name of a touch: from which device, to which address of ours, and how the sending went."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threadline.core.durations import spell
from threadline.interactions.models import Delivery, Interaction

DEVICES = {
    "phone": gettext_lazy("a phone"),
    "desktop": gettext_lazy("a computer"),
    "tablet": gettext_lazy("a tablet"),
}
STATES = {
    "held": gettext_lazy("goes out in a moment"),
    "queued": gettext_lazy("on its way"),
    "sent": gettext_lazy("sent"),
    "delivered": gettext_lazy("delivered"),
    "read": gettext_lazy("read"),
    "unsure": "",
    "withdrawn": "",
}
ADDRESSED = ("email", "phone", "sms", "whatsapp")


def beside(touch: Interaction, *, answered_after: timedelta | None) -> str:
    """`from a phone, to hello@harbourpine.example`; `answered after 34 m, delivered`."""
    parts = _of_ours(touch, answered_after) if touch.direction == "out" else _of_theirs(touch)
    return ", ".join(part for part in parts if part)


def _of_theirs(touch: Interaction) -> Iterator[str]:
    yield _lasted(touch)
    yield _in_browser(touch)
    yield _device(touch)
    if touch.kind in ADDRESSED and not touch.attributes.get("in_browser"):
        yield _("to %(address)s") % {"address": touch.attributes.get("to") or touch.channel.address}
    elif touch.kind == "store":
        yield touch.channel.name
    yield _noted_by(touch)
    if touch.attributes.get("film"):
        yield _("below the video")
    if touch.attributes.get("rating"):
        yield _("%(n)s of 5 stars") % {"n": touch.attributes["rating"]}
    if touch.attributes.get("score") is not None:
        yield _("gave %(n)s of 10") % {"n": touch.attributes["score"]}


def _of_ours(touch: Interaction, answered_after: timedelta | None) -> Iterator[str]:
    yield _lasted(touch)
    yield _in_browser(touch)
    if answered_after is not None:
        yield _("answered after %(duration)s") % {"duration": spell(answered_after)}
    copied = touch.attributes.get("cc")
    if isinstance(copied, list) and copied:
        yield _("copy to %(addresses)s") % {"addresses": ", ".join(str(address) for address in copied)}
    yield _sent(touch)


def doubt(touch: Interaction) -> str:
    """Why a mail may not be from whom it names; empty where nothing speaks against it."""
    check = touch.attributes.get("sender_check")
    if not isinstance(check, dict) or check.get("verdict") != "fail":
        return ""
    sender = next((handle for handle in _senders(touch)), "")
    told = {"by": check.get("by"), "domain": sender.rpartition("@")[2], "how": str(check.get("because", "")).upper()}
    return _("%(by)s checked it: %(domain)s denies that this mail came from there (%(how)s).") % told


def _senders(touch: Interaction) -> Iterator[str]:
    yield touch.thread.reply_address if touch.kind == "email" else ""


def passed_on(touch: Interaction) -> str:
    """Who of ours passed a customer's mail on, and what they said to it."""
    by = touch.attributes.get("forwarded_by")
    if not isinstance(by, dict):
        return ""
    name = by.get("name") or by.get("email")
    if by.get("note"):
        return _("Passed on by %(name)s: “%(note)s”") % {"name": name, "note": by["note"]}
    return _("Passed on by %(name)s") % {"name": name}


def _sent(touch: Interaction) -> str:
    delivery = delivery_of(touch)
    if delivery is None or delivery.state in (Delivery.State.FAILED, Delivery.State.UNSURE):
        return ""
    if touch.channel.halted_at and delivery.state in (Delivery.State.HELD, Delivery.State.QUEUED):
        return _("waits until the channel works again: %(reason)s") % {"reason": touch.channel.trouble}
    if delivery.state == Delivery.State.QUEUED and delivery.reason:
        return _("not sent yet, we try again: %(reason)s") % {"reason": delivery.reason}
    return str(STATES[delivery.state])


def delivery_of(touch: Interaction) -> Delivery | None:
    """Only what was sent from here has one."""
    return getattr(touch, "delivery", None)


def _device(touch: Interaction) -> str:
    device = touch.device
    name = device.get("system") or DEVICES.get(str(device.get("kind", "")))
    return _("from %(device)s") % {"device": name} if name else ""


def _in_browser(touch: Interaction) -> str:
    """A call in the chat window."""
    if not touch.attributes.get("in_browser"):
        return ""
    return _("video call in the chat") if touch.attributes.get("video") else _("in the chat window")


def _lasted(touch: Interaction) -> str:
    seconds = touch.attributes.get("seconds") or touch.attributes.get("duration_s")
    return spell(timedelta(seconds=seconds)) if isinstance(seconds, int | float) else ""


def _noted_by(touch: Interaction) -> str:
    by = touch.attributes.get("logged_by") or touch.attributes.get("taken_by")
    return _("note by %(name)s") % {"name": str(by).title()} if by else ""
