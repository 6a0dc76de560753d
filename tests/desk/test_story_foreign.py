"""Foreign HTML: what a mail may show in its closed frame, and what never reaches the browser."""

import base64
from email.message import EmailMessage

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from threadline.desk import foreign
from threadline.interactions.models import Attachment, Interaction

pytestmark = pytest.mark.django_db
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
HOSTILE = """
<script>alert(1)</script><style>body{display:none}</style><base href="https://evil.example/">
<p onclick="steal()" style="color:red;position:fixed;background-image:url(https://evil.example/x)">The kettle leaks.</p>
<img src="https://evil.example/pixel.gif"><img src="cid:photo"><img src="data:image/svg+xml,<svg onload=alert(1)>">
<a href="javascript:alert(1)">one</a><a href="data:text/html,x">two</a><a href="https://example.org/order">three</a>
<form action="https://evil.example"><input name="password"></form><iframe src="https://evil.example"></iframe>
<svg><script>alert(1)</script></svg><math><mtext></mtext></math><meta http-equiv="refresh" content="0;url=https://evil.example">
"""


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make.agent("Bo Lindqvist"))
    return client


@pytest.fixture
def mail() -> Interaction:
    """A mail with a hostile HTML part, a picture inside it and a file that could act."""
    message = EmailMessage()
    message["From"], message["To"] = "Ana Karlsson <ana@example.com>", make.ADDRESSES["email"]
    message["Subject"], message["Message-ID"] = "My kettle", "<hostile@example.com>"
    message["Date"] = "Tue, 10 Mar 2026 08:00:00 +0000"
    message.set_content("The kettle leaks.")
    message.add_alternative(HOSTILE, subtype="html")
    message.get_payload()[1].add_related(PIXEL, "image", "gif", cid="<photo>")
    message.add_attachment(b"<script>alert(1)</script>", "text", "html", filename="receipt.html")
    make.channel("email")
    kept = make.mail_entry(message.as_bytes())
    make.process()
    return Interaction.objects.get(pk=kept.pk)


def frame(desk: Client, touch: Interaction, **query: str):
    return desk.get(reverse("touch-html", args=[touch.pk]), query)


@pytest.mark.parametrize(
    "evil", ["<script", "onclick", "<iframe", "<form", "<base", "javascript:", "position", "url(", "<svg", "http-equiv"]
)
def test_nothing_that_acts_survives(desk, mail, evil):
    body = frame(desk, mail).content.decode()

    assert evil not in body
    assert "The kettle leaks." in body
    assert "color:red" in body


def test_the_frame_is_closed_by_its_own_strict_policy(desk, mail):
    answer = frame(desk, mail)

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "img-src data:;" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_pictures_from_elsewhere_wait_until_somebody_asks(desk, mail):
    closed, opened = frame(desk, mail), frame(desk, mail, images="1")

    assert "evil.example" not in closed.content.decode()
    assert 'src="https://evil.example/pixel.gif"' in opened.content.decode()
    assert "img-src data: https: http:" in opened["Content-Security-Policy"]


def test_a_picture_inside_the_mail_is_shown_from_the_mail(desk, mail):
    assert f"data:image/gif;base64,{base64.b64encode(PIXEL).decode()}" in frame(desk, mail).content.decode()


def test_links_lead_out_of_the_frame_without_telling_from_where(desk, mail):
    body = frame(desk, mail).content.decode()

    assert 'href="https://example.org/order"' in body
    assert 'rel="noopener noreferrer"' in body
    assert "data:text/html" not in body


def test_a_file_that_could_act_is_saved_never_shown(desk, mail):
    page = Attachment.objects.get(name="receipt.html")

    answer = desk.get(reverse("attachment", args=[page.pk]))

    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_files_are_for_those_who_may_see_the_story(mail):
    journey = make.journey_of(mail)
    journey.team = make.team("Payments", restricted=True)
    journey.save(update_fields=["team"])
    cy = Client()
    cy.force_login(make.agent("Cy Moran", make.team("Kitchen")))

    assert cy.get(reverse("attachment", args=[Attachment.objects.first().pk])).status_code == 404


def test_the_page_offers_the_laid_out_mail_in_a_closed_frame(desk, mail):
    page = desk.get(reverse("story", args=[make.journey_of(mail).pk])).content.decode()

    assert (
        f'src="{reverse("touch-html", args=[mail.pk])}" sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    )
    assert "<script>alert" not in page
    assert "receipt.html" in page


def test_hostile_words_are_words(desk):
    touch = make.received("ana@example.com", name="<b>Ana</b>", text='<img src=x onerror="alert(1)"> my kettle leaks')

    page = desk.get(reverse("story", args=[make.journey_of(touch).pk])).content.decode()

    assert "<img src=x" not in page
    assert "<b>Ana</b>" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("html", ["<" * 50_000, "<div>" * 20_000, "<a href='" * 5_000, "\x00<b>x", "&#x0;" * 9_000])
def test_broken_html_never_raises(html):
    assert foreign.harmless(html, pictures={}, remote=False).startswith("<!doctype html>")
