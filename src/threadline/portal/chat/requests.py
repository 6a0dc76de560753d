"""What a chat window asks for beside its socket: sending a file, a copy of what was said, a page that was looked at.

The session's token stands in the Authorization field. There are no cookies, so a foreign page can do nothing with
somebody else's browser.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
from django.utils import timezone
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from threadline.channels.adapters.chat import FILE_BYTES
from threadline.channels.models import Channel
from threadline.interactions.api import in_thread
from threadline.lib.errors import ThreadlineError
from threadline.portal import actions
from threadline.portal.actions import mailing
from threadline.portal.actions.chatting import Visitor
from threadline.portal.chat import limits, uploads
from threadline.portal.chat.door import channels, may_stand_on
from threadline.portal.chat.hello import recognised
from threadline.portal.chat.socket import place_of
from threadline.portal.chat.tokens import Session, session_in
from threadline.portal.models import Chat

LARGEST_BODY = 16 * 1024
WIDGET = Path(__file__).parents[1] / "static" / "portal" / "built" / "widget.js"
CALL = WIDGET.with_name("widget_call.js")
Endpoint = Callable[[Request, Channel], Awaitable[Response]]


def asked(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """Find the channel, check the site, answer its browser's question beforehand (CORS), and say troubles in words."""

    async def answer(request: Request) -> Response:
        channel = await in_thread(channels.find, request.query_params.get("channel", ""))
        origin = request.headers.get("origin", "")
        if channel is None:
            return JSONResponse({"reason": "There is no such chat."}, 404)
        if not may_stand_on(channel, origin, host=request.headers.get("host", "")):
            return JSONResponse({"reason": "This chat may not stand on this site."}, 403)
        response = (
            Response(status_code=204) if request.method == "OPTIONS" else await carefully(endpoint, request, channel)
        )
        response.headers.update(
            {
                "Access-Control-Allow-Origin": origin,
                "Access-Control-Allow-Headers": "Authorization, Content-Type",
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Max-Age": "600",
                "Cache-Control": "no-store",
                "Vary": "Origin",
            }
        )
        return response

    return answer


async def carefully(endpoint: Endpoint, request: Request, channel: Channel) -> Response:
    try:
        return await endpoint(request, channel)
    except ThreadlineError as error:
        return JSONResponse({"reason": str(error)}, 422)
    except HTTPException as error:
        return JSONResponse({"reason": error.detail}, error.status_code)


def session_of(request: Request, channel: Channel) -> Session:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    session = session_in(token, channel)
    if session is None:
        raise HTTPException(401, "This chat is not known here any more. Load the page again.")
    return session


async def body_of(request: Request, most: int) -> bytes:
    """The whole body, refused as soon as it is too large."""
    announced = request.headers.get("content-length", "")
    pieces, length = [], 0
    if not (announced.isdigit() and int(announced) > most):
        async for piece in request.stream():
            length += len(piece)
            if length > most:
                break
            pieces.append(piece)
        else:
            return b"".join(pieces)
    raise HTTPException(413, f"That is larger than {most // 1024:,} KB. Send something smaller.")


@asked
async def file(request: Request, channel: Channel) -> Response:
    """One file is one message. Answered when it stands in the ledger."""
    session = session_of(request, channel)
    if not await in_thread(files_allowed, session.session, place_of(request)):
        raise HTTPException(429, "That were many files at once. Wait a minute.")
    data = await body_of(request, FILE_BYTES)
    upload = uploads.checked(request.query_params.get("name", ""), data)
    once = request.query_params.get("once", "")
    number = await in_thread(send_file, Visitor(channel, session), upload, once)
    return JSONResponse({"number": number, "name": upload.name})


def files_allowed(session: str, place: str) -> bool:
    return limits.files.allows(session) and limits.all_messages.allows(place)


def send_file(who: Visitor, upload: Any, once: str) -> int:
    mine_still(who.session)
    return actions.say(who, text="", once=once, now=timezone.now(), file=upload)


def mine_still(session: Session) -> None:
    """A token from before somebody else signed in opens nothing that is theirs."""
    if Chat.objects.filter(session=session.session).exclude(account__in=("", session.account)).exists():
        raise HTTPException(401, "This chat belongs to somebody who signed in. Load the page again.")


@asked
async def copy(request: Request, channel: Channel) -> Response:
    """GET: what was said, to save. POST: the same by mail, to the address that they gave."""
    session = session_of(request, channel)
    chat = await in_thread(chat_of, session)
    if request.method == "GET":
        text = await in_thread(mailing.transcript, chat)
        return PlainTextResponse(text, headers={"Content-Disposition": 'attachment; filename="chat.txt"'})
    await in_thread(mailing.send_copy, chat=chat, now=timezone.now())
    return JSONResponse({"email": chat.email})


def chat_of(session: Session) -> Chat:
    mine_still(session)
    chat = Chat.objects.select_related("channel").filter(session=session.session, channel=session.channel).first()
    if chat is None:
        raise ThreadlineError("Nothing was said yet.")
    return chat


@asked
async def view(request: Request, channel: Channel) -> Response:
    """A page was looked at; windows ask only after their reader agreed. Gives the session under which it is known."""
    said = orjson.loads(await body_of(request, LARGEST_BODY) or b"{}")
    if not isinstance(said, dict):
        raise ThreadlineError("That is no object.")
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    known = session_in(texts.get("token", ""), channel)
    if not await in_thread(view_allowed, known, place_of(request)):
        raise HTTPException(429, "Too many pages at once.")
    session, proven = await in_thread(recognised, texts.get("token", ""), texts.get("identity", ""), channel)
    who = Visitor(channel, session, proven)
    where = {"address": texts.get("url", ""), "title": texts.get("title", ""), "once": texts.get("once", "")}
    await in_thread(actions.view, who, now=timezone.now(), **where)
    return JSONResponse({"token": session.token})


def view_allowed(known: Session | None, place: str) -> bool:
    """Who brings a token of ours is counted alone; all others of a place together, or they would make tokens up."""
    return limits.views.allows(known.session) if known else limits.newcomers.allows(place)


async def widget(request: Request) -> Response:
    """The window's program: one file, for any site."""
    return program(WIDGET)


async def call_program(request: Request) -> Response:
    """What a window loads with its first call, and not before."""
    return program(CALL)


def program(path: Path) -> Response:
    if not path.exists():
        return PlainTextResponse("The front end is not built. Run make build.", 404)
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
    return FileResponse(path, media_type="text/javascript; charset=utf-8", headers=headers)
