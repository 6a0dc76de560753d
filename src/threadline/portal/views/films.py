"""The page of a short video. Nobody signs in; the link is the key, and there are no cookies."""

import secrets

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from threadline.interactions.models import Interaction
from threadline.lib.errors import ThreadlineError
from threadline.lib.ranges import ranged
from threadline.portal.actions import filming
from threadline.portal.chat import limits
from threadline.portal.models import Film
from threadline.portal.queries import films as queries

NO_TRACE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-store"}
Found = tuple[Film, Interaction]


@require_safe
def film(request: HttpRequest, token: str) -> HttpResponse:
    found = filming.open_film(token, now=timezone.now())
    return _page(request, token, found)


def _page(request: HttpRequest, token: str, found: Found | None, *, status: int = 200, **more: object) -> HttpResponse:
    if found is None:
        return traceless(render(request, "portal/no_film.html", status=410))
    made, touch = found
    values = {
        "film": made,
        "token": token,
        "by": made.by.first_name,
        "brand": touch.channel.brand or touch.channel.name,
        "answers": touch.channel.kind in filming.SENDERS,
        "once": secrets.token_urlsafe(18),
        "longest": filming.LONGEST_REPLY,
        **more,
    }
    return traceless(render(request, "portal/film.html", values, status=status))


def traceless(page: HttpResponse) -> HttpResponse:
    """The address is the key: it is told to nobody and kept nowhere."""
    for name, value in NO_TRACE.items():
        page[name] = value
    return page


@require_safe
def media(request: HttpRequest, token: str) -> HttpResponseBase:
    found = filming.open_film(token, now=timezone.now())
    if found is None:
        return _page(request, token, None)
    upload = found[0].upload
    return ranged(request, size=upload.size, content_type=upload.content_type, read=queries.reader(upload.pk))


@require_safe
def captions(request: HttpRequest, token: str) -> HttpResponse:
    found = filming.open_film(token, now=timezone.now())
    if found is None or not found[0].captions:
        return _page(request, token, None)
    return HttpResponse(found[0].captions, content_type="text/vtt; charset=utf-8", headers=NO_TRACE)


# Without cookies there is nobody in whose name a foreign page could act: the link itself is what lets one in.
@csrf_exempt
@require_POST
def seen(request: HttpRequest, token: str) -> HttpResponse:
    """It plays. `once` names this opening of the page."""
    found = filming.open_film(token, now=timezone.now())
    if found is None:
        return _page(request, token, None)
    if limits.films.allows(found[0].key):
        filming.viewed(film=found[0], touch=found[1], once=request.POST.get("once", ""), now=timezone.now())
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def reply(request: HttpRequest, token: str) -> HttpResponse:
    found = filming.open_film(token, now=timezone.now())
    if found is None:
        return _page(request, token, None)
    text, once = request.POST.get("text", ""), request.POST.get("once", "")
    try:
        if not limits.films.allows(found[0].key):
            raise ThreadlineError("That was a lot at once. Wait a minute, then send it again.")
        filming.reply(film=found[0], touch=found[1], text=text, once=once, now=timezone.now())
    except ThreadlineError as error:
        return _page(request, token, found, status=422, error=str(error), text=text)
    return _page(request, token, found, replied=text)
