"""Our own mail server, over real sockets."""

import contextlib
import smtplib
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.channels.mails import ANA, OURS, broken, mail
from tests.mail_server import wait_until
from threadline.channels.contract import Unavailable
from threadline.channels.listeners.smtp import Listener, Rules, without_dots

SMALL = Rules(max_bytes=100_000, max_recipients=3, max_connections=4, max_refused=5, timeout=5)


class Ledger:
    """Stands for the database: keeps what it is given, unless it is away or a mail poisons it."""

    def __init__(self):
        self.mails = []
        self.commits = 0
        self.away = False
        self.poison = b""
        self.open = threading.Event()
        self.open.set()

    def receive(self, mails):
        self.open.wait(10)
        if self.away:
            raise Unavailable("The database is away.")
        if self.poison and any(self.poison in each.raw for each in mails):
            raise ValueError("poison")
        self.mails += mails
        self.commits += 1


@contextlib.contextmanager
def listening(ledger, *, lmtp: bool = False, rules: Rules = SMALL) -> Iterator[Listener]:
    listener = Listener(
        receive=ledger.receive, accepts=lambda address: address.endswith("@harbourpine.example"), lmtp=lmtp, rules=rules
    )
    listener.start()
    try:
        yield listener
    finally:
        listener.stop()


def client(listener, kind=smtplib.SMTP):
    return kind("127.0.0.1", listener.port, timeout=10)


def test_a_mail_is_acknowledged_after_it_is_stored():
    ledger = Ledger()
    with listening(ledger) as listener, client(listener) as smtp:
        smtp.sendmail(ANA, [OURS], mail("Häßlich"))

        assert [(each.sender, each.recipients) for each in ledger.mails] == [(ANA, (OURS,))]
        assert ledger.mails[0].raw == mail("Häßlich")


def test_a_bounce_has_no_sender():
    ledger = Ledger()
    with listening(ledger) as listener, client(listener) as smtp:
        smtp.sendmail("", [OURS], mail())

        assert ledger.mails[0].sender == ""


def test_an_unknown_recipient_is_refused_in_words():
    with listening(Ledger()) as listener, client(listener) as smtp:
        smtp.helo()
        smtp.mail(ANA)

        assert smtp.rcpt("nobody@example.org") == (550, b"5.1.1 <nobody@example.org> is not an address of ours.")


def test_whoever_guesses_addresses_is_stopped():
    with listening(Ledger()) as listener, client(listener) as smtp:
        smtp.helo()
        smtp.mail(ANA)
        codes = [smtp.rcpt(f"guess{number}@example.org")[0] for number in range(7)]

        assert codes == [550] * 5 + [421] * 2


def test_more_recipients_than_allowed_come_in_another_mail():
    with listening(Ledger()) as listener, client(listener) as smtp:
        smtp.helo()
        smtp.mail(ANA)
        codes = [smtp.rcpt(f"box{number}@harbourpine.example")[0] for number in range(4)]

        assert codes == [250, 250, 250, 452]


def test_a_mail_over_the_limit_is_refused_and_the_next_one_is_not():
    ledger = Ledger()
    with listening(ledger) as listener, client(listener) as smtp:
        smtp.helo()  # without EHLO no size is announced, so that the server must count
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            smtp.sendmail(ANA, [OURS], b"x" * 200_000)
        smtp.sendmail(ANA, [OURS], mail())

        assert refusal.value.smtp_code == 552
        assert b"100,000" in refusal.value.smtp_error
        assert len(ledger.mails) == 1


def test_a_size_announced_too_big_is_refused_before_it_is_sent():
    with listening(Ledger()) as listener, client(listener) as smtp:
        smtp.ehlo()

        assert smtp.mail(ANA, ["size=200000"])[0] == 552


def test_a_mail_without_end_is_cut_off():
    ledger = Ledger()
    with listening(ledger) as listener, client(listener) as smtp:
        smtp.helo()
        smtp.mail(ANA)
        smtp.rcpt(OURS)
        smtp.putcmd("data")
        smtp.getreply()
        with contextlib.suppress(ConnectionError):
            for _ in range(100):
                smtp.sock.sendall(b"x" * 10_000)
        with contextlib.suppress(ConnectionError, smtplib.SMTPServerDisconnected):
            assert smtp.getreply()[0] == 421
        smtp.close()

        assert ledger.mails == []


def test_while_the_ledger_is_away_the_sender_is_asked_to_come_again():
    ledger = Ledger()
    ledger.away = True
    with listening(ledger) as listener, client(listener) as smtp:
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            smtp.sendmail(ANA, [OURS], mail())
        ledger.away = False
        smtp.sendmail(ANA, [OURS], mail())

        assert refusal.value.smtp_code == 451
        assert len(ledger.mails) == 1


def test_mails_that_come_together_are_stored_together():
    ledger = Ledger()
    ledger.open.clear()
    with listening(ledger, rules=Rules()) as listener:
        senders = [threading.Thread(target=send_one, args=(listener, number)) for number in range(20)]
        for sender in senders:
            sender.start()
        wait_until(lambda: listener.counter.unanswered == 20, "all wait for their answer")
        ledger.open.set()
        for sender in senders:
            sender.join()

        assert len(ledger.mails) == 20
        assert ledger.commits <= 2


