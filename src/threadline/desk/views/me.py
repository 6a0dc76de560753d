"""The own page: who I am, how I sign in, where I am signed in."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts import tries
from threadline.accounts.models import Agent
from threadline.accounts.signing_in import own_page, passwords, sessions
from threadline.accounts.signing_in.adapters import source_of
from threadline.desk.forms.door import Change
from threadline.desk.forms.me import About
from threadline.desk.queries import me as queries
from threadline.desk.signed_in import agent_of
from threadline.desk.views.serving import way_back
from threadline.desk.views.story.found import is_fragment
from threadline.lib.errors import ThreadlineError

A_YEAR = 365 * 24 * 60 * 60
THEMES = ("light", "dark")


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    from threadline.desk.views import notice_wishes  # which shows this page when it refuses

    agent = agent_of(request)
    about = {"name": agent.name, "handle": agent.handle or "", "time_zone": agent.time_zone}
    context = {
        "place": "me",
        "now": timezone.now(),
        "about": About(initial=about),
        "change": Change(agent=agent),
        "factors": queries.factors(agent),
        **({} if "wish" in forms else notice_wishes.shown(request)),
        "sessions": queries.sessions_of(agent, here=request.session.session_key or "", now=timezone.now()),
        **forms,
    }
    return render(request, "desk/me/me.html", context, status=status)


def refused(request: HttpRequest, **forms: Any) -> HttpResponse:
    """The page again, with what could not be taken."""
    return _page(request, status=422, **forms)


@login_required
@require_POST
def about(request: HttpRequest) -> HttpResponse:
    form = About(request.POST)
    if not form.is_valid():
        return _page(request, about=form, status=422)
    try:
        own_page.change(agent=agent_of(request), **form.cleaned_data, now=timezone.now())
    except ThreadlineError as error:
        form.add_error("handle", str(error))
        request.user.refresh_from_db()  # type: ignore[union-attr]
        return _page(request, about=form, status=422)
    messages.success(request, _("Saved."))
    return redirect("me")


@login_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Light or dark is kept in this browser, closer or wider rows with the agent, for every browser."""
    if request.POST.get("density", "") in ("", "compact"):
        own_page.choose_density(agent=agent_of(request), density=request.POST.get("density", ""), now=timezone.now())
    answer = redirect(f"{reverse('me')}#look")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        answer.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    else:
        answer.delete_cookie("theme", samesite="Lax")
    return answer


@login_required
@require_POST
def density(request: HttpRequest) -> HttpResponse:
    """The other one of closer and wider rows; a screen that has changed itself already says which."""
    agent = agent_of(request)
    chosen = request.POST.get("density", "" if agent.density else "compact")
    own_page.choose_density(agent=agent, density=chosen, now=timezone.now())
    return HttpResponse(status=204) if is_fragment(request) else redirect(way_back(request))


@login_required
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """The old one once more, then the new one; everybody else who is signed in as me is not any longer."""
    agent, now = agent_of(request), timezone.now()
    who = {"email": agent.email, "source": source_of(request)}
    form = Change(request.POST, agent=agent)
    if tries.paused_until(**who, now=now):
        form.add_error("old", _("There were ten wrong tries. Wait ten minutes and try again."))
        return _page(request, change=form, status=429)
    if form.is_valid() and agent.has_usable_password() and not agent.check_password(form.cleaned_data["old"]):
        tries.remember(**who, now=now)
        form.add_error("old", _("This is not the password you have now."))
    if not form.is_valid():
        return _page(request, change=form, status=422)
    passwords.choose(agent=agent, password=form.cleaned_data["password"], by=agent, now=now, how="own page")
    request.session.flush()
    messages.success(request, _("Your password is changed. You are signed in here only."))
    return _back_in(request, agent)


def _back_in(request: HttpRequest, agent: Agent) -> HttpResponse:
    """A new session, also for who has a second factor: they proved it in the one that just ended."""
    login(request, agent)
    UserSession.objects.create_from_request(request)
    sessions.begin(request, now=timezone.now())
    return redirect("me")


@login_required
@require_POST
def end_session(request: HttpRequest, number: int) -> HttpResponse:
    agent = agent_of(request)
    session = get_object_or_404(UserSession, pk=number, user=agent)
    sessions.end(session=session, by=agent, now=timezone.now())
    messages.success(request, _("Signed out there."))
    return redirect(f"{reverse('me')}#sessions")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    here = request.session.session_key or ""
    sessions.end_others(agent=agent_of(request), but=here, now=timezone.now())
    messages.success(request, _("Signed out everywhere else."))
    return redirect(f"{reverse('me')}#sessions")
