"""Telephone calls over Twilio. What is said to callers is worked out above; here stands how Twilio is talked to.

API: https://www.twilio.com/docs/voice/api. A voicemail comes in here as a touch, with what was said in it as far as
Twilio wrote it down. A call that is over comes from our own front door, which wrote it down as it went on.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from threadline.channels.contract import (
    Abilities,
    Answer,
    Broken,
    File,
    Group,
    Hook,
    Inbound,
    Limits,
    Piece,
    Raw,
    Report,
)
from threadline.channels.shapes import moment, object_in, packed, refuse, text_of
from threadline.channels.twilio_account import CREDENTIALS, SELDOM, Account
from threadline.core.touch import Direction, Handle

PART = "it is a part of a call. The call becomes one touch when it is over."
EVENTS = {
    "call.kept": "touch",
    "call.queued": PART,
    "call.initiated": PART,
    "call.ringing": PART,
    "call.in-progress": PART,
    "call.completed": PART,
    "call.busy": PART,
    "call.failed": PART,
    "call.no-answer": PART,
    "call.canceled": PART,
    "recording.in-progress": "it goes on.",
    "recording.completed": "touch",
    "recording.absent": "nobody said anything.",
    "recording.failed": "it could not be kept at Twilio.",
    "transcription.completed": "touch",
    "transcription.failed": "touch",
}
# The field that says how something stands, by what it is of.
STATES = (("transcription", "TranscriptionStatus"), ("recording", "RecordingStatus"), ("call", "CallStatus"))
RINGS = 25  # seconds until a phone of ours is given up
TYPE = "audio/mpeg"
# What carriers send for a number that is not shown: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE on the keys.
WITHHELD = {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}


class TwilioVoice(Account):
    """A telephone number. Callers hear a greeting and the true wait, and reach a person with one key."""

    kind: ClassVar[str] = "phone"
    docs: ClassVar[str] = "https://www.twilio.com/docs/voice"
    events: ClassVar[Mapping[str, str]] = EVENTS
    form: ClassVar[tuple[Group, ...]] = (CREDENTIALS, SELDOM)
    limits: ClassVar[Limits] = Limits(privacy="private")
    can: ClassVar[Abilities] = Abilities(media=True)
    received: ClassVar[Answer] = Answer(body=b"<Response/>", content_type="text/xml")

    # ---- coming in

    def split(self, hook: Hook) -> Sequence[Piece]:
        said = {**hook.query, **hook.form()}
        return [Piece(packed({**said, "Seen": hook.received_at.isoformat()}), said.get("RecordingSid", ""))]

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        said = object_in(raw.body)
        event = event_of(said)
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"Twilio sent “{event}”, which was not documented when this was written.")
        if becomes != "touch":
            raise refuse("Twilio", event, becomes)
        return [kept(said) if event == "call.kept" else voicemail(said, raw)]

    # ---- calls

    def call(self, number: str, *, then: str, told: str) -> str:
        """Ring somebody of ours; `then` says what they hear, `told` hears how it goes. Returns Twilio's id of it."""
        form = {
            "To": number,
            "From": self.endpoint.address,
            "Url": then,
            "Method": "POST",
            "StatusCallback": told,
            "StatusCallbackMethod": "POST",
            "StatusCallbackEvent": ["answered", "completed"],
            "Timeout": str(RINGS),
        }
        return str(self.api.json("POST", f"{self.place}/Calls.json", data=form)["sid"])

    def send_on(self, call: str, *, then: str) -> None:
        """Take a call that goes on out of whatever it does; `then` says what comes next."""
        self.api.json("POST", f"{self.place}/Calls/{call}.json", data={"Url": then, "Method": "POST"})

    def hang_up(self, call: str) -> None:
        self.api.json("POST", f"{self.place}/Calls/{call}.json", data={"Status": "completed"})

    # ---- being set up

    def activate(self) -> str:
        base = self.endpoint.hook_url
        self.tell_number(
            VoiceUrl=f"{base}/call",
            VoiceMethod="POST",
            VoiceFallbackUrl=f"{base}/call/fallback",
            VoiceFallbackMethod="POST",
            StatusCallback=f"{base}/call/status",
            StatusCallbackMethod="POST",
        )
        return ""


def event_of(said: Mapping[str, Any]) -> str:
    """What a request tells of, in one word of `EVENTS`. Raises Broken when it is no request of Twilio's."""
    if "Kept" in said:
        return "call.kept"
    if not said.get("CallSid"):
        raise Broken("This is no call of Twilio: it has no CallSid.")
    for name, where in STATES:
        if state := str(said.get(where) or "").lower():
            return f"{name}.{state}"
    raise Broken("This says nothing of how a call, a recording or a transcription stands.")


def voicemail(said: Mapping[str, Any], raw: Raw) -> Inbound:
    """What somebody said after the tone. Of a number that was not shown nobody is known."""
    recording = str(said.get("RecordingSid") or "")
    if not recording:
        raise Broken("Twilio's recording has no RecordingSid.")
    number, call = shown(said.get("From")), str(said["CallSid"])
    seconds = whole(said.get("RecordingDuration"))
    return Inbound(
        kind="phone",
        direction=Direction.IN,
        at=moment(said.get("Seen"), received=raw),
        once_key=f"twilio:{recording}",
        external_id=recording,
        handles=(Handle("tel", number),) if number else (),
        thread_key=f"tel:{number}" if number else f"call:{call}",
        reply_address=number,
        text=text_of(said.get("TranscriptionText") or ""),
        files=(recording_file(recording, str(said.get("RecordingUrl") or ""), 1),),
        attributes={"voicemail": True, "call": call, "recordings": 1, **({"seconds": seconds} if seconds else {})},
    )


def kept(said: Mapping[str, Any]) -> Inbound:
    """A call that is over, as our front door wrote it down."""
    try:
        told = said["Kept"]
        number, ours = str(told["number"]), told["direction"] == "out"
        return Inbound(
            kind="phone",
            direction=Direction(told["direction"]),
            at=datetime.fromisoformat(told["at"]),
            once_key=f"twilio:{told['call']}",
            external_id=str(told["call"]),
            handles=(Handle("tel", number),) if number else (),
            thread_key=f"tel:{number}" if number else f"call:{told['call']}",
            reply_address=number,
            text=text_of(told["text"]),
            author=str(told["agent"]) if ours else "",
            files=tuple(
                recording_file(each["id"], each["source"], place) for place, each in enumerate(told["files"], 1)
            ),
            attributes=dict(told["attributes"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Broken(f"This call was not written down as calls are: {error}.") from error


def recording_file(number: str, source: str, place: int) -> File:
    return File(f"recording-{place}.mp3", TYPE, 0, place, source=f"{source}.mp3" if source else "")


def shown(number: object) -> str:
    """In E.164; empty for one that was withheld, which carriers write in many ways."""
    written = str(number or "").strip()
    good = written.startswith("+") and written[1:].isdigit() and len(written) > 7
    return written if good and written not in WITHHELD else ""


def whole(value: object) -> int:
    return int(str(value)) if str(value or "").isdigit() else 0
