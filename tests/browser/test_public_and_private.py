"""A complaint on X goes on in a direct message, is settled on WhatsApp, and ends with thanks in public: one story."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import toast
from tests.browser.product import Product, beside
from tests.config.running import until
from tests.providers.whatsapp_cloud import FakeWhatsappCloud
from tests.providers.x import ANA, FakeX, posted
from threadline.channels.contract import Hook

PHONE = "+447700900178"
LAMP = "Fjord lamp"
NETWORKS = "tests.browser.networks"


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX().running() as fake:
        yield fake
        assert fake.wrong == []


@pytest.fixture
def whatsapp() -> Iterator[FakeWhatsappCloud]:
    with FakeWhatsappCloud().running() as fake:
        yield fake
        assert fake.wrong == []


@contextmanager
def networks(product: Product, *urls: str) -> Iterator[list[int]]:
    """The numbers of two channels at these stand-ins, as long as they are open."""
    try:
        yield [int(number) for number in beside(product.surroundings, NETWORKS, *urls).split()]
    finally:
        beside(product.surroundings, NETWORKS, "off")


def told(product: Product, channel: int, hook: Hook) -> None:
    answer = httpx.post(f"{product.url}/in/{channel}", content=hook.body, headers=dict(hook.headers), timeout=20)
    assert answer.status_code == 200, answer.text


def sends(desk: Page, text: str = "") -> None:
    if text:
        desk.get_by_label("What you write").fill(text)
    answers = desk.locator(".thread .touch[data-direction=out]")
    before = answers.count()
    desk.locator("#composer button[data-sends]").click()
    toast(desk, "On its way to")
    expect(answers).to_have_count(before + 1)
    expect(desk.get_by_label("What you write")).to_have_value("")


def test_from_a_public_complaint_to_whatsapp_and_back_to_public_thanks(product: Product, bo: Page, x, whatsapp):
    with networks(product, x.url, whatsapp.url) as (posts, messages):
        complains_in_public(product, bo, x, posts)
        asked_to_go_private(bo)
        goes_on_in_a_message(product, bo, x, posts)
        settled_on_whatsapp(product, bo, whatsapp, messages)
        thanked_in_public(bo)
        until(lambda: (len(x.sent), len(whatsapp.sent)) == (3, 1), what="four answers")

    each_answer_is_where_it_belongs(x, whatsapp)


def complains_in_public(product: Product, bo: Page, x: FakeX, channel: int) -> None:
    text = f"@harbourhelp my {LAMP} went dark after a day and nobody cares. Order HP-9555!"
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    told(product, channel, x.event(posted("post.mention.create", text=text, created_at=at)))
    bo.goto("/queue?view=ours&shown=120")
    row = bo.locator(".row").filter(has_text=LAMP)
    expect(row).to_have_count(1)
    bo.goto(row.get_by_role("link").first.get_attribute("href") or "")


def asked_to_go_private(bo: Page) -> None:
    """One key writes the sentence; nothing in it says who she is."""
    expect(bo.locator("#composer")).to_contain_text("They wrote where anyone reads along")
    bo.keyboard.press("p")
    box = bo.get_by_label("What you write")
    expect(box).to_have_value(re.compile(r"direct message: https://x\.com/messages/compose\?recipient_id="))
    expect(bo.locator("#composer")).to_have_attribute("data-way", "public")
    sends(bo)
    expect(bo.locator("#composer")).to_contain_text("You asked them in public to go on in private.")


def goes_on_in_a_message(product: Product, bo: Page, x: FakeX, channel: int) -> None:
    text = f"Here I am. My number is {PHONE}, order HP-9555."
    told(product, channel, x.said(text, number=955, at=datetime.now(UTC)))
    expect(bo.locator(".thread .touch[data-direction=in]")).to_have_count(2)
    bo.reload()
    expect(bo.get_by_role("radio", name=re.compile("^X message"))).to_be_checked()
    sends(bo, "Thank you. Please send a photo of it over WhatsApp.")


def settled_on_whatsapp(product: Product, bo: Page, whatsapp: FakeWhatsappCloud, channel: int) -> None:
    text = f"The photo of my {LAMP}, order HP-9555. It went dark after a day."
    told(product, channel, whatsapp.said(text, number=955, who=PHONE, at=datetime.now(UTC)))
    expect(bo.locator(".thread .touch[data-direction=in]")).to_have_count(3)
    bo.reload()
    expect(bo.get_by_role("radio", name=re.compile("^WhatsApp"))).to_be_checked()
    sends(bo, "A new lamp leaves today.")


def thanked_in_public(bo: Page) -> None:
    expect(bo.locator("#composer")).to_contain_text("is settled in private")
    bo.get_by_role("button", name="Thank them in public").click()
    expect(bo.get_by_label("What you write")).to_have_value(re.compile("^Thank you for telling us openly"))
    sends(bo)
    expect(bo.locator("#composer")).not_to_contain_text("is settled in private")
    expect(bo.locator(".thread .touch[data-direction=out]")).to_have_count(4)


def each_answer_is_where_it_belongs(x: FakeX, whatsapp: FakeWhatsappCloud) -> None:
    complaint = posted("post.mention.create")["payload"]["id"]
    asked, thanked = x.posts
    assert asked["reply"]["in_reply_to_tweet_id"] == complaint
    assert thanked["reply"]["in_reply_to_tweet_id"] == complaint
    assert "HP-9555" not in asked["text"] + thanked["text"]
    assert [sent.text for sent in x.sent if sent.to == ANA] == ["Thank you. Please send a photo of it over WhatsApp."]
    assert [(sent.to, sent.text) for sent in whatsapp.sent] == [(PHONE, "A new lamp leaves today.")]
