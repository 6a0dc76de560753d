"""What our own end of a call hears: the whisper before, the connection, and what the provider tells of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from threadline.channels import twiml
from threadline.channels.adapters.twilio_voice import whole
from threadline.channels.twiml import Verb, Voice
from threadline.journeys.models import Journey
from threadline.portal.actions import callbacks, phoning
from threadline.portal.actions.call_keeping import keep_soon
from threadline.portal.models import PhoneCall, PhoneLeg
from threadline.portal.phone import words
from threadline.portal.phone.lines import Answering
from threadline.portal.phone.provider import address

FINDS_THEM = 10  # seconds in which whoever waits is found in the queue
RINGS_THERE = 30
WHY = {"busy": "busy", "no-answer": "not picked up", "failed": "could not be reached", "canceled": "cancelled"}


@dataclass
class Ours:
    """One request about our end of a call."""

    leg: PhoneLeg
    said: dict[str, str]
    now: datetime

    @property
    def call(self) -> PhoneCall:
        return self.leg.call

    @property
    def here(self) -> Answering:
        return Answering(self.call.channel, self.now)

    def say(self, text: str) -> Verb:
        return Voice(self.here.line.language, self.here.line.voice).say(text)

    def at(self, place: str) -> str:
        return address(self.call.channel, f"leg/{self.leg.pk}/{place}")

    @property
    def waits_for_us(self) -> bool:
        """They are still there, and it is still ours to take."""
        return self.leg.over_at is None and self.call.ended_at is None


Verbs = list[Verb]


def answer(asked: Ours) -> Verbs:
    """Who it is and what about, before they are connected. A machine that answers presses no key."""
    if not asked.waits_for_us:
        return gone(asked)
    story = Journey.objects.filter(pk=asked.call.journey).first() if asked.call.journey else None
    about = (story.intent or story.title) if story else ""
    waited = asked.call.waited_in_all(asked.now)
    giver = asked.call.legs.filter(joined_at__isnull=False).exclude(pk=asked.leg.pk).order_by("-pk").first()
    by_whom = giver.agent.first_name if giver else ""
    brief = asked.say(words.whisper(asked.call, phoning.name_of(asked.call), waited, about, by_whom))
    return [twiml.gather(asked.at("key"), brief, seconds=8)]


def key(asked: Ours) -> Verbs:
    if not asked.waits_for_us:
        return gone(asked)
    if not asked.said.get("Digits"):
        phoning.leg_over(leg=asked.leg, why="no key was pressed", now=asked.now)
        return [twiml.hang_up()]
    return theirs_dialled(asked) if asked.call.from_us else theirs_queued(asked)


def gone(asked: Ours) -> Verbs:
    return [asked.say(_("They are not there any more.")), twiml.hang_up()]


def theirs_queued(asked: Ours) -> Verbs:
    """The very call that was taken: each waits in a queue of its own."""
    line, call = asked.here.line, asked.call
    agreed = line.records and call.consent == "yes"
    noun = twiml.queue(call.queue, before=asked.at("connecting"))
    recorded = address(call.channel, "call/recording") if agreed else ""
    dial = twiml.dial(noun, after=asked.at("over"), seconds=FINDS_THEM, recorded=recorded)
    if not (agreed and line.transcribes):
        return [dial]
    told = address(call.channel, f"leg/{asked.leg.pk}/said")
    name = f"call-{call.pk}-{asked.leg.pk}"
    return [twiml.transcribed(name, told=told, language=line.language, ours="us", theirs="them"), dial]


def theirs_dialled(asked: Ours) -> Verbs:
    """A call that we promised: their telephone rings, and shows our number."""
    noun = twiml.number(asked.call.number, before=asked.at("greet"), told=asked.at("theirs"))
    number = asked.call.channel.address
    return [twiml.dial(noun, after=asked.at("over"), seconds=RINGS_THERE, caller=number)]


def connecting(asked: Ours) -> Verbs:
    """Heard by them, the moment before: who it is, and what was agreed."""
    phoning.joined(leg=asked.leg, now=asked.now)
    name = asked.leg.agent.first_name
    said = _("You speak with %(name)s.") % {"name": name}
    return [asked.say(f"{said} {words.consented(True)}" if asked.call.consent == "yes" else said)]


def greet(asked: Ours) -> Verbs:
    """Heard by whom we call back."""
    house = asked.here.house
    said = _("This is %(house)s. We call you back, as promised.") if house else _("We call you back, as promised.")
    return [asked.say(said % {"house": house})]


def theirs(asked: Ours) -> Verbs:
    """How their end does: answered is a promise kept."""
    state = asked.said.get("CallStatus", "")
    if state in ("in-progress", "answered"):
        PhoneCall.objects.filter(pk=asked.call.pk, sid=None).update(sid=asked.said.get("CallSid") or None)
        phoning.joined(leg=asked.leg, now=asked.now)
        callbacks.reached(call=asked.call, now=asked.now)
    return []


def over(asked: Ours) -> Verbs:
    """The connection is over; what the other end did, the provider tells of it."""
    state = asked.said.get("DialCallStatus", "")
    if asked.leg.joined_at is None and not asked.call.from_us and asked.call.waits_since is not None:
        phoning.leg_over(leg=asked.leg, why="they were not in the queue", now=asked.now)
        return gone(asked)
    if asked.call.from_us and asked.leg.joined_at is None:
        phoning.end(call=asked.call, why=WHY.get(state, "no answer"), now=asked.now)
        return [asked.say(_("They do not answer.")), twiml.hang_up()]
    phoning.leg_over(leg=asked.leg, why="talked", now=asked.now)
    keep_soon()
    return [twiml.hang_up()]


def status(asked: Ours) -> Verbs:
    """How our own telephone does."""
    state = asked.said.get("CallStatus", "")
    if state in WHY or state == "completed":
        phoning.leg_over(leg=asked.leg, why=WHY.get(state, "hung up"), now=asked.now)
    return []


def said(asked: Ours) -> Verbs:
    """A sentence, as the provider heard it. Only of who agreed to be recorded."""
    event, data = asked.said.get("TranscriptionEvent", ""), spoken(asked.said.get("TranscriptionData", ""))
    if event == "transcription-content" and asked.call.consent == "yes" and data:
        # The agent's telephone is the call that is transcribed: what comes in there, the agent says.
        ours = asked.said.get("Track") == "inbound_track"
        name = f"{asked.leg.pk}-{whole(asked.said.get('SequenceId'))}"
        phoning.keep_piece(call=asked.call, kind="said", name=name, now=asked.now, ours=ours, text=data)
    return []


def spoken(data: str) -> str:
    """The words in what the provider calls its data, a JSON object; nothing where it is none."""
    try:
        found = json.loads(data or "{}")
    except ValueError:
        return ""
    return str(found.get("transcript") or "")[:5000] if isinstance(found, dict) else ""


PLACES: dict[str, Callable[[Ours], Verbs]] = {
    "answer": answer,
    "key": key,
    "connecting": connecting,
    "greet": greet,
    "theirs": theirs,
    "over": over,
    "status": status,
    "said": said,
}
