"""From a reply to a mail in somebody's mailbox, through a real Postfix; and what can go wrong on the way."""

import contextlib
import email as stdlib_email
import socket
import threading
from dataclasses import replace

import pytest

from tests.channels.mails import ANA, OURS
from tests.mail_server import free_port
from threadline.channels import reply_address
from threadline.channels.adapters.email import Email
from threadline.channels.adapters.email.writing import compose
from threadline.channels.contract import (
    Enclosure,
    Endpoint,
    Misconfigured,
    Outbound,
    Raw,
    Refused,
    Rejected,
    Unavailable,
)

SECRET = "a secret of the channel"
REPLY_TO = reply_address.make(OURS, 7, SECRET)
REPLY = Outbound(
    key="reply 7",
    to=ANA,
    to_name="Ana Kühn",
    from_name="Harbour & Pine, Support",
    text="Dear Ana,\n\n.we send a new kettle – today.\nFrom us.\n" + "long " * 300,
    reply_address=REPLY_TO,
    subject="Re: Leaking kettle – für Ana",
    in_reply_to="<m3@example.com>",
    references=("m1@example.com", "<m2@example.com>"),
)


def channel(port: int, **settings: object) -> Email:
    wanted = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_timeout": 30, **settings}
    return Email(Endpoint("email", OURS, wanted, SECRET))


def test_a_reply_reaches_the_mailbox_with_everything_that_threads_it(mail_server):
    mail_server.mailbox(ANA)
    message_id = channel(mail_server.smtp_port).send(REPLY)

    got = stdlib_email.message_from_bytes(mail_server.received(ANA)[0], policy=stdlib_email.policy.default)
    assert got["Message-ID"] == f"<{message_id}>"
    assert got["In-Reply-To"] == "<m3@example.com>"
    assert got["References"].split() == ["<m1@example.com>", "<m2@example.com>", "<m3@example.com>"]
    assert got["Reply-To"].addresses[0].addr_spec == REPLY_TO
    assert got["Return-Path"] == f"<{REPLY_TO}>"
    assert (got["From"].addresses[0].display_name, got["From"].addresses[0].addr_spec) == (REPLY.from_name, OURS)
    assert got["To"].addresses[0].display_name == "Ana Kühn"
    assert got["Subject"] == REPLY.subject
    assert got["Auto-Submitted"] is None
    assert got.get_content().replace("\r\n", "\n").rstrip("\n") == REPLY.text.rstrip("\n")


def test_the_answer_to_a_reply_leads_back_to_its_thread(mail_server):
    ours = channel(mail_server.smtp_port)
    mail_server.mailbox(ANA)
    mail_server.mailbox(OURS)
    ours.send(REPLY)
    got = stdlib_email.message_from_bytes(mail_server.received(ANA)[0])
    answer = (
        f"From: {ANA}\r\nTo: {got['Reply-To']}\r\nSubject: Re: x\r\nIn-Reply-To: {got['Message-ID']}\r\n\r\nThanks!\r\n"
    )
    mail_server.send(answer.encode(), to=REPLY_TO)

    (inbound,) = ours.parse(Raw(body=mail_server.received(OURS)[0]))
    assert inbound.reply_thread == 7
    assert inbound.references == (got["Message-ID"].strip("<>"),)


def test_our_own_mail_coming_back_is_refused(mail_server):
    mail_server.mailbox(ANA)
    ours = channel(mail_server.smtp_port)
    ours.send(REPLY)

    with pytest.raises(Refused):
        ours.parse(Raw(body=mail_server.received(ANA)[0]))


def test_the_same_key_gives_the_same_message_id_and_another_key_another():
    ours = channel(25)

    assert ours.own.message_id("reply 7") == ours.own.message_id("reply 7")
    assert ours.own.message_id("reply 7") != ours.own.message_id("reply 8")
    assert ours.own.message_id("reply 7").endswith("@harbourpine.example")


