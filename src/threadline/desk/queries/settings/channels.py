"""The channels as the settings list them, with how each does."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from threadline.channels.adapters import ADAPTERS, can_send
from threadline.channels.kinds import Kind
from threadline.channels.models import Channel
from threadline.interactions.models import Delivery, Interaction

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
    if channel.kind != "email":
        return ""
    if not channel.settings.get("smtp_host"):
        return _("Answers can not go out yet: no outgoing server is set.")
    return _("The mailbox is read.") if channel.settings.get("imap_host") else _("Your mail server hands mail over.")


def kinds() -> list[tuple[str, str, str]]:
    """Every kind that can be added: its key, its name and what it can do."""
    both, listens = _("Comes in, and is answered from the desk"), _("Comes in through the API or an import")
    return [(kind, str(Kind(kind).label), both if can_send(kind) else listens) for kind in ADAPTERS]
