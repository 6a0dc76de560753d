"""What the own page shows: second factors and sessions."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, SignInRules
from threadline.accounts.signing_in import sessions

MOST = 50
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Passkey:
    pk: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """`app`: the authenticator app, if there is one. `codes`: how many recovery codes are left; None: no codes."""

    app: Authenticator | None
    passkeys: list[Passkey]
    codes: int | None
    required: bool

    @property
    def any(self) -> bool:
        return self.app is not None or bool(self.passkeys)


@dataclass(frozen=True, slots=True)
class SessionRow:
    pk: int
    device: str
    source: str
    began_at: datetime
    seen_at: datetime
    here: bool


def factors(agent: Agent) -> Factors:
    found = list(Authenticator.objects.filter(user=agent).order_by("created_at"))
    by_kind = {one.type: one for one in found}
    codes = by_kind.get(Authenticator.Type.RECOVERY_CODES)
    return Factors(
        app=by_kind.get(Authenticator.Type.TOTP),
        passkeys=[
            Passkey(one.pk, str(one.data.get("name") or _("Passkey")), one.created_at, one.last_used_at)
            for one in found
            if one.type == Authenticator.Type.WEBAUTHN
        ],
        codes=len(codes.wrap().get_unused_codes()) if codes else None,
        required=SignInRules.current().second_factor,
    )


def sessions_of(agent: Agent, *, here: str, now: datetime) -> list[SessionRow]:
    """The one at hand first."""
    rows = [
        SessionRow(one.pk, device_in(one.user_agent), one.ip, one.created_at, one.last_seen_at, one.session_key == here)
        for one in sessions.open_for(agent, now=now)[:MOST]
    ]
    return sorted(rows, key=lambda row: not row.here)


def device_in(user_agent: str) -> str:
    """`Firefox on Linux`, from what the browser says of itself."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown program")
