"""Settings about words: texts that are kept ready (macros), and what we may promise (policies)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.accounts.rights import Right
from threadline.core.macros import PLACES
from threadline.desk.forms.wording import MacroForm, PolicyForm, of_macro
from threadline.desk.queries.story.macros import does, names_of
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import page
from threadline.interactions.intents import tree_in_use
from threadline.journeys import actions
from threadline.journeys.actions.policies import FIELDS
from threadline.journeys.models import Macro, Policy
from threadline.lib.errors import ThreadlineError

MOST = 300


@needs(Right.ANSWER, Right.NOTES)
@require_safe
def macros(request: HttpRequest) -> HttpResponse:
    """Everybody's, those of the agent's teams, and the agent's own."""
    agent = agent_of(request)
    found = list(
        Macro.objects.visible_to(agent).select_related("team", "owner").order_by("withdrawn_at", "name")[:MOST]
    )
    names, mine = names_of(found), set(Macro.objects.changeable_by(agent).values_list("pk", flat=True))
    lines = [(each, does(each, names), each.pk in mine) for each in found]
    values: dict[str, Any] = {
        "standing": [line for line in lines if line[0].withdrawn_at is None],
        "gone": [line for line in lines if line[0].withdrawn_at and line[2]],
    }
    return page(request, "macros", "settings-macros", **values)


@needs(Right.ANSWER, Right.NOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def macro(request: HttpRequest, macro_id: int | None = None) -> HttpResponse:
    """One macro, or a new one."""
    agent = agent_of(request)
    found = get_object_or_404(Macro.objects.changeable_by(agent), pk=macro_id) if macro_id else None
    form = MacroForm(request.POST or None, agent=agent, initial=of_macro(found) if found else {"whose": "own"})
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_macro(**form.values(), macro=found, by=agent, now=timezone.now())
            return redirect("settings-macros")
        except ThreadlineError as trouble:
            error = str(trouble)
    values: dict[str, Any] = {
        "form": form,
        "macro": found,
        "error": error,
        "places": PLACES,
        "intents": [node.name for node in tree_in_use() if node.name],
    }
    return _form(request, "macro", "settings-macros", {**values}, form.errors or error)


@needs(Right.ANSWER, Right.NOTES)
@require_POST
def withdraw_macro(request: HttpRequest, macro_id: int) -> HttpResponse:
    found = get_object_or_404(Macro.objects.changeable_by(agent_of(request)), pk=macro_id)
    actions.withdraw_macro(macro=found, by=agent_of(request), now=timezone.now(), back="back" in request.POST)
    return redirect("settings-macros")


@needs(Right.ANSWER, Right.NOTES, Right.WORK)
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Everybody reads them; admins write them."""
    found = list(Policy.objects.order_by("withdrawn_at", "name")[:MOST])
    values: dict[str, Any] = {
        "standing": [policy for policy in found if policy.withdrawn_at is None],
        "gone": [policy for policy in found if policy.withdrawn_at],
    }
    return page(request, "policies", "settings-policies", **values)


@needs(Right.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest, policy_id: int | None = None) -> HttpResponse:
    """One policy, or a new one."""
    agent = agent_of(request)
    found = get_object_or_404(Policy, pk=policy_id) if policy_id else None
    initial = {name: getattr(found, name) for name in FIELDS} if found else {"standing": Policy.Standing.MAY}
    form, error = PolicyForm(request.POST or None, initial=initial), ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_policy(values=form.cleaned_data, policy=found, by=agent, now=timezone.now())
            return redirect("settings-policies")
        except ThreadlineError as trouble:
            error = str(trouble)
    values = {"form": form, "policy": found, "error": error}
    return _form(request, "policy", "settings-policies", values, form.errors or error)


@needs(Right.WORK)
@require_POST
def withdraw_policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    agent, found = agent_of(request), get_object_or_404(Policy, pk=policy_id)
    actions.withdraw_policy(policy=found, by=agent, now=timezone.now(), back="back" in request.POST)
    return redirect("settings-policies")


def _form(request: HttpRequest, name: str, here: str, values: dict[str, Any], wrong: object) -> HttpResponse:
    return page(request, name, here, **values, status=422 if wrong else 200)
