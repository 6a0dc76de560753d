"""What a caller hears next. Each step answers one request of the provider; `PLACES` says at which address it stands.

A person is one key away in every one of them, and comes by itself where nothing is pressed. While we are closed, that
person calls back: a promise with a moment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from threadline.channels import twiml
from threadline.channels.adapters.twilio_voice import shown, whole
from threadline.channels.models import Channel
from threadline.channels.twiml import Verb, Voice
from threadline.core.phone import PERSON, Does, Key, Line, Step, after, heard
from threadline.core.understanding.contacts import e164
from threadline.interactions.models import Fact
from threadline.journeys.models import Journey
from threadline.portal.actions import callbacks, phoning
from threadline.portal.models import Callback, PhoneCall
from threadline.portal.phone import words
from threadline.portal.phone.lines import Answering, wait_of
from threadline.portal.phone.provider import address

HEARD_EVERY = 25  # seconds between two times that the wait is told
MOST_GUESSES = 3  # a day
PROOF_DIGITS = 4  # an order with fewer digits proves too little
WAYS_OUT = (Does.CALLBACK, Does.VOICEMAIL)
VOUCHED = "TN-Validation-Passed-A"


@dataclass
class Asked:
    """One request about one call."""

    channel: Channel
    said: dict[str, str]
    now: datetime

    @cached_property
    def here(self) -> Answering:
        return Answering(self.channel, self.now)

    @property
    def line(self) -> Line:
        return self.here.line

    @cached_property
    def call(self) -> PhoneCall:
        """The call that this is about. One that we have not heard of yet begins with it."""
        sid = self.said.get("CallSid", "")[:64]
        known = PhoneCall.objects.select_related("channel", "agent").filter(sid=sid, channel=self.channel).first()
        vouched = self.said.get("StirVerstat", "").startswith(VOUCHED)
        return known or phoning.arrive(
            channel=self.channel, sid=sid, number=shown(self.said.get("From")), vouched=vouched, now=self.now
        )

    @cached_property
    def story(self) -> Journey | None:
        return Journey.objects.filter(pk=self.call.journey).first() if self.call.journey else None

    @property
    def digits(self) -> str:
        return self.said.get("Digits", "").strip()[:20]

    @property
    def knows(self) -> bool:
        """Whether this number is one person's own: others are not even asked whether they have a story."""
        return self.call.known == PhoneCall.Known.KNOWN

    def say(self, text: str) -> Verb:
        return Voice(self.line.language, self.line.voice).say(text)

    def at(self, place: str) -> str:
        return address(self.channel, f"call/{place}")

    @property
    def door(self) -> str:
        """The door of everything that comes in: what it takes is a touch."""
        return address(self.channel, "").rstrip("/")

    def chose(self, what: str, **more: object) -> None:
        phoning.chose(call=self.call, what=what, now=self.now, **more)


Verbs = list[Verb]
Place = Callable[[Asked], Verbs]


# ---- the menu -------------------------------------------------------------------------------------------------------


def arrive(asked: Asked) -> Verbs:
    """The greeting, the true wait, and the keys. Whoever presses nothing gets a person."""
    here, said = asked.here, [words.greeting(asked.here)]
    if here.is_open:
        said.append(words.waiting(wait_of(asked.call, asked.channel, now=asked.now)))
    else:
        said.append(words.closed(here))
    return menu_after(asked, " ".join(said))


def menu_after(asked: Asked, first: str) -> Verbs:
    offered = heard(asked.line, is_open=asked.here.is_open, knows=asked.knows)
    text = words.offers(offered, is_open=asked.here.is_open)
    return [twiml.gather(asked.at("menu"), asked.say(f"{first} {text}".strip()))]


def menu(asked: Asked) -> Verbs:
    step, key = after(asked.digits, asked.line, is_open=asked.here.is_open)
    if step == Step.STATUS and not asked.knows:
        step = Step.PERSON if asked.here.is_open else Step.CALLBACK
    asked.chose(str(step), digits=asked.digits)
    return STEPS[step](asked, key)


def text(asked: Asked, key: Key | None) -> Verbs:
    """A text, and the keys again: nothing pressed leads to a person."""
    return menu_after(asked, key.text if key else "")


# ---- how the story stands -------------------------------------------------------------------------------------------