def test_a_message_id_given_is_used(mail_server):
    mail_server.mailbox(ANA)

    assert channel(mail_server.smtp_port).send(replace(REPLY, message_id="<fixed@x.test>")) == "fixed@x.test"
    assert b"Message-ID: <fixed@x.test>" in mail_server.received(ANA)[0]


def test_somebody_in_copy_gets_it_too(mail_server):
    mail_server.mailbox(ANA)
    mail_server.mailbox("cy@example.com")
    channel(mail_server.smtp_port).send(replace(REPLY, cc=("cy@example.com",)))

    assert b"Cc: cy@example.com" in mail_server.received("cy@example.com")[0]
    assert b"Cc: cy@example.com" in mail_server.received(ANA)[0]


@pytest.mark.parametrize(
    "field", ["to", "to_name", "from_name", "subject", "reply_address", "message_id", "in_reply_to", "cc", "references"]
)
@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\0", "\u2028"])
def test_a_line_break_in_a_field_is_refused(field, line_break):
    value = f"x@example.com{line_break}Bcc: everybody@example.org"
    poisoned = replace(REPLY, **{field: (value,) if field in ("cc", "references") else value})

    with pytest.raises(Rejected, match="line break or control character"):
        compose(poisoned, sender=OURS, message_id="m@x.test")


def test_long_ids_and_names_do_not_break_the_fields():
    long_id = "i" * 300 + "@example.com"
    raw = compose(
        replace(
            REPLY, in_reply_to=long_id, references=(long_id + "2",) * 2, subject="ü" * 300, to_name='Ana "A" \\ Kühn'
        ),
        sender=OURS,
        message_id="m@x.test",
    )
    got = stdlib_email.message_from_bytes(raw, policy=stdlib_email.policy.default)

    assert f"<{long_id}>" in raw.decode()
    assert got["Subject"] == "ü" * 300
    assert got["To"].addresses[0].display_name == 'Ana "A" \\ Kühn'
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_long_thread_keeps_its_first_and_its_last_mails():
    raw = compose(
        replace(REPLY, references=tuple(f"r{n}@x.test" for n in range(50))), sender=OURS, message_id="m@x.test"
    )
    references = stdlib_email.message_from_bytes(raw)["References"].split()

    assert (len(references), references[0], references[-1]) == (20, "<r0@x.test>", "<m3@example.com>")


def test_only_automatic_mail_can_be_stopped_with_one_click():
    link = "https://desk.example.com/stop/abc"

    automatic, ours, inside = (
        stdlib_email.message_from_bytes(compose(one, sender=OURS, message_id="m@x.test"))
        for one in (
            replace(REPLY, automatic=True, stop_url=link),
            replace(REPLY, stop_url=link),
            replace(REPLY, automatic=True, stop_url="http://127.0.0.1/stop/abc"),
        )
    )

    assert (automatic["List-Unsubscribe"], automatic["List-Unsubscribe-Post"]) == (
        f"<{link}>",
        "List-Unsubscribe=One-Click",
    )
    assert ours["List-Unsubscribe"] is None
    assert inside["List-Unsubscribe-Post"] is None


