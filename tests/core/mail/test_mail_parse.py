"""Reading a mail's bytes."""

from datetime import UTC, datetime

import pytest

from threadline.core.mail import Address, file_bytes, parse

PNG = "iVBORw0KGgo="


def mail(*lines: str, head: str = "From: Ana <ana@example.com>") -> bytes:
    return "\r\n".join([head, *lines]).encode()


def test_a_plain_mail_says_who_wrote_what_to_whom_and_when():
    raw = mail(
        "To: Shop <shop@example.org>, bo@example.org",
        "Cc: di@example.org",
        "Reply-To: home@example.com",
        "Subject: =?utf-8?q?Caf=C3=A9?= =?utf-8?q?_kettle?=",
        "Date: Fri, 3 May 2024 10:15:00 +0200",
        "Message-ID: <one@example.com>",
        "In-Reply-To: <zero@example.org>",
        "References: <first@example.org>\r\n\t<zero@example.org>",
        "Delivered-To: shop@example.org",
        "",
        "It leaks.",
    )

    read = parse(raw)

    assert read.sender == Address("Ana", "ana@example.com")
    assert read.to == (Address("Shop", "shop@example.org"), Address("", "bo@example.org"))
    assert (read.cc[0].email, read.reply_to[0].email) == ("di@example.org", "home@example.com")
    assert read.subject == "Café kettle"
    assert read.date == datetime(2024, 5, 3, 8, 15, tzinfo=UTC)
    assert read.message_id == "one@example.com"
    assert read.in_reply_to == ("zero@example.org",)
    assert read.references == ("first@example.org", "zero@example.org")
    assert read.header("Delivered-To") == ("shop@example.org",)
    assert (read.text, read.html, read.automatic) == ("It leaks.", "", "")


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("utf-7", "utf-7", "Grüße aus Köln"),
        ("gb2312", "gb18030", "订单没有收到"),
        ("iso-2022-jp", "iso2022_jp", "注文はまだです"),
        ("windows-1251", "cp1251", "Заказ не пришёл"),
        ("windows-1253", "cp1253", "Καλημέρα"),
        ("windows-1255", "cp1255", "שלום"),
        ("iso-8859-1", "cp1252", "5 € – “ok”"),
        ("ks_c_5601-1987", "cp949", "주문 확인"),
        ("koi8-r", "koi8-r", "Привет"),
        ("x-nobody-knows", "utf-8", "Crème brûlée"),
        ("", "cp1252", "Crème brûlée"),
        ("base64", "utf-8", "not a text codec"),
        ("punycode", "utf-8", "not meant"),
    ],
)
def test_text_is_read_in_the_charset_that_was_meant(charset: str, codec: str, text: str):
    declared = f"Content-Type: text/plain; charset={charset}\r\n" if charset else ""
    raw = f"From: ana@example.com\r\n{declared}\r\n".encode() + text.encode(codec)

    assert parse(raw).text == text


@pytest.mark.parametrize(
    ("field", "name", "email"),
    [
        (b'"Example, Ana" <ana@EXAMPLE.com>', "Example, Ana", "ana@example.com"),
        (b"ana@example.com (Ana Example)", "Ana Example", "ana@example.com"),
        (b"=?utf-8?b?QW5hIMWgLg==?= <ana@example.com>", "Ana Š.", "ana@example.com"),
        (b"=?utf-8?q?Ana_=3Cana=40example=2Ecom=3E?=", "Ana", "ana@example.com"),
        (b'"Ana <ana@example.com>', "", "ana@example.com"),
        (b"Friends: ana@example.com, bo@example.com;", "", "ana@example.com"),
        (b"=?iso-8859-1?Q?J\xfcrgen?= <j@example.com>", "Jürgen", "j@example.com"),
    ],
)
def test_senders_are_found_in_all_their_spellings(field: bytes, name: str, email: str):
    assert parse(b"From: " + field + b"\r\n\r\nhi").sender == Address(name, email)


def test_html_is_rendered_with_lists_and_quotes_when_there_is_no_plain_text():
    raw = mail(
        "Content-Type: text/html; charset=utf-8",
        "",
        "<style>p{}</style><p>Hi &amp; hello</p><ul><li>one<li>two</ul><blockquote>old words</blockquote>",
    )

    assert parse(raw).text == "Hi & hello\n\n- one\n- two\n\n> old words"


