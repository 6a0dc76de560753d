"""A mail that a colleague passes on is the customer's; one that comes back is a report. Bo is the colleague."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tests.channels.mails import OURS, mail
from threadline.channels import reply_address
from threadline.channels.adapters.email import Email
from threadline.channels.contract import Endpoint, Inbound, Raw, Report
from threadline.core.touch import Level

SECRET = "a secret of the channel"
NOW = datetime(2026, 3, 12, tzinfo=UTC)
BO = "Bo Lindqvist <bo@harbourpine.example>"
email = Email(
    Endpoint("email", OURS, {"authserv_id": ["mx.harbourpine.example"], "colleagues": ["partner.example"]}, SECRET)
)


def read(raw: bytes) -> Inbound | Report:
    (found,) = email.parse(Raw(body=raw, received_at=NOW))
    return found


HEADS = {
    "gmail": "---------- Forwarded message ---------\nFrom: Ana Kühn <ana@example.com>\n"
    "Date: Mon, 9 Mar 2026 at 10:00\n"
    "Subject: Leaking kettle\nTo: Bo <bo@harbourpine.example>\n\n",
    "outlook, German": "________________________________\nVon: Ana Kühn <ana@example.com>\n"
    "Gesendet: Montag, 9. März 2026 10:00\n"
    "An: Bo Lindqvist <bo@harbourpine.example>\nBetreff: Leaking kettle\n\n",
    "outlook, French": "De : Ana Kühn [mailto:ana@example.com]\nEnvoyé : lundi 9 mars 2026 10:00\nÀ : Bo Lindqvist\n"
    "Objet : Leaking kettle\n\n",
    "apple, Dutch": "Begin doorgestuurd bericht:\n\n> Van: Ana Kühn <ana@example.com>\n> Onderwerp: Leaking kettle\n"
    "> Datum: 9 maart 2026 om 10:00\n> Aan: Bo\n> \n",
    "thunderbird, Spanish": "-------- Mensaje reenviado --------\nAsunto: Leaking kettle\n"
    "Fecha: Mon, 9 Mar 2026 10:00:00 +0100\n"
    "De: Ana Kühn <ana@example.com>\nPara: bo@harbourpine.example\n\n",
}


@pytest.mark.parametrize("client", HEADS)
def test_the_customer_is_the_author_of_what_a_colleague_passes_on(client):
    said = "The kettle I bought leaks. Order HP-4711."
    said = f"> {said}" if "apple" in client else said
    raw = mail(f"Can you help her?\n\n{HEADS[client]}{said}\n", sender=BO, subject="Fwd: Leaking kettle")

    found = read(raw)

    assert isinstance(found, Inbound)
    assert [(handle.value, handle.level) for handle in found.handles] == [("ana@example.com", Level.OBSERVED)]
    assert (found.name, found.reply_address, found.subject) == ("Ana Kühn", "ana@example.com", "Leaking kettle")
    assert found.text == "The kettle I bought leaks. Order HP-4711."
    by = found.attributes["forwarded_by"]
    assert (by["email"], by["note"]) == ("bo@harbourpine.example", "Can you help her?")
    assert "bo@harbourpine.example" in found.participants


def test_a_mail_passed_on_as_a_file_keeps_its_own_id_and_moment():
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"], outer["Message-ID"] = (
        BO,
        OURS,
        "Fwd: Leaking kettle",
        "<f1@harbourpine.example>",
    )
    outer.set_content("Hers is attached.")
    inner = EmailMessage()
    inner["From"], inner["Subject"], inner["Message-ID"] = (
        "Ana Kühn <ana@example.com>",
        "Leaking kettle",
        "<a1@example.com>",
    )
    inner["Date"] = "Mon, 9 Mar 2026 10:00:00 +0100"
    inner.set_content("The kettle leaks.")
    outer.add_attachment(inner)

    found = read(outer.as_bytes())

    assert isinstance(found, Inbound)
    assert (found.external_id, found.at) == ("a1@example.com", datetime(2026, 3, 9, 9, tzinfo=UTC))
    assert (found.text, found.handles[0].value) == ("The kettle leaks.", "ana@example.com")
    assert found.attributes["forwarded_by"]["attached"]


def test_nobody_else_speaks_for_a_customer():
    passed = f"{HEADS['gmail']}It leaks.\n"
    stranger = read(mail(passed, sender="Cy <cy@example.org>", subject="Fwd: Leaking kettle"))
    forged = read(
        b"Authentication-Results: mx.harbourpine.example; dmarc=fail header.from=harbourpine.example\r\n"
        + mail(passed, sender=BO, subject="Fwd: Leaking kettle")
    )
    answer = read(
        mail(f"I called her.\n\n{HEADS['outlook, German']}It leaks.\n", sender=BO, subject="AW: Leaking kettle")
    )
    partner = read(mail(passed, sender="Di <di@partner.example>", subject="Fwd: Leaking kettle"))

    senders = [found.handles[0].value for found in (stranger, forged, answer, partner) if isinstance(found, Inbound)]
    assert senders == ["cy@example.org", "bo@harbourpine.example", "bo@harbourpine.example", "ana@example.com"]


def test_a_sender_whom_the_check_denies_only_claims_to_be_who_they_say():
    found = read(b"Authentication-Results: mx.harbourpine.example; dmarc=fail header.from=example.com\r\n" + mail())
    proven = read(b"Authentication-Results: mx.harbourpine.example; dmarc=pass header.from=example.com\r\n" + mail())

    assert found.handles[0].level == Level.CLAIMED
    assert found.attributes["sender_check"] == {"verdict": "fail", "by": "mx.harbourpine.example", "because": "dmarc"}
    assert proven.handles[0].level == Level.VERIFIED


def bounce(message_id: str, *, to: str = OURS, address: str = "ana@example.com") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example.com\r\nTo: {to}\r\nMessage-ID: <dsn1@mx.example.com>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nSorry.\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 User unknown\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message_id}>\r\n"
        "To: ana@example.com\r\n\r\n--b--\r\n"
    ).encode()


def test_a_mail_of_ours_that_comes_back_is_a_report_on_it():
    ours = email.own.message_id("77")

    found = read(bounce(ours))

    assert isinstance(found, Report)
    assert (found.state, found.external_id, found.bad_address) == ("failed", ours, "ana@example.com")
    assert found.reason == "The mail to ana@example.com came back (mx.example.com): 550 User unknown."


def test_a_copy_that_comes_back_does_not_fail_the_mail():
    found = read(bounce(email.own.message_id("77"), address="cy@example.org"))

    assert isinstance(found, Report)
    assert (found.state, found.reason[:32]) == ("sent", "The copy for cy@example.org came")


def test_a_report_to_the_signed_address_names_the_thread_and_others_are_touches():
    signed = read(bounce("lost@example.net", to=reply_address.make(OURS, 7, SECRET)))
    foreign = read(bounce("lost@example.net"))

    assert isinstance(signed, Report)
    assert (signed.external_id, signed.reply_thread) == ("", 7)
    assert isinstance(foreign, Inbound)
    assert foreign.automatic


def report_of_spam(message_id: str) -> bytes:
    return (
        "From: <feedback@isp.example>\r\nMessage-ID: <arf1@isp.example>\r\nSubject: Abuse report\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n--b\r\n\r\nAbuse.\r\n'
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"
        "User-Agent: Isp/1\r\nVersion: 1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{message_id}>\r\n"
        "To: ana@example.com\r\n\r\nHello\r\n--b--\r\n"
    ).encode()


def test_a_complaint_reaches_the_mail_that_it_is_about():
    ours = email.own.message_id("77")

    found = read(report_of_spam(ours))

    assert isinstance(found, Report)
    assert (found.state, found.external_id, found.complained) == ("delivered", ours, True)
