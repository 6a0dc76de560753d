"""Views of the queue that somebody keeps: named, changed, put in order, put away and put back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.desk.forms.views import ViewForm, whose
from threadline.desk.queries.queue.choices import choices
from threadline.desk.queries.queue.filters import read, told
from threadline.desk.queries.queue.kept import MOST, kept
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import page
from threadline.journeys import actions
from threadline.journeys.models import SavedView
from threadline.lib.errors import ThreadlineError


@needs()
@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """In the order this agent likes; those put away stand below."""
    agent = agent_of(request)
    found = list(SavedView.objects.visible_to(agent).standing().as_liked_by(agent).select_related("team")[:MOST])
    mine = set(SavedView.objects.changeable_by(agent).values_list("pk", flat=True))
    away = SavedView.objects.changeable_by(agent).exclude(withdrawn_at=None).order_by("name")[:MOST]
    values: dict[str, Any] = {
        "standing": [(view, _filters(view, request), view.pk in mine) for view in found],
        "gone": list(away),
    }
    return page(request, "views", "settings-views", **values)


def _filters(view: SavedView, request: HttpRequest) -> list[str]:
    readable = kept(view)
    if readable is None:
        return [_("Its filters mean nothing any more. Choose them anew.")]
    words = [filter.words for filter in told(readable.filters, agent_of(request))]
    return [str(readable.filters.base.title), *words]


@needs()
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: HttpRequest, view_id: int | None = None) -> HttpResponse:
    """One view, or a new one; what the queue was narrowed by comes along in the address."""
    agent = agent_of(request)
    found = get_object_or_404(SavedView.objects.changeable_by(agent), pk=view_id) if view_id else None
    given = request.POST if request.method == "POST" else request.GET
    form = ViewForm(
        request.POST or None, agent=agent, initial={"name": found.name if found else "", "whose": whose(found)}
    )
    error = ""
    try:
        filters = read(given if given or found is None else found.filters)
        if request.method == "POST" and form.is_valid():
            kept = actions.save_view(
                **form.values(), filters=filters.as_saved(), view=found, by=agent, now=timezone.now()
            )
            return redirect(f"{reverse('queue')}?saved={kept.pk}")
    except ThreadlineError as trouble:
        error, filters = str(trouble), read({})
    values: dict[str, Any] = {"form": form, "view": found, "choices": choices(filters, agent), "error": error}
    return page(request, "view", "settings-views", status=422 if error or form.errors else 200, **values)


@needs()
@require_POST
def withdraw(request: HttpRequest, view_id: int) -> HttpResponse:
    found = get_object_or_404(SavedView.objects.changeable_by(agent_of(request)), pk=view_id)
    actions.withdraw_view(view=found, by=agent_of(request), now=timezone.now())
    words = _("“%(name)s” is put away.") % {"name": found.name}
    messages.success(request, words, extra_tags=reverse("settings-view-back", args=[found.pk]))
    return redirect("settings-views")


@needs()
@require_POST
def back(request: HttpRequest, view_id: int) -> HttpResponse:
    found = get_object_or_404(SavedView.objects.changeable_by(agent_of(request)), pk=view_id)
    actions.withdraw_view(view=found, by=agent_of(request), now=timezone.now(), back=True)
    messages.success(request, _("“%(name)s” is back.") % {"name": found.name})
    response = redirect("settings-views")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=200, headers={"HX-Redirect": response.headers["Location"]})
    return response


@needs()
@require_POST
def up(request: HttpRequest, view_id: int) -> HttpResponse:
    """One place up, in this agent's list alone."""
    agent = agent_of(request)
    found = list(SavedView.objects.visible_to(agent).standing().as_liked_by(agent)[:MOST])
    at = next((index for index, each in enumerate(found) if each.pk == view_id), 0)
    get_object_or_404(SavedView.objects.visible_to(agent).standing(), pk=view_id)
    if at:
        found[at - 1], found[at] = found[at], found[at - 1]
        actions.order_views(views=found, by=agent, now=timezone.now())
    return redirect(f"{reverse('settings-views')}#view-{view_id}")
