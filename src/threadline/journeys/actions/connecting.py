"""Making a channel work with its provider: asking whether the credentials are good, saying where to reach us."""

from datetime import datetime

from django.utils import timezone

from threadline.accounts.events import record
from threadline.channels import log
from threadline.channels.adapters import adapter, served
from threadline.channels.contract import Failure, Misconfigured, Rejected
from threadline.channels.models import Channel
from threadline.interactions.reading import endpoint_with_secrets
from threadline.journeys.actions.delivery import go_on, halt
from threadline.lib.jobs import job, periodic

TRIED_AGAIN = 20


def connect(*, channel: Channel) -> str:
    """Check the credentials and have the provider call us; what waited then goes out. Talks to the provider.

    Returns what is to be said about it: whom the credentials belong to, what is left to do. Trouble stands on the
    channel and is returned, too.
    """
    channel.refresh_from_db()
    if served(channel) is None or not channel.active:
        return ""
    connector = adapter(endpoint_with_secrets(channel))
    try:
        words = [connector.check(), connector.activate()]
    except (Misconfigured, Rejected) as error:
        halt(channel, str(error))
        log.note(channel, str(error), ok=False)
        return str(error)
    except Failure as error:
        log.note(channel, str(error), ok=False)
        return str(error)
    go_on(channel=channel)
    told = " ".join(word for word in words if word)
    if told:
        log.note(channel, told, ok=True)
    return told


def disconnect(*, channel: Channel) -> str:
    """Ask the provider to stop calling. Talks to the provider; returns why that did not work."""
    if served(channel) is None:
        return ""
    try:
        adapter(endpoint_with_secrets(channel)).deactivate()
    except Failure as error:
        log.note(channel, str(error), ok=False)
        return str(error)
    return ""


@periodic(cron="*/10 * * * *")
@job(queueing_lock="try_halted_channels")
def try_halted_channels(timestamp: int = 0) -> None:
    """A channel that its provider refused is asked for again: repaired there, it goes on by itself."""
    for channel in Channel.objects.active().filter(halted_at__isnull=False).order_by("pk")[:TRIED_AGAIN]:
        if served(channel) is not None:
            try_again(channel, timezone.now())


def try_again(channel: Channel, now: datetime) -> bool:
    """Whether it works again. An adapter that can not ask leaves it to a person."""
    try:
        answer = adapter(endpoint_with_secrets(channel)).check()
    except Failure:
        return False
    if not answer:
        return False
    go_on(channel=channel)
    log.note(channel, f"It works again: {answer}", ok=True)
    record("channel_works_again", at=now, channel=channel.pk, kind=channel.kind, name=channel.address)
    return True
