"""Settings: calendars and promises. Each page shows what a change would mean before it is saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.accounts.rights import Right
from threadline.core.calendars import Calendar, written
from threadline.core.durations import spell_hours
from threadline.core.promises import Promise
from threadline.desk.forms import promises as forms
from threadline.desk.queries import promises as queries
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import page
from threadline.desk.views.story.found import is_fragment
from threadline.journeys.actions import promises as actions
from threadline.journeys.actions import promising
from threadline.lib.errors import ThreadlineError

HERE = "settings-calendars"
TRIED = timedelta(hours=1)
Thing = TypeVar("Thing")


@needs(Right.WORK)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All calendars and promises, and who changed what."""
    now = timezone.now()
    return _page(request, "calendars", {"settings": queries.settings(now=now)})


@needs(Right.WORK)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    row = actions.undo_book(by=agent_of(request), now=timezone.now())
    messages.success(request, f"{row.words}.")
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": reverse(HERE)})
    return redirect(HERE)


@needs(Right.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, key: str = "") -> HttpResponse:
    """One calendar: look, try, save or remove."""
    settings = queries.settings(now=timezone.now())
    known = _there(settings.book.calendars, key, _("This calendar is no longer there."))
    form = forms.EditCalendar(request.POST if request.method == "POST" else calendar_fields(known))
    made, error = _made(form, form.made)
    change = Change(
        save=partial(promising.save_calendar, key=key, calendar=made) if made else None,
        saved=_("Saved. It counts for everything that begins from now on."),
        remove=partial(promising.remove_calendar, key=key),
        removed=_("Removed."),
    )
    try:
        if words := _changed(request, form, change):
            return _saved(request, words)
    except (ThreadlineError, ValueError) as refused:
        error = str(refused)
    shown = calendar_shown(form, made, key, now=timezone.now())
    return _edited(request, "calendar", settings, form, error, known=known, **shown)


def calendar_shown(form: forms.EditCalendar, made: Calendar | None, key: str, *, now: datetime) -> dict[str, object]:
    """The week as it would be, and what there is to choose from."""
    names = zip(forms.DAYS, queries.weekdays(), strict=True)
    return {
        "hours": queries.Hours(key, made, now) if made else None,
        "due": tried(form, made, now=now) if made else None,
        "days": [(day, name, form.data.get(day, "")) for day, name in names],
        "zones": queries.zones(),
        "countries": queries.countries(),
        "regions": queries.regions(form.data.get("country", "")),
    }


@needs(Right.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: HttpRequest, key: str = "") -> HttpResponse:
    """One promise: look, try, save or remove."""
    settings = queries.settings(now=timezone.now())
    known = _there(settings.book.promises, key, _("This promise is no longer there."))
    form = forms.EditPromise(request.POST if request.method == "POST" else promise_fields(known))
    made, error = _made(form, partial(form.made, settings.choices))
    change = Change(
        save=partial(promising.save_promise, key=key, promise=made) if made else None,
        saved=_("Saved. It holds for everything that begins from now on."),
        remove=partial(promising.remove_promise, key=key),
        removed=_("Removed. What was promised already stays promised."),
    )
    try:
        if words := _changed(request, form, change):
            return _saved(request, words)
    except (ThreadlineError, ValueError) as refused:
        error = str(refused)
    shown = promise_shown(form, made, settings, now=timezone.now())
    return _edited(request, "promise", settings, form, error, known=known, **shown)


def promise_shown(
    form: forms.EditPromise, made: Promise | None, settings: queries.Settings, *, now: datetime
) -> dict[str, object]:
    """When an answer would be due, and what is ticked."""
    by = settings.book.calendars.get(made.calendar) if made else None
    within = made and (made.first or made.next or made.resolution)
    return {
        "due": queries.due(by, form.arrival(ZoneInfo(by.zone), now=now), within) if by and within else None,
        "chosen": {name: form.listed(name) for name in settings.choices},
        "channels": queries.channels(),
    }


@dataclass(frozen=True)
class Change:
    """What the two buttons of a page do, and the words then. What can not be read is not saved."""

    save: Callable[..., object] | None
    saved: str
    remove: Callable[..., object]
    removed: str


def _there(among: Mapping[str, Thing], key: str, missing: str) -> Thing | None:
    """What is to be changed; a new one has no key yet."""
    if key and key not in among:
        raise Http404(missing)
    return among.get(key)


def _made(form: forms.Tried, make: Callable[[], Thing]) -> tuple[Thing | None, str]:
    """What the form says, or why it can not be read."""
    form.is_valid()
    try:
        return make(), ""
    except (ThreadlineError, ValueError) as unreadable:
        return None, str(unreadable)


def _changed(request: HttpRequest, form: forms.Tried, change: Change) -> str:
    """Do what was asked for; nothing, if somebody only looks or tries."""
    do = request.POST.get("do", "")
    with_whom = {"by": agent_of(request), "now": timezone.now(), "seen": form.cleaned_data.get("seen") or 0}
    if do == "remove":
        change.remove(**with_whom)
        return change.removed
    if do == "save" and change.save:
        change.save(**with_whom)
        return change.saved
    return ""


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


def _saved(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words, extra_tags=reverse("promises-undo"))
    return redirect(HERE)


def _edited(
    request: HttpRequest, name: str, settings: queries.Settings, form: forms.Tried, error: str, **shown: object
) -> HttpResponse:
    """The page with what was written still in it; before anything was written, nothing is wrong with it."""
    seen = form.cleaned_data.get("seen") or settings.seen
    shown |= {"said": form.data, "settings": settings, "seen": seen, "now": timezone.now()}
    return _page(request, name, shown, error if request.method == "POST" else "")


def _page(request: HttpRequest, name: str, shown: dict[str, object], error: str = "") -> HttpResponse:
    return page(request, name, HERE, **shown, error=error, status=422 if error else 200)