def test_the_plain_alternative_wins_and_the_html_is_kept_beside_it():
    raw = mail(
        'Content-Type: multipart/alternative; boundary="b"',
        "",
        "--b",
        "",
        "plain words",
        "--b",
        "Content-Type: text/html",
        "",
        "<b>rich words</b>",
        "--b--",
    )

    assert (parse(raw).text, parse(raw).html) == ("plain words", "<b>rich words</b>")


def test_words_around_an_attachment_are_joined_and_the_attachment_can_be_taken_out():
    raw = mail(
        'Content-Type: multipart/mixed; boundary="b"',
        "",
        "--b",
        "",
        "before",
        "--b",
        "Content-Type: image/png; name*0*=utf-8''caf%C3%A9; name*1=.png",
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment",
        "",
        PNG,
        "--b",
        "",
        "after",
        "--b--",
    )
    [file] = parse(raw).files

    assert parse(raw).text == "before\n\nafter"
    assert (file.name, file.content_type, file.size, file.inline) == ("café.png", "image/png", 8, False)
    assert file_bytes(raw, file.part) == b"\x89PNG\r\n\x1a\n"
    assert file_bytes(raw, 99) == b""


def test_an_inline_picture_keeps_its_content_id():
    raw = mail(
        "Content-Type: multipart/related; boundary=b",
        "",
        "--b",
        "Content-Type: text/html",
        "",
        '<img src="cid:logo@example.com">Hello',
        "--b",
        "Content-Type: image/png",
        "Content-ID: <logo@example.com>",
        "",
        "x",
        "--b--",
    )
    [file] = parse(raw).files

    assert (parse(raw).text, file.content_id, file.inline) == ("Hello", "logo@example.com", True)


def test_forwarded_mails_and_invitations_are_files_with_names():
    raw = mail(
        "Content-Type: multipart/mixed; boundary=b",
        "",
        "--b",
        "",
        "see below",
        "--b",
        "Content-Type: message/rfc822",
        "",
        "Subject: Your order/4711",
        "",
        "inner words",
        "--b",
        "Content-Type: text/calendar; method=REQUEST",
        "",
        "BEGIN:VCALENDAR",
        "--b--",
    )

    assert [file.name for file in parse(raw).files] == ["Your order4711.eml", "invite.ics"]
    assert parse(raw).text == "see below"


def test_a_file_name_never_carries_a_path():
    raw = mail('Content-Disposition: attachment; filename="../../etc/pass\twd"', "", "x")

    assert parse(raw).files[0].name == "passwd"


def test_a_multipart_without_its_boundary_keeps_its_words():
    assert parse(mail("Content-Type: multipart/mixed; boundary=gone", "", "still here")).text == "still here"


def test_text_holds_no_nul_and_no_lone_surrogate():
    raw = b"Content-Type: text/plain; charset=utf-7\r\n\r\na\x00b+2AA-c"

    assert parse(raw).text == "abc"


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("Auto-Submitted: auto-replied", "Auto-Submitted: auto-replied"),
        ("Precedence: bulk", "Precedence: bulk"),
        ("List-Id: <news.example.com>", "a mailing list (List-Id)"),
        ("List-Unsubscribe: <mailto:off@example.com>", "a mailing (List-Unsubscribe)"),
        ("X-Auto-Response-Suppress: All", "the sender wants no automatic answer (X-Auto-Response-Suppress)"),
        ("Return-Path: <>", "the return path is empty, as machines send"),
        ("From: MAILER-DAEMON@example.com", "sent by a mail system (MAILER-DAEMON@example.com)"),
        ("Content-Type: multipart/report; report-type=delivery-status", "a mail system's report (delivery-status)"),
        ("Subject: Automatic reply: your order", "an out-of-office answer (subject)"),
        ("Subject: Abwesenheitsnotiz: Urlaub", "an out-of-office answer (subject)"),
        ("Subject: =?utf-8?q?R=C3=A9ponse_automatique?= : absence", "an out-of-office answer (subject)"),
        ("Subject: Respuesta automática: vacaciones", "an out-of-office answer (subject)"),
        ("Subject: 自动答复: 订单", "an out-of-office answer (subject)"),
        ("Auto-Submitted: no", ""),
        ("Subject: My vacation kettle", ""),
    ],
)
def test_mail_by_machines_is_told_apart_with_a_reason(head: str, reason: str):
    assert parse(f"{head}\r\n\r\nhi".encode()).automatic == reason
