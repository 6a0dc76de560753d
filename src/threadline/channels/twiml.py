"""What a telephone call does next, as Twilio reads it (TwiML). Our own few verbs, written where they are documented.

Reference: https://www.twilio.com/docs/voice/twiml. A document is a list of verbs; `Gather` holds what is said while
somebody may press keys, `Dial` the one it connects with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree import ElementTree

CONTENT_TYPE = "text/xml; charset=utf-8"
LONGEST_SAY = 4000  # Twilio reads up to 4,096 characters aloud


@dataclass(frozen=True, slots=True)
class Verb:
    """One element. `options` are its attributes in Twilio's own spelling; those that are None are left out."""

    name: str
    text: str = ""
    options: dict[str, str | int | bool | None] = field(default_factory=dict)
    inside: tuple["Verb", ...] = ()

    def element(self) -> ElementTree.Element:
        found = ElementTree.Element(
            self.name, {name: written(value) for name, value in self.options.items() if value is not None}
        )
        found.text = readable(self.text) or None
        found.extend(each.element() for each in self.inside)
        return found


def written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else readable(str(value))


def readable(text: str) -> str:
    """Without what XML can not hold."""
    return "".join(
        each
        for each in text
        if each in "\t\n" or (each >= " " and not "\ud800" <= each <= "\udfff" and each < "\ufffe")
    )


@dataclass(frozen=True, slots=True)
class Voice:
    """How it sounds: a language such as en-GB, and a voice of Twilio's, or its usual one."""

    language: str = "en-GB"
    name: str = ""

    def say(self, text: str) -> Verb:
        return Verb("Say", text[:LONGEST_SAY], {"language": self.language, "voice": self.name or None})


def document(verbs: Iterable[Verb]) -> bytes:
    body = Verb("Response", inside=tuple(verbs)).element()
    return b'<?xml version="1.0" encoding="UTF-8"?>' + ElementTree.tostring(body, encoding="unicode").encode()


def gather(
    action: str, *said: Verb, digits: int | None = 1, seconds: int = 6, ends_with: str = "", even_if_none: bool = True
) -> Verb:
    """Keys that may be pressed while it is said and for some seconds after. Pressing none also leads to `action`."""
    options: dict[str, str | int | bool | None] = {
        "input": "dtmf",
        "action": action,
        "method": "POST",
        "timeout": seconds,
        "numDigits": digits,
        "finishOnKey": ends_with,
        "actionOnEmptyResult": even_if_none,
    }
    return Verb("Gather", options=options, inside=said)


def pause(seconds: int) -> Verb:
    return Verb("Pause", options={"length": seconds})


def redirect(address: str) -> Verb:
    return Verb("Redirect", address, {"method": "POST"})


def hang_up() -> Verb:
    return Verb("Hangup")


def leave() -> Verb:
    return Verb("Leave")


def enqueue(queue: str, *, wait: str, after: str) -> Verb:
    """Into a queue. `wait` says what is heard there, `after` what comes when they have left it."""
    return Verb("Enqueue", queue, {"action": after, "method": "POST", "waitUrl": wait, "waitUrlMethod": "POST"})


def record(
    action: str, *, told: str, transcript: str = "", longest: int = 120, silence: int = 6, ends_with: str = "#"
) -> Verb:
    """After a tone, what somebody says. `told` hears of the recording, `transcript` of its words."""
    options: dict[str, str | int | bool | None] = {
        "action": action,
        "method": "POST",
        "maxLength": longest,
        "timeout": silence,
        "finishOnKey": ends_with,
        "playBeep": True,
        "trim": "trim-silence",
        "recordingStatusCallback": told,
        "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": "completed absent",
        "transcribe": True if transcript else None,
        "transcribeCallback": transcript or None,
    }
    return Verb("Record", options=options)


def dial(noun: Verb, *, after: str, seconds: int, caller: str = "", recorded: str = "") -> Verb:
    """Connect with somebody. `recorded`: who hears of the recording, in two channels; empty records nothing."""
    options: dict[str, str | int | bool | None] = {
        "action": after,
        "method": "POST",
        "timeout": seconds,
        "callerId": caller or None,
        "record": "record-from-answer-dual" if recorded else None,
        "recordingStatusCallback": recorded or None,
        "recordingStatusCallbackMethod": "POST" if recorded else None,
        "recordingStatusCallbackEvent": "completed absent" if recorded else None,
    }
    return Verb("Dial", options=options, inside=(noun,))


def queue(name: str, *, before: str) -> Verb:
    """Whoever waits longest in a queue; `before` is heard by them first."""
    return Verb("Queue", name, {"url": before, "method": "POST"})


def number(value: str, *, before: str, told: str) -> Verb:
    """A telephone. `before` is heard there first, `told` hears how the call goes."""
    options: dict[str, str | int | bool | None] = {
        "url": before,
        "method": "POST",
        "statusCallback": told,
        "statusCallbackMethod": "POST",
        "statusCallbackEvent": "answered completed",
    }
    return Verb("Number", value, options)


def transcribed(name: str, *, told: str, language: str, ours: str, theirs: str) -> Verb:
    """From now on, what both sides say is written down and told. `ours` speaks on this call, `theirs` on the other."""
    options: dict[str, str | int | bool | None] = {
        "name": name,
        "statusCallbackUrl": told,
        "statusCallbackMethod": "POST",
        "languageCode": language,
        "track": "both_tracks",
        "inboundTrackLabel": ours,
        "outboundTrackLabel": theirs,
        "partialResults": False,
        "enableAutomaticPunctuation": True,
    }
    return Verb("Start", inside=(Verb("Transcription", options=options),))
