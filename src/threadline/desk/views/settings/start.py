"""The first page, what is left to set up, and taking a change of the settings back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts import actions
from threadline.accounts.models import Event
from threadline.accounts.rights import Right
from threadline.desk.queries.settings.checklist import checklist, left
from threadline.desk.queries.settings.lately import lately
from threadline.desk.queries.settings.menu import menu
from threadline.desk.queries.settings.verbs import SETTINGS_VERBS
from threadline.desk.rights import needs, require
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import page
from threadline.desk.views.story.found import is_fragment

OF_VERB = {"channel": Right.CHANNELS, "brand": Right.CHANNELS, "key": Right.KEYS}


@needs(Right.PEOPLE, Right.CHANNELS, Right.KEYS, Right.AUDIT)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The checklist, for those who can do something about it; others land on the first page they may open."""
    agent = agent_of(request)
    if not agent.rights & {Right.PEOPLE, Right.CHANNELS}:
        return redirect(menu(agent)[0][1][0].name)
    steps = checklist()
    return page(request, "start", "settings", steps=steps, left=left(steps), lately=lately())


@needs(Right.PEOPLE, Right.CHANNELS, Right.KEYS)
@require_POST
def undo(request: HttpRequest, event_id: int) -> HttpResponse:
    """Bring back what stood before, then show the page it was asked from."""
    event = get_object_or_404(Event, pk=event_id, verb__in=SETTINGS_VERBS)
    require(request, OF_VERB.get(event.verb.partition("_")[0], Right.PEOPLE))
    actions.undo(event=event, by=agent_of(request), now=timezone.now())
    messages.success(request, _("Taken back: it is as it was before."))
    back = _back(request)
    return HttpResponse(headers={"HX-Redirect": back}) if is_fragment(request) else redirect(back)


def _back(request: HttpRequest) -> str:
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return came_from if ours else reverse("settings")
