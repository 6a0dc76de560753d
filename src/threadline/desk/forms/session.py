"""Signing in."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from threadline.accounts import tries

NOWHERE = "0.0.0.0"  # requests that carry no source


class SignIn(AuthenticationForm):
    """Address and password; after ten wrong ones a pause, also for the right one."""

    paused = False

    def clean(self) -> dict[str, Any]:
        who = {"email": self.cleaned_data.get("username") or "", "source": self.source}
        until = tries.paused_until(**who, now=timezone.now())
        if until is not None:
            self.paused = True
            raise ValidationError(_paused(time_format(timezone.localtime(until), "H:i")), code="paused")
        try:
            cleaned = super().clean()
        except ValidationError:
            tries.remember(**who, now=timezone.now())
            raise
        if self.user_cache is not None:
            tries.forget(**who)
        return cleaned

    @property
    def source(self) -> str:
        return (self.request.META.get("REMOTE_ADDR") if self.request else "") or NOWHERE


def _paused(clock: str) -> str:
    return _(
        "There were ten wrong tries for this address. Wait until %(clock)s and try again, "
        "or ask an admin for a new password."
    ) % {"clock": clock}
