"""The page behind the link under automatic mail. Nobody signs in; the link is the key, and there are no cookies."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from threadline.interactions.stopping import Stoppable, read_stop
from threadline.portal.actions import stopping
from threadline.portal.views.films import traceless


# A mail program posts here by itself (RFC 8058); looking at the page changes nothing, since scanners follow links.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    found = read_stop(token)
    if found is None:
        return _unknown(request)
    if request.method == "POST":
        stopping.stop(found, everywhere="all" in request.POST, now=timezone.now())
    return _page(request, token, found)


@csrf_exempt
@require_POST
def back(request: HttpRequest, token: str) -> HttpResponse:
    found = read_stop(token)
    if found is None:
        return _unknown(request)
    stopping.start_again(found, now=timezone.now())
    return _page(request, token, found)


def _page(request: HttpRequest, token: str, found: Stoppable) -> HttpResponse:
    brand = found.channel.brand or found.channel.name or found.channel.address
    values = {"token": token, "found": found, "brand": brand, "stopped": stopping.how_far(found)}
    return traceless(render(request, "portal/stop.html", values))


def _unknown(request: HttpRequest) -> HttpResponse:
    return traceless(render(request, "portal/stop.html", {"unknown": True}, status=410))
