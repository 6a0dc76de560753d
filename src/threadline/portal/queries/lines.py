"""What callers of a line hear, step by step, as text: for whoever sets it up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from threadline.channels.models import Channel
from threadline.core.phone import Does, Key, Line, heard
from threadline.core.routing import Measured
from threadline.portal.phone import words
from threadline.portal.phone.lines import Answering, Wait, true_wait

EXAMPLE = Measured(50, timedelta(minutes=4), timedelta(minutes=9))
NUMBER = "+447700900123"


@dataclass(frozen=True, slots=True)
class Branch:
    """One key: what it is offered with, what is heard behind it, and where that ends."""

    digit: str
    offered: str
    heard: str
    ends: str
    verbatim: bool = True


@dataclass(frozen=True, slots=True)
class Heard:
    """`first` is heard while we are open, `closed` otherwise. `measured`: the wait in it is the true one of now."""

    first: str
    closed: str
    branches: list[Branch]
    person: list[str]
    whisper: str
    is_open: bool
    measured: bool


def heard_on(channel: Channel, line: Line, *, now: datetime) -> Heard:
    here = Answering(channel, now, line)
    taken = true_wait(channel, now=now) if channel.pk else None
    with override(line.language.partition("-")[0]):
        wait = words.waiting(Wait(2, taken or EXAMPLE))
        keys = heard(line, is_open=True, knows=True)
        closed_keys = heard(line, is_open=False, knows=True)
        return Heard(
            first=f"{words.greeting(here)} {wait} {words.offers(keys, is_open=True)}",
            closed=f"{words.greeting(here)} {words.closed(here)} {words.offers(closed_keys, is_open=False)}",
            branches=[branch(key, here) for key in keys],
            person=[
                *([words.question(line)] if line.records else []),
                f"{wait} {words.while_waiting(ways_out(line))}".strip(),
            ],
            whisper=_(
                "Ana Karlsson, known by the number. About: Faulty product. Has waited 4 minutes. Press any key to talk."
            ),
            is_open=here.is_open,
            measured=taken is not None,
        )


def ways_out(line: Line) -> list[Key]:
    return [key for key in heard(line, is_open=True, knows=False) if key.does in (Does.CALLBACK, Does.VOICEMAIL)]


def branch(key: Key, here: Answering) -> Branch:
    person = _("then a person, or any key")
    told = {
        Does.STATUS: (_("Whose turn it is, and by when we promised an answer. Never what it is about."), person),
        Does.CALLBACK: (
            words.promise_offer(NUMBER, here.callback_due(), here),
            _("a promise with a clock in the story"),
        ),
        Does.VOICEMAIL: (
            _("Say what it is about after the tone, and press the hash key when you are done. We keep what you say."),
            _("a touch in the story, with its recording"),
        ),
        Does.TEAM: (_("The wait of that team."), _("a person of that team")),
        Does.TEXT: (key.text, person),
    }
    verbatim = key.does not in (Does.STATUS, Does.TEAM)
    return Branch(key.digit, words.offer(key), *told[key.does], verbatim=verbatim)
