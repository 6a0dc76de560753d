"""How a call stands, as the two browsers need it; and the servers that help them to find each other."""

import base64
import hashlib
import hmac
import time
from typing import Any

from django.conf import settings
from django.utils import timezone

from threadline.portal.models import Call, CallSignal, Chat

GOOD_FOR = 6 * 3600
AT_ONCE = 100


def standing(call: Call) -> dict[str, Any]:
    """Both sides get the same; “ours” is the desk."""
    now = timezone.now()
    return {
        "call": call.pk,
        "state": call.state,
        "from_us": call.from_us,
        "by": call.agent.first_name,
        "they": call.chat.name,
        "video": {"ours": call.video_ours, "theirs": call.video_theirs},
        "record": {"ours": call.record_ours, "theirs": call.record_theirs},
        "why": call.why,
        "seconds": call.seconds(now),
        "servers": servers(call) if call.ended_at is None else [],
    }


def servers(call: Call) -> list[dict[str, Any]]:
    """STUN and TURN servers as RTCPeerConnection takes them. For TURN, a name and password of this call only,
    as coturn's `use-auth-secret` checks them.
    """
    stun = [each for each in settings.CALL_SERVERS if each.startswith(("stun:", "stuns:"))]
    turn = [each for each in settings.CALL_SERVERS if each.startswith(("turn:", "turns:"))]
    found: list[dict[str, Any]] = [{"urls": stun}] if stun else []
    if turn and settings.TURN_SECRET:
        name = f"{int(time.time()) + GOOD_FOR}:call-{call.pk}"
        digest = hmac.new(settings.TURN_SECRET.encode(), name.encode(), hashlib.sha1).digest()
        found.append({"urls": turn, "username": name, "credential": base64.b64encode(digest).decode()})
    return found


def newest(chat: Chat) -> Call | None:
    return Call.objects.filter(chat=chat).select_related("chat", "agent").order_by("-pk").first()


def open_call(chat: Chat) -> dict[str, Any] | None:
    """For a window that comes in while it rings."""
    call = Call.objects.going_on().filter(chat=chat).select_related("chat", "agent").first()
    return standing(call) if call else None


def said(call: Call, *, ours: bool, since: int) -> list[list[object]]:
    """What one side's browser said after signal `since`, oldest first."""
    found = CallSignal.objects.filter(call=call, ours=ours, pk__gt=since).order_by("pk")[:AT_ONCE]
    return [[signal.pk, signal.data] for signal in found]


def for_window(session: str, what: str, number: int) -> dict[str, Any] | None:
    """What a window of this session hears; None for what is not its own. `number` is that of the call or signal."""
    if what == "call":
        call = Call.objects.filter(pk=number, chat__session=session).select_related("chat", "agent").first()
        return {"what": "call", **standing(call)} if call else None
    signal = CallSignal.objects.filter(pk=number, ours=True, call__chat__session=session).first()
    return {"what": "call_said", "call": signal.call_id, "data": signal.data} if signal else None
