"""Providers that vouch for people: setting them up, asking whether they answer, and whom they bring."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlparse

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent, Invitation, Provider
from threadline.accounts.signing_in import invitations
from threadline.accounts.signing_in.letters import address
from threadline.accounts.signing_in.saml import Vouched
from threadline.lib.errors import ThreadlineError

WELL_KNOWN = "/.well-known/openid-configuration"
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
LOCAL = {"127.0.0.1", "::1", "localhost"}


@transaction.atomic
def save(*, provider: Provider, secret: str, by: Agent, now: datetime) -> None:
    """Set a provider up or change it. An empty secret keeps the one that is stored.

    Whom it vouched for so far is forgotten when it is another service: numbers of one mean nothing at another.

    Raises:
        ThreadlineError: its address is not encrypted.
    """
    where = urlparse(provider.issuer)
    if provider.kind == Provider.Kind.OIDC and where.scheme != "https" and where.hostname not in LOCAL:
        raise ThreadlineError(_("The address begins with http://. Who listens in could be anybody: use https://."))
    before = Provider.objects.filter(pk=provider.pk).first()
    if secret:
        provider.secrets = {"client_secret": secret}
    provider.save()
    if before and (before.issuer, before.slug) != (provider.issuer, provider.slug):
        SocialAccount.objects.filter(provider__in=[before.slug, provider.slug]).delete()
    verb = "provider_changed" if before else "provider_added"
    record_quietly(verb, at=now, by=by, provider=provider.slug, issuer=provider.issuer, active=provider.active)


@transaction.atomic
def remove(*, provider: Provider, by: Agent, now: datetime) -> None:
    SocialAccount.objects.filter(provider=provider.slug).delete()
    record_quietly("provider_removed", at=now, by=by, provider=provider.slug, issuer=provider.issuer)
    provider.delete()


def leads_back_to(provider: Provider) -> str:
    """What to enter at the provider as redirect address."""
    return address(f"/sign-in/with/{provider.slug}/back")


def ask(provider: Provider) -> str:
    """Whether it answers as it should, in a sentence. Asks over the network: never inside a transaction.

    Raises:
        ThreadlineError: it does not answer, or not as OpenID Connect wants it.
    """
    import httpx  # takes a tenth of a second, which only this button needs

    url = provider.issuer if "/.well-known/" in provider.issuer else provider.issuer.rstrip("/") + WELL_KNOWN
    try:
        answer = httpx.get(url, timeout=5, follow_redirects=True)
        answer.raise_for_status()
        told = answer.json()
    except httpx.HTTPStatusError as error:
        raise ThreadlineError(
            _("%(url)s answered %(code)s. Check the address.") % {"url": url, "code": error.response.status_code}
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ThreadlineError(_("%(url)s can not be read: %(why)s.") % {"url": url, "why": error}) from error
    missing = [name for name in NEEDED if not (isinstance(told, dict) and told.get(name))]
    if missing:
        raise ThreadlineError(_("%(url)s does not tell its %(what)s.") % {"url": url, "what": ", ".join(missing)})
    return _("It answers, as %(issuer)s.") % {"issuer": told["issuer"]}


@transaction.atomic
def known_or_brought(*, provider: Provider, about: Vouched, now: datetime) -> Agent:
    """Whom a SAML service vouches for: known by its number for them, or brought for the first time.

    SAML has no word for an address that was checked: it counts only where an admin said that all of them are.
    """
    known = SocialAccount.objects.filter(provider=provider.slug, uid=about.number).select_related("user").first()
    if known is not None:
        return Agent.objects.get(pk=known.user_id)
    emails = about.emails if provider.trusts_addresses else ()
    agent = brought(provider=provider, emails=emails, name=about.name, now=now)
    SocialAccount.objects.create(user=agent, provider=provider.slug, uid=about.number)
    return agent


@transaction.atomic
def brought(*, provider: Provider, emails: Sequence[str], name: str, now: datetime) -> Agent:
    """Whom a provider brings for the first time, known by an address that it has checked.

    An agent of that address, or somebody invited, or somebody of a domain that comes in uninvited.

    Raises:
        ThreadlineError: the address was not checked, or belongs to nobody here.
    """
    if not emails:
        raise ThreadlineError(
            _("%(provider)s does not say that your e-mail address was checked. Ask an admin.") % {"provider": provider}
        )
    for email in (given.strip().lower() for given in emails):
        agent = Agent.objects.filter(email=email).first()
        if agent is None:
            agent = _newcomer(provider=provider, email=email, name=name or email.partition("@")[0], now=now)
        if agent is not None:
            record_quietly("provider_linked", at=now, by=agent, provider=provider.slug)
            return agent
    raise ThreadlineError(_("%(email)s has no place here yet. Ask an admin to invite you.") % {"email": emails[0]})


def _newcomer(*, provider: Provider, email: str, name: str, now: datetime) -> Agent | None:
    invitation = Invitation.objects.pending().filter(email=email, expires_at__gt=now).first()
    if invitation is not None:
        return invitations.accept(invitation=invitation, name=invitation.name or name, password=None, now=now)
    if email.rpartition("@")[2] not in provider.domains:
        return None
    agent = Agent.objects.create_user(email, name[:120], None)
    record_quietly("agent_brought", at=now, by=agent, provider=provider.slug, email=email)
    return agent
