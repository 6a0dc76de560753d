"""Reports: what a period looked like, with filters in the address, and its tables as files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.core.periods import Period
from threadline.desk.forms.reports import BY
from threadline.desk.forms.reports import Asked as AskedForm
from threadline.desk.queries.reports import files, naming
from threadline.desk.queries.reports import people as people_pages
from threadline.desk.queries.reports import times as times_pages
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.insights import actions
from threadline.insights.coaching import time_in_calls
from threadline.insights.report import By, Report, Wanted, report
from threadline.lib.sheets import download

SPANS = (7, 30, 90, 365)
HERE = {"times": "reports", "people": "reports-people", "coaching": "reports-coaching"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: `kept` are its filters as they stand there."""

    form: AskedForm
    wanted: Wanted
    by: By
    kept: dict[str, str]

    def address(self, name: str, **more: str) -> str:
        values = {**self.kept, **more}
        return f"{reverse(name)}?{urlencode([(key, value) for key, value in values.items() if value])}"

    def report(self, request: HttpRequest) -> Report:
        return report(self.wanted, agent=agent_of(request), zone=timezone.get_current_timezone())


def _asked(request: HttpRequest) -> Asked:
    given = request.POST if request.method == "POST" else request.GET
    form = AskedForm(given, today=timezone.localdate())
    wanted = form.wanted()
    by = cast(By, form.cleaned_data.get("by") or "channel")
    names = ("from", "to", "channel", "intent", "team", "agent", "by")
    return Asked(form, wanted, by, {name: given.get(name, "") for name in names} if form.is_valid() else {})


def _shared(asked: Asked, tab: str, choices: Mapping[str, list[naming.Choice]]) -> dict[str, object]:
    """What every report shows above its numbers."""
    period, today = asked.wanted.period, timezone.localdate()
    here = HERE[tab]
    tabs = {"times": _("Waits and answers"), "people": _("Who came back"), "coaching": _("Coaching")}
    spans = [
        {
            "name": ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
            "href": asked.address(here, **{"from": (today - timedelta(days - 1)).isoformat(), "to": ""}),
            "here": period.last == today and period.days == days,
        }
        for days in SPANS
    ]
    return {
        "asked": asked,
        "kept": asked.kept,
        "period": period,
        "before": period.before(),
        "spans": spans,
        "here": reverse(here),
        "tab": tab,
        "tabs": [{"name": tabs[name], "href": asked.address(here), "here": name == tab} for name, here in HERE.items()],
        "filters": _filters(asked, choices),
        "place": "reports",
    }


def _filters(asked: Asked, choices: Mapping[str, list[naming.Choice]]) -> list[dict[str, object]]:
    names = {
        "channel": (_("Channel"), _("all channels")),
        "intent": (_("Intent"), _("all intents")),
        "team": (_("Team"), _("all teams")),
        "agent": (_("Colleague"), _("all of us")),
    }
    return [
        {"key": key, "name": name, "all": everything, "choices": choices[key], "value": asked.kept.get(key, "")}
        for key, (name, everything) in names.items()
        if key in choices
    ]


@needs(Right.MEASURES)
@require_safe
def times(request: HttpRequest) -> HttpResponse:
    """What came, how long people waited, and what was brought to an end."""
    asked = _asked(request)
    page = times_pages.page(asked.report(request), asked.by)
    names = {"channel": _("Channel"), "intent": _("Intent"), "team": _("Team"), "agent": _("Colleague")}
    bys = [{"name": names[by], "href": asked.address("reports", by=by), "here": by == asked.by} for by in BY]
    context = {**_shared(asked, "times", page.choices), "page": page, "bys": bys, "by_name": names[asked.by]}
    return render(request, "desk/reports/times.html", context)


@needs(Right.MEASURES)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who had to come back, on another channel, or in public."""
    asked = _asked(request)
    page = people_pages.page(asked.report(request))
    context = {**_shared(asked, "people", page.choices), "page": page}
    return render(request, "desk/reports/people.html", context)


@needs(Right.MEASURES)
@require_safe
def coaching(request: HttpRequest) -> HttpResponse:
    """Time in calls of one colleague, with the sentence why it is no yardstick."""
    asked = _asked(request)
    agents = list(Agent.objects.filter(is_active=True).order_by("name"))
    chosen = next((agent for agent in agents if agent.pk == asked.wanted.agent), None)
    found = time_in_calls(asked.report(request), agent=chosen.pk) if chosen else None
    shown = [naming.Choice(str(agent.pk), agent.name) for agent in agents]
    context = {**_shared(asked, "coaching", {"agent": shown}), "chosen": chosen, "found": found}
    return render(request, "desk/reports/coaching.html", context)


@needs(Right.MEASURES)
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """One of the tables as a file. It is remembered who took it along."""
    what = request.POST.get("what", "")
    if what not in files.TABLES:
        raise Http404
    asked = _asked(request)
    actions.export(what=what, wanted=asked.wanted, by=agent_of(request), now=timezone.now())
    rows = files.TABLES[what](asked.report(request), asked.by)
    return download(rows, _file_name(what, asked.wanted.period))


def _file_name(what: str, period: Period) -> str:
    return f"threadline-{what}-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}"
