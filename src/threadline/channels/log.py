"""The channel log: every exchange with a provider in a line, without anything secret. Kept for a month."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from threadline.channels.models import Channel, ChannelLog
from threadline.core.redaction import redacted
from threadline.lib.jobs import job, periodic

KEPT = timedelta(days=30)
AT_ONCE = 10_000
LONGEST = 1000


def note(channel: Channel, text: str, *, ok: bool, coming: bool = False) -> None:
    """`coming`: about something that came in."""
    clean = redacted(text, (str(secret) for secret in channel.secrets.values())).replace("\x00", "")[:LONGEST]
    ChannelLog.objects.create(channel=channel, direction="in" if coming else "out", ok=ok, text=clean)


@periodic(cron="23 4 * * *")
@job(queueing_lock="forget_channel_log")
def forget_channel_log(timestamp: int) -> None:
    """Delete old lines, a bearable number at a time. Safe to run twice or late."""
    old = ChannelLog.objects.filter(at__lt=timezone.now() - KEPT).order_by("pk").values("pk")[:AT_ONCE]
    with transaction.atomic():
        ChannelLog.objects.filter(pk__in=old).delete()
