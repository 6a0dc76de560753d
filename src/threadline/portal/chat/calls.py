"""What a chat window may do in a call. It never names the call's chat: that is the one its session stands for."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from threadline.interactions.api import in_thread
from threadline.lib.errors import ThreadlineError
from threadline.portal.actions import calling
from threadline.portal.actions.chatting import Visitor
from threadline.portal.chat import limits
from threadline.portal.models import Call, Chat

if TYPE_CHECKING:
    from threadline.portal.chat.broker import Window


async def ring(window: "Window", who: Visitor, said: dict[str, Any]) -> None:
    if not await in_thread(limits.rings.allows, who.session.session):
        window.send("call_refused", reason="That were many calls at once. Wait a minute, or write.")
        return
    try:
        await in_thread(_ring, who)
    except ThreadlineError as error:
        window.send("call_refused", reason=str(error))


def _ring(who: Visitor) -> None:
    chat = Chat.objects.filter(session=who.session.session).first()
    if chat is None:
        raise ThreadlineError("Write first; you can call once somebody answers.")
    calling.ring(chat=chat, by=None, now=timezone.now())


async def act(window: "Window", who: Visitor, said: dict[str, Any]) -> None:
    """`does`: accept, hang_up, agree (`topic`, `yes`), say (`data`), here."""
    if not limits.calls.allows(who.session.session):
        return
    try:
        await in_thread(_act, who, said)
    except ThreadlineError as error:
        window.send("call_refused", reason=str(error))


def _act(who: Visitor, said: dict[str, Any]) -> None:
    call = Call.objects.going_on().filter(chat__session=who.session.session).select_related("chat", "agent").first()
    if call is None or call.pk != said.get("call"):
        raise ThreadlineError("The call is over.")
    act_in(call, said, ours=False)


def act_in(call: Call, said: dict[str, Any], *, ours: bool) -> None:
    """The same for both sides."""
    does, now = said.get("does"), timezone.now()
    if does == "accept":
        calling.accept(call=call, ours=ours, now=now)
    elif does == "hang_up":
        calling.hang_up(call=call, ours=ours, now=now)
    elif does == "agree":
        calling.agree(call=call, ours=ours, topic=str(said.get("topic")), yes=said.get("yes") is True, now=now)
    elif does == "say":
        calling.pass_on(call=call, ours=ours, data=said.get("data"), now=now)
    elif does == "here":
        calling.stay(call=call, now=now)
    else:
        raise ThreadlineError("In a call one can accept, hang up, agree and say.")
