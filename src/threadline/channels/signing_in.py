"""What signing in at Google or Microsoft leaves on a channel: the token, sealed, and renewed before it is forgotten."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from threadline.accounts.models import Agent, Event
from threadline.channels import log, oauth2
from threadline.channels.actions import change_channel
from threadline.channels.contract import Failure, Misconfigured
from threadline.channels.models import Channel
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import job, periodic

REFRESH = "oauth_refresh_token"


def back_to() -> str:
    """The address that the service must know of."""
    return f"{settings.PUBLIC_URL}/settings/channels/signed-in"


def client_of(channel: Channel) -> oauth2.Client | None:
    """None for channels with a password, or whose settings are not complete."""
    try:
        return oauth2.client_of({**channel.settings, **channel.secrets})
    except Misconfigured:
        return None


def user_of(channel: Channel) -> str:
    return str(channel.settings.get("imap_user") or channel.settings.get("smtp_user") or channel.address)


def sign_in(*, channel: Channel, code: str, verifier: str, by: Agent, now: datetime) -> Event | None:
    """Keep what the service gives for the code. Talks to the service, outside any transaction.

    Raises:
        ThreadlineError: the channel does not sign in this way, or the service gives nothing.
    """
    client = client_of(channel)
    if client is None:
        raise ThreadlineError("This channel signs in with a password. Choose Google or Microsoft in its settings.")
    tokens = oauth2.redeem(client, code=code, back_to=back_to(), verifier=verifier)
    secrets = {REFRESH: tokens.refresh}
    return change_channel(
        channel=channel, name=channel.name, brand=channel.brand, settings={}, secrets=secrets, by=by, now=now
    )


@periodic(cron="13 5 * * *")
@job(queueing_lock="renew_sign_ins")
def renew_sign_ins(timestamp: int = 0) -> None:
    """Services forget tokens that nobody uses, and Microsoft hands out new ones. Safe to run twice or late."""
    for channel in Channel.objects.active().filter(kind="email", settings__has_key="sign_in").order_by("pk"):
        client = client_of(channel)
        if client is not None and client.refresh:
            renew(channel, client)


def renew(channel: Channel, client: oauth2.Client) -> None:
    try:
        tokens = oauth2.renew(client)
    except Failure as error:
        if isinstance(error, Misconfigured):
            Channel.objects.filter(pk=channel.pk).update(trouble=str(error))
        log.note(channel, str(error), ok=False)
        return
    if tokens.refresh and tokens.refresh != client.refresh:
        with transaction.atomic():
            known = Channel.objects.select_for_update().get(pk=channel.pk)
            known.secrets = {**known.secrets, REFRESH: tokens.refresh}
            known.save(update_fields=["secrets"])
