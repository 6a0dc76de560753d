"""The ways in. The names with an underscore are those by which django-allauth looks for its pages."""

from django.urls import URLPattern, path

from threadline.desk.views import door, saml, session

urlpatterns: list[URLPattern] = [
    path("sign-in", session.sign_in, name="account_login"),
    path("sign-in/second-step", door.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey", door.Passkey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/again", door.Again.as_view(), name="account_reauthenticate"),
    path("sign-in/again/code", door.AgainWithCode.as_view(), name="mfa_reauthenticate"),
    path("sign-in/again/passkey", door.AgainWithPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("sign-in/with/<slug:provider_id>", door.with_provider, name="openid_connect_login"),
    path("sign-in/with/<slug:provider_id>/back", door.back_from_provider, name="openid_connect_callback"),
    path("sign-in/with/<slug:provider_id>/metadata", saml.metadata, name="saml-metadata"),
    path("sign-in/with/<slug:provider_id>/answer", saml.answer, name="saml-answer"),
    path("sign-in/with/<slug:provider_id>/in/<str:ticket>", saml.come_in, name="saml-in"),
    path("sign-in/forgotten", door.forgotten, name="forgotten"),
    path("sign-in/new-password/<int:number>/<str:token>", door.new_password_link, name="new-password-link"),
    path("sign-in/new-password", door.new_password, name="new-password"),
    path("invitations/<str:key>", door.invitation_link, name="invitation-link"),
    path("invitation", door.invitation, name="invitation"),
]
