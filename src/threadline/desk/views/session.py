"""Signing in and out."""

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse

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
sign_out = LogoutView.as_view()
