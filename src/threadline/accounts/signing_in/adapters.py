"""Where django-allauth asks us. It signs people in; we say what that means here."""

from typing import Any

import jwt
import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from threadline.accounts.allowances import NOWHERE, place
from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent, Provider
from threadline.accounts.signing_in import providers, second_factor, sessions
from threadline.accounts.signing_in.letters import address
from threadline.lib import sealed
from threadline.lib.errors import ThreadlineError

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures that only the holder of the private key can make; never "none", never one with a shared secret."""


def source_of(request: HttpRequest | None) -> str:
    """Where a request came from, as the database can hold it: what proxies hand on may be no address at all."""
    return place(str(request.META.get("REMOTE_ADDR") or "")) if request else NOWHERE


class AccountAdapter(DefaultAccountAdapter):
    def post_login(self, request: HttpRequest, user: Agent, **more: Any) -> HttpResponse:
        now = timezone.now()
        steps = request.session.get("account_authentication_methods", [])
        how = [step.get("type") or step.get("provider") or step["method"] for step in steps]
        record_quietly("signed_in", at=now, by=user, how=how, source=source_of(request))
        second_factor.settle(user)
        sessions.begin(request, now=now)
        return super().post_login(request, user, **more)

    def get_client_ip(self, request: HttpRequest) -> str:
        return source_of(request)

    def add_message(self, *arguments: Any, **more: Any) -> None:
        """Our pages say in place what happened."""

    def respond_user_inactive(self, request: HttpRequest, user: Agent) -> HttpResponse:
        return redirect("sign-in")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MfaAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return sealed.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealed.opened(encrypted_text)

    def _get_site_name(self) -> str:
        return "Threadline"


class ProviderAdapter(DefaultSocialAccountAdapter):
    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Ours, as allauth wants them. Nothing is kept in its own table, where secrets would lie open."""
        from allauth.socialaccount.models import SocialApp

        found = Provider.objects.filter(active=True, kind=Provider.Kind.OIDC)
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=one.slug,
                name=one.name,
                client_id=one.client_id,
                secret=one.secrets.get("client_secret", ""),
                settings={"server_url": one.issuer, "verified_email": one.trusts_addresses},
            )
            for one in found
            if provider in (None, "openid_connect", one.slug) and client_id in (None, one.client_id)
        ]

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Agents are made by `providers.brought` alone."""
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Who comes for the first time is found by an address that the provider has checked, or refused in words."""
        if sociallogin.is_existing:
            return
        provider = Provider.objects.get(slug=sociallogin.account.provider)
        emails = [one.email for one in sociallogin.email_addresses if one.verified in (True, "true")]
        name = sociallogin.account.get_provider_account().get_user_data() or {}
        try:
            agent = providers.brought(
                provider=provider, emails=emails, name=str(name.get("name") or ""), now=timezone.now()
            )
        except ThreadlineError as error:
            record_quietly("sign_in_refused", at=timezone.now(), provider=provider.slug, source=source_of(request))
            raise ImmediateHttpResponse(refused(request, str(error), status=403)) from error
        sociallogin.connect(request, agent)

    def on_authentication_error(self, request: HttpRequest, provider: Any, *_: Any, **more: Any) -> None:
        name = str(getattr(provider, "name", provider))
        raise ImmediateHttpResponse(not_vouched(request, name, more.get("exception")))


def not_vouched(request: HttpRequest, name: str, error: Exception | None) -> HttpResponse:
    record_quietly("sign_in_failed", at=timezone.now(), provider=name, source=source_of(request))
    return refused(request, _refusal(name, error), status=401)


def _refusal(name: str, error: Exception | None) -> str:
    if isinstance(error, requests.RequestException):
        return _("%(name)s can not be reached. Try again in a moment, or sign in another way.") % {"name": name}
    return _("%(name)s did not vouch for you. Begin again; if it happens twice, tell an admin.") % {"name": name}


def refused(request: HttpRequest, why: str, *, status: int) -> HttpResponse:
    return render(request, "desk/door/refused.html", {"why": why}, status=status)


class Vouching(OpenIDConnectOAuth2Adapter):
    """allauth trusts a token that came straight from the provider; we check its signature all the same."""

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """What admins enter at the provider, whatever a proxy makes of the request."""
        return address(f"/sign-in/with/{self.provider_id}/back")

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **more: Any) -> Any:
        if not more["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        login = super().complete_login(request, app, token, **more)
        told = login.account.extra_data
        if told["userinfo"].get("sub") != told["id_token"]["sub"]:
            raise OAuth2Error("userinfo is about somebody else")
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            key = self._key(jwt.get_unverified_header(id_token).get("kid"))
            told: dict[str, Any] = jwt.decode(
                id_token,
                key=key,
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=30,
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error(f"the id_token does not hold: {error}") from error
        return told

    def _key(self, number: str | None) -> Any:
        """The provider's public key; the only one, where tokens do not name it."""
        with ProviderAdapter(self.request).get_requests_session() as asking:
            answer = asking.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        key = next((one for one in keys if number in (one.key_id, None)), None)
        if key is None:
            raise jwt.InvalidKeyError(f"signed with the unknown key {number!r}")
        return key
