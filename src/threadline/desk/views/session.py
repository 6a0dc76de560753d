"""Signing in and out."""

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Presence, Provider
from threadline.accounts.serving import set_presence
from threadline.desk.forms.session import SignIn


class SignInPage(LoginView):
    """Django's own view: it leads on to `next` on this host only. Whoever has a second factor is asked for it next."""

    template_name = "desk/sign_in.html"
    authentication_form = SignIn
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        agent = form.get_user()
        assert isinstance(agent, Agent)
        return let_in(self.request, agent, method="password", to=self.get_success_url())

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        paused = isinstance(form, SignIn) and form.paused
        return self.render_to_response(self.get_context_data(form=form), status=429 if paused else 422)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return {**super().get_context_data(**more), "providers": Provider.objects.filter(active=True)}


def let_in(request: HttpRequest, agent: Agent, *, method: str, to: str) -> HttpResponse:
    """Sign somebody in who gave the password, or just chose it: for a while nobody asks for it again."""
    record_authentication(request, agent, method, reauthenticated=True)
    answer = perform_login(request, Login(user=agent, redirect_url=to))
    assert isinstance(answer, HttpResponse)
    return answer


sign_in = SignInPage.as_view()


class SignOut(LogoutView):
    """Whoever leaves is no longer there for work."""

    def post(self, request: HttpRequest, *arguments: object, **more: object) -> HttpResponse:
        if isinstance(request.user, Agent):
            away, why = Presence.AWAY, _("signed out")
            set_presence(agent=request.user, presence=away, reason=why, by=request.user, now=timezone.now())
        return super().post(request, *arguments, **more)


sign_out = SignOut.as_view()
