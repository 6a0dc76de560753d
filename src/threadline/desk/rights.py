"""What a page asks of whoever opens it: `@needs(Right.ANSWER)` above the view says it, and holds it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.desk.signed_in import agent_of

View = Callable[..., HttpResponseBase]
OPEN = (
    "/sign-",
    "/invitation",
    "/times",
    "/contact",
    "/demo",
    "/film/",
    "/stop/",
    "/manifest",
    "/service-worker",
    "/offline",
)  # for anybody, and so for them


def needs(*rights: Right) -> Callable[[View], View]:
    """For signed-in agents who have one of these rights; without any, for all who are signed in."""

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
            if rights:
                require(request, *rights)
            return view(request, *args, **more)

        return guarded

    return guard


def require(request: HttpRequest, *rights: Right) -> None:
    """Raises PermissionDenied, with the right that is missing in words, for who has none of these."""
    if not any(agent_of(request).may(right) for right in rights):
        words = str(rights[0].label)
        raise PermissionDenied(
            _("Your role has not the right: %(right)s. An admin can change that.") % {"right": words}
        )


class Gate:
    """People of a partner whose last day is over still sign in, and read that it is over; nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        agent = getattr(request, "user", None)
        if not isinstance(agent, Agent) or agent.has_access or request.path.startswith(OPEN):
            return None
        return render(request, "desk/ended.html", {"teams": agent.teams.all()}, status=403)