def test_the_answer_to_an_invitation_stands_beside_the_words_and_files_below():
    ics = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"
    files = (Enclosure("answer.ics", "text/calendar", ics), Enclosure("a.txt", "text/plain", b"hello"))

    letter = stdlib_email.message_from_bytes(compose(replace(REPLY, files=files), sender=OURS, message_id="m@x.test"))

    kinds = [part.get_content_type() for part in letter.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/calendar", "text/plain"]
    calendar = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REPLY"
    assert calendar.get_payload(decode=True).split() == ics.split()


def test_a_domain_with_umlauts_is_written_for_all_mail_servers():
    raw = compose(replace(REPLY, to="ana@küche.example"), sender=OURS, message_id="m@x.test")

    assert b"ana@xn--kche-0ra.example" in raw


@pytest.mark.parametrize("to", ["", "ana", "ana@", "kühn@example.com", "a b@example.com", "ana@exa..mple.com ü"])
def test_an_address_that_is_none_is_rejected(to):
    with pytest.raises(Rejected):
        channel(25).send(replace(REPLY, to=to))


@contextlib.contextmanager
def scripted(**answers):
    """A mail server that answers each command as told; `data` stands for the end of the mail."""
    usual = {
        "ehlo": "250 ok",
        "mail": "250 ok",
        "rcpt": "250 ok",
        "data": "354 go",
        "end": "250 ok",
        "quit": "221 bye",
        "rset": "250 ok",
    }
    says = {**usual, **answers}
    door = socket.create_server(("127.0.0.1", 0))

    def talk():
        with contextlib.suppress(OSError), door, door.accept()[0] as line, line.makefile("rwb") as wire:
            wire.write(says.get("greeting", "220 hello").encode() + b"\r\n")
            wire.flush()
            in_data = False
            for command in wire:
                if in_data and command != b".\r\n":
                    continue
                word = "end" if in_data else command.split()[0].decode().lower()
                if says.get(word) == "hang up":
                    return
                in_data = word == "data" and says["data"].startswith("354")
                wire.write(says.get(word, "500 what?").encode() + b"\r\n")
                wire.flush()

    thread = threading.Thread(target=talk)
    thread.start()
    yield door.getsockname()[1]
    thread.join(10)


@pytest.mark.parametrize(
    ("answers", "failure", "says"),
    [
        ({"rcpt": "550 5.1.1 no such user"}, Rejected, "ana@example.com was refused: .* 550 5.1.1 no such user"),
        ({"rcpt": "450 4.2.1 greylisted"}, Unavailable, "450 4.2.1 greylisted. It is tried again"),
        ({"rcpt": "554 5.7.1 Relay access denied"}, Misconfigured, "does not send to other domains"),
        ({"mail": "553 5.7.1 not yours"}, Misconfigured, "does not let us send as support"),
        ({"mail": "530 5.7.0 Authentication required"}, Misconfigured, "smtp_user"),
        ({"mail": "452 4.3.1 disk full"}, Unavailable, "disk full"),
        ({"data": "451 4.3.0 later"}, Unavailable, "later"),
        ({"end": "554 5.6.0 looks like spam"}, Rejected, "looks like spam"),
        ({"end": "552 5.3.4 too big"}, Rejected, "too big"),
        ({"end": "451 4.3.0 later"}, Unavailable, "later"),
        ({"end": "hang up"}, Unavailable, "can not be reached"),
        ({"mail": "hang up"}, Unavailable, "can not be reached"),
        ({"greeting": "421 too busy"}, Unavailable, "too busy"),
        ({"greeting": "554 go away"}, Rejected, "go away"),
    ],
)
def test_what_the_server_answers_is_told_in_our_words(answers, failure, says):
    with scripted(**answers) as port, pytest.raises(failure, match=says):
        channel(port).send(REPLY)


def test_somebody_in_copy_who_is_refused_does_not_stop_the_mail():
    with scripted() as port:
        assert channel(port).send(replace(REPLY, cc=("gone@example.org",)))


def test_nobody_listening_is_unavailable():
    with pytest.raises(Unavailable, match="can not be reached"):
        channel(free_port()).send(REPLY)


def test_a_server_that_does_not_answer_in_time_is_unavailable():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(Unavailable, match="timed out"):
        channel(silent.getsockname()[1], smtp_timeout=0.2).send(REPLY)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"smtp_host": ""}, "Outgoing server"),
        ({"smtp_security": "maybe"}, "Choose tls, starttls or none"),
        ({"smtp_port": "many"}, "must be numbers"),
    ],
)
def test_wrong_settings_are_said_in_words(settings, says):
    with pytest.raises(Misconfigured, match=says):
        channel(25, **settings).send(REPLY)


def test_a_server_that_offers_no_encryption_is_not_trusted():
    with scripted() as port, pytest.raises(Misconfigured, match="does not offer"):
        channel(port, smtp_security="starttls").send(REPLY)


def test_a_server_that_wants_no_sign_in_but_should_is_told():
    with scripted() as port, pytest.raises(Misconfigured, match="does not offer"):
        channel(port, smtp_user="ana", smtp_password="x").send(REPLY)
