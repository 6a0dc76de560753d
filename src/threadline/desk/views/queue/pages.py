"""The queue and its pieces."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from threadline.accounts.models import Agent
from threadline.accounts.sights import saw
from threadline.desk.queries.queue import counts, rows
from threadline.desk.queries.queue.choices import choices
from threadline.desk.queries.queue.filters import told
from threadline.desk.queries.queue.kept import Kept, counted, kept_by
from threadline.desk.queries.queue.preview import preview as preview_of
from threadline.desk.queries.queue.views import BY_PROMISE, VIEWS
from threadline.desk.shell import frame_of
from threadline.desk.signed_in import agent_of
from threadline.desk.views.queue.asked import Asked, asked_for
from threadline.journeys.models import Journey, JourneyQuerySet


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return redirect("work")


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The whole screen."""
    agent = agent_of(request)
    frame = frame_of(agent)
    asked = asked_for(request, agent)
    context = {**_list(agent, asked), **_views(agent, asked), **_saved(kept_by(agent), {}, asked)}
    context |= {**frame, "place": "queue"}
    return render(request, "desk/queue/queue.html", context)


@login_required
@require_safe
def queue_rows(request: HttpRequest) -> HttpResponse:
    """The list alone: asked for again when something happened, and by "more"."""
    agent = agent_of(request)
    asked = asked_for(request, agent)
    counted = _views(agent, asked) if asked.view.name == "mine" and asked.plain else {}
    return render(request, "desk/queue/list.html", {**_list(agent, asked), **counted})


@login_required
@require_safe
def queue_counts(request: HttpRequest) -> HttpResponse:
    asked = asked_for(request, agent_of(request))
    return render(request, "desk/queue/counts.html", {**_views(agent_of(request), asked), "oob": True})


@login_required
@require_safe
def saved_counts(request: HttpRequest) -> HttpResponse:
    """The saved views with their counts; asked for after the page, which does not wait for them."""
    agent = agent_of(request)
    asked, saved = asked_for(request, agent), kept_by(agent)
    found = counts.of_kept(counted(saved), agent=agent, now=timezone.now())
    return render(request, "desk/queue/saved.html", {**_saved(saved, found, asked), "oob": True})


def _saved(views: Sequence[Kept], found: Mapping[int, str], asked: Asked) -> dict[str, object]:
    here = asked.saved.pk if asked.saved else None
    saved = [
        {
            "view": view,
            "href": f"{reverse('queue')}?saved={view.pk}",
            "count": found.get(view.pk, ""),
            "here": view.pk == here,
        }
        for view in views
    ]
    return {"saved": saved, "saved_counts": asked.address("queue-saved")}


@login_required
@require_safe
def filters(request: HttpRequest) -> HttpResponse:
    """The form that narrows the list; it leads back to the queue."""
    agent = agent_of(request)
    asked = asked_for(request, agent)
    context = {"asked": asked, "choices": choices(asked.filters, agent), "place": "queue"}
    return render(request, "desk/queue/filters.html", context)


@login_required
@require_safe
def preview(request: HttpRequest, journey_id: int) -> HttpResponse:
    journey = get_object_or_404(_previewed(agent_of(request)), pk=journey_id)
    if journey.joined_into_id is not None:
        return redirect("queue-preview", journey.joined_into_id)
    now = timezone.now()
    saw(agent_of(request), customer=journey.customer_id, journey=journey.pk)
    shown = preview_of(journey, agent=agent_of(request), now=now)
    return render(request, "desk/queue/preview.html", {"shown": shown, "journey": journey, "now": now})


def _previewed(agent: Agent) -> JourneyQuerySet:
    return Journey.objects.visible_to(agent).select_related("customer", "owner", "team")


def _list(agent: Agent, asked: Asked) -> dict[str, object]:
    now = timezone.now()
    listed = rows.listed(asked.filters, agent=agent, start=asked.start, shown=asked.shown, now=now)
    sortable = asked.view.owed and not asked.filters.due
    return {
        "asked": asked,
        "view": asked.view,
        "listed": listed,
        "narrowing": [] if asked.plain or asked.saved else told(asked.filters.without("team"), agent),
        "hidden_fields": asked.fields(),
        "order": BY_PROMISE if asked.by else asked.view.order,
        "resort": asked.address("queue", sort="" if asked.by else "due") if sortable else "",
        "narrow": asked.address("queue-filters"),
        "keep": f"{reverse('settings-view-new')}?{asked.filters.query()}",
        "now": now,
        "again": asked.address("queue-rows", after=listed.start, shown=listed.shown),
        "grow": asked.address("queue-rows", after=listed.start, shown=listed.grown) if listed.grown else "",
        "next": asked.address("queue", after=listed.after) if listed.after else "",
        "top": asked.address("queue"),
    }


def _views(agent: Agent, asked: Asked) -> dict[str, object]:
    counted = counts.counts(agent, asked.teams)
    views = [
        {
            "view": view,
            "href": f"{reverse('queue')}?view={view.name}",
            "count": counts.shown(counted.of_views[view.name]) if view.name in counted.of_views else "",
            "here": view is asked.view and asked.plain,
        }
        for view in VIEWS.values()
    ]
    teams = [
        {
            "team": team,
            "href": f"{reverse('queue')}?view=ours&team={team.pk}",
            "count": counts.shown(counted.of_teams[team.pk]),
            "here": team == asked.team and asked.saved is None,
        }
        for team in asked.teams
    ]
    return {
        "asked": asked,
        "views": views,
        "teams": teams,
        "people": counts.shown(counted.people),
        "my_turn": counts.shown(counted.of_views["mine"]),
        "recount": asked.address("queue-counts"),
    }
