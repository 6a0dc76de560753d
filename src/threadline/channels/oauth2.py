"""Signing in to a mailbox with OAuth 2: the consent page, the tokens, and what SASL makes of them. Knows no database.

RFC 6749 with PKCE (7636). Google: https://developers.google.com/workspace/gmail/imap/xoauth2-protocol. Microsoft:
https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
"""

import base64
import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import httpx

from threadline.channels.contract import Misconfigured, Unavailable
from threadline.channels.exchange import trusted, words_of

TIMEOUT = 15.0
EARLY = 120.0  # seconds before its end at which a token is not used any more
WAYS = ("password", "google", "microsoft", "other")


@dataclass(frozen=True, slots=True)
class Service:
    """Who signs people in, and what it wants asked."""

    label: str
    consent_url: str
    grant_url: str
    scope: str
    more: tuple[tuple[str, str], ...] = ()


GOOGLE = Service(
    "Google",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    "https://mail.google.com/",
    (("access_type", "offline"), ("prompt", "consent")),
)
MICROSOFT = Service(
    "Microsoft",
    "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
    "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
    (("prompt", "select_account"),),
)


@dataclass(frozen=True, slots=True)
class Client:
    """We, as a service knows us, for one mailbox. `refresh` is what the admin's consent left us."""

    service: Service
    number: str
    secret: str = ""
    refresh: str = ""

    @property
    def label(self) -> str:
        return self.service.label


@dataclass(frozen=True, slots=True)
class Tokens:
    """`refresh` is empty where the service left the old one in force."""

    access: str
    refresh: str
    lasts: float


def client_of(settings: Mapping[str, object]) -> Client | None:
    """None for mailboxes with a password. Raises Misconfigured for what is not complete."""
    way = str(settings.get("sign_in") or "password")
    if way == "password":
        return None
    said = {name: str(settings.get(f"oauth_{name}") or "") for name in ("consent_url", "grant_url", "scope")}
    usual = {"google": GOOGLE, "microsoft": MICROSOFT}.get(way)
    usual = usual or Service(said["grant_url"].partition("//")[2].partition("/")[0] or way, "", "", "")
    tenant = str(settings.get("oauth_tenant") or "organizations")
    service = replace(
        usual,
        consent_url=(said["consent_url"] or usual.consent_url).replace("{tenant}", tenant),
        grant_url=(said["grant_url"] or usual.grant_url).replace("{tenant}", tenant),
        scope=said["scope"] or usual.scope,
    )
    number = str(settings.get("oauth_client_id") or "")
    if not number or not service.grant_url or not service.consent_url:
        raise Misconfigured("Signing in needs the client id (and, for another service, its two addresses). Enter them.")
    secret, refresh = (str(settings.get(f"oauth_{name}") or "") for name in ("client_secret", "refresh_token"))
    return Client(service, number, secret, refresh)


def consent(client: Client, *, back_to: str, state: str, verifier: str, user: str) -> str:
    """Where the admin goes to say yes."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": client.number,
        "redirect_uri": back_to,
        "response_type": "code",
        "scope": client.service.scope,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": user,
        **dict(client.service.more),
    }
    mark = "&" if "?" in client.service.consent_url else "?"
    return f"{client.service.consent_url}{mark}{urlencode(asked)}"


def redeem(client: Client, *, code: str, back_to: str, verifier: str) -> Tokens:
    """What the service gives for the code that it sent the admin back with."""
    asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": back_to, "code_verifier": verifier}
    tokens = ask(client, asked)
    if not tokens.refresh:
        raise Misconfigured(
            f"{client.label} let us in for an hour only. Allow offline access there, and sign in again."
        )
    return tokens


def renew(client: Client) -> Tokens:
    if not client.refresh:
        raise Misconfigured(f"Nobody signed in at {client.label} yet. Sign in under Channels.")
    return ask(client, {"grant_type": "refresh_token", "refresh_token": client.refresh})


def ask(client: Client, asked: Mapping[str, str]) -> Tokens:
    """Raises Misconfigured when the service takes it back, Unavailable when it can not be asked now."""
    form = {**asked, "client_id": client.number, **({"client_secret": client.secret} if client.secret else {})}
    try:
        with httpx.Client(verify=trusted(), timeout=TIMEOUT, trust_env=False) as http:
            answer = http.post(client.service.grant_url, data=form, headers={"Accept": "application/json"})
            told = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    except (httpx.TransportError, ValueError) as error:
        raise Unavailable(f"{client.label} can not be asked for a token: {error or type(error).__name__}.") from error
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Unavailable(f"{client.label} gives no token now (it answered {answer.status_code}).")
    access = str(told.get("access_token") or "") if isinstance(told, dict) else ""
    if answer.is_error or not access:
        raise Misconfigured(
            f"{client.label} does not let us in any more: {words_of(answer)} Sign in again under Channels."
        )
    lasts = told.get("expires_in")
    seconds = float(lasts) if isinstance(lasts, int | float) else 3600.0
    return Tokens(access, str(told.get("refresh_token") or ""), seconds)


# ---- tokens in hand ------------------------------------------------------------------------------------------------

_held: dict[Client, tuple[str, float]] = {}
_asking = threading.Lock()


def access_token(client: Client) -> str:
    """A token that is good for now: one lasts about an hour and serves every connection of this process."""
    with _asking:
        token, until = _held.get(client, ("", 0.0))
        if time.monotonic() < until:
            return token
        tokens = renew(client)
        _held[client] = tokens.access, time.monotonic() + max(tokens.lasts - EARLY, 1.0)
        return tokens.access


def forget(client: Client) -> None:
    """A server refused the token: the next one is asked for anew."""
    with _asking:
        _held.pop(client, None)


def sasl(user: str, token: str) -> str:
    """The one message of XOAUTH2."""
    return f"user={user}\1auth=Bearer {token}\1\1"
