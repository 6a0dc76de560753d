"""Somebody wants no more automatic mail, or wants it again. What people of ours write is not touched by it."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from threadline.accounts.events import record
from threadline.interactions.actions.addresses import silence, stops
from threadline.interactions.stopping import Stoppable


class Stopped(StrEnum):
    """How far somebody stopped it."""

    NOT = ""
    HERE = "here"  # in the thread of the link
    EVERYWHERE = "everywhere"


def how_far(what: Stoppable) -> Stopped:
    asked = list(stops(what.channel, what.address, what.thread).values_list("thread", flat=True))
    if None in asked:
        return Stopped.EVERYWHERE
    return Stopped.HERE if asked else Stopped.NOT


@transaction.atomic
def stop(what: Stoppable, *, everywhere: bool, now: datetime) -> None:
    """In its thread, or all of it. Safe to ask for twice."""
    thread = None if everywhere else what.thread
    if silence(what.channel, what.address, at=now, only_automatic=True, thread=thread):
        record("automatic_stopped", at=now, channel=what.channel.pk, name=what.address, thread=thread)


@transaction.atomic
def start_again(what: Stoppable, *, now: datetime) -> None:
    """Takes back what a link or a complaint asked for; who asked for silence altogether says so themselves."""
    gone, _rows = stops(what.channel, what.address, what.thread).filter(only_automatic=True).delete()
    if gone:
        record("automatic_wanted", at=now, channel=what.channel.pk, name=what.address)
