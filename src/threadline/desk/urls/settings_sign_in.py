from django.urls import URLPattern, path

from threadline.desk.views.settings import providers as providers
from threadline.desk.views.settings import sign_in as rules

urlpatterns: list[URLPattern] = [
    path("settings/sign-in", rules.page, name="settings-sign-in"),
    path("settings/sign-in/second-factor", rules.second_factor, name="settings-second-factor"),
    path("settings/sign-in/invitations", rules.invite, name="invite"),
    path("settings/sign-in/invitations/<int:number>/again", rules.invite_again, name="invite-again"),
    path("settings/sign-in/invitations/<int:number>/withdraw", rules.withdraw, name="invitation-withdraw"),
    path("settings/sign-in/agents/<int:number>/password-link", rules.password_link, name="agent-password-link"),
    path("settings/sign-in/agents/<int:number>/take-off", rules.take_off, name="agent-take-off"),
    path("settings/sign-in/providers/new", providers.new, name="provider-new"),
    path("settings/sign-in/providers/new-saml", providers.new_saml, name="provider-new-saml"),
    path("settings/sign-in/providers/<slug:slug>", providers.change, name="provider"),
    path("settings/sign-in/providers/<slug:slug>/ask", providers.ask, name="provider-ask"),
    path("settings/sign-in/providers/<slug:slug>/remove", providers.remove, name="provider-remove"),
]
