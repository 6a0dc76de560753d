"""The ways in beside the password: second step, passkey, provider, invitation, a forgotten password."""

import json
from typing import Any

from allauth.account.views import BaseReauthenticateView, ReauthenticateView
from allauth.core import ratelimit
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateWithCode
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe
from requests import RequestException

from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent, Provider
from threadline.accounts.signing_in import invitations, passwords
from threadline.accounts.signing_in.adapters import Vouching, not_vouched, refused, source_of
from threadline.channels import letters
from threadline.desk.forms.door import Code, CodeAgain, Forgotten, Invited, NewPassword
from threadline.desk.views import saml
from threadline.desk.views.session import let_in
from threadline.lib.errors import ThreadlineError


def failed(request: HttpRequest, agent: Agent, *, step: str) -> None:
    record_quietly("sign_in_failed", at=timezone.now(), of=agent.pk, step=step, source=source_of(request))


class SecondStep(AuthenticateView):
    """The code of the app, a recovery code, or a passkey, after the password."""

    template_name = "desk/door/second_step.html"
    form_class = Code

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        keys = Authenticator.objects.filter(user=self.stage.login.user, type=Authenticator.Type.WEBAUTHN)
        return {**context, "options": json.dumps(context["js_data"]["request_options"]) if keys.exists() else ""}

    def form_invalid(self, form: Form) -> HttpResponse:
        failed(self.request, self.stage.login.user, step="second factor")
        return self.render_to_response(self.get_context_data(), status=422)


class Passkey(LoginWebAuthnView):
    """GET by a script: what the browser asks the key for. POST: its answer, which lets in without a password."""

    def form_invalid(self, form: Form) -> HttpResponse:
        why = _("This passkey belongs to nobody here, or it took too long. Try again, or sign in with your password.")
        return refused(self.request, why, status=422)


class Again(ReauthenticateView):
    """Before something that matters: the password once more."""

    template_name = "desk/door/again.html"

    def form_invalid(self, form: Form) -> HttpResponse:
        return refused_again(self, form)


class AgainWithCode(ReauthenticateWithCode):
    template_name = "desk/door/again.html"
    form_class = CodeAgain

    def form_invalid(self, form: Form) -> HttpResponse:
        return refused_again(self, form)


class AgainWithPasskey(ReauthenticateWebAuthnView):
    template_name = "desk/door/again.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        context.setdefault("form", self.get_form())
        return {**context, "options": json.dumps(context["js_data"]["request_options"])}

    def form_invalid(self, form: Form) -> HttpResponse:
        return refused_again(self, form)


def refused_again(view: BaseReauthenticateView, form: Form) -> HttpResponse:
    assert isinstance(view.request.user, Agent)
    failed(view.request, view.request.user, step="once more")
    return view.render_to_response({**view.get_context_data(), "form": form}, status=422)


@require_GET
def with_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider. Nothing but `next` is taken from the address."""
    onward = request.GET.get("next", "")
    onward = onward if url_has_allowed_host_and_scheme(onward, {request.get_host()}) else ""
    known = Provider.objects.filter(slug=provider_id, active=True, kind=Provider.Kind.SAML).first()
    if known is not None:
        return saml.away(request, known, onward)
    try:
        provider = get_adapter().get_provider(request, provider_id)
        provider.oauth2_adapter_class = Vouching
        answer: HttpResponse = provider.redirect(request, AuthProcess.LOGIN, next_url=onward or None)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (RequestException, ValueError, KeyError):
        why = _("%(name)s can not be reached. Try again in a moment, or sign in another way.") % {"name": provider.name}
        return refused(request, why, status=502)
    return answer


@require_GET
@never_cache
def back_from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    if not Provider.objects.filter(slug=provider_id, active=True, kind=Provider.Kind.OIDC).exists():
        raise Http404
    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(Vouching(request, provider_id))(request)
    except (ValueError, KeyError, TypeError) as error:  # it answered something that is not OpenID Connect
        return not_vouched(request, provider_id, error)
    return answer


@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether we know the address or not."""
    if letters.way_out() is None:
        return render(request, "desk/door/forgotten.html", {"no_mail": True})
    form = Forgotten(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "desk/door/forgotten.html", {"form": form}, status=status)
    email = form.cleaned_data["email"].lower()
    agent = Agent.objects.filter(email=email, is_active=True).first()
    allowed = ratelimit.consume(request, action="reset_password", key=email)
    if allowed:  # the same work for whom we do not know: nobody shall tell by the time that it takes
        letters.post("new_password", agent.pk if agent else 0)
    if agent and allowed:
        record_quietly("password_link_asked_for", at=timezone.now(), of=agent.pk, source=source_of(request))
    return render(request, "desk/door/forgotten.html", {"sent_to": email})


KEPT_LINK = "new_password_link"
KEPT_INVITATION = "invitation_key"


@require_safe
@never_cache
def new_password_link(request: HttpRequest, number: int, token: str) -> HttpResponse:
    """The link's secret leaves the address at once, so that it reaches no log and no other page."""
    try:
        passwords.behind(number, token)
    except ThreadlineError as error:
        return refused(request, str(error), status=410)
    request.session[KEPT_LINK] = [number, token]
    return redirect("new-password")


@require_http_methods(["GET", "POST"])
@never_cache
def new_password(request: HttpRequest) -> HttpResponse:
    number, token = request.session.get(KEPT_LINK, (0, ""))
    try:
        agent = passwords.behind(number, token)
    except ThreadlineError as error:
        return refused(request, str(error), status=410)
    form = NewPassword(request.POST or None, agent=agent)
    if request.method == "GET" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "desk/door/new_password.html", {"form": form, "agent": agent}, status=status)
    password = form.cleaned_data["password"]
    passwords.choose(agent=agent, password=password, by=agent, now=timezone.now(), how="link")
    request.session.pop(KEPT_LINK, None)
    return let_in(request, agent, method="password", to=reverse("queue"))


@require_safe
@never_cache
def invitation_link(request: HttpRequest, key: str) -> HttpResponse:
    try:
        invitations.behind(key, now=timezone.now())
    except ThreadlineError as error:
        return refused(request, str(error), status=410)
    request.session[KEPT_INVITATION] = key
    return redirect("invitation")


@require_http_methods(["GET", "POST"])
@never_cache
def invitation(request: HttpRequest) -> HttpResponse:
    """Name and password, and in. Somebody else who is signed in here is signed out by it."""
    try:
        asked = invitations.behind(request.session.get(KEPT_INVITATION, ""), now=timezone.now())
    except ThreadlineError as error:
        return refused(request, str(error), status=410)
    form = Invited(request.POST or None, email=asked.email, initial={"name": asked.name})
    if request.method == "GET" or not form.is_valid():
        context = {"form": form, "asked": asked, "providers": Provider.objects.filter(active=True)}
        return render(request, "desk/door/invited.html", context, status=422 if request.method == "POST" else 200)
    data = form.cleaned_data
    agent = invitations.accept(invitation=asked, name=data["name"], password=data["password"], now=timezone.now())
    request.session.flush()
    return let_in(request, agent, method="password", to=reverse("queue"))
