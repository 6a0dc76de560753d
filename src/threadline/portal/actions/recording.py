"""What was recorded of a call, in pieces while it goes on; and the call as a touch of the story when it is over."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from threadline.core.durations import spell
from threadline.interactions.models import Upload
from threadline.interactions.outgoing import announced
from threadline.journeys.actions.reply import through_the_ledger
from threadline.journeys.actions.structure import next_number
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError
from threadline.portal import signals
from threadline.portal.models import Call, CallPiece

PIECE_BYTES = 2_000_000
MOST_BYTES = 60_000_000
LONGEST = timedelta(hours=1)
GRACE = timedelta(seconds=30)  # the last piece arrives after the recording ended
WEBM = b"\x1aE\xdf\xa3"


@transaction.atomic
def keep_piece(*, call: Call, part: int, number: int, data: bytes, now: datetime) -> None:
    """Keep a piece of the recording. Sent twice, it is kept once. Refused unless both agreed."""
    call = Call.objects.select_for_update(of=["self"]).get(pk=call.pk)
    late = call.recording_until is not None and now - call.recording_until < GRACE and call.touch is None
    if not call.recording and not late:
        raise ThreadlineError("Nothing is recorded unless both agree, and no longer than that.")
    if not data or len(data) > PIECE_BYTES or not (0 < part <= 20 and 0 <= number < 3000):
        raise ThreadlineError("This is no piece of a recording.")
    if number == 0 and not data.startswith(WEBM):
        raise ThreadlineError("A recording begins as WebM, and this does not.")
    if call.recording_since is None or now - call.recording_since > LONGEST + GRACE:
        raise ThreadlineError("The recording has reached an hour. It ends here; the call goes on.")
    if _size(call) + len(data) > MOST_BYTES:
        raise ThreadlineError(
            f"The recording has reached {MOST_BYTES // 1_000_000} MB. It ends here; the call goes on."
        )
    CallPiece.objects.get_or_create(call=call, part=part, number=number, defaults={"data": data})


def _size(call: Call) -> int:
    lengths = CallPiece.objects.filter(call=call).extra(select={"bytes": "octet_length(data)"})
    return sum(lengths.values_list("bytes", flat=True))


@transaction.atomic
def keep_in_story(*, call: Call, now: datetime) -> None:
    """Write the call into the ledger, with what was recorded of it. Done once; what was not answered is no touch."""
    hold_pipeline()
    call = Call.objects.select_for_update(of=["self"]).select_related("chat__channel", "agent").get(pk=call.pk)
    if call.touch is not None or call.ended_at is None or call.answered_at is None:
        return
    files = list(recordings(call, now=now))
    number, (journey, _team) = next_number(), signals.standing_of(call.chat)
    through_the_ledger(number, call.chat.channel, payload(call, number, journey, files), now)
    Call.objects.filter(pk=call.pk).update(touch=number)
    call.pieces.all().delete()


def recordings(call: Call, *, now: datetime) -> Iterator[Upload]:
    """One file for each time that recording was begun, put together from its pieces."""
    parts = call.pieces.order_by("part", "number")
    for part in sorted(set(parts.values_list("part", flat=True))):
        pieces = parts.filter(part=part).values_list("number", "data")
        data = b"".join(bytes(piece) for _number, piece in pieces)
        if data.startswith(WEBM):
            name = _("Recording %(n)d of the call.webm") % {"n": part}
            yield Upload.objects.create(
                name=name,
                content_type="video/webm",
                size=len(data),
                data=data,
                by=call.agent,
                at=now,
                sent=True,
            )


def payload(call: Call, number: int, journey: int | None, files: list[Upload]) -> dict[str, object]:
    """The call as an object of the ledger, in the chat's own thread."""
    chat, ours = call.chat, call.from_us
    them = {"visitor_id": chat.visitor, **({"name": chat.name} if chat.name else {})}
    assert call.answered_at is not None, "only asked of calls that were answered"
    assert call.ended_at is not None, "and that are over"
    seconds = call.seconds(call.ended_at)
    desk: dict[str, object] = {"agent": call.agent_id, **({"files": announced(files)} if files else {})}
    if journey is not None:
        desk["journey"] = Journey.objects.filter(pk=journey).values_list("pk", flat=True).get()
    return {
        "id": f"call-{number}@{settings.PUBLIC_URL}",
        "at": call.answered_at.isoformat(),
        "channel": "phone",
        "direction": "out" if ours else "in",
        "endpoint": chat.channel.address,
        "sender": {"agent": call.agent.handle or call.agent.email} if ours else them,
        "to": them if ours else None,
        "thread": {"session": chat.session},
        "text": words(call, seconds, recorded=bool(files)),
        "attributes": {
            "seconds": seconds,
            "ended_at": call.ended_at.isoformat(),
            "ended": call.why,
            "in_browser": True,
            "talked_with": call.agent.name,
            "video": any(each["topic"] == "video" and each["by"] == "theirs" for each in call.agreed),
            "agreed": call.agreed,
            "recorded": bool(files),
        },
        "desk": desk,
    }


def words(call: Call, seconds: int, *, recorded: bool) -> str:
    """What stands in the story until somebody writes more."""
    length = spell(timedelta(seconds=seconds))
    told = _("%(agent)s and they talked for %(length)s in the chat window.") % {
        "agent": call.agent.first_name,
        "length": length,
    }
    return f"{told} {_('Recorded; both agreed.') if recorded else _('Not recorded.')}"
