"""Settings, who gets what: everybody may read; admins change it, in a draft that is tried before it counts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right
from threadline.accounts.serving import set_skills
from threadline.channels.models import Brand
from threadline.core.routing import Policy, Rule
from threadline.desk.forms import routing as forms
from threadline.desk.forms.story import first_error
from threadline.desk.queries import routing as queries
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import page
from threadline.journeys.routing import policies
from threadline.journeys.routing.seen import groups
from threadline.lib.errors import ThreadlineError

View = Callable[..., HttpResponseBase]
HERE = "routing"


for_admins = needs(Right.WORK)


@for_admins
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return _overview(request)


def _overview(request: HttpRequest, error: str = "") -> HttpResponse:
    now = timezone.now()
    context = {
        "page": queries.overview(now=now),
        "error": error,
        "now": now,
    }
    return page(request, "routing", HERE, **context, status=422 if error else 200)


def act(words: str) -> Callable[[Callable[..., object]], View]:
    """A POST by an admin: does it, says so, and shows the overview; refused, the overview says why."""

    def made(does: Callable[..., object]) -> View:
        @for_admins
        @require_POST
        @wraps(does)
        def view(request: HttpRequest, **values: int) -> HttpResponse:
            try:
                does(request, by=agent_of(request), **values)
            except ThreadlineError as error:
                return _overview(request, str(error))
            messages.success(request, _(words))
            return redirect("routing")

        return view

    return made


# ---- rules -----------------------------------------------------------------------------------------------------------


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    return _rule(request, None, None)


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def one_rule(request: HttpRequest, number: int) -> HttpResponse:
    rules = policies.read(policies.draft() or policies.standing().first()).rules
    if not 1 <= number <= len(rules):
        raise Http404
    return _rule(request, number, rules[number - 1])


def _rule(request: HttpRequest, number: int | None, rule: Rule | None) -> HttpResponse:
    form = forms.RuleForm(request.POST if request.method == "POST" else None, intents=groups())
    if request.method != "POST":
        return _rule_page(request, number, rule)
    if not form.is_valid():
        return _rule_page(request, number, rule, error=first_error(form))
    try:
        told = form.rule()
        words = f"“{told.name}”"
        policies.change(
            lambda policy: policies.with_rule(policy, told, number),
            words=words,
            by=agent_of(request),
            now=timezone.now(),
        )
    except (ThreadlineError, ValueError) as error:
        return _rule_page(request, number, rule, error=str(error))
    messages.success(request, _("Kept, in the draft."))
    return redirect("routing")


def _rule_page(request: HttpRequest, number: int | None, rule: Rule | None, error: str = "") -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    context = {
        "number": number,
        "said": _said(rule) if posted is None else {**posted.dict(), **{name: posted.getlist(name) for name in LISTS}},
        "teams": Team.objects.all(),
        "brands": Brand.objects.order_by("name"),
        "kinds": forms.SPOKEN,
        "groups": queries.intents_by_group(),
        "error": error,
    }
    return page(request, "routing_rule", HERE, **context, status=422 if error else 200)


LISTS = ("kinds", "brands", "intents")


def _said(rule: Rule | None) -> dict[str, object]:
    """A rule as the form has it."""
    rule = rule or Rule("", 0)
    return {
        "name": rule.name,
        "team": str(rule.team),
        "kinds": list(rule.kinds),
        "brands": [str(number) for number in rule.brands],
        "intents": list(rule.intents),
        "languages": ", ".join(rule.languages),
        "words": ", ".join(rule.words),
        "urgency": str(rule.urgency),
        "hold": queries.minutes(rule.hold),
        "overflow": str(rule.overflow or ""),
        "overflow_after": queries.minutes(rule.overflow_after),
    }


@act("Moved up, in the draft.")
def earlier(request: HttpRequest, *, by: Agent, number: int) -> None:
    policies.change(lambda policy: policies.earlier(policy, number), words="order", by=by, now=timezone.now())


@act("Removed, in the draft.")
def remove(request: HttpRequest, *, by: Agent, number: int) -> None:
    policies.change(lambda policy: policies.without_rule(policy, number), words="removed", by=by, now=timezone.now())


@act("Kept, in the draft.")
def limits(request: HttpRequest, *, by: Agent) -> None:
    form = forms.Limits(request.POST)
    if not form.is_valid():
        raise ThreadlineError(first_error(form))

    def edit(policy: Policy) -> Policy:
        supervisors = tuple(agent.pk for agent in form.cleaned_data["supervisors"])
        spans: dict[str, timedelta] = {name: form.span(name) for name in ("kept", "idle")}
        return replace(policy, weights=form.weights, supervisors=supervisors, **spans)  # type: ignore[arg-type]

    policies.change(edit, words="limits", by=by, now=timezone.now())


# ---- people ----------------------------------------------------------------------------------------------------------


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, agent_id: int) -> HttpResponse:
    """What somebody is good at, and how much they may have in hand. It counts at once."""
    agent = get_object_or_404(Agent.objects.filter(is_active=True), pk=agent_id)
    if request.method != "POST":
        return _person_page(request, agent, {"capacity": agent.capacity, **queries.written_skills(agent)})
    form = forms.PersonForm(request.POST)
    if not form.is_valid():
        return _person_page(request, agent, request.POST.dict(), error=first_error(form))
    said = {"skills": form.skills(), "capacity": form.cleaned_data["capacity"]}
    try:
        set_skills(agent=agent, by=agent_of(request), now=timezone.now(), **said)
    except ThreadlineError as error:
        return _person_page(request, agent, request.POST.dict(), error=str(error))
    messages.success(request, _("Kept. It counts from now on."))
    return redirect("routing")


def _person_page(request: HttpRequest, agent: Agent, said: Mapping[str, object], error: str = "") -> HttpResponse:
    context = {"agent": agent, "said": said, "groups": queries.intents_by_group(), "error": error}
    return page(request, "routing_person", HERE, **context, status=422 if error else 200)


# ---- versions --------------------------------------------------------------------------------------------------------


@for_admins
@require_safe
def try_out(request: HttpRequest) -> HttpResponse:
    """Where yesterday's stories would have gone. Nothing moves."""
    found = queries.dry_run(agent_of(request), now=timezone.now())
    if found is None:
        return redirect("routing")
    return page(request, "routing_try", HERE, found=found, seen=queries.visible(found, agent_of(request)))


@act("In use from now on. What waits without a team is looked at anew.")
def release(request: HttpRequest, *, by: Agent) -> None:
    policies.release(by=by, now=timezone.now(), note=request.POST.get("note", ""))


@act("The draft is dropped. What is in use stays.")
def drop(request: HttpRequest, *, by: Agent) -> None:
    policies.drop(by=by, now=timezone.now())


@act("The version before is in use again.")
def go_back(request: HttpRequest, *, by: Agent) -> None:
    policies.go_back(by=by, now=timezone.now())
