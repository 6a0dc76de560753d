"""Finding what an address names, through the one door; and answering after something was done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from threadline.accounts.models import Event
from threadline.desk.signed_in import agent_of
from threadline.journeys.changes import UNDOES
from threadline.journeys.models import Journey, Membership

WITH = ("customer__account", "owner", "team", "brand")


class Joined(Exception):
    """The story became part of another one."""

    def __init__(self, into: int) -> None:
        super().__init__(into)
        self.into = into


def journey_for(request: HttpRequest, journey_id: int) -> Journey:
    """The story, or 404 for those who may not see it."""
    return get_object_or_404(Journey.objects.visible_to(agent_of(request)).select_related(*WITH), pk=journey_id)


def standing_for(request: HttpRequest, journey_id: int) -> Journey:
    """As above. Raises Joined when it stands elsewhere now; its reader may see that one, or gets 404."""
    journey = journey_for(request, journey_id)
    seen = {journey.pk}
    while journey.joined_into_id is not None and journey.joined_into_id not in seen:
        seen.add(journey.joined_into_id)
        journey = journey_for(request, journey.joined_into_id)
    if journey.pk != journey_id:
        raise Joined(journey.pk)
    return journey


def membership_for(request: HttpRequest, touch_id: int) -> Membership:
    """Where a touch stands now, if its reader may see that story."""
    found = (
        Membership.objects.filter(interaction=touch_id, superseded_at=None)
        .filter(journey__in=Journey.objects.visible_to(agent_of(request)))
        .select_related(
            "journey", "decision__agent", "interaction__recognised__agent", "interaction__understood__agent"
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def done(
    request: HttpRequest, journey_id: int, text: str, event: Event | None = None, *, undo: str = ""
) -> HttpResponse:
    """Say what was done, with undo where there is one; the parts of the page then ask for themselves again."""
    undo = reverse("event-undo", args=[event.pk]) if event and event.verb in UNDOES else undo
    if not is_fragment(request):
        messages.success(request, text, extra_tags=undo)
        return redirect("story", journey_id)
    response = render(request, "desk/parts/toast_oob.html", {"text": text, "undo": undo})
    return told(response, journey_id)


def told(response: HttpResponse, journey_id: int) -> HttpResponse:
    response["HX-Trigger"] = f"threadline:journey-{journey_id}"
    return response


def refused(request: HttpRequest, error: str) -> HttpResponse:
    return render(request, "desk/refused.html", {"error": error}, status=422)


def to_standing(request: HttpRequest, journey_id: int, query: str = "") -> HttpResponseRedirect:
    address = reverse("story", args=[journey_id])
    return HttpResponseRedirect(f"{address}?{query}" if query else address)
