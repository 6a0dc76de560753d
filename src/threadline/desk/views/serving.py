"""Being there for work: the switch in the bar, and the sign of life behind it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from threadline.accounts.models import Agent
from threadline.desk.forms.serving import Presence
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import is_fragment, refused
from threadline.journeys.actions.presence import become

SAID = {
    "available": gettext_lazy("You are available: what waits and fits you comes to you."),
    "busy": gettext_lazy("You are busy: you keep what you have and get nothing new."),
    "away": gettext_lazy("You are away: nothing new comes, and what you have goes on after its time."),
}


@needs()
@require_POST
def presence(request: HttpRequest) -> HttpResponse:
    """Available, busy or away, from now on."""
    form, agent = Presence(request.POST), agent_of(request)
    if not form.is_valid():
        return refused(request, _("Choose available, busy or away."))
    said = form.cleaned_data
    become(presence=said["presence"], reason=said["reason"], by=agent, now=timezone.now())
    if is_fragment(request):
        return render(request, "desk/parts/presence.html", {"told": SAID[agent.presence]})
    messages.success(request, SAID[agent.presence])
    return redirect(way_back(request))


@needs()
@require_POST
def here(request: HttpRequest) -> HttpResponse:
    """Somebody moves at this screen."""
    Agent.objects.filter(pk=agent_of(request).pk).update(active_at=timezone.now())
    return HttpResponse(status=204)


def way_back(request: HttpRequest) -> str:
    """Where they came from, on this host only."""
    referer = request.headers.get("Referer", "")
    fine = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if fine else reverse("queue")
