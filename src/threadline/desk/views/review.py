"""What people decide where Threadline is not sure, and how right it was."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from threadline.desk.queries.queue.counts import shown
from threadline.desk.queries.review import people as perhaps_people
from threadline.desk.queries.review import quality as measured
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


@login_required
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """What stood of what was concluded, how sure it was said to be, and whether that drifts."""
    now = timezone.now()
    stories = measured.of_stories(now)
    parts = [
        {
            "name": "stories",
            "title": _("Which story a touch belongs to"),
            "found": stories,
            "act": reverse("queue"),
            "action": _("A touch in the wrong story? Open why, and move it."),
            "nothing": _("Nobody has worked on a story yet. Answer somebody, then look again."),
        },
        {
            "name": "people",
            "title": _("Who is who"),
            "found": measured.of_people(now),
            "act": reverse("review-people"),
            "action": _("Decide about the next pair."),
            "nothing": _("Nobody has said yet of two people whether they are one."),
        },
    ]
    return render(
        request, "desk/review/quality.html", {"stories": stories, "parts": parts, "place": "review", "tab": "quality"}
    )