def status(asked: Asked, key: Key | None) -> Verbs:
    """A caller id can be forged. Where their network does not stand for it, they say something that only they know."""
    if asked.call.vouched:
        return say_status(asked)
    if not order_numbers(asked.story) or guessed(asked):
        return [asked.say(_("A person helps you with that.")), *person_or_promise(asked)]
    ask = _(
        "So that nobody else hears it: key in the digits of your order number, then the hash key. "
        "For a person, press 0."
    )
    return [twiml.gather(asked.at("proof"), asked.say(ask), digits=None, seconds=5, ends_with="#")]


def proof(asked: Asked) -> Verbs:
    """One try, then a person: numbers are not to be guessed here."""
    good = len(asked.digits) >= PROOF_DIGITS and asked.digits in order_numbers(asked.story)
    asked.chose("proof", right=good)
    if good and asked.knows:
        return say_status(asked)
    return [asked.say(_("A person helps you with that.")), *person_or_promise(asked)]


def guessed(asked: Asked) -> bool:
    """Somebody has tried wrong numbers from this telephone, or with its number, lately."""
    lately = PhoneCall.objects.filter(number=asked.call.number, rang_at__gt=asked.now - timedelta(days=1))
    return lately.filter(path__contains=[{"what": "proof", "right": False}]).count() >= MOST_GUESSES


def say_status(asked: Asked) -> Verbs:
    asked.chose("told status")
    owed = (
        Callback.objects.owed().filter(journey=asked.call.journey).order_by("due_at").first() if asked.story else None
    )
    return menu_after(asked, words.standing(asked.story, owed, asked.here))


def order_numbers(story: Journey | None) -> set[str]:
    """The digits of the orders that this story is about, as far as they prove anything. Cost: one query."""
    if story is None:
        return set()
    touches = story.memberships.filter(superseded_at=None).values("interaction")
    keys = Fact.objects.filter(interaction__in=touches, name="order").values_list("key", flat=True)
    digits = {"".join(filter(str.isdigit, key)) for key in keys}
    return {each for each in digits if len(each) >= PROOF_DIGITS}


# ---- a person -------------------------------------------------------------------------------------------------------


def person_or_promise(asked: Asked, key: Key | None = None) -> Verbs:
    return person(asked, key) if asked.here.is_open else callback(asked, key)


def person(asked: Asked, key: Key | None) -> Verbs:
    """Into the queue, after the question about recording, where we want to record at all."""
    team = key.team if key and key.does == Does.TEAM else asked.line.team
    if team is not None and team != asked.call.team_id:
        PhoneCall.objects.filter(pk=asked.call.pk).update(team=team)
    if asked.line.records and not asked.call.consent:
        return [twiml.gather(asked.at("consent"), asked.say(words.question(asked.line)))]
    return enqueue(asked)


def consent(asked: Asked) -> Verbs:
    """Only a 1 is a yes. A 0 is what it always is: a person, and no recording."""
    yes = asked.digits == "1"
    phoning.consented(call=asked.call, yes=yes, now=asked.now)
    return [asked.say(words.consented(yes)), *enqueue(asked)]


def enqueue(asked: Asked) -> Verbs:
    call = phoning.waits(call=asked.call, team=None, now=asked.now)
    return [twiml.enqueue(call.queue, wait=asked.at("wait"), after=asked.at("left"))]


def wait(asked: Asked) -> Verbs:
    """While they wait: the wait again, told anew each time, and ways out of it."""
    if not asked.here.is_open and asked.call.agent_id is None and not asked.call.brief:
        phoning.left_queue(call=asked.call, wish=str(Does.CALLBACK), now=asked.now)
        return [asked.say(words.closed(asked.here)), twiml.leave()]
    keys = [key for key in heard(asked.line, is_open=True, knows=False) if key.does in WAYS_OUT]
    told = words.waiting(wait_of(asked.call, asked.channel, now=asked.now))
    said = asked.say(f"{told} {words.while_waiting(keys)}".strip())
    if not keys:
        return [said, twiml.pause(HEARD_EVERY)]
    return [twiml.gather(asked.at("wait-key"), said, seconds=HEARD_EVERY, even_if_none=False)]


def wait_key(asked: Asked) -> Verbs:
    """A key while they wait. Any but the two that were offered keeps their place."""
    key = asked.line.key(asked.digits)
    if key is None or key.does not in WAYS_OUT:
        return wait(asked)
    phoning.left_queue(call=asked.call, wish=str(key.does), now=asked.now)
    return [twiml.leave()]


