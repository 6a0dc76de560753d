"""The channels as the settings list them, with how each does."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from threadline.channels.adapters import adapters, served
from threadline.channels.house import HOUSE
from threadline.channels.kinds import label
from threadline.channels.models import Channel
from threadline.channels.signing_in import back_to, client_of
from threadline.interactions.models import Delivery, Interaction
from threadline.interactions.reading import endpoint_of

NEWEST = 20_000  # touches that are looked through for the last one of each channel
SHOWN = 500


@dataclass(frozen=True, slots=True)
class Health:
    """`state` is on, paused or trouble; `words` say it; `last_at` is the last touch, if it is among the newest."""

    channel: Channel
    state: str
    words: str
    last_at: datetime | None
    lately: int
    failed: int = 0


def channels() -> list[Health]:
    """Cost: two queries."""
    newest = _newest()
    rows = Channel.objects.select_related("brand").order_by("kind", "address")[:SHOWN]
    return [_health(channel, *newest.get(channel.pk, (None, 0))) for channel in rows]


def health(channel: Channel) -> Health:
    """Of one channel, with what failed lately on the way out. Cost: two queries."""
    touches = Interaction.objects.filter(pk__in=Interaction.objects.order_by("-pk").values("pk")[:NEWEST])
    found = touches.filter(channel=channel).aggregate(last=Max("at"), number=Count("pk"))
    failed = Delivery.objects.filter(state="failed", interaction__in=touches.filter(channel=channel).values("pk"))
    return _health(channel, found["last"], found["number"], failed.count())


def _newest() -> dict[int, tuple[datetime, int]]:
    touches = Interaction.objects.filter(pk__in=Interaction.objects.order_by("-pk").values("pk")[:NEWEST])
    rows = touches.values("channel").annotate(last=Max("at"), number=Count("pk"))
    return {row["channel"]: (row["last"], row["number"]) for row in rows}


def _health(channel: Channel, last_at: datetime | None, lately: int, failed: int = 0) -> Health:
    if not channel.active:
        return Health(channel, "paused", channel.trouble or _("Paused"), last_at, lately, failed)
    if channel.trouble:
        return Health(channel, "trouble", channel.trouble, last_at, lately, failed)
    return Health(channel, "on", _how_it_works(channel), last_at, lately, failed)


def _how_it_works(channel: Channel) -> str:
    """What one would not guess: nothing, for channels whose touches a program hands in."""
    if served(channel) is None:
        return _("Its connector is not installed any more: nothing comes in or goes out. What came in stays.")
    if channel.kind != "email":
        return ""
    if not channel.settings.get("smtp_host"):
        return _("Answers can not go out yet: no outgoing server is set.")
    return _("The mailbox is read.") if channel.settings.get("imap_host") else _("Your mail server hands mail over.")


def offered() -> list[str]:
    """The name of everything that can be added: adapters, and kinds of the house that only listen."""
    served = {each.kind for each in adapters().values() if not each.provider}
    return [*(kind for kind in HOUSE if kind not in served), *adapters()]


def title(name: str) -> str:
    """`Text message, over Twilio`."""
    found = adapters().get(name)
    if found is None:
        return label(name.partition(".")[0])
    carrier = gettext(str(found.carrier)) if found.carrier else ""
    return (
        _("%(kind)s, over %(carrier)s") % {"kind": label(found.kind), "carrier": carrier}
        if carrier
        else label(found.kind)
    )


def connected(name: str) -> bool:
    """Whether Threadline itself takes in what happens there."""
    return name in adapters()


def hook_url(channel: Channel) -> str:
    """Where its provider reaches us; empty for channels that are not called."""
    found = served(channel)
    return endpoint_of(channel).hook_url if found is not None and found.hooked else ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where a mailbox signs in instead of with a password; `back_to` is what that service must know of."""

    label: str
    done: bool
    back_to: str


def signs_in(channel: Channel) -> SignIn | None:
    client = client_of(channel) if channel.kind == "email" else None
    return SignIn(client.label, bool(client.refresh), back_to()) if client else None


def kinds() -> list[tuple[str, str, str, str]]:
    """Everything that can be added: its name, its kind, how it is called and what it can do. In the order of words."""
    both, listens = _("Comes in, and is answered from the desk"), _("Comes in through the API or an import")
    comes = _("Comes in by itself")
    found = []
    for name in offered():
        able = adapters().get(name)
        does = listens if able is None else both if able.sends() else comes
        found.append((name, name.partition(".")[0], title(name), does))
    return sorted(found, key=lambda each: (each[3] != both, each[2].lower()))
