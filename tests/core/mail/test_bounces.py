"""What mail systems say of mails of ours, in the forms that they use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.mail.bounces import is_bad, returned

ID = "abc.def@harbourpine.example"
ORIGINAL = f"Message-ID: <{ID}>\r\nFrom: support@harbourpine.example\r\nTo: ana@example.com\r\nSubject: Kettle\r\n"


def report(status: str, *, kind: str = "delivery-status", original: str = ORIGINAL) -> bytes:
    return (
        f'From: MAILER-DAEMON@mx.example.com\r\nContent-Type: multipart/report; report-type={kind}; boundary="b"\r\n'
        f"Date: Tue, 10 Mar 2026 09:00:00 +0000\r\n\r\n--b\r\n\r\nSorry.\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{status}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{original}\r\n--b--\r\n"
    ).encode()


def of_recipient(action: str, status: str, said: str = "smtp; 550 5.1.1 <ana@example.com>: User unknown") -> str:
    return (
        "Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; Ana@example.com\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {said}\r\n"
    )


@pytest.mark.parametrize(
    ("action", "status", "said", "kind", "bad"),
    [
        ("failed", "5.1.1", "smtp; 550 5.1.1 User unknown", "failed", True),
        ("failed (relayed)", "5.0.0", "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound", "failed", True),
        ("failed", "5.0.0", "smtp; 550 no such user here", "failed", True),
        ("failed", "5.2.2", "smtp; 552 5.2.2 Mailbox full", "failed", False),
        ("failed", "5.7.1", "smtp; 550 5.7.1 Address rejected as spam", "failed", False),
        ("failed", "4.4.1", "smtp; 450 user unknown for now", "failed", False),
        ("delayed", "4.4.1", "smtp; 421 try later", "delayed", False),
        ("delivered", "2.0.0", "", "delivered", False),
    ],
)
def test_a_delivery_status_tells_whom_it_reached_and_whether_the_address_is_to_blame(action, status, said, kind, bad):
    found = returned(report(of_recipient(action, status, said)))

    assert found is not None
    assert (found.message_id, found.by) == (ID, "mx.example.com")
    (notice,) = found.notices
    assert (notice.kind, notice.address, notice.bad_address) == (kind, "ana@example.com", bad)


def test_a_complaint_names_the_mail_and_whoever_complained():
    feedback = "Feedback-Type: abuse\r\nUser-Agent: Loop/1.0\r\nVersion: 1\r\nOriginal-Rcpt-To: <ana@example.com>\r\n"

    found = returned(report(feedback, kind="feedback-report"))

    assert found is not None
    assert (found.message_id, found.notices[0].kind, found.notices[0].address) == (ID, "complaint", "ana@example.com")


def test_a_mail_that_they_took_out_of_the_spam_folder_is_no_complaint():
    assert returned(report("Feedback-Type: not-spam\r\n", kind="feedback-report")) is None


EXIM = (
    "X-Failed-Recipients: ana@example.com\r\nFrom: Mailer-Daemon@mx.example.com\r\n"
    "Subject: Mail delivery failed\r\n\r\n"
    "This message was created automatically. A message that you sent could not be delivered:\r\n\r\n"
    "  ana@example.com\r\n    host mx [192.0.2.1]: 550 5.1.1 No such user\r\n\r\n"
    f"------ This is a copy of the message, including all the headers. ------\r\n\r\n{ORIGINAL}"
)
QMAIL = (
    "From: MAILER-DAEMON@mx.example.com\r\nSubject: failure notice\r\n\r\n"
    "Hi. This is the qmail-send program at mx.\r\n\r\n"
    "<ana@example.com>:\r\nSorry, no mailbox here by that name. 550 unknown user (#5.1.1)\r\n\r\n"
    f"--- Below this line is a copy of the message.\r\n\r\n{ORIGINAL}"
)


@pytest.mark.parametrize("raw", [EXIM, QMAIL], ids=["exim", "qmail"])
def test_prose_of_older_servers_is_read_too(raw):
    found = returned(raw.encode())

    assert found is not None
    assert found.message_id == ID
    assert (found.notices[0].address, found.notices[0].bad_address) == ("ana@example.com", True)


def test_an_out_of_office_answer_is_no_bounce():
    assert (
        returned(b"From: ana@example.com\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nAway.")
        is None
    )


@given(st.binary(max_size=400))
def test_no_report_breaks_the_reader(noise):
    returned(report(of_recipient("failed", "5.1.1")).replace(b"Sorry.", noise))
    returned(
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n'
        + noise
    )
    assert not is_bad("4.1.1", "user unknown")
