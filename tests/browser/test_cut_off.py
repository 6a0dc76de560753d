"""Whoever was cut off, and was told so by nobody, sees everything that came meanwhile once and in order."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.cable import Cable
from tests.browser.company import BO, HELLO
from tests.browser.desk import signed_in
from tests.browser.product import Product
from tests.config.running import until

Window = Callable[..., BrowserContext]
MISSED = 50
ANSWER = """async ([address, texts]) => {
  const csrfmiddlewaretoken = document.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const text of texts) {
    const body = new URLSearchParams({ text, csrfmiddlewaretoken });
    const answer = await fetch(address, { method: "POST", body, redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error(`${answer.status} ${await answer.text()}`);
  }
}"""


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def cable(product: Product) -> Iterator[Cable]:
    laid = Cable(urlsplit(product.url).port or 0)
    yield laid
    laid.close()


def behind(cable: Cable, window: Window) -> Page:
    """A page whose clock can be put forward: its heart beats every 15 seconds."""
    page = window(base_url=f"http://127.0.0.1:{cable.port}").new_page()
    page.clock.install()
    return page


def later(page: Page, *seconds: int) -> None:
    for each in seconds:
        page.clock.fast_forward(each * 1000)


def test_a_visitor_who_was_cut_off_reads_fifty_answers_once_and_in_order(window: Window, bo: Page, cable: Cable):
    visitor = behind(cable, window)
    visitor.goto("/demo")
    visitor.get_by_role("button", name="Help").click()
    visitor.get_by_label("Your message").fill("My train is in a tunnel soon. Order HP-5050.")
    visitor.get_by_label("Your message").press("Enter")
    bo.goto("/chats")
    waits = bo.locator("[data-waits]").filter(has_text="in a tunnel soon")
    waits.get_by_role("button").first.click()
    column = bo.locator(".chat").filter(has_text="in a tunnel soon")
    expect(column).to_be_visible()
    address = column.locator("form.say").get_attribute("action")

    cable.cut()
    bo.evaluate(ANSWER, [address, [f"Answer {number:02}" for number in range(MISSED)]])
    later(visitor, 16, 11)
    expect(visitor.get_by_role("status").first).to_contain_text("No connection")
    visitor.get_by_label("Your message").fill("Written in the tunnel")
    visitor.get_by_label("Your message").press("Enter")
    cable.mend()
    later(visitor, 2)

    log = visitor.get_by_role("log", name="What you and we said")
    expect(log.locator(".said").filter(has_text="Answer")).to_have_text([f"Answer {n:02}" for n in range(MISSED)])
    expect(log.locator(".said").filter(has_text="Written in the tunnel")).to_have_count(1)
    expect(column).to_contain_text("Written in the tunnel")


def test_an_agent_who_was_cut_off_reads_fifty_mails_once_and_in_order_and_answers_none_unread(
    product: Product, window: Window, cable: Cable
):
    sender, first = {"email": "zoe@example.com", "display_name": "Zoe Lamb"}, uuid4().hex
    story = product.told(sender, "My lamp HP-7070 hums.", thread={"message_id": f"{first}@example.com"})
    desk = signed_in(behind(cable, window), BO)
    desk.goto(f"/stories/{story}")
    desk.get_by_label("What you write").fill("It hums because it is happy.")

    cable.cut()
    began = datetime.now(UTC) - timedelta(minutes=5)
    items = [
        {
            "id": uuid4().hex,
            "at": (began + timedelta(seconds=number)).isoformat(),
            "channel": "email",
            "endpoint": HELLO,
            "sender": sender,
            "text": f"Hum number {number:02} of lamp HP-7070",
            "thread": {"message_id": f"{uuid4().hex}@example.com", "in_reply_to": f"{first}@example.com"},
        }
        for number in range(MISSED)
    ]
    entries = [
        each["entry"] for each in product.api("POST", "interactions", json={"interactions": items}).json()["results"]
    ]
    until(lambda: {product.standing(entry)["journey"] for entry in entries} == {story}, what="fifty mails in the story")
    later(desk, 46)
    expect(desk.locator("#offline")).to_be_visible()
    cable.mend()
    later(desk, 46)

    expect(desk.locator("#offline")).to_be_hidden()
    hums = desk.locator(".thread .touch").filter(has_text="Hum number")
    expect(hums).to_have_count(MISSED)
    numbers = [int(words.split("Hum number ")[1][:2]) for words in hums.all_inner_texts()]
    assert numbers in (list(range(MISSED)), list(reversed(range(MISSED))))
    desk.locator("#composer button[data-sends]").click()
    expect(desk.locator("#composer")).to_contain_text("Something newer arrived")
    expect(desk.locator(".thread .touch[data-direction=out]")).to_have_count(0)
    desk.get_by_role("button", name="Send all the same").click()
    expect(desk.locator(".thread .touch[data-direction=out]")).to_have_count(1)
