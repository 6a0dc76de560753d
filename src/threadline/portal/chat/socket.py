"""The WebSocket of a chat window. JSON both ways: the window says `{"do": …}`, we say `{"is": …}`.

It begins with `hello` and what it remembers: its session's token and the number of the newest message that it has
(`since`). A message carries a name of its own (`once`) and is `taken` only when it stands in the ledger, so a window
that is cut off sends it again without fear.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from django.utils import timezone
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect

from threadline.accounts.allowances import place
from threadline.channels.models import Channel
from threadline.interactions.api import in_thread
from threadline.lib.errors import ThreadlineError
from threadline.portal import actions, signals
from threadline.portal.actions import calling
from threadline.portal.actions.chatting import Visitor
from threadline.portal.chat import calls, limits
from threadline.portal.chat.broker import Window, broker
from threadline.portal.chat.door import channels, may_stand_on
from threadline.portal.chat.hello import Hello, greet
from threadline.portal.models import Chat

log = logging.getLogger(__name__)
HELLO_SECONDS = 15
LARGEST_FRAME = 32 * 1024
UNKNOWN, FOREIGN, TOO_MANY, TROUBLE, BEHIND = 4404, 4403, 4429, 4400, 4408

Said = dict[str, Any]


async def chat(websocket: WebSocket) -> None:
    """The endpoint. Refusals are closings with a code of ours: the window tells its reader what to do instead."""
    channel = await in_thread(channels.find, websocket.query_params.get("channel", ""))
    origin, host = websocket.headers.get("origin", ""), websocket.headers.get("host", "")
    await websocket.accept()
    if channel is None:
        await websocket.close(UNKNOWN, "There is no such chat.")
    elif not may_stand_on(channel, origin, host=host):
        await websocket.close(FOREIGN, "This chat may not stand on this site.")
    elif not await in_thread(limits.beginnings.allows, place_of(websocket)):
        await websocket.close(TOO_MANY, "Too many at once. Try again in a minute.")
    else:
        await converse(websocket, channel)


def place_of(asking: HTTPConnection) -> str:
    return place(asking.client.host if asking.client else "")


async def converse(websocket: WebSocket, channel: Channel) -> None:
    window = Window()
    try:
        hello = await asyncio.wait_for(frame(websocket), HELLO_SECONDS)
        who = await greet(window, channel, Hello.of(hello), place_of(websocket))
    except (TimeoutError, WebSocketDisconnect, KeyError, ThreadlineError, HTTPException):
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await websocket.close(TROUBLE, "Say hello first.")
        return
    writing = asyncio.create_task(write(websocket, window))
    try:
        await listen(websocket, window, who)
    finally:
        writing.cancel()
        if broker.remove(window):
            await in_thread(actions.left, window.session, now=timezone.now())
            await in_thread(calling.they_left, window.session, now=timezone.now())


async def frame(websocket: WebSocket) -> Said:
    """The next thing the window says. Anything that is no object of a bearable size ends the conversation."""
    text = await websocket.receive_text()
    if len(text) > LARGEST_FRAME:
        raise ThreadlineError("That is too large.")
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ThreadlineError("That is no JSON.") from error
    if not isinstance(said, dict):
        raise ThreadlineError("That is no object.")
    return said


async def write(websocket: WebSocket, window: Window) -> None:
    """Send what waits, in order."""
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        while (text := await window.queue.get()) is not None:
            if window.behind:
                await websocket.close(BEHIND, "Come back and ask for what you missed.")
                return
            await websocket.send_text(text)


async def listen(websocket: WebSocket, window: Window, who: Visitor) -> None:
    while True:
        try:
            said = await frame(websocket)
        except (WebSocketDisconnect, KeyError):
            return
        except ThreadlineError as error:
            window.send("trouble", reason=str(error))
            continue
        does = DOES.get(str(said.get("do")))
        if does is not None:
            await carefully(does, window, who, said)


async def carefully(does: "Does", window: Window, who: Visitor, said: Said) -> None:
    """Whatever goes wrong is said in words and ends nothing; what was not taken is sent again by the window."""
    try:
        await does(window, who, said)
    except ThreadlineError as error:
        window.send("refused", once=text_of(said, "once"), reason=str(error), final=True)
    except HTTPException as error:
        window.send("refused", once=text_of(said, "once"), reason=str(error.detail), final=False)


def text_of(said: Said, name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def number_of(said: Said, name: str) -> int:
    value = said.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63 else 0


# ---- what a window may do --------------------------------------------------------------------------------------


async def say(window: Window, who: Visitor, said: Said) -> None:
    once = text_of(said, "once")
    number = await in_thread(take, who, text_of(said, "text"), once)
    window.send("taken", once=once, number=number)


def take(who: Visitor, text: str, once: str) -> int:
    """Into the ledger, unless it was too much at once."""
    if not (limits.messages.allows(who.session.session) and limits.all_messages.allows(who.place)):
        raise HTTPException(429, "That was a lot at once. It goes out in a moment.")
    return actions.say(who, text=text, once=once, now=timezone.now())


async def typing(window: Window, who: Visitor, said: Said) -> None:
    if limits.signals.allows(who.session.session):
        await in_thread(signal, who, "typing")


async def read(window: Window, who: Visitor, said: Said) -> None:
    if limits.signals.allows(who.session.session):
        await in_thread(actions.read_upto, who, upto=number_of(said, "upto"), now=timezone.now())


async def address(window: Window, who: Visitor, said: Said) -> None:
    email, name = text_of(said, "email"), text_of(said, "name")
    if not await in_thread(limits.addresses.allows, who.session.session):
        raise ThreadlineError("That were many addresses. Wait a minute, then type the one that you read.")
    chat = await in_thread(actions.give_address, who, email=email, name=name, now=timezone.now())
    window.send("address", email=chat.email, name=chat.name)


async def beat(window: Window, who: Visitor, said: Said) -> None:
    """Is anybody there? A network that went away closes nothing; only an answer tells."""
    window.send("beat")


async def end(window: Window, who: Visitor, said: Said) -> None:
    await in_thread(actions.end, who, now=timezone.now())
    window.send("ended")


async def rate(window: Window, who: Visitor, said: Said) -> None:
    text, now = text_of(said, "text"), timezone.now()
    await in_thread(actions.rate, who, stars=number_of(said, "stars"), text=text, now=now)
    window.send("rated")


def signal(who: Visitor, what: str) -> None:
    chat = Chat.objects.filter(session=who.session.session, ended_at=None).first()
    if chat is not None:
        signals.tell(chat, f"visitor_{what}", name=chat.name)


Does = Callable[[Window, Visitor, Said], Awaitable[None]]
DOES: dict[str, Does] = {
    "say": say,
    "typing": typing,
    "read": read,
    "address": address,
    "end": end,
    "rate": rate,
    "beat": beat,
    "ring": calls.ring,
    "call": calls.act,
}
