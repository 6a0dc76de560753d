"""Signing in and out."""

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse

from threadline.desk.forms.session import SignIn


class SignInPage(LoginView):
    """Django's own view: it leads on to `next` on this host only."""

    template_name = "desk/sign_in.html"
    authentication_form = SignIn
    redirect_authenticated_user = True

    def form_invalid(self, form: SignIn) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=429 if form.paused else 422)


sign_in = SignInPage.as_view()
sign_out = LogoutView.as_view()
