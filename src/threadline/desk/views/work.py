"""My work: the first page of the day."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from threadline.desk.queries import work as queries
from threadline.desk.shell import live_since
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import is_fragment


@login_required
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """The whole page, or the part of it that changes."""
    since, now = live_since(), timezone.now()
    context = {"work": queries.work(agent_of(request), now=now), "now": now, "place": "work", "live_since": since}
    return render(request, f"desk/work/{'parts' if is_fragment(request) else 'work'}.html", context)


@login_required
@require_safe
def next_one(request: HttpRequest) -> HttpResponse:
    """Opens the most urgent story."""
    number = queries.next_story(agent_of(request), now=timezone.now())
    if number is None:
        messages.success(request, _("Nobody waits for you, and everybody has somebody."))
        return redirect("work")
    return redirect("story", number)
