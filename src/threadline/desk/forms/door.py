"""What the ways in beside the password accept."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent

NEW = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class Forgotten(forms.Form):
    email = forms.EmailField(
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("This is no e-mail address. Mend it."),
        },
    )


class NewPassword(forms.Form):
    """A password that is not too easy, for somebody we know or are about to."""

    password = forms.CharField(
        widget=NEW, strip=False, max_length=200, error_messages={"required": _("Choose a password.")}
    )

    def __init__(self, *arguments: Any, agent: Agent | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.agent = agent

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.agent)
        return password


class Invited(NewPassword):
    name = forms.CharField(
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Tell your colleagues your name.")},
    )

    field_order = ["name", "password"]

    def __init__(self, *arguments: Any, email: str, **more: Any) -> None:
        super().__init__(*arguments, agent=Agent(email=email), **more)


class Change(NewPassword):
    """A new password by somebody who is signed in and knows the old one."""

    old = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        error_messages={"required": _("Type the password you have now.")},
    )
    field_order = ["old", "password"]


class CodeOnce:
    """allauth remembers a used code for 30 seconds; with clocks that may differ it would hold for up to 90."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        key = f"threadline.totp.{self.user.pk}.{normal(code)}"  # type: ignore[attr-defined]
        is_totp = self.authenticator.type == Authenticator.Type.TOTP  # type: ignore[attr-defined]
        if is_totp and not cache.add(key, 1, timeout=120):
            raise forms.ValidationError(_("This code was used already."))
        return code


def normal(code: str) -> str:
    return "".join(letter for letter in code if letter.isdigit())


class Code(CodeOnce, AuthenticateForm): ...


class CodeAgain(CodeOnce, ReauthenticateForm): ...
