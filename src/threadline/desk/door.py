"""What every page of a signed-in agent passes through. It asks the database nothing that the page does not ask."""

import zoneinfo
from collections.abc import Callable
from datetime import tzinfo
from functools import lru_cache

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from threadline.accounts.models import Agent
from threadline.accounts.signing_in import sessions

OPEN_WHILE_DUE = ("/me/second-factor", "/me/authenticator", "/me/passkeys", "/me/recovery-codes", "/sign-")


class Door:
    """Times in the agent's own zone, when they were last here, and nothing else before a second factor that is due."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY not in request.session or not isinstance(request.user, Agent):
            return self.get_response(request)
        agent = request.user
        sessions.seen(request, now=timezone.now())
        if agent.second_factor_due and not request.path.startswith(OPEN_WHILE_DUE):
            return _to_the_second_factor(request)
        with timezone.override(zone_of(agent.time_zone)):
            return self.get_response(request)


def _to_the_second_factor(request: HttpRequest) -> HttpResponse:
    where = reverse("second-factor")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    return redirect(where)


@lru_cache(500)
def zone_of(name: str) -> tzinfo:
    """A zone that is no longer known counts as the installation's."""
    try:
        return zoneinfo.ZoneInfo(name or settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
