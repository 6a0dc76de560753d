"""The queue and its pieces."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from threadline.accounts.models import Agent, Team
from threadline.accounts.sights import saw
from threadline.desk.queries.queue import counts, rows
from threadline.desk.queries.queue.preview import preview as preview_of
from threadline.desk.queries.queue.views import BY_PROMISE, DUE, VIEWS, View
from threadline.desk.shell import frame_of
from threadline.desk.signed_in import agent_of
from threadline.journeys.models import Journey, JourneyQuerySet


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of which view the address asks for."""

    view: View
    team: Team | None
    teams: list[Team]
    start: str
    shown: int
    by: str = ""

    def address(self, name: str, **more: object) -> str:
        where = {"view": self.view.name, "team": self.team.pk if self.team else "", "sort": "due" if self.by else ""}
        values: dict[str, object] = {**where, **more}
        return f"{reverse(name)}?{urlencode([(key, str(value)) for key, value in values.items() if value])}"


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return redirect("queue")


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The whole screen."""
    frame = frame_of(agent_of(request))
    asked = _asked(request)
    context = {**_list(request, asked), **_views(request, asked), **frame, "place": "queue"}
    return render(request, "desk/queue/queue.html", context)


@login_required
@require_safe
def queue_rows(request: HttpRequest) -> HttpResponse:
    """The list alone: asked for again when something happened, and by "more"."""
    asked = _asked(request)
    counted = _views(request, asked) if asked.view.name == "mine" else {}
    return render(request, "desk/queue/list.html", {**_list(request, asked), **counted})


@login_required
@require_safe
def queue_counts(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    return render(request, "desk/queue/counts.html", {**_views(request, asked), "oob": True})


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


def _asked(request: HttpRequest) -> Asked:
    view = VIEWS.get(request.GET.get("view", "mine"))
    teams = list(agent_of(request).teams.all())
    number = request.GET.get("team", "")
    team = next((team for team in teams if str(team.pk) == number), None)
    if view is None or (number and team is None):
        raise Http404
    shown = request.GET.get("shown", "")
    wanted = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 5 else rows.STEP
    by = DUE if view.owed and request.GET.get("sort") == "due" else ""
    return Asked(view, team, teams, request.GET.get("after", ""), wanted, by)


def _list(request: HttpRequest, asked: Asked) -> dict[str, object]:
    team = asked.team.pk if asked.team else None
    agent = agent_of(request)
    listed = rows.listed(asked.view, agent=agent, team=team, start=asked.start, shown=asked.shown, by=asked.by)
    return {
        "asked": asked,
        "view": asked.view,
        "listed": listed,
        "order": BY_PROMISE if asked.by else asked.view.order,
        "resort": asked.address("queue", sort="" if asked.by else "due") if asked.view.owed else "",
        "now": timezone.now(),
        "again": asked.address("queue-rows", after=listed.start, shown=listed.shown),
        "grow": asked.address("queue-rows", after=listed.start, shown=listed.grown) if listed.grown else "",
        "next": asked.address("queue", after=listed.after) if listed.after else "",
        "top": asked.address("queue"),
    }


def _views(request: HttpRequest, asked: Asked) -> dict[str, object]:
    counted = counts.counts(agent_of(request), asked.teams)
    views = [
        {
            "view": view,
            "href": f"{reverse('queue')}?view={view.name}",
            "count": counts.shown(counted.of_views[view.name]) if view.name in counted.of_views else "",
            "here": view is asked.view and asked.team is None,
        }
        for view in VIEWS.values()
    ]
    teams = [
        {
            "team": team,
            "href": f"{reverse('queue')}?view=ours&team={team.pk}",
            "count": counts.shown(counted.of_teams[team.pk]),
            "here": team == asked.team,
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
