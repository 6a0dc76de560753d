"""Settings, for admins: how people sign in, and who is invited."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from threadline.accounts.models import Agent, Invitation, SignInRules
from threadline.accounts.rights import Right
from threadline.accounts.signing_in import invitations, passwords, saml
from threadline.accounts.signing_in import second_factor as second_factors
from threadline.channels import letters
from threadline.desk.forms.settings.sign_in import Invite
from threadline.desk.queries.settings import sign_in as queries
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import page as framed
from threadline.lib.errors import ThreadlineError

HERE = "settings-sign-in"


@needs(Right.SIGN_IN)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "rules": SignInRules.current(),
        "providers": queries.providers(),
        "pending": queries.pending(now=timezone.now()),
        "people": queries.people(after=request.GET.get("after", "")),
        "form": Invite(),
        "mail": letters.way_out(),
        "saml": saml.available(),
        **more,
    }
    return framed(request, "sign_in", HERE, status=status, **context)


@needs(Right.SIGN_IN)
@require_POST
def second_factor(request: HttpRequest) -> HttpResponse:
    everybody = request.POST.get("everybody") == "1"
    try:
        second_factors.require(everybody=everybody, by=agent_of(request), now=timezone.now())
    except ThreadlineError as error:
        return _page(request, refusal=str(error), status=422)
    messages.success(request, _("From now on everybody needs one.") if everybody else _("It is a choice again."))
    return redirect(HERE)


@needs(Right.SIGN_IN)
@require_POST
@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    form = Invite(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        with transaction.atomic():
            made = invitations.invite(**form.cleaned_data, by=agent_of(request), now=timezone.now())
            posted = letters.post("invitation", made.pk)
    except ThreadlineError as error:
        form.add_error("email", str(error))
        return _page(request, form=form, status=422)
    return _page(request, invited=made, link=invitations.link_of(made), posted=posted)


@needs(Right.SIGN_IN)
@require_POST
@never_cache
def invite_again(request: HttpRequest, number: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=number)
    with transaction.atomic():
        invitations.renew(invitation=invitation, by=agent_of(request), now=timezone.now())
        posted = letters.post("invitation", invitation.pk)
    return _page(request, invited=invitation, link=invitations.link_of(invitation), posted=posted)


@needs(Right.SIGN_IN)
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, pk=number)
    invitations.withdraw(invitation=invitation, by=agent_of(request), now=timezone.now())
    messages.success(request, _("Withdrawn. The link works no longer."))
    return redirect(HERE)


@needs(Right.SIGN_IN)
@require_POST
@never_cache
def password_link(request: HttpRequest, number: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=number)
    link = passwords.hand_out_link(agent=agent, by=agent_of(request), now=timezone.now())
    return _page(request, handed_out=agent, link=link)


@needs(Right.SIGN_IN)
@require_POST
def take_off(request: HttpRequest, number: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=number)
    second_factors.take_off(agent=agent, by=agent_of(request), now=timezone.now())
    messages.success(request, _("Taken off. %(name)s signs in with the password alone.") % {"name": agent.name})
    return redirect(HERE)
