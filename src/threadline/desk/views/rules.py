"""Settings, rules: changed in a draft that is tried on the past before it counts; a rule is switched off at once."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right
from threadline.core.rules import EVENTS, SPANS, Refused, Rule, in_cel, switched, with_rule, without_rule
from threadline.core.rules import earlier as moved_up
from threadline.core.rules.names import FUNCTIONS, NAMES
from threadline.desk.forms import rules as forms
from threadline.desk.forms.routing import SPOKEN
from threadline.desk.forms.story import first_error
from threadline.desk.queries import rules as queries
from threadline.desk.queries.routing import intents_by_group
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import page
from threadline.journeys.fields.seen import names
from threadline.journeys.models import Field, Macro, RuleBook
from threadline.journeys.routing.seen import groups
from threadline.journeys.rules import books, trial
from threadline.journeys.rules.examples import EXAMPLES
from threadline.lib.errors import ThreadlineError

View = Callable[..., HttpResponseBase]
HERE = "rules"
LISTS = ("kinds", "intents", "says", "teams", "ask")
who_may = needs(Right.WORK)


@who_may
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return _overview(request)


def _overview(request: HttpRequest, error: str = "") -> HttpResponse:
    shown = {"page": queries.overview(now=timezone.now()), "examples": EXAMPLES.values(), "error": error}
    return page(request, "rules", HERE, status=422 if error else 200, **shown)


def act(words: str) -> Callable[[Callable[..., str | None]], View]:
    """A POST: does it, says so, and shows the list; refused, the list says why. What it returns is said instead."""

    def made(does: Callable[..., str | None]) -> View:
        @who_may
        @require_POST
        @wraps(does)
        def view(request: HttpRequest, **values: Any) -> HttpResponse:
            try:
                said = does(request, by=agent_of(request), **values)
            except (ThreadlineError, ValueError) as error:
                return _overview(request, str(error))
            messages.success(request, said or _(words))
            return redirect(HERE)

        return view

    return made


# ---- one rule ------------------------------------------------------------------------------------------------------


@who_may
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    example = EXAMPLES.get(request.GET.get("example", ""))
    return _rule(request, None, example.rule if example else Rule("new", "", "received", ()))


@who_may
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    rule = books.read(books.draft() or books.standing()).rule(key)
    if rule is None:
        raise Http404
    return _rule(request, key, rule)


def _rule(request: HttpRequest, key: str | None, rule: Rule) -> HttpResponse:
    if request.method != "POST":
        return _rule_page(request, key, rule)
    form = forms.RuleForm(request.POST, intents=groups())
    if not form.is_valid():
        return _rule_page(request, key, rule, error=first_error(form))
    try:
        told = form.rule(key or uuid4().hex[:12])
        words, now = f"“{told.name}”", timezone.now()
        books.change(lambda book: with_rule(book, told), words=words, by=agent_of(request), now=now)
    except Refused as error:
        return _rule_page(request, key, rule, wrong=error)
    except (ThreadlineError, ValueError) as error:
        return _rule_page(request, key, rule, error=str(error))
    messages.success(request, _("Kept, in the draft. Try it on the past before you use it."))
    return redirect(HERE)


def _rule_page(
    request: HttpRequest, key: str | None, rule: Rule, error: str = "", wrong: Refused | None = None
) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    said = {**posted.dict(), **{name: posted.getlist(name) for name in LISTS}} if posted else queries.as_said(rule)
    shown = {
        "key": key,
        "rule": rule,
        "said": said,
        "whole": "" if posted else in_cel(rule),
        "events": EVENTS.items(),
        "spans": SPANS.items(),
        "says": forms.SAYS,
        "owners": forms.OWNERS,
        "turns": forms.TURNS,
        "kinds": SPOKEN,
        "teams": Team.objects.all(),
        "agents": Agent.objects.filter(is_active=True).order_by("name"),
        "texts": Macro.objects.standing().exclude(text="").filter(owner=None),
        "groups": intents_by_group(),
        "names": [*NAMES, *names()],
        "fields": Field.objects.standing(),
        "functions": FUNCTIONS,
        "error": error,
        "wrong": wrong,
        **(_place(str(said["cel"]), wrong) if wrong else {}),
    }
    return page(request, "rule", HERE, status=422 if error or wrong else 200, **shown)


def _place(cel: str, wrong: Refused) -> dict[str, object]:
    """The condition around the mistake: before, there, and after."""
    cel = cel.replace("\r\n", "\n").strip()
    at = min(wrong.at, len(cel))
    end = next(
        (place for place in range(at + 1, len(cel)) if not (cel[place].isalnum() or cel[place] in "._")), len(cel)
    )
    return {"before": cel[:at], "there": cel[at:end], "behind": cel[end:]}


@act("Moved up, in the draft.")
def earlier(request: HttpRequest, *, by: Agent, key: str) -> None:
    books.change(lambda book: moved_up(book, key), words="order", by=by, now=timezone.now())


@act("Removed, in the draft.")
def remove(request: HttpRequest, *, by: Agent, key: str) -> None:
    books.change(lambda book: without_rule(book, key), words="removed", by=by, now=timezone.now())


@act("Switched on, in the draft. It works when you use the draft.")
def switch(request: HttpRequest, *, by: Agent, key: str) -> str | None:
    """Off counts at once, where it is at work; on waits for the draft to be used."""
    now, to = timezone.now(), request.POST.get("to")
    if to != "off":
        books.change(lambda book: switched(book, key, on=True), words="on", by=by, now=now)
        return None
    working = books.read(books.standing()).rule(key)
    if working is not None and working.enabled:
        books.switch_off(key=key, by=by, now=now)
        return _("Switched off. It does nothing any more.")
    books.change(lambda book: switched(book, key, on=False), words="off", by=by, now=now)
    return _("Switched off, in the draft.")


# ---- versions ------------------------------------------------------------------------------------------------------


@who_may
@require_http_methods(["GET", "HEAD", "POST"])
def try_out(request: HttpRequest) -> HttpResponse:
    """What the draft, or else what is in use, would have done over the last days. Nothing moves."""
    book = books.draft() or books.standing()
    if book is None:
        return redirect(HERE)
    if request.method == "POST":
        return _begin_trial(request, book)
    return _trial_page(request, book)


def _begin_trial(request: HttpRequest, book: RuleBook) -> HttpResponse:
    days = request.POST.get("days", "")
    try:
        trial.try_out(book=book, days=int(days) if days.isdigit() else 0, by=agent_of(request), now=timezone.now())
    except ThreadlineError as error:
        return _trial_page(request, book, str(error))
    return redirect("rules-try")


def _trial_page(request: HttpRequest, book: RuleBook, error: str = "") -> HttpResponse:
    kept, only = queries.newest_trial(book), request.GET.get("rule", "")[:40]
    after = request.GET.get("after", "")
    found = queries.tried(kept, book, agent_of(request), rule=only, after=after, now=timezone.now()) if kept else None
    shown = {"found": found, "only": only, "draft": book.used_at is None, "days": trial.DAYS, "error": error}
    if request.headers.get("HX-Request") and not error:
        return render(request, "desk/settings/rules_trial.html", shown)
    return page(request, "rules_try", HERE, status=422 if error else 200, **shown)


@act("In use from now on. Stories that were past their time already are left alone.")
def release(request: HttpRequest, *, by: Agent) -> None:
    books.release(by=by, now=timezone.now(), note=request.POST.get("note", ""))


@act("The draft is dropped. What is in use stays.")
def drop(request: HttpRequest, *, by: Agent) -> None:
    books.drop(by=by, now=timezone.now())


@act("That version is in use again.")
def go_back(request: HttpRequest, *, by: Agent, version: int) -> None:
    to = get_object_or_404(RuleBook.objects.standing(), pk=version)
    books.go_back(to=to, by=by, now=timezone.now())


# ---- what they did -------------------------------------------------------------------------------------------------


@who_may
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Why each rule ran or did not."""
    names = {rule.key: rule.name for rule in books.read(books.standing()).rules}
    if (asked := request.GET.get("rule", "")[:40]) and asked not in names:
        names[asked] = _("a rule that is gone")
    form = forms.Narrow(request.GET, rules=names)
    said = form.cleaned_data if form.is_valid() else {}
    wanted = {"rule": said.get("rule", ""), "verdict": said.get("verdict", ""), "story": said.get("story")}
    lines, after = queries.runs(agent_of(request), **wanted, after=request.GET.get("after", ""))
    kept = {name: value for name, value in wanted.items() if value}
    older = f"?{urlencode({**kept, 'after': after})}" if after else ""
    return page(request, "rules_log", HERE, form=form, lines=lines, older=older, filtered=bool(kept))


@who_may
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """What will be looked at, when, by which rule."""
    lines, after = queries.due(agent_of(request), after=request.GET.get("after", ""))
    later = f"?{urlencode({'after': after})}" if after else ""
    return page(request, "rules_due", HERE, lines=lines, later=later)
