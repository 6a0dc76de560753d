"""Every door through which files come, and every file that somebody would try."""

import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.core.uploads import content_type
from threadline.interactions.importing import import_file
from threadline.interactions.models import Attachment, Upload
from threadline.lib.errors import ThreadlineError
from threadline.portal.actions import chatting
from threadline.portal.actions.chatting import Visitor
from threadline.portal.chat import uploads
from threadline.portal.chat.tokens import fresh

pytestmark = pytest.mark.django_db
SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html>" + SCRIPT
GIF_JS = b"GIF89a=1;alert(1)//" + b"\0" * 40
PDF_HTML = b"%PDF-1.7\n" + SCRIPT
JS = b"alert(document.cookie)"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
LONG = "n" * 300
TRICKY = "..\\../\u202egnp.tnemucod\u2066\x00/ \u200bphoto"


def bomb() -> bytes:
    """200 MB of nothing in 200 kB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nothing.txt", b"\0" * 200_000_000)
    return packed.getvalue()


def crowd() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(10_000):
            archive.writestr(f"{number}.txt", b"")
    return packed.getvalue()


FILES: dict[str, Callable[[], tuple[str, str, bytes]]] = {
    "svg": lambda: ("logo.svg", "image/svg+xml", SVG),
    "svg called png": lambda: ("logo.png", "image/png", SVG),
    "html": lambda: ("page.html", "text/html", HTML),
    "html called png": lambda: ("page.png", "image/png", HTML),
    "html called txt": lambda: ("page.txt", "text/plain", HTML),
    "gif that is a program": lambda: ("x.gif", "text/javascript", GIF_JS),
    "pdf that is a page": lambda: ("x.pdf", "text/html", PDF_HTML),
    "program": lambda: ("x.js", "text/javascript", JS),
    "xhtml": lambda: ("x.xhtml", "application/xhtml+xml", HTML),
    "bomb": lambda: ("x.zip", "application/zip", bomb()),
    "ten thousand files": lambda: ("x.zip", "application/zip", crowd()),
    "empty": lambda: ("x.png", "image/png", b""),
    "long name": lambda: (f"{LONG}.png", "image/png", PNG),
    "tricky name": lambda: (f"{TRICKY}.png", "image/png", PNG),
}
REFUSED_BY_US = {"svg", "svg called png", "html", "html called png", "html called txt", "xhtml", "empty", "program"}
REFUSED_IN_CHATS = REFUSED_BY_US - {"program"} | {"bomb", "ten thousand files"}


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make.agent())
    return client


def harmless(desk: Client, file: Attachment) -> None:
    """Whatever it is called: a picture that is one, or something to save; nothing runs, nothing is guessed."""
    answer = desk.get(reverse("attachment", args=[file.pk]))
    kind, how = answer.headers["Content-Type"], answer.headers["Content-Disposition"]
    assert kind in ("image/png", "image/gif", "image/jpeg", "image/webp", "application/octet-stream")
    assert how.startswith("inline") == (kind != "application/octet-stream")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    if kind.startswith("image/"):
        assert answer.content.startswith((b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF"))
    named(file.name)


def named(name: str) -> None:
    assert 0 < len(name) <= 255
    assert name.isprintable()
    assert not {"/", "\\"} & set(name)
    assert not name.startswith(".")


def posted(name: str, kind: str, data: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Ana <ana@example.com>", "hello@harbourpine.example", "A file"
    mail["Message-ID"], mail["Date"] = "<file-1@example.com>", "Tue, 10 Mar 2026 09:00:00 +0000"
    mail.set_content("Look at this.")
    main, _, sub = kind.partition("/")
    mail.add_attachment(data, maintype=main, subtype=sub, filename=name.replace("\0", ""))
    return mail.as_bytes()


@pytest.mark.parametrize("what", FILES)
def test_files_that_come_by_mail_are_kept_and_only_pictures_are_shown(desk: Client, what: str):
    make.mail_entry(posted(*FILES[what]()))
    make.process()

    harmless(desk, Attachment.objects.get())


@pytest.mark.parametrize("what", ["html called png", "tricky name", "gif that is a program"])
def test_files_of_an_imported_mailbox_are_the_same(desk: Client, tmp_path: Path, what: str):
    mailbox = tmp_path / "old.mbox"
    mailbox.write_bytes(b"From ana@example.com Tue Mar 10 09:00:00 2026\n" + posted(*FILES[what]()) + b"\n")
    make.channel("email")
    import_file(mailbox, channel=make.ADDRESSES["email"])
    make.process()

    harmless(desk, Attachment.objects.get())


@pytest.mark.parametrize("what", FILES)
def test_an_agent_sends_only_what_people_send_each_other(desk: Client, what: str):
    name, kind, data = FILES[what]()
    journey = make.journey_of(make.received())

    answer = desk.post(
        reverse("draft-files", args=[journey.pk]),
        {"file": SimpleUploadedFile(name, data, kind)},
        HTTP_HX_REQUEST="true",
    )

    if what in REFUSED_BY_US:
        assert answer.status_code == 422
        assert not Upload.objects.exists()
        assert "“" in answer.content.decode()
    else:
        assert answer.status_code == 200, answer.content.decode()
        kept = Upload.objects.get()
        named(kept.name)
        assert kept.content_type == content_type(kept.name, data)


@pytest.mark.parametrize("what", FILES)
def test_a_visitor_sends_pictures_documents_and_words(desk: Client, what: str):
    name, _, data = FILES[what]()
    if what in REFUSED_IN_CHATS:
        with pytest.raises(ThreadlineError):
            uploads.checked(name, data)
        return
    found = uploads.checked(name, data)
    channel = make.channel("chat")
    chatting.say(Visitor(channel, fresh(channel)), text="", once="a-file-of-mine", now=timezone.now(), file=found)
    make.process()

    harmless(desk, Attachment.objects.get())


def test_a_picture_inside_a_mail_is_shown_only_if_it_is_one(desk: Client):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "ana@example.com", "hello@harbourpine.example", "<in@example.com>"
    mail.set_content("Look")
    mail.add_alternative('<p>Look <img src="cid:one@x"><img src="cid:two@x"></p>', subtype="html")
    page = mail.get_payload()[1]
    page.add_related(PNG, "image", "png", cid="<one@x>", filename="one.png")
    page.add_related(SVG, "image", "png", cid="<two@x>", filename="two.png")
    entry = make.mail_entry(mail.as_bytes())
    make.process()

    shown = desk.get(reverse("touch-html", args=[entry.pk])).content.decode()

    assert shown.count("data:image/png;base64,") == 1
