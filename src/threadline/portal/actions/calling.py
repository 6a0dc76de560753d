"""Calls between a chat window and the desk: ringing, answering, agreeing, ending. Sound never passes through us."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.accounts.models import Agent
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import job, periodic
from threadline.portal import signals
from threadline.portal.actions.recording import keep_in_story
from threadline.portal.models import Call, CallSignal, Chat

RINGS_FOR = timedelta(seconds=45)
SILENT_FOR = timedelta(seconds=60)  # neither browser was heard of: the call is over
MOST_SIGNALS = 200
LONGEST_SIGNAL = 16_000
TOPICS = ("video", "record")
AT_ONCE = 100


def holder_of(chat: Chat) -> Agent | None:
    """The agent whose story this chat stands in: nobody else can be rung, and nobody else can ring."""
    number, _ = signals.standing_of(chat)
    story = Journey.objects.filter(pk=number).select_related("owner").first() if number else None
    return story.owner if story and story.owner and story.owner.is_active else None


@transaction.atomic
def ring(*, chat: Chat, by: Agent | None, now: datetime) -> Call:
    """Begin a call: `by` the agent who holds the chat, or, without one, its visitor."""
    agent = holder_of(chat)
    if chat.ended_at is not None:
        raise ThreadlineError("This chat was ended. Begin a new one, then call.")
    if agent is None:
        raise ThreadlineError("Nobody has this chat yet. Write first; you can call once somebody answers.")
    if by is not None and by != agent:
        raise ThreadlineError("Only who has the chat can call in it. Take it first.")
    if by is not None and not chat.is_here(now):
        raise ThreadlineError("They have left the chat, so nothing would ring there. Write to them.")
    end_silent(now)
    try:
        with transaction.atomic():
            call = Call.objects.create(chat=chat, agent=agent, from_us=by is not None, asked_at=now, here_at=now)
    except IntegrityError as error:
        name = agent.first_name
        raise ThreadlineError(f"{name} is in a call right now. Write, or try again in a moment.") from error
    _note(call, "call_rang", now, from_us=call.from_us)
    _tell(call)
    return call


@transaction.atomic
def accept(*, call: Call, ours: bool, now: datetime) -> None:
    """Answer. A second tab that answers, too, changes nothing."""
    call = _locked(call)
    if ours == call.from_us:
        raise ThreadlineError("You rang; the other side answers.")
    if call.answered_at is not None:
        return
    call.answered_at = call.here_at = now
    call.save(update_fields=["answered_at", "here_at"])
    _note(call, "call_answered", now)
    _tell(call)


@transaction.atomic
def agree(*, call: Call, ours: bool, topic: str, yes: bool, now: datetime) -> None:
    """Agree to cameras or to the recording, or no longer: what both want is on, and either side ends it for both."""
    call = _locked(call)
    if topic not in TOPICS or call.answered_at is None:
        raise ThreadlineError("There is nothing to agree to before the call was answered.")
    side = "ours" if ours else "theirs"
    wanted = [getattr(call, f"{topic}_{each}") for each in ("ours", "theirs")]
    if not any(wanted) if not yes else getattr(call, f"{topic}_{side}"):
        return
    was_recording = call.recording
    for each in (side,) if yes else ("ours", "theirs"):
        setattr(call, f"{topic}_{each}", yes)
    if call.recording and call.recording_since is None:
        call.recording_since = now
    if was_recording and not call.recording:
        call.recording_until = now
    call.agreed = [*call.agreed, {"topic": topic, "by": side, "yes": yes, "at": now.isoformat()}][-50:]
    call.here_at = now
    call.save()
    _note(call, "call_agreed", now, by=call.agent if ours else None, topic=topic, yes=yes, theirs=not ours)
    _tell(call)


@transaction.atomic
def hang_up(*, call: Call, ours: bool, now: datetime, why: str = "") -> None:
    """End the call, decline it, or stop ringing. Once it is over, this changes nothing."""
    hold_pipeline()  # before the row, as everywhere: the end of a call becomes a touch
    call = Call.objects.select_for_update(of=["self"]).select_related("chat", "agent").get(pk=call.pk)
    if call.ended_at is None:
        before = "cancelled" if ours == call.from_us else "declined"
        _end(call, why or ("hung up" if call.answered_at else before), now)


def they_left(session: str, *, now: datetime) -> None:
    """Their last window was closed."""
    for call in Call.objects.going_on().filter(chat__session=session):
        hang_up(call=call, ours=False, why="left", now=now)


@transaction.atomic
def pass_on(*, call: Call, ours: bool, data: object, now: datetime) -> None:
    """Hand what one browser says to the other. Bounded in size and number; nothing else gets through."""
    call = _locked(call)
    said = sound(data)
    if call.answered_at is None:
        raise ThreadlineError("The call was not answered yet.")
    if CallSignal.objects.filter(call=call).count() >= MOST_SIGNALS:
        raise ThreadlineError("The two browsers can not find each other. Hang up and write.")
    signal = CallSignal.objects.create(call=call, ours=ours, data=said)
    signals.tell(call.chat, "call_to_them" if ours else "call_to_us", upto=signal.pk, agent=call.agent_id)


def sound(data: object) -> dict[str, object]:
    """What a browser may tell the other: an offer, an answer, or a way to reach it. Raises ThreadlineError."""
    if isinstance(data, Mapping):
        kind, text = data.get("type"), data.get("sdp")
        if kind in ("offer", "answer") and isinstance(text, str) and 0 < len(text) <= LONGEST_SIGNAL:
            return {"type": kind, "sdp": text}
        way, line = data.get("candidate"), data.get("line")
        if isinstance(way, str) and len(way) <= 1000 and isinstance(line, int) and 0 <= line < 16:
            return {"candidate": way, "line": line}
    raise ThreadlineError("That is nothing that one browser tells another in a call.")


def stay(*, call: Call, now: datetime) -> None:
    """One of the two is still there. While it rings, whoever is rung hears it again: their page may be a new one."""
    if Call.objects.going_on().filter(pk=call.pk).update(here_at=now) and call.answered_at is None:
        _tell(call)


def end_silent(now: datetime) -> None:
    """Calls that nobody answers, and those of which nobody was heard."""
    old = Call.objects.going_on().filter(here_at__lt=now - SILENT_FOR) | Call.objects.going_on().filter(
        answered_at=None, asked_at__lt=now - RINGS_FOR - timedelta(seconds=5)
    )
    for call in old.order_by("pk")[:AT_ONCE]:
        hang_up(call=call, ours=True, why="no answer" if call.answered_at is None else "lost", now=now)


@periodic(cron="* * * * *")
@job(queueing_lock="end_silent_calls")
def end_silent_calls(timestamp: int = 0) -> None:
    """Safe to run twice or late. What was recorded and never finished is kept as far as it came."""
    now = timezone.now()
    end_silent(now)
    left = Call.objects.filter(touch=None, answered_at__isnull=False, ended_at__lt=now - SILENT_FOR)
    for call in left.order_by("pk")[:AT_ONCE]:
        keep_in_story(call=call, now=now)


def _end(call: Call, why: str, now: datetime) -> None:
    was_recording = call.recording
    call.ended_at, call.why = max(now, call.asked_at), why
    if was_recording:
        call.recording_until = now
    call.record_ours = call.record_theirs = call.video_ours = call.video_theirs = False
    call.save()
    call.signals.all().delete()
    verb = "call_ended" if call.answered_at else "call_missed"
    _note(call, verb, now, why=why, from_us=call.from_us, seconds=call.seconds(now))
    _tell(call)
    if call.answered_at and not call.pieces.exists() and not was_recording:
        keep_in_story(call=call, now=now)


def _locked(call: Call) -> Call:
    going_on = Call.objects.going_on().select_for_update(of=["self"]).select_related("chat", "agent")
    found = going_on.filter(pk=call.pk).first()
    if found is None:
        raise ThreadlineError("The call is over.")
    return found


def _note(call: Call, verb: str, now: datetime, *, by: Agent | None = None, **facts: Any) -> None:
    journey, team = signals.standing_of(call.chat)
    who = by or (call.agent if call.from_us and verb == "call_rang" else None)
    record(verb, at=now, by=who, journey_id=journey, team_id=team, chat=call.chat_id, call=call.pk, **facts)


def _tell(call: Call) -> None:
    signals.tell(call.chat, "call", upto=call.pk, agent=call.agent_id)
