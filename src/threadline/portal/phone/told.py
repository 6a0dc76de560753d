"""What the provider tells of a call beside asking what comes next: how it stands, and what was recorded."""

from collections.abc import Callable

from threadline.channels.adapters.twilio_voice import whole
from threadline.channels.twiml import Verb
from threadline.portal.actions import phoning
from threadline.portal.actions.call_keeping import keep_soon
from threadline.portal.models import PhoneCall
from threadline.portal.phone.steps import Asked, keep_message

OVER = {"completed", "busy", "failed", "no-answer", "canceled"}


def status(asked: Asked) -> list[Verb]:
    """The customer's end is over."""
    if asked.said.get("CallStatus") in OVER and asked.call.ended_at is None:
        phoning.end(call=asked.call, why=phoning.why_of(asked.call), now=asked.now)
        keep_soon()
    return []


def recording(asked: Asked) -> list[Verb]:
    """Of a talk. The provider names our end of the call, which is another one than the customer's."""
    call = PhoneCall.objects.filter(legs__sid=asked.said.get("CallSid", "")).order_by("-pk").first()
    if call is not None and asked.said.get("RecordingStatus") == "completed":
        phoning.keep_piece(
            call=call,
            kind="recording",
            name=asked.said.get("RecordingSid", ""),
            now=asked.now,
            source=asked.said.get("RecordingUrl", "")[:500],
            seconds=whole(asked.said.get("RecordingDuration")),
        )
        keep_soon()
    return []


def message(asked: Asked) -> list[Verb]:
    """Of what they said after the tone."""
    if asked.said.get("RecordingStatus") == "completed":
        keep_message(asked)
    return []


PLACES: dict[str, Callable[[Asked], list[Verb]]] = {"status": status, "recording": recording, "message": message}
