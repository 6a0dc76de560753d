"""Settings: calendars and promises. Each page shows what a change would mean before it is saved."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.accounts.models import Agent
from threadline.core.calendars import Calendar, written
from threadline.core.durations import spell_hours
from threadline.core.promises import Promise
from threadline.desk.forms import promises as forms
from threadline.desk.queries import promises as queries
from threadline.desk.signed_in import agent_of
from threadline.desk.views.story.found import is_fragment
from threadline.journeys.actions import promises as actions
from threadline.journeys.actions import promising
from threadline.lib.errors import ThreadlineError

TRIED = timedelta(hours=1)


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All calendars and promises, and who changed what."""
    admin_of(request)
    now = timezone.now()
    return _page(request, "overview", {"settings": queries.settings(now=now), "now": now})


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    row = actions.undo_book(by=admin_of(request), now=timezone.now())
    messages.success(request, f"{row.words}.")
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": reverse("settings-calendars")})
    return redirect("settings-calendars")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, key: str = "") -> HttpResponse:
    """One calendar: look, try, save or remove."""
    admin, now = admin_of(request), timezone.now()
    settings = queries.settings(now=now)
    known = settings.book.calendars.get(key)
    if key and known is None:
        raise Http404(_("This calendar is no longer there."))
    form = forms.EditCalendar(request.POST if request.method == "POST" else calendar_fields(known))
    form.is_valid()
    do, error, made, seen = request.POST.get("do", ""), "", None, form.cleaned_data.get("seen") or 0
    try:
        if do == "remove":
            promising.remove_calendar(key=key, by=admin, now=now, seen=seen)
            return _saved(request, _("Removed."))
        made = form.made()
        if do == "save":
            promising.save_calendar(key=key, calendar=made, by=admin, now=now, seen=seen)
            return _saved(request, _("Saved. It counts for everything that begins from now on."))
    except (ThreadlineError, ValueError) as refused:
        error = str(refused)
    context = {
        "hours": queries.Hours(key, made, now) if made else None,
        "due": tried(form, made, now=now) if made else None,
        "said": form.data,
        "days": [(day, name, form.data.get(day, "")) for day, name in zip(forms.DAYS, queries.weekdays(), strict=True)],
        "zones": queries.zones(),
        "countries": queries.countries(),
        "regions": queries.regions(form.data.get("country", "")),
        "known": known,
        "seen": seen or settings.seen,
        "now": now,
    }
    return _page(request, "calendar", context, error if request.method == "POST" else "")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, key: str = "") -> HttpResponse:
    """One promise: look, try, save or remove."""
    admin, now = admin_of(request), timezone.now()
    settings = queries.settings(now=now)
    known = settings.book.promises.get(key)
    if key and known is None:
        raise Http404(_("This promise is no longer there."))
    form = forms.EditPromise(request.POST if request.method == "POST" else promise_fields(known))
    form.is_valid()
    do, error, made, seen = request.POST.get("do", ""), "", None, form.cleaned_data.get("seen") or 0
    try:
        if do == "remove":
            promising.remove_promise(key=key, by=admin, now=now, seen=seen)
            return _saved(request, _("Removed. What was promised already stays promised."))
        made = form.made(settings.choices)
        if do == "save":
            promising.save_promise(key=key, promise=made, by=admin, now=now, seen=seen)
            return _saved(request, _("Saved. It holds for everything that begins from now on."))
    except (ThreadlineError, ValueError) as refused:
        error = str(refused)
    by = settings.book.calendars.get(made.calendar) if made else None
    within = made and (made.first or made.next or made.resolution)
    context = {
        "due": queries.due(by, form.arrival(ZoneInfo(by.zone), now=now), within) if by and within else None,
        "said": form.data,
        "chosen": {name: form.listed(name) for name in settings.choices},
        "settings": settings,
        "channels": queries.channels(),
        "known": known,
        "seen": seen or settings.seen,
        "now": now,
    }
    return _page(request, "promise", context, error if request.method == "POST" else "")


def tried(form: forms.EditCalendar, made: Calendar, *, now: datetime) -> queries.Due:
    within = forms.span_of(form.cleaned_data.get("within") or "") or TRIED
    return queries.due(made, form.arrival(ZoneInfo(made.zone), now=now), within)


def calendar_fields(known: Calendar | None) -> QueryDict:
    """A calendar as its form holds it; a new one begins with office hours where the desk is."""
    given = QueryDict(mutable=True)
    plain = written(known) if known else NEW | {"zone": timezone.get_current_timezone_name()}
    for day, slots in zip(forms.DAYS, plain["week"], strict=True):
        given[day] = ", ".join("–".join(slot) for slot in slots)
    for name in ("name", "zone", "country", "region"):
        given[name] = plain[name]
    given["closed"] = "\n".join(" ".join(filter(None, one)) for one in plain["closed"])
    given["open_anyway"] = "\n".join(plain["open_anyway"])
    return given


NEW: dict[str, Any] = {
    "name": "",
    "week": [[["09:00", "17:30"]]] * 5 + [[], []],
    "country": "",
    "region": "",
    "closed": [],
    "open_anyway": [],
}


def promise_fields(known: Promise | None) -> QueryDict:
    given = QueryDict(mutable=True)
    if known is None:
        return given
    given["name"], given["calendar"] = known.name, known.calendar
    for name in ("first", "next", "resolution"):
        span = getattr(known, name)
        given[name] = spell_hours(span) if span else ""
    for name in ("channels", "teams", "brands"):
        given.setlist(name, [str(each) for each in sorted(getattr(known, name))])
    if known.tells_when_closed:
        given["tells_when_closed"] = "on"
    return given


def admin_of(request: HttpRequest) -> Agent:
    agent = agent_of(request)
    if not agent.is_admin:
        raise PermissionDenied(_("Only admins change calendars and promises. Ask one of them."))
    return agent


def _saved(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words, extra_tags=reverse("promises-undo"))
    return redirect("settings-calendars")


def _page(request: HttpRequest, name: str, shown: dict[str, object], error: str = "") -> HttpResponse:
    context = {**shown, "error": error, "place": "settings"}
    return render(request, f"desk/promises/{name}.html", context, status=422 if error else 200)
