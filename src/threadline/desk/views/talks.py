"""A call with somebody in the chat window: a small window of its own, so that the desk stays free meanwhile."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.rights import Right
from threadline.desk.queries.chats import Column
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.chats import column_for
from threadline.desk.views.story.pages import number
from threadline.lib.errors import ThreadlineError
from threadline.lib.pages import LISTENS
from threadline.portal.actions import calling, recording
from threadline.portal.chat.calls import act_in
from threadline.portal.models import Call
from threadline.portal.queries import calls as queries

LARGEST = 32 * 1024


@needs(Right.ANSWER)
@require_safe
def talk(request: HttpRequest, chat_id: int) -> HttpResponse:
    """The window. `?then=ring` rings at once, `?then=answer` answers."""
    found = column_for(request, chat_id)
    mine = found.journey.owner_id == agent_of(request).pk
    values = {"column": found, "mine": mine, "then": request.GET.get("then", "")[:10], "limits": recording}
    response = render(request, "desk/talks/talk.html", values)
    response["Permissions-Policy"] = LISTENS
    return response


@needs(Right.ANSWER)
@require_safe
def now(request: HttpRequest, chat_id: int) -> HttpResponse:
    """How my call in this chat stands, and what the other browser said `since`."""
    found = column_for(request, chat_id)
    call = mine(request, found, ended=True)
    if call is None:
        return JsonResponse({"state": "none"})
    said = queries.said(call, ours=False, since=number(request, "since") or 0)
    return JsonResponse({**queries.standing(call), "said": said})


@needs(Right.ANSWER)
@require_safe
def rings(request: HttpRequest, chat_id: int) -> HttpResponse:
    """The notice that somebody rings, on whatever screen is open; nothing once it is over, or for others."""
    found = column_for(request, chat_id)
    call = mine(request, found)
    if call is None or call.from_us or call.answered_at is not None:
        return HttpResponse(status=204)
    return render(request, "desk/talks/rings.html", {"column": found, "call": call})


@needs(Right.ANSWER)
@require_POST
def do(request: HttpRequest, chat_id: int) -> HttpResponse:
    """JSON: `does` is ring, accept, hang_up, agree, say, here, or recorded when the last piece is here."""
    found = column_for(request, chat_id)
    try:
        said = said_in(request)
        if said.get("does") == "ring":
            call = calling.ring(chat=found.chat, by=agent_of(request), now=timezone.now())
            return JsonResponse({**queries.standing(call), "said": []})
        _act(request, found, said)
    except ThreadlineError as error:
        return JsonResponse({"reason": str(error)}, status=422)
    return HttpResponse(status=204)


def _act(request: HttpRequest, found: Column, said: dict[str, Any]) -> None:
    recorded = said.get("does") == "recorded"
    call = mine(request, found, ended=recorded)
    if call is None or call.pk != said.get("call"):
        raise ThreadlineError(_("The call is over."))
    if recorded:
        recording.keep_in_story(call=call, now=timezone.now())
    else:
        act_in(call, said, ours=True)


@needs(Right.ANSWER)
@require_POST
def piece(request: HttpRequest, chat_id: int) -> HttpResponse:
    """A piece of what is recorded: `?part=1&number=0`, its bytes as the body."""
    call = mine(request, column_for(request, chat_id), ended=True)
    try:
        if call is None:
            raise ThreadlineError(_("The call is over."))
        part, which = number_in(request, "part"), number_in(request, "number")
        recording.keep_piece(call=call, part=part, number=which, data=body_of(request), now=timezone.now())
    except ThreadlineError as error:
        return JsonResponse({"reason": str(error)}, status=422)
    return HttpResponse(status=204)


def mine(request: HttpRequest, found: Column, *, ended: bool = False) -> Call | None:
    """My call in this chat: the one that goes on, or with `ended` the latest one."""
    call = queries.newest(found.chat)
    if call is None or call.agent_id != agent_of(request).pk:
        return None
    return call if ended or call.ended_at is None else None


def number_in(request: HttpRequest, name: str) -> int:
    value = number(request, name)
    return -1 if value is None else value


def body_of(request: HttpRequest) -> bytes:
    announced = request.headers.get("Content-Length", "")
    if not announced.isdigit() or int(announced) > recording.PIECE_BYTES:
        raise ThreadlineError(_("This piece is too large."))
    return request.body


def said_in(request: HttpRequest) -> dict[str, Any]:
    announced = request.headers.get("Content-Length", "")
    if not announced.isdigit() or int(announced) > LARGEST:
        raise ThreadlineError(_("That is too large."))
    try:
        said = json.loads(request.body or b"null")
    except ValueError as error:
        raise ThreadlineError(_("That is no JSON.")) from error
    if not isinstance(said, dict):
        raise ThreadlineError(_("That is no object."))
    return said