def left(asked: Asked) -> Verbs:
    """What comes after the queue: what they wished for, or the end."""
    if asked.call.ended_at is not None:
        return [twiml.hang_up()]
    if asked.call.wish:
        return STEPS[Step(asked.call.wish)](asked, None)
    if asked.said.get("QueueResult", "") in ("queue-full", "error", "system-error"):
        return callback(asked, None)
    return [twiml.hang_up()]


def handed(asked: Asked) -> Verbs:
    """From one of us to the next, who knows what it is about."""
    to = asked.call.wanted.first_name if asked.call.wanted else str(asked.call.team or "")
    text = _("%(name)s goes on with you, and knows what it is about.") % {"name": to or _("A colleague")}
    return [asked.say(text), *enqueue(asked)]


# ---- a promise, or a message ----------------------------------------------------------------------------------------


def callback(asked: Asked, key: Key | None) -> Verbs:
    """By when we call, and at which number: nothing is promised before they agree."""
    ask = words.promise_offer(asked.call.number, asked.here.callback_due(), asked.here)
    if asked.here.is_open:
        ask = f"{ask} {_('For a person, press 0.')}"
    return [twiml.gather(asked.at("callback"), asked.say(ask), digits=None, seconds=5, ends_with="#")]


def promise(asked: Asked) -> Verbs:
    """1 agrees to the number that they call from; more digits are another one; 0 is a person."""
    number = number_in(asked.digits, asked.call.number, str(asked.channel.settings.get("region") or "GB"))
    if asked.digits == PERSON and asked.here.is_open:
        return person(asked, None)
    if number:
        given = callbacks.promise(call=asked.call, number=number, due=asked.here.callback_due(), now=asked.now)
        return [asked.say(words.promised(number, given.due_at, asked.here)), twiml.hang_up()]
    again = sum(step["what"] == "no number" for step in asked.call.path)
    asked.chose("no number", digits=len(asked.digits))
    if again:
        return last_way(asked)
    sorry = [asked.say(_("That is no number that we can call."))] if asked.digits else []
    return [*sorry, *callback(asked, None)]


def last_way(asked: Asked) -> Verbs:
    """Nobody is hung up on: a person while somebody is here, else a message."""
    if asked.here.is_open:
        return person(asked, None)
    return voicemail(asked, None)


def number_in(digits: str, shown_number: str, region: str) -> str:
    """E.164; empty for what is no number."""
    if digits == "1":
        return shown_number
    return (
        e164(f"+{digits.removeprefix('00')}" if digits.startswith("00") else digits, region) if len(digits) > 5 else ""
    )


def voicemail(asked: Asked, key: Key | None) -> Verbs:
    """After the tone. What is said is kept: it is told before."""
    transcript = asked.door if asked.line.transcribes else ""
    text = _("Say what it is about after the tone, and press the hash key when you are done. We keep what you say.")
    return [asked.say(text), twiml.record(asked.at("recorded"), told=asked.at("message"), transcript=transcript)]


def recorded(asked: Asked) -> Verbs:
    """They have said it, or said nothing: then a person is still there."""
    if whole(asked.said.get("RecordingDuration")) == 0:
        return person_or_promise(asked)
    keep_message(asked)
    return [asked.say(_("Thank you. We have it, and answer you. Goodbye.")), twiml.hang_up()]


def keep_message(asked: Asked) -> None:
    name, source = asked.said.get("RecordingSid", ""), asked.said.get("RecordingUrl", "")[:500]
    seconds = whole(asked.said.get("RecordingDuration"))
    if name:
        phoning.keep_piece(call=asked.call, kind="voicemail", name=name, now=asked.now, source=source, seconds=seconds)


def fallback(asked: Asked) -> Verbs:
    """The provider asks here when we failed it: a failure of ours is no reason to lose a caller."""
    return [asked.say(_("Something failed on our side. You get a person.")), *person_or_promise(asked)]


STEPS: dict[Step, Callable[[Asked, Key | None], Verbs]] = {
    Step.TEXT: text,
    Step.STATUS: status,
    Step.PERSON: person,
    Step.CALLBACK: callback,
    Step.VOICEMAIL: voicemail,
}
PLACES: dict[str, Place] = {
    "": arrive,
    "menu": menu,
    "proof": proof,
    "consent": consent,
    "wait": wait,
    "wait-key": wait_key,
    "left": left,
    "handed": handed,
    "callback": promise,
    "recorded": recorded,
    "fallback": fallback,
}
