"""The own page. The names with an underscore are those by which django-allauth looks for its pages."""

from django.urls import URLPattern, path

from threadline.desk.views import me, second_factor

urlpatterns: list[URLPattern] = [
    path("me", me.page, name="me"),
    path("me", me.page, name="mfa_index"),
    path("me/about", me.about, name="me-about"),
    path("me/look", me.look, name="me-look"),
    path("me/density", me.density, name="me-density"),
    path("me/password", me.password, name="me-password"),
    path("me/sessions/<int:number>/end", me.end_session, name="session-end"),
    path("me/sessions/end-others", me.end_others, name="sessions-end"),
    path("me/second-factor", second_factor.due, name="second-factor"),
    path("me/authenticator", second_factor.App.as_view(), name="mfa_activate_totp"),
    path("me/authenticator/off", second_factor.AppOff.as_view(), name="mfa_deactivate_totp"),
    path("me/passkeys/new", second_factor.NewPasskey.as_view(), name="mfa_add_webauthn"),
    path("me/passkeys", me.page, name="mfa_list_webauthn"),
    path("me/passkeys/<int:pk>/remove", second_factor.PasskeyOff.as_view(), name="mfa_remove_webauthn"),
    path("me/recovery-codes", second_factor.Codes.as_view(), name="mfa_view_recovery_codes"),
    path("me/recovery-codes/new", second_factor.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("me/recovery-codes.txt", second_factor.CodesFile.as_view(), name="mfa_download_recovery_codes"),
]
