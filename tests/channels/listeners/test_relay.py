"""A real Postfix in front of our own mail server, and what comes back from it."""

import pytest

from tests.channels.listeners.test_smtp import Ledger, listening
from tests.channels.mails import ANA, OURS, mail
from tests.mail_server import wait_until
from threadline.channels import reply_address
from threadline.channels.adapters.email import Email
from threadline.channels.contract import Endpoint, Outbound, Raw
from threadline.channels.listeners.smtp import Rules

SECRET = "a secret of the channel"


@pytest.mark.parametrize("protocol", ["lmtp", "smtp"])
def test_postfix_hands_mail_over_with_its_reply_address(mail_server, protocol):
    ledger = Ledger()
    address = reply_address.make(OURS, 7, SECRET)
    with listening(ledger, lmtp=protocol == "lmtp", rules=Rules()) as listener:
        mail_server.relay(OURS, listener.port, protocol=protocol)
        mail_server.send(mail("Häßlich …"), to=address)
        wait_until(lambda: ledger.mails, "the mail arrives")
        mail_server.deliver_all()

    assert ledger.mails[0].recipients == (address,)
    assert ledger.mails[0].sender == ANA


def test_postfix_comes_again_when_the_ledger_was_away(mail_server):
    ledger = Ledger()
    ledger.away = True
    with listening(ledger, lmtp=True, rules=Rules()) as listener:
        mail_server.relay(OURS, listener.port)
        mail_server.send(mail(), to=OURS)
        wait_until(lambda: "451 4.3.0" in mail_server.log(), "Postfix was put off")
        ledger.away = False
        wait_until(lambda: ledger.mails, "the mail arrives after all", within=20)
        mail_server.deliver_all()

    assert len(ledger.mails) == 1


def test_a_reply_that_can_not_be_delivered_comes_back_as_a_bounce_to_its_thread(mail_server):
    settings = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.smtp_port, "smtp_security": "none"}
    channel = Email(Endpoint("email", OURS, settings, SECRET))
    address = reply_address.make(OURS, 7, SECRET)
    mail_server.mailbox(OURS)
    with listening(Ledger(), lmtp=True) as stranger:  # it accepts nobody at example.com
        mail_server.relay("gone@example.com", stranger.port)
        channel.send(Outbound(key="1", to="gone@example.com", text="Hello", reply_address=address))
        (bounce,) = channel.parse(Raw(body=mail_server.received(OURS)[0]))
        mail_server.deliver_all()

    assert (bounce.state, bounce.reply_thread) == ("failed", 7)
    assert bounce.proof["address"] == "gone@example.com"
