"""Whatever the bytes: reading a mail never raises and ends soon."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadline.core.mail import file_bytes, label_lines, newly_written, split
from threadline.core.mail.html import text_of_html
from threadline.core.mail.reading import parse, read

WHOLE = (
    b"From: =?utf-8?b?QW5h?= <ana@example.com>\r\nTo: bo@example.org\r\nSubject: =?x?q?=FF?=\r\n"
    b"Date: Fri, 3 May 2024 10:15:00 +0200\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/html; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+aGk8L2I+\r\n"
    b"--b\r\nContent-Type: image/png; name*=utf-8''%FF\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
    b"begin 644 a\n#0V%T\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nwords\r\n--b--\r\n"
)
FIELDS = st.sampled_from(
    [b"From", b"To", b"Date", b"Subject", b"Message-ID", b"References", b"Content-Type", b"Content-Disposition"]
)
CHARSETS = st.sampled_from(
    ["utf-7", "utf-16", "utf-32", "hz", "iso-2022-kr", "idna", "zlib", "unicode_escape", "ü", ""]
)
QUOTED = st.text(alphabet=">|-:_ \nOnwrote@<>.0123456789FromSentTubjc", max_size=400)


def check(raw: bytes) -> None:
    mail = read(raw)
    mail.text.encode()
    mail.subject.encode()
    split(mail.text)
    assert all(len(file_bytes(raw, file.part)) == file.size for file in mail.files)


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_read(raw: bytes):
    check(raw)


@given(st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)), st.binary(max_size=20))
@settings(max_examples=150, deadline=None)
def test_truncated_and_damaged_mails_are_read(end: int, place: int, noise: bytes):
    check((WHOLE[:place] + noise + WHOLE[place:])[:end])


@given(FIELDS, st.binary(max_size=120), st.binary(max_size=120))
@settings(max_examples=150, deadline=None)
def test_odd_fields_are_read(name: bytes, value: bytes, body: bytes):
    check(name + b": " + value + b"\r\n\r\n" + body)


@given(CHARSETS, st.binary(max_size=80))
@settings(max_examples=100, deadline=None)
def test_wild_charsets_are_read(charset: str, data: bytes):
    check(f"Subject: =?{charset}?b?/w?=\r\nContent-Type: text/plain; charset={charset}\r\n\r\n".encode() + data)


@given(st.one_of(QUOTED, st.text(max_size=200)))
@settings(max_examples=200, deadline=None)
def test_any_text_is_labelled_line_by_line(text: str):
    assert len(label_lines(text)) == len(text.replace("\r\n", "\n").split("\n"))
    assert set(newly_written(text).split()) <= set(text.split())


@given(st.text(alphabet="<>/!-abp&;= \n\"'", max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_html_is_rendered(html: str):
    assert isinstance(text_of_html(html), str)


def nested(levels: int) -> bytes:
    return (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(levels)) + b"\ndeep"
    )


@pytest.mark.parametrize(
    "raw",
    [
        nested(500),
        b"Subject: x\n\n" + b"a" * 10_000_000,
        b"Subject: " + b"=?utf-8?q?a?=" * 500_000 + b"\n\nx",
        b"From: " + b'"\\' * 2_000_000 + b"\n\nx",
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 300_000,
        b"Content-Type: text/html\n\n" + b"<!--" * 500_000,
        b"Content-Type: message/rfc822\n\n" * 20_000,
        b"\n\n" + b">" * 3_000_000,
        b"\n\n" + b"X-A: b@example.com\n" * 20_000,
    ],
    ids=["nested", "long line", "words", "quotes", "parts", "comments", "mails in mails", "marks", "fields"],
)
def test_hostile_mails_cost_no_more_than_long_ones(raw: bytes):
    started = time.process_time()

    check(raw)

    assert time.process_time() - started < 10


def test_what_breaks_the_reader_is_kept_as_text(monkeypatch: pytest.MonkeyPatch):
    def broken(raw: bytes) -> None:
        raise RecursionError(raw)

    monkeypatch.setattr("threadline.core.mail.reading.structure", broken)

    assert parse(b"Subject: a\n\nwords").text == "Subject: a\n\nwords"
