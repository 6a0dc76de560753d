"""The wallboard: the moment as a whole, for a screen that nobody touches."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from threadline.accounts.rights import Right
from threadline.desk.queries import wall as found
from threadline.desk.rights import needs
from threadline.desk.shell import live_since
from threadline.desk.signed_in import agent_of


@needs(Right.MEASURES)
@require_safe
def wallboard(request: HttpRequest) -> HttpResponse:
    """The whole screen, dark unless the address says otherwise."""
    since = live_since()
    theme = "light" if request.GET.get("theme") == "light" else "dark"
    page = found.page(agent_of(request), now=timezone.now())
    context = {"page": page, "now": page.now, "live_since": since, "theme": theme}
    return render(request, "desk/wall/wall.html", context)


@needs(Right.MEASURES)
@require_safe
def now(request: HttpRequest) -> HttpResponse:
    """Its numbers alone: asked for again when something happened, at most once in a few seconds."""
    page = found.page(agent_of(request), now=timezone.now())
    return render(request, "desk/wall/now.html", {"page": page, "now": page.now})
