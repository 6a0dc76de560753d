"""A mailbox without a password: an admin says yes once at the service, and Threadline reads and sends with tokens.

Dovecot asks the same stand-in whether a token is good, as Google's and Microsoft's servers ask their own.
"""

from base64 import b64decode
from collections.abc import Iterator
from urllib.parse import parse_qs, urlparse

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from django.test import Client as Browser

from tests import make
from tests.channels.mails import OURS, mail
from tests.mail_oauth import SECRET, SignInService, sign_in_service
from tests.mail_server import MailServer, free_port
from threadline.accounts.models import Event
from threadline.channels import oauth2, signing_in
from threadline.channels.adapters.email import Email
from threadline.channels.contract import Endpoint, Misconfigured, Outbound, Unavailable
from threadline.channels.listeners.imap import Connection, Mailbox
from threadline.channels.models import Channel


@pytest.fixture
def service(mail_server: MailServer) -> Iterator[SignInService]:
    oauth2._held.clear()
    with sign_in_service(OURS, port=mail_server.token_port) as found:
        yield found


def settings_of(service: SignInService, mail_server: MailServer) -> dict[str, object]:
    signed_in = {"oauth_client_secret": SECRET, "oauth_refresh_token": service.new_refresh()}
    imap = {"imap_host": "127.0.0.1", "imap_port": mail_server.imap_port, "imap_security": "none", "imap_user": OURS}
    return {**service.settings(), **signed_in, **imap}


def test_a_real_dovecot_is_read_with_a_token_and_a_revoked_one_is_said_in_words(service, mail_server):
    mail_server.put(OURS, [mail()])
    mailbox = Mailbox.from_settings(settings_of(service, mail_server))

    for _look in range(2):
        with Connection(mailbox) as connection:
            assert list(connection.batches(behind=0))
    assert service.renewals == 1

    service.take_back()
    with pytest.raises(Misconfigured, match="refused the token of 127"):
        Connection(mailbox)
    with pytest.raises(Misconfigured, match="does not let us in any more: Token has been revoked"):
        Connection(mailbox)


def test_a_service_that_is_away_is_asked_again_later(service, mail_server):
    service.away = True

    with pytest.raises(Unavailable, match="gives no token now"):
        Connection(Mailbox.from_settings(settings_of(service, mail_server)))


class Taking:
    """An outgoing server that takes tokens only."""

    def __init__(self, service: SignInService) -> None:
        self.service, self.mails = service, list[bytes]()

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        user, token = b64decode(args[1]).decode().strip("\1").split("\1auth=Bearer ")
        good = user == f"user={OURS}" and token in self.service.access
        return AuthResult(success=good, handled=good)

    async def handle_DATA(self, server: SMTP, session: object, envelope: object) -> str:
        self.mails.append(envelope.content)
        return "250 Ok"


def test_answers_leave_with_a_token_too(service, mail_server):
    door = Taking(service)
    port = free_port()
    controller = Controller(door, hostname="127.0.0.1", port=port, auth_require_tls=False)
    controller.start()
    try:
        smtp = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
        adapter = Email(Endpoint("email", OURS, {**settings_of(service, mail_server), **smtp}, "secret"))

        adapter.send(Outbound(key="1", to="ana@example.com", text="Hello", reply_address=""))
        service.take_back()

        with pytest.raises(Misconfigured, match="refused the token"):
            adapter.send(Outbound(key="2", to="ana@example.com", text="Hello", reply_address=""))
    finally:
        controller.stop()
    assert len(door.mails) == 1


@pytest.mark.django_db
def test_an_admin_signs_in_once_and_what_the_service_gives_is_sealed(service, mail_server, settings):
    settings.PUBLIC_URL = "http://testserver"
    channel = make.channel("email", OURS, settings={**service.settings(), "imap_user": OURS})
    channel.secrets = {"oauth_client_secret": SECRET}
    channel.save()
    di, browser = make.agent("Di Moreau", is_admin=True), Browser()
    browser.force_login(di)
    page = browser.get(f"/settings/channels/{channel.pk}").content.decode()
    assert "Nobody signed in at 127.0.0.1" in page

    away = browser.get(f"/settings/channels/{channel.pk}/sign-in")
    asked = parse_qs(urlparse(away["Location"]).query)
    back = httpx.get(away["Location"], follow_redirects=False).headers["Location"]
    answer = browser.get(back.removeprefix("http://testserver"))

    assert asked["login_hint"] == [OURS]
    assert asked["code_challenge_method"] == ["S256"]
    assert answer["Location"] == f"/settings/channels/{channel.pk}"
    channel.refresh_from_db()
    assert channel.secrets["oauth_refresh_token"] in service.refresh
    assert Event.objects.get(verb="channel_changed").facts["sealed"] == ["oauth_refresh_token"]
    assert "Signed in at 127.0.0.1" in browser.get(answer["Location"]).content.decode()

    again = browser.get(back.removeprefix("http://testserver"))
    assert again["Location"] == "/settings/channels"


@pytest.mark.django_db
def test_a_token_that_changes_is_kept_and_one_that_was_taken_back_stands_on_the_channel(service, mail_server):
    channel = make.channel("email", OURS, settings={**service.settings(), "imap_user": OURS})
    first = service.new_refresh()
    channel.secrets = {"oauth_client_secret": SECRET, "oauth_refresh_token": first}
    channel.save()
    service.rotates = True

    signing_in.renew_sign_ins()

    kept = Channel.objects.get(pk=channel.pk)
    assert kept.secrets["oauth_refresh_token"] != first
    assert kept.secrets["oauth_refresh_token"] in service.refresh
    service.take_back()
    signing_in.renew_sign_ins()
    assert "Sign in again under Channels" in Channel.objects.get(pk=channel.pk).trouble
