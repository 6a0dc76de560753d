"""Which screens are not for everybody."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from threadline.accounts.models import Agent

View = Callable[..., HttpResponseBase]


def may_supervise(agent: object) -> bool:
    """Wallboard and reports are for those who answer for the work of others."""
    return isinstance(agent, Agent) and agent.is_active and agent.is_admin


def for_supervisors(view: View) -> View:
    """Signed in, and allowed to see how the whole house does; 403 otherwise."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: object, **named: object) -> HttpResponseBase:
        if not may_supervise(request.user):
            raise PermissionDenied
        return view(request, *arguments, **named)

    return guarded
