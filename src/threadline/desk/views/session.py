"""Signing in and out."""

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Presence
from threadline.accounts.serving import set_presence
from threadline.desk.forms.session import SignIn


class SignInPage(LoginView):
    """Django's own view: it leads on to `next` on this host only."""

    template_name = "desk/sign_in.html"
    authentication_form = SignIn
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        paused = isinstance(form, SignIn) and form.paused
        return self.render_to_response(self.get_context_data(form=form), status=429 if paused else 422)


sign_in = SignInPage.as_view()


class SignOut(LogoutView):
    """Whoever leaves is no longer there for work."""

    def post(self, request: HttpRequest, *arguments: object, **more: object) -> HttpResponse:
        if isinstance(request.user, Agent):
            away, why = Presence.AWAY, _("signed out")
            set_presence(agent=request.user, presence=away, reason=why, by=request.user, now=timezone.now())
        return super().post(request, *arguments, **more)


sign_out = SignOut.as_view()
