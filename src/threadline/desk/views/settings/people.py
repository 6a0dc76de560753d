"""People: who can sign in, as what, in which teams."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.accounts import actions
from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.desk.forms.settings import people as forms
from threadline.desk.queries.settings import people as queries
from threadline.desk.queries.settings.lately import lately
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import done, given, kept, page

HERE = "settings-people"


@needs(Right.PEOPLE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    words, gone = request.GET.get("q", "").strip()[:200], "gone" in request.GET
    listed = queries.people(words=words, gone=gone, after=request.GET.get("after", ""))
    return page(request, "people", HERE, listed=listed, words=words, gone=gone, number_gone=queries.number_gone())


@needs(Right.PEOPLE)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = forms.NewPerson(given(request))

    def add(said: dict[str, Any]) -> None:
        who = form.who()
        actions.create_agent(
            email=who.email,
            name=who.name,
            password=said["password"],
            is_admin=who.is_admin,
            role=who.role,
            teams=who.teams,
            by=agent_of(request),
            now=timezone.now(),
        )

    if request.method == "POST":
        words = _("Added. They can sign in now.")
        if answer := kept(request, form, add, words=words, to=HERE):
            return answer
    return page(request, "person_new", HERE, form=form, status=422 if form.errors else 200)


@needs(Right.PEOPLE)
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, agent_id: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=agent_id)
    form = forms.Person(given(request), agent=agent)
    if request.method == "POST":
        by, now = agent_of(request), timezone.now()
        answer = kept(
            request,
            form,
            lambda _said: actions.change_agent(agent=agent, who=form.who(), by=by, now=now),
            words=_("Kept. It holds from the next page they open."),
            to="settings-person",
            args=(agent.pk,),
        )
        if answer:
            return answer
    return _person(request, agent, form=form, status=422 if form.errors else 200)


@needs(Right.PEOPLE)
@require_POST
def leave(request: HttpRequest, agent_id: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=agent_id)
    event = actions.deactivate(agent=agent, by=agent_of(request), now=timezone.now())
    words = _("%(name)s can not sign in any more.") % {"name": agent.name}
    return done(request, words, event, to="settings-person", args=(agent.pk,))


@needs(Right.PEOPLE)
@require_POST
def come_back(request: HttpRequest, agent_id: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=agent_id)
    event = actions.reactivate(agent=agent, by=agent_of(request), now=timezone.now())
    words = _("%(name)s can sign in again.") % {"name": agent.name}
    return done(request, words, event, to="settings-person", args=(agent.pk,))


@needs(Right.PEOPLE)
@require_POST
def password(request: HttpRequest, agent_id: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=agent_id)
    form, by, now = forms.Password(request.POST), agent_of(request), timezone.now()
    answer = kept(
        request,
        form,
        lambda said: actions.set_password(agent=agent, password=said["password"], by=by, now=now),
        words=_("The new password holds from now on."),
        to="settings-person",
        args=(agent.pk,),
    )
    return answer or _person(request, agent, setting=form, status=422)


def _person(
    request: HttpRequest,
    agent: Agent,
    *,
    form: forms.Person | None = None,
    setting: forms.Password | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "agent": Agent.objects.get(pk=agent.pk),
        "form": form or forms.Person(agent=agent),
        "setting": setting or forms.Password(),
        "held": queries.held_by(agent),
        "lately": lately(who=agent.pk),
        "me": agent.pk == agent_of(request).pk,
    }
    return page(request, "person", HERE, status=status, **shown)
