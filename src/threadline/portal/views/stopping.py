"""The page behind the link under automatic mail. Nobody signs in; the link is the key, and there are no cookies."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from threadline.channels.models import Channel
from threadline.interactions.stopping import read_stop
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
        stopping.stop(channel=found[0], address=found[1], now=timezone.now())
    return _page(request, token, *found)


@csrf_exempt
@require_POST
def back(request: HttpRequest, token: str) -> HttpResponse:
    found = read_stop(token)
    if found is None:
        return _unknown(request)
    stopping.start_again(channel=found[0], address=found[1], now=timezone.now())
    return _page(request, token, *found)


def _page(request: HttpRequest, token: str, channel: Channel, address: str) -> HttpResponse:
    values = {
        "token": token,
        "address": address,
        "brand": channel.brand or channel.name or channel.address,
        "stopped": stopping.is_stopped(channel, address),
    }
    return traceless(render(request, "portal/stop.html", values))


def _unknown(request: HttpRequest) -> HttpResponse:
    return traceless(render(request, "portal/stop.html", {"unknown": True}, status=410))
