"""What people decide where Threadline is not sure, and how right it was."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from threadline.desk.queries.queue.counts import shown
from threadline.desk.queries.review import people as perhaps_people
from threadline.desk.signed_in import agent_of


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return redirect("review-people")


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who may be one person, the surest first."""
    agent = agent_of(request)
    listed = perhaps_people.perhaps(agent, after=request.GET.get("after", ""))
    context = {"listed": listed, "waiting": shown(perhaps_people.count(agent)), "now": timezone.now()}
    return render(request, "desk/review/people.html", {**context, "place": "review", "tab": "people"})