def test_one_poisoned_mail_does_not_keep_out_those_beside_it():
    ledger = Ledger()
    ledger.open.clear()
    ledger.poison = b"Message-ID: <m7@example.com>"
    with listening(ledger, rules=Rules()) as listener:
        codes: dict[int, int] = {}
        senders = [threading.Thread(target=send_one, args=(listener, number, codes)) for number in range(10)]
        for sender in senders:
            sender.start()
        wait_until(lambda: listener.counter.unanswered == 10, "all wait for their answer")
        ledger.open.set()
        for sender in senders:
            sender.join()

        assert len(ledger.mails) == 9
        assert codes == {**dict.fromkeys(range(10), 250), 7: 451}


def send_one(listener, number, codes=None):
    code = 250
    with client(listener) as smtp:
        try:
            smtp.sendmail(ANA, [OURS], mail(message_id=f"<m{number}@example.com>"))
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
    if codes is not None:
        codes[number] = code


def test_lmtp_answers_for_each_recipient():
    ledger = Ledger()
    with listening(ledger, lmtp=True) as listener:
        talk = converse(
            listener,
            [
                "LHLO there",
                f"MAIL FROM:<{ANA}>",
                f"RCPT TO:<{OURS}>",
                "RCPT TO:<sales@harbourpine.example>",
                "RCPT TO:<nobody@example.org>",
                "DATA",
                "Subject: x\r\n\r\nx\r\n.",
                "QUIT",
            ],
        )

    assert talk.count("250 2.0.0 Kept") == 2
    assert "550 5.1.1 <nobody@example.org>" in talk
    assert ledger.mails[0].recipients == (OURS, "sales@harbourpine.example")


def test_lmtp_wants_lhlo_and_smtp_does_not_know_it():
    with listening(Ledger(), lmtp=True) as lmtp, listening(Ledger()) as smtp:
        assert "500 5.5.1 This is LMTP" in converse(lmtp, ["EHLO there", "QUIT"])
        assert 'command "LHLO" not recognized' in converse(smtp, ["LHLO there", "QUIT"])


def converse(listener, lines):
    """All commands at once, as pipelining allows, and everything the server said."""
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in lines).encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


def test_pipelined_commands_and_two_mails_in_one_go():
    ledger = Ledger()
    one = [f"MAIL FROM:<{ANA}>", f"RCPT TO:<{OURS}>", "DATA", "Subject: x\r\n\r\nx\r\n."]
    with listening(ledger) as listener:
        talk = converse(listener, ["EHLO there", *one, *one, "QUIT"])

    assert "250-PIPELINING" in talk
    assert "8BITMIME" in talk
    assert "SMTPUTF8" in talk
    assert [each.raw for each in ledger.mails] == [b"Subject: x\r\n\r\nx\r\n"] * 2


def test_a_bare_line_feed_ends_no_mail():
    ledger = Ledger()
    smuggled = "Subject: x\r\n\r\none\n.\r\nMAIL FROM:<x@example.org>\n.\n\r\n."
    with listening(ledger) as listener:
        converse(listener, ["EHLO there", f"MAIL FROM:<{ANA}>", f"RCPT TO:<{OURS}>", "DATA", smuggled, "QUIT"])

    assert len(ledger.mails) == 1
    assert b"x@example.org" in ledger.mails[0].raw


def test_one_connection_too_many_is_told_to_wait():
    with listening(Ledger()) as listener, contextlib.ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(client(listener))
        with pytest.raises(smtplib.SMTPConnectError) as refusal:
            client(listener)

        assert refusal.value.smtp_code == 421


def test_a_silent_connection_is_closed():
    with (
        listening(Ledger(), rules=Rules(timeout=0.2)) as listener,
        socket.create_connection(("127.0.0.1", listener.port), timeout=5) as connection,
    ):
        said = b"".join(iter(lambda: connection.recv(1000), b""))

    assert said.startswith(b"220")


def test_broken_mails_are_kept_byte_for_byte():
    ledger = Ledger()
    mails = broken(50)
    with listening(ledger, rules=Rules()) as listener, client(listener) as smtp:
        for each in mails:
            smtp.ehlo_or_helo_if_needed()
            smtp.mail(ANA)
            smtp.rcpt(OURS)
            smtp.putcmd("data")
            smtp.getreply()
            smtp.send(b"".join(b"." + line if line.startswith(b".") else line for line in lines(each)) + b"\r\n.\r\n")
            assert smtp.getreply()[0] == 250

    assert [each.raw for each in ledger.mails] == [each + b"\r\n" for each in mails]


def lines(raw):
    return [line + b"\r\n" for line in raw.split(b"\r\n")[:-1]] + [raw.split(b"\r\n")[-1]]


def test_stopping_lets_the_running_commit_end():
    ledger = Ledger()
    ledger.open.clear()
    codes: dict[int, int] = {}
    with listening(ledger) as listener:
        sender = threading.Thread(target=send_one, args=(listener, 1, codes))
        sender.start()
        wait_until(lambda: listener.counter.unanswered, "the mail waits for its answer")
        threading.Timer(0.1, ledger.open.set).start()
    with contextlib.suppress(Exception):
        sender.join()

    assert len(ledger.mails) == 1


def test_a_port_in_use_is_said_in_words():
    with listening(Ledger()) as listener:
        second = Listener(receive=Ledger().receive, accepts=bool, port=listener.port)
        with pytest.raises(Unavailable, match=f"Mail can not be received at 127.0.0.1:{listener.port}"):
            second.start()
        second.stop()


@pytest.mark.parametrize(
    ("sent", "meant"),
    [(b".\r\n", b""), (b"a\r\n.\r\n", b"a\r\n"), (b"..a\r\n...\r\nb.\r\n.\r\n", b".a\r\n..\r\nb.\r\n")],
)
def test_doubled_dots_are_undone(sent, meant):
    assert without_dots(sent) == meant
