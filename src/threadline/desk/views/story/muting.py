"""From the page of a story: hear nothing more of it, and hear of it again. Nobody else is concerned."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import done, journey_for
from threadline.journeys.notices import seeing


@needs()
@require_POST
def mute(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey = journey_for(request, journey_id)
    seeing.mute(by=agent_of(request), now=timezone.now(), journey=journey)
    undo = reverse("story-unmute", args=[journey.pk])
    return done(request, journey.pk, _("Muted: you hear nothing more of this story."), undo=undo)


@needs()
@require_POST
def unmute(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey = journey_for(request, journey_id)
    seeing.unmute(by=agent_of(request), journey=journey)
    undo = reverse("story-mute", args=[journey.pk])
    return done(request, journey.pk, _("You hear of this story again."), undo=undo)
