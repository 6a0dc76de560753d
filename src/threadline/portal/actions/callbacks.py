"""Calls that we promised: given, tried, kept, dropped and taken up again; said aloud before and when they break."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.accounts.models import Agent
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey, Membership
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import job, periodic
from threadline.portal.actions.phoning import ring
from threadline.portal.models import Callback, PhoneCall, PhoneLeg

WARNED_BEFORE = timedelta(minutes=15)
AT_ONCE = 200


@transaction.atomic
def promise(*, call: PhoneCall, number: str, due: datetime, now: datetime) -> Callback:
    """We call back by then. Asked for twice in one call, it is one promise: the later one."""
    values = {"number": number, "asked_at": now, "due_at": due, "journey": call.journey}
    return Callback.objects.update_or_create(call=call, defaults=values)[0]


@transaction.atomic
def stands_in(*, callback: Callback, journey: int, now: datetime) -> None:
    """The call that asked for it stands in this story now, and so does the promise."""
    callback.journey = journey
    callback.save(update_fields=["journey"])
    _note(callback, "callback_promised", now, due=callback.due_at.isoformat())


@transaction.atomic
def call_now(*, callback: Callback, by: Agent, now: datetime) -> PhoneLeg:
    """Ring one's own telephone first, then theirs.

    Raises:
        ThreadlineError: it is kept or dropped, a colleague is calling them, or one is in a call.
    """
    callback = _owed(callback)
    before = callback.call
    if PhoneCall.objects.going_on().filter(keeps=callback).exists():
        raise ThreadlineError("A colleague is calling them right now.")
    if PhoneCall.objects.going_on().filter(agent=by).exists():
        raise ThreadlineError("You are in a call already. End it or hand it over first.")
    call = PhoneCall.objects.create(
        channel=before.channel,
        from_us=True,
        number=callback.number,
        known=before.known,
        customer=before.customer,
        journey=story_of(callback),
        agent=by,
        rang_at=now,
    )
    leg = ring(call, by=by, now=now)
    Callback.objects.filter(pk=callback.pk).update(tries=callback.tries + 1, tried_at=now, kept_by=call)
    _note(callback, "callback_tried", now, by=by, call=call.pk)
    return leg


@transaction.atomic
def reached(*, call: PhoneCall, now: datetime) -> None:
    """They answered: the promise is kept, or was broken before. Told twice, once."""
    callback = Callback.objects.select_for_update().filter(kept_by=call, kept_at=None, dropped_at=None).first()
    if callback is None:
        return
    callback.kept_at = now
    callback.broken_at = callback.due_at if now > callback.due_at else None
    callback.save(update_fields=["kept_at", "broken_at"])
    _note(callback, "callback_kept", now, by=call.agent, late=callback.broken_at is not None)


@transaction.atomic
def not_reached(*, callback: Callback, by: Agent, now: datetime) -> None:
    """It was their machine, or somebody else: the promise is still owed."""
    callback = Callback.objects.select_for_update().get(pk=callback.pk)
    if callback.kept_at is None:
        raise ThreadlineError("It is still owed.")
    callback.kept_at, callback.broken_at = None, callback.due_at if now > callback.due_at else None
    callback.save(update_fields=["kept_at", "broken_at"])
    _note(callback, "callback_owed_again", now, by=by)


@transaction.atomic
def drop(*, callback: Callback, by: Agent, now: datetime) -> None:
    """It needs no call any more: they were answered another way."""
    callback = _owed(callback)
    callback.dropped_at = now
    callback.save(update_fields=["dropped_at"])
    _note(callback, "callback_dropped", now, by=by)


@transaction.atomic
def take_up(*, callback: Callback, by: Agent, now: datetime) -> None:
    """Undo of dropping it."""
    callback = Callback.objects.select_for_update().get(pk=callback.pk)
    if callback.dropped_at is None:
        raise ThreadlineError("It was not dropped.")
    callback.dropped_at = None
    callback.save(update_fields=["dropped_at"])
    _note(callback, "callback_owed_again", now, by=by)


def story_of(callback: Callback) -> int | None:
    """Where the promise stands now: agents move calls, and join stories."""
    touch = callback.call.touch
    found = (
        Membership.objects.filter(interaction=touch, superseded_at=None).values_list("journey", flat=True).first()
        if touch
        else None
    )
    return found or callback.journey


@periodic(cron="* * * * *")
@job(queueing_lock="tell_callbacks")
def tell_callbacks(timestamp: int = 0) -> None:
    """Say which promised calls fall due, and which are late. Safe to run twice or late."""
    tell_due(timezone.now())


@transaction.atomic
def tell_due(now: datetime) -> None:
    owed = Callback.objects.owed().select_related("call").select_for_update(of=["self"], skip_locked=True)
    for callback in owed.filter(due_at__lte=now, broken_at=None).order_by("due_at")[:AT_ONCE]:
        callback.broken_at = callback.due_at
        callback.save(update_fields=["broken_at"])
        _note(callback, "callback_broken", now, due=callback.due_at.isoformat())
    soon = owed.filter(due_at__gt=now, due_at__lte=now + WARNED_BEFORE, warned_at=None)
    for callback in soon.order_by("due_at")[:AT_ONCE]:
        callback.warned_at = now
        callback.save(update_fields=["warned_at"])
        _note(callback, "callback_due", now, due=callback.due_at.isoformat())


def _owed(callback: Callback) -> Callback:
    found = Callback.objects.select_for_update(of=["self"]).select_related("call__channel").get(pk=callback.pk)
    if found.kept_at is not None:
        raise ThreadlineError("They were called back already.")
    if found.dropped_at is not None:
        raise ThreadlineError("It was said that this needs no call any more. Take it up again first.")
    return found


def _note(callback: Callback, verb: str, now: datetime, *, by: Agent | None = None, **facts: Any) -> None:
    number = story_of(callback)
    story = Journey.objects.filter(pk=number).select_related("team").first() if number else None
    team = story.team_id if story and story.team and story.team.restricted else None
    touch = callback.call.touch
    record(
        verb,
        at=now,
        by=by,
        journey_id=story.pk if story else None,
        customer_id=story.customer_id if story else None,
        interaction_id=touch if touch and Interaction.objects.filter(pk=touch).exists() else None,
        team_id=team,
        callback=callback.pk,
        **facts,
    )
