"""Who else is at this story. A screen says every while that somebody looks at it, and asks who does when told to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from threadline.desk.queries.story.company import company
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import journey_for
from threadline.journeys import actions
from threadline.journeys.models import Journey


@needs()
@require_POST
def here(request: HttpRequest, journey_id: int) -> HttpResponse:
    """Somebody looks at this story, or with `gone` does no longer."""
    journey, agent = journey_for(request, journey_id), agent_of(request)
    if "gone" in request.POST:
        actions.gone(journey=journey, by=agent)
        return HttpResponse(status=204)
    actions.here(journey=journey, by=agent, now=timezone.now(), writing="writing" in request.POST)
    return _shown(request, journey)


@needs()
@require_safe
def others(request: HttpRequest, journey_id: int) -> HttpResponse:
    return _shown(request, journey_for(request, journey_id))


def _shown(request: HttpRequest, journey: Journey) -> HttpResponse:
    now = timezone.now()
    values = {"company": company(journey, agent_of(request), now=now), "journey": journey, "now": now}
    return render(request, "desk/story/company.html", values)
