"""The part of the own page that says what reaches an agent, how and when."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from threadline.accounts.models import Event
from threadline.desk.forms.notices import Browser, Wish
from threadline.desk.queries import notices as queries
from threadline.desk.queries.me import device_in
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views import me
from threadline.desk.views.story.found import is_fragment
from threadline.journeys.notices import browsers, wishes
from threadline.lib.errors import ThreadlineError


def shown(request: HttpRequest, form: Wish | None = None) -> dict[str, Any]:
    """What the part of the page needs. Cost: three queries."""
    agent = agent_of(request)
    return {
        "wish": form or Wish.of(wishes.of(agent)),
        "browsers": queries.browsers(agent),
        "push_key": browsers.public_key(),
        "zone": wishes.zone_name(agent),
    }


@needs()
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    form = Wish(request.POST)
    if not form.is_valid():
        return me.refused(request, **shown(request, form))
    try:
        event = wishes.wish(wanted=form.wanted(), by=agent_of(request), now=timezone.now())
    except ThreadlineError as error:
        form.add_error("quiet_days", str(error))
        return me.refused(request, **shown(request, form))
    undo_at = reverse("me-notices-undo", args=[event.pk]) if event else ""
    messages.success(request, _("Saved: this is how you are told from now on."), extra_tags=undo_at)
    return _back()


@needs()
@require_POST
def undo(request: HttpRequest, event_id: int) -> HttpResponse:
    agent = agent_of(request)
    event = get_object_or_404(Event, pk=event_id, verb="wishes_changed", agent=agent)
    wishes.unwish(event=event, by=agent, now=timezone.now())
    messages.success(request, _("Taken back: you are told as before."))
    return HttpResponse(headers={"HX-Redirect": f"{reverse('me')}#notices"}) if is_fragment(request) else _back()


@needs()
@require_POST
def let_push(request: HttpRequest) -> HttpResponse:
    """This browser may be pushed to."""
    form = Browser(request.POST)
    if not form.is_valid():
        messages.error(request, _("The browser did not say where it can be reached. Try again."), extra_tags="")
        return _back()
    device = device_in(request.headers.get("user-agent", ""))
    try:
        browsers.let_push(**form.cleaned_data, device=device, by=agent_of(request), now=timezone.now())
    except ThreadlineError as error:
        messages.error(request, str(error))
        return _back()
    messages.success(request, _("This browser is told from now on. Send a test to see it."))
    return _back()


@needs()
@require_POST
def try_out(request: HttpRequest, number: int) -> HttpResponse:
    browser = get_object_or_404(queries.browsers(agent_of(request)), pk=number)
    try:
        browsers.try_out(browser=browser, now=timezone.now())
    except ThreadlineError as error:
        messages.error(request, str(error))
        return _back()
    messages.success(request, _("Sent to %(device)s. It shows within seconds.") % {"device": browser.device})
    return _back()


@needs()
@require_POST
def stop_pushing(request: HttpRequest, number: int) -> HttpResponse:
    agent = agent_of(request)
    browser = get_object_or_404(queries.browsers(agent), pk=number)
    browsers.stop_pushing(browser=browser, by=agent, now=timezone.now(), why=_("You removed it."))
    messages.success(request, _("Nothing is pushed there any more."))
    return _back()


def _back() -> HttpResponse:
    return redirect(f"{reverse('me')}#notices")
