"""Signing in."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from threadline.accounts import tries
from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent
from threadline.accounts.signing_in.adapters import source_of


class SignIn(AuthenticationForm):
    """Address and password; after ten wrong ones a pause, also for the right one."""

    paused = False

    def clean(self) -> dict[str, Any]:
        who = {"email": self.cleaned_data.get("username") or "", "source": source_of(self.request)}
        until = tries.paused_until(**who, now=timezone.now())
        if until is not None:
            self.paused = True
            raise ValidationError(_paused(time_format(timezone.localtime(until), "H:i")), code="paused")
        try:
            cleaned = super().clean()
        except ValidationError:
            tries.remember(**who, now=timezone.now())
            _record(**who)
            raise
        if self.user_cache is not None:
            tries.forget(**who)
        return cleaned


def _record(*, email: str, source: str) -> None:
    """Only for addresses of agents: the log keeps everything for ever, and strangers could fill it."""
    agent = Agent.objects.filter(email=email.strip().lower()).first()
    if agent is not None:
        record_quietly("sign_in_failed", at=timezone.now(), of=agent.pk, source=source)


def _paused(clock: str) -> str:
    return _(
        "There were ten wrong tries for this address, or a hundred from where you are. "
        "Wait until %(clock)s and try again, or ask an admin for a new password."
    ) % {"clock": clock}
