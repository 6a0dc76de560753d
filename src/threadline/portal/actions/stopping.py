"""Somebody wants no more automatic mail, or wants it again. What people of ours write is not touched by it."""

from datetime import datetime

from django.db import transaction

from threadline.accounts.events import record
from threadline.channels.models import Channel
from threadline.interactions.actions.addresses import silence
from threadline.interactions.models import OptOut


def is_stopped(channel: Channel, address: str) -> bool:
    return OptOut.objects.filter(channel=channel, address=address).exists()


@transaction.atomic
def stop(*, channel: Channel, address: str, now: datetime) -> None:
    """Safe to ask for twice."""
    if silence(channel, address, at=now, only_automatic=True):
        record("automatic_stopped", at=now, channel=channel.pk, name=address)


@transaction.atomic
def start_again(*, channel: Channel, address: str, now: datetime) -> None:
    """Takes back what a link or a complaint asked for; who asked for silence altogether says so themselves."""
    gone, _rows = OptOut.objects.filter(channel=channel, address=address, only_automatic=True).delete()
    if gone:
        record("automatic_wanted", at=now, channel=channel.pk, name=address)
