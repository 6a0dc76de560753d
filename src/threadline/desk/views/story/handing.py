"""Handing over with a brief, and the way to a supervisor."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.desk.forms.serving import HandOver
from threadline.desk.forms.story import first_error
from threadline.desk.queries.story import StoryPage, handing
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import Joined, done, journey_for, standing_for, to_standing
from threadline.journeys import actions
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError


@needs(Right.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, journey_id: int) -> HttpResponse:
    """A page with the brief, filled from what is known, to be changed; then it goes to somebody or to a team."""
    try:
        journey = standing_for(request, journey_id)
    except Joined as joined:
        return to_standing(request, joined.into)
    if request.method != "POST":
        return _page(request, journey)
    form = HandOver(request.POST)
    if not form.is_valid():
        return _page(request, journey, error=first_error(form))
    try:
        return _handed_over(request, journey, form)
    except ThreadlineError as error:
        return _page(request, journey, error=str(error))


def _handed_over(request: HttpRequest, journey: Journey, form: HandOver) -> HttpResponse:
    said, by = form.cleaned_data, agent_of(request)
    owner = said["to"] if isinstance(said["to"], Agent) else None
    team = None if owner else said["to"]
    brief = {name: said[name] for name in ("asked", "tried", "promised")}
    event = actions.hand_over(journey=journey, owner=owner, team=team, by=by, now=timezone.now(), **brief)
    if not Journey.objects.visible_to(by).filter(pk=journey.pk).exists():
        messages.success(request, _("Handed over to a team whose stories you may not read."))
        return redirect("queue")
    return done(request, journey.pk, _("Handed over to %(name)s, with the brief.") % {"name": said["to"]}, event)


def _page(request: HttpRequest, journey: Journey, error: str = "") -> HttpResponse:
    page = StoryPage(journey, agent_of(request), timezone.now())
    context = {
        "page": page,
        "journey": journey,
        "now": page.now,
        "place": "queue",
        "brief": request.POST if request.method == "POST" else handing.proposed(page),
        "colleagues": handing.colleagues(page.agent),
        "teams": handing.teams(),
        "error": error,
    }
    return render(request, "desk/story/hand_over.html", context, status=422 if error else 200)


@needs(Right.ANSWER)
@require_POST
def demand_supervisor(request: HttpRequest, journey_id: int) -> HttpResponse:
    """They ask for somebody who may decide more: recorded, and on its way, with one key."""
    journey = journey_for(request, journey_id)
    words = request.POST.get("words", "")[:4_000]
    event = actions.demand_supervisor(journey=journey, words=words, by=agent_of(request), now=timezone.now())
    journey.refresh_from_db()
    text = _("Recorded. %(name)s has it now.") % {"name": journey.owner or _("Nobody")}
    return done(request, journey.pk, text, event)
