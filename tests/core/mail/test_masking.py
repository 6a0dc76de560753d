"""Numbers of cards leave a mail before anybody keeps it, however it is written; everything else stays as it was."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core import mail

CARD, LAST = "4111 1111 1111 1111", "**** 1111"
WORDS = "Grüße, my card is {}. Please tell me, señor."


def written(text: str, *, charset: str = "utf-8", cte: str | None = None, subject: str = "Paid twice") -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "Ana <ana@example.com>", "hello@example.com", subject
    message["Message-ID"] = "<m1@example.com>"
    message.set_content(text, charset=charset, cte=cte)
    return message


def clean(message: EmailMessage) -> tuple[bytes, mail.Mail, list[str]]:
    raw, found = mail.without_numbers(message.as_bytes())
    return raw, mail.parse(raw), found


@pytest.mark.parametrize(
    ("charset", "cte"),
    [("utf-16", "base64"), *product(["utf-8", "iso-8859-1", "windows-1252"], ["base64", "quoted-printable", "8bit"])],
)
def test_a_number_leaves_whatever_the_charset_and_the_encoding(charset: str, cte: str):
    raw, read, found = clean(written(WORDS.format(CARD), charset=charset, cte=cte))

    assert read.text.startswith(WORDS.format(LAST))
    assert found == ["card"]
    assert b"4111 1111 1111" not in raw
    assert raw.startswith(b"From: Ana <ana@example.com>\r\n")


def test_every_text_is_looked_through_and_files_stay_as_they_are():
    message = written(WORDS.format(CARD))
    message.add_alternative(f"<p>My card is <b>{CARD}</b>.</p>", subtype="html")
    file = f"Card: {CARD}\n".encode()
    message.add_attachment(file, maintype="text", subtype="plain", filename="card.txt")

    raw, read, found = clean(message)

    assert LAST in read.text
    assert LAST in read.html
    assert found == ["card", "card"]
    assert [part.get_content() for part in message_from_bytes(raw, policy=default).iter_attachments()] == [
        file.decode()
    ]


@pytest.mark.parametrize(("before", "after"), [("Card", "Card"), ("Grüße, Karte", "Grüße, Karte")])
def test_the_subject_is_looked_through(before: str, after: str):
    _raw, read, found = clean(written("See above.", subject=f"{before} {CARD}"))

    assert (read.subject, found) == (f"{after} {LAST}", ["card"])


def test_a_mail_that_was_passed_on_as_a_file_is_looked_through():
    outer = written("See below.")
    outer.add_attachment(written(WORDS.format(CARD)))

    raw, _read, found = clean(outer)

    inner = next(message_from_bytes(raw, policy=default).iter_attachments()).get_content()
    assert inner.get_content().strip() == WORDS.format(LAST)
    assert found == ["card"]


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Nd"], exclude_characters="\x00"), max_size=200),
    st.sampled_from(["base64", "quoted-printable"]),
)
def test_a_mail_without_such_numbers_stays_as_it_is_byte_for_byte(text: str, cte: str):
    raw = written(text, cte=cte).as_bytes()

    assert mail.without_numbers(raw) == (raw, [])


@given(st.binary(max_size=300), st.sampled_from(["utf-16", "utf-16x", "no-such", "", "utf-7"]), st.binary(max_size=40))
def test_however_broken_a_mail_is_nothing_is_left_to_take_out_afterwards(junk: bytes, charset: str, subject: bytes):
    head = b"Subject: " + subject + f"\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode()

    raw, _found = mail.without_numbers(head + CARD.encode() + b" " + junk)

    assert mail.without_numbers(raw) == (raw, [])
