"""Chats side by side: each with its own composer, answered while they are written."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from threadline.desk.forms import chats as forms
from threadline.desk.forms.story import first_error
from threadline.desk.queries import chats as queries
from threadline.desk.queries.chats import Column
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import is_fragment
from threadline.journeys import actions
from threadline.journeys.actions.reply import NewerTouch, Way
from threadline.lib.errors import ThreadlineError
from threadline.portal import signals
from threadline.portal.actions import seen_by_us


@login_required
@require_safe
def chats(request: HttpRequest) -> HttpResponse:
    """The whole page."""
    return _board(request, "desk/chats/chats.html")


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Those that wait, and which are mine."""
    return _board(request, "desk/chats/board.html")


@login_required
@require_safe
def column(request: HttpRequest, chat_id: int) -> HttpResponse:
    """What was said in one chat, and how it stands; without htmx, that chat alone with its composer."""
    found = column_for(request, chat_id)
    template = "desk/chats/lines.html" if is_fragment(request) else "desk/chats/one.html"
    return render(request, template, _values(found))


@login_required
@require_POST
def reply(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Answer in the chat's own thread."""
    found = column_for(request, chat_id)
    form = forms.Reply(request.POST)
    if not form.is_valid():
        return _again(request, found, error=first_error(form))
    said = form.cleaned_data
    way = Way(found.thread.channel, found.thread.reply_address, found.thread)
    by, now = agent_of(request), timezone.now()
    try:
        actions.reply(
            journey=found.journey,
            text=said["text"],
            way=way,
            by=by,
            now=now,
            seen=said["seen"] or 0,
            even_if_stale=said["stale"],
        )
    except NewerTouch as newer:
        return _again(request, found, newer=str(newer))
    except ThreadlineError as error:
        return _again(request, found, error=str(error))
    seen_by_us(chat=found.chat, upto=found.newest_theirs)
    if not is_fragment(request):
        return redirect("chats")
    return render(request, "desk/chats/composer.html", {**_values(column_for(request, chat_id)), "swap": True})


@login_required
@require_POST
def take(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Make the chat's story mine."""
    found, me = column_for(request, chat_id), agent_of(request)
    if found.journey.owner_id not in (None, me.pk):
        owner = found.journey.owner
        raise ThreadlineError(_("%(name)s took it a moment ago.") % {"name": owner.name if owner else _("Somebody")})
    if found.journey.owner_id is None:
        actions.assign(journey=found.journey, owner=me, team=found.journey.team, by=me, now=timezone.now())
    return _board(request, "desk/chats/board.html") if is_fragment(request) else redirect("chats")


@login_required
@require_POST
def typing(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Somebody of ours is writing: the window says who."""
    found = column_for(request, chat_id)
    signals.tell(found.chat, "typing", name=agent_of(request).first_name)
    return HttpResponse(status=204)


@login_required
@require_POST
def seen(request: HttpRequest, chat_id: int) -> HttpResponse:
    """What they said is before our eyes."""
    found, form = column_for(request, chat_id), forms.Seen(request.POST)
    if form.is_valid():
        seen_by_us(chat=found.chat, upto=min(form.cleaned_data["upto"], found.newest_theirs))
    return HttpResponse(status=204)


def column_for(request: HttpRequest, chat_id: int) -> Column:
    """The chat, or 404 for those who may not see its story."""
    found = queries.one(chat_id, agent_of(request), now=timezone.now())
    if found is None:
        raise Http404
    return found


def _board(request: HttpRequest, template: str) -> HttpResponse:
    now = timezone.now()
    values = {"board": queries.board(agent_of(request), now=now), "now": now, "place": "chats"}
    return render(request, template, values)


def _values(found: Column, **more: Any) -> dict[str, Any]:
    return {"column": found, "now": found.now, "place": "chats", **more}


def _again(request: HttpRequest, found: Column, **why: Any) -> HttpResponse:
    """The composer with what was written still in it, and why it was not sent."""
    kept = {"text": request.POST.get("text", ""), "seen": request.POST.get("seen")}
    template = "desk/chats/composer.html" if is_fragment(request) else "desk/chats/one.html"
    return render(request, template, _values(found, **kept, **why), status=422)
