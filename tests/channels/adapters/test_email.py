"""From a mail's bytes to an interaction."""

from datetime import UTC, datetime

import pytest

from tests.channels.mails import ANA, OURS, broken, mail
from threadline.channels import reply_address
from threadline.channels.adapters.email import Email
from threadline.channels.contract import Broken, Endpoint, Inbound, Raw, Refused
from threadline.core.touch import Direction, Handle

SECRET = "a secret of the channel"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
email = Email(
    Endpoint("email", OURS, {"aliases": ["help@harbourpine.example"], "authserv_id": "mx.harbourpine.example"}, SECRET)
)


def parsed(raw: bytes, **headers: str) -> Inbound:
    (inbound,) = email.parse(Raw(body=raw, headers=headers, received_at=NOW))
    return inbound


def test_a_mail_says_who_wrote_what_when():
    inbound = parsed(mail("The kettle leaks.\n"))

    assert (inbound.kind, inbound.direction, inbound.public) == ("email", Direction.IN, False)
    assert inbound.at == datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    assert inbound.handles == (Handle("email", ANA),)
    assert (inbound.name, inbound.subject, inbound.text) == ("Ana Kühn", "Leaking kettle", "The kettle leaks.")
    assert inbound.external_id == "m1@example.com"
    assert inbound.automatic == ""
    assert inbound.attributes["to"] == OURS


def test_what_is_new_stands_apart_from_quotes_and_signature():
    inbound = parsed(
        mail("It still leaks.\n\n-- \nAna Kühn\n+44 7700 900123\n\nOn 1 Mar, Bo wrote:\n> Does it leak?\n")
    )

    assert inbound.text == "It still leaks."
    assert "+44 7700 900123" in inbound.signature
    assert "Does it leak?" in inbound.quoted


def test_one_mail_in_two_mailboxes_is_one():
    one = mail(Received="from a by b")
    other = b"Delivered-To: help@harbourpine.example\r\n" + mail(Received="from x by y").replace(b"\r\n", b"\n")

    assert parsed(one).once_key == parsed(other).once_key


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Send my money elsewhere."},
        {"sender": "Bo <bo@example.org>"},
        {"subject": "Another matter"},
    ],
)
def test_a_copied_message_id_swallows_nothing(other):
    assert parsed(mail()).once_key != parsed(mail(**other)).once_key


def test_mails_without_message_id_are_told_apart_by_what_they_say():
    one, other = parsed(mail(message_id="")), parsed(mail("Another text.", message_id=""))

    assert one.external_id.startswith("no-message-id.")
    assert one.external_id != other.external_id
    assert parsed(mail(message_id="")).once_key == one.once_key


def test_references_stand_nearest_first():
    inbound = parsed(mail(In_Reply_To="<c@x.test>", References="<a@x.test> <b@x.test> <c@x.test>"))

    assert inbound.references == ("c@x.test", "b@x.test", "a@x.test")


@pytest.mark.parametrize("field", ["To", "Cc", "Delivered-To", "X-Original-To"])
def test_a_signed_reply_address_names_its_thread_wherever_it_stands(field):
    address = reply_address.make(OURS, 4711, SECRET)
    raw = mail(to=address) if field == "To" else mail(to="list@example.org", **{field: address})

    assert parsed(raw).reply_thread == 4711


def test_the_envelope_names_the_thread_too():
    inbound = parsed(mail(to="undisclosed@example.org"), envelope_to=reply_address.make(OURS, 4711, SECRET))

    assert inbound.reply_thread == 4711


def test_a_forged_reply_address_names_nothing():
    assert parsed(mail(to=reply_address.make(OURS, 4711, "guessed"))).reply_thread is None


def test_others_on_the_mail_are_participants_and_we_are_not():
    inbound = parsed(
        mail(to=f"{OURS}, Cy <cy@example.org>", Cc="support+t1.x@harbourpine.example, help@harbourpine.example")
    )

    assert inbound.participants == ("cy@example.org",)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "Auto-Submitted: auto-replied"),
        ({"subject": "Automatic reply: Leaking kettle"}, "out-of-office"),
        ({"List_Id": "<news.example.org>"}, "mailing list"),
        ({"Precedence": "bulk"}, "Precedence: bulk"),
        (
            {"sender": "MAILER-DAEMON@example.com", "subject": "Undelivered Mail Returned to Sender"},
            "sent by a mail system",
        ),
    ],
)
def test_machines_are_told_from_people(fields, reason):
    assert reason in parsed(mail(**fields)).automatic


def test_an_envelope_without_sender_is_a_machines():
    assert "no sender" in parsed(mail(), envelope_from="").automatic
    assert parsed(mail(), envelope_from=ANA).automatic == ""


@pytest.mark.parametrize(
    "sender", [OURS, "help@harbourpine.example", f"Support <{reply_address.make(OURS, 1, SECRET)}>"]
)
def test_a_copy_of_our_own_mail_is_refused(sender):
    with pytest.raises(Refused, match="our own address"):
        parsed(mail(sender=sender))


def test_a_mail_that_we_sent_is_known_by_its_message_id_when_it_comes_back():
    with pytest.raises(Refused, match="came back in a loop"):
        parsed(mail(sender="forwarder@example.org", message_id=f"<{email.own.message_id('reply 7')}>"))


def test_a_clock_that_runs_ahead_puts_no_mail_into_the_future():
    late = Raw(body=mail(), received_at=datetime(2026, 2, 1, tzinfo=UTC))

    assert email.parse(late)[0].at == datetime(2026, 2, 1, tzinfo=UTC)


def test_only_our_own_servers_verdict_counts():
    inbound = parsed(
        b"Authentication-Results: evil.example; dkim=pass; dmarc=pass\r\n"
        b"Authentication-Results: mx.harbourpine.example; spf=pass smtp.mailfrom=ana; dkim=fail reason=x\r\n" + mail()
    )

    assert inbound.attributes["authentication"] == {"spf": "pass", "dkim": "fail"}


@pytest.mark.parametrize(
    ("note", "system"),
    [("Sent from my iPhone", "iOS"), ("Von meinem iPad gesendet", "iPadOS"), ("Get Outlook for Android", "Android")],
)
def test_the_device_shows_itself(note, system):
    assert parsed(mail(f"It leaks.\n\n{note}\n")).device["system"] == system


def test_a_device_in_a_quoted_mail_is_somebody_elses():
    assert parsed(mail("It leaks.\n\nOn 1 Mar 2026, Bo wrote:\n> Hello\n> Sent from my iPhone\n")).device == {}


def test_an_object_is_no_mail():
    with pytest.raises(Broken, match="comes as bytes"):
        email.parse(Raw(payload={"id": "1"}))


@pytest.mark.parametrize("place", range(60))
def test_broken_mails_are_read_or_refused_with_a_reason(place):
    raw = broken(60)[place]
    outcome = attempt(raw)

    assert isinstance(outcome, Inbound) or "no mail" in str(outcome)
    if isinstance(outcome, Inbound):
        assert len(outcome.external_id) <= 512
        assert len(outcome.once_key) <= 640
        assert "\0" not in outcome.text + outcome.subject + outcome.name
        assert all(len(handle.value) <= 320 for handle in outcome.handles)


def attempt(raw: bytes) -> Inbound | Broken:
    try:
        return parsed(raw)
    except Broken as error:
        return error
