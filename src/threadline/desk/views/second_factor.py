"""Setting up and taking off: authenticator app, passkeys, recovery codes. Used from the next sign-in."""

import ipaddress
import json
from typing import Any

from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from threadline.accounts.signing_in import second_factor
from threadline.desk.signed_in import agent_of


@login_required
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Where somebody lands who must have a second factor and has none."""
    if not agent_of(request).second_factor_due:
        return redirect(f"{reverse('me')}#second-factor")
    return render(request, "desk/me/due.html")


@method_decorator(never_cache, name="dispatch")
class App(ActivateTOTPView):
    template_name = "desk/me/app.html"

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        second_factor.came(agent=agent_of(self.request), kind="app", now=timezone.now())
        messages.success(self.request, _("The app is set up. You are asked for its code from the next sign-in."))
        return answer

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class AppOff(DeactivateTOTPView):
    template_name = "desk/me/off.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "what": _("your authenticator app")}

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        second_factor.went(agent=agent_of(self.request), kind="app", now=timezone.now())
        messages.success(self.request, _("The app is taken off."))
        return answer


@method_decorator(never_cache, name="dispatch")
class NewPasskey(AddWebAuthnView):
    """A passkey that also signs in by itself: it knows whom it belongs to, and asks for a finger, a face or a PIN."""

    template_name = "desk/me/passkey.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = {**super().get_context_data(**more), **more}
        context["options"] = json.dumps(auth.begin_registration(agent_of(self.request), True))
        context["by_number"] = is_number(self.request.get_host().rpartition(":")[0] or self.request.get_host())
        return context

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        name = form.cleaned_data["name"]
        second_factor.came(agent=agent_of(self.request), kind="passkey", name=name, now=timezone.now())
        messages.success(self.request, _("The passkey is there. Sign in with it from now on."))
        return answer

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


def is_number(host: str) -> bool:
    """Browsers make no passkeys for http://192.0.2.7."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


class PasskeyOff(RemoveWebAuthnView):
    template_name = "desk/me/off.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "what": _("the passkey “%(name)s”") % {"name": self.object}}

    def form_valid(self, form: Form) -> HttpResponse:
        name = str(self.object)
        answer: HttpResponse = super().form_valid(form)
        second_factor.went(agent=agent_of(self.request), kind="passkey", name=name, now=timezone.now())
        messages.success(self.request, _("The passkey is taken off."))
        return answer

    def get_success_url(self) -> str:
        return reverse("me")


@method_decorator(never_cache, name="dispatch")
class Codes(ViewRecoveryCodesView):
    template_name = "desk/me/codes.html"


class NewCodes(GenerateRecoveryCodesView):
    template_name = "desk/me/new_codes.html"

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        second_factor.came(agent=agent_of(self.request), kind="recovery codes", now=timezone.now())
        return answer


class CodesFile(DownloadRecoveryCodesView):
    template_name = "desk/me/codes.txt"
