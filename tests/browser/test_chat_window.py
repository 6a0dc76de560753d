"""A visitor on the shop's page and Bo at his desk write to each other, in two browsers."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.examining import AXE, complaints

Window = Callable[..., BrowserContext]


def at_the_shop(window: Window, **more: object) -> Page:
    page = window(**more).new_page()
    page.goto("/demo")
    return page


def says(visitor: Page, text: str) -> None:
    visitor.get_by_label("Your message").fill(text)
    visitor.get_by_label("Your message").press("Enter")


def log(visitor: Page) -> Locator:
    return visitor.get_by_role("log", name="What you and we said")


def column(desk: Page, words: str) -> Locator:
    return desk.locator(".chat").filter(has_text=words)


def test_visitor_and_agent_write_to_each_other_and_nothing_is_lost_in_between(window: Window, bo: Page):
    visitor = at_the_shop(window)
    bo.goto("/chats")

    visitor.get_by_role("button", name="Help").click()
    expect(visitor.get_by_label("Your message")).to_be_focused()
    says(visitor, "Is the Tern kettle <b>quiet</b>? Order HP-9911.")
    waits = bo.locator("[data-waits]").filter(has_text="Is the Tern kettle <b>quiet</b>?")
    waits.get_by_role("button", name=re.compile("Take it")).click()
    chat = column(bo, "HP-9911")
    expect(chat).to_contain_text("Here now")

    bo_types(chat, visitor)
    chat.get_by_label("Your answer").last.press("Enter")
    expect(log(visitor)).to_contain_text("Very quiet. Anything else?")
    expect(chat).to_contain_text("Has read your answer")
    visitor_types(visitor, chat)

    goes_on_after_being_cut_off(visitor, chat)
    leaves_and_comes_back(visitor, chat)
    ends_and_rates(visitor, chat)


def bo_types(chat: Locator, visitor: Page) -> None:
    chat.get_by_label("Your answer").last.press_sequentially("Very quiet. Anything else?")
    expect(visitor.get_by_role("status").first).to_contain_text("Bo is writing")


def visitor_types(visitor: Page, chat: Locator) -> None:
    visitor.get_by_label("Your message").press_sequentially("Does it")
    expect(chat).to_contain_text("is writing")


def goes_on_after_being_cut_off(visitor: Page, chat: Locator) -> None:
    """What is written without a connection goes out by itself; what came meanwhile is there, once and in order."""
    visitor.context.set_offline(True)
    visitor.evaluate("document.querySelector('threadline-chat').line.socket?.close()")
    expect(visitor.get_by_role("status").first).to_contain_text("No connection")
    says(visitor, "Written without a connection")
    expect(log(visitor)).to_contain_text("kept here, goes out when there is a connection")
    for number in range(3):
        chat.get_by_label("Your answer").last.fill(f"Meanwhile {number}")
        chat.get_by_label("Your answer").last.press("Enter")
        expect(chat.locator(".said").filter(has_text=f"Meanwhile {number}")).to_have_count(1)
    visitor.context.set_offline(False)
    expect(chat).to_contain_text("Written without a connection")
    expect(log(visitor).locator(".said").filter(has_text="Meanwhile")).to_have_text(
        ["Meanwhile 0", "Meanwhile 1", "Meanwhile 2"]
    )
    expect(log(visitor).locator(".said").filter(has_text="Written without")).to_have_count(1)


def leaves_and_comes_back(visitor: Page, chat: Locator) -> None:
    visitor.get_by_label("Your email address").fill("uma@example.com")
    visitor.get_by_role("button", name="Answer me there too").click()
    expect(visitor.get_by_role("status").first).to_contain_text("answers go to uma@example.com")
    visitor.goto("about:blank")
    expect(chat).to_contain_text("goes to uma@example.com, which nobody has checked")
    visitor.goto("/demo")
    expect(log(visitor)).to_contain_text("Is the Tern kettle <b>quiet</b>?")


def ends_and_rates(visitor: Page, chat: Locator) -> None:
    visitor.get_by_text("Copy, other ways, end").click()
    expect(visitor.get_by_role("link", name="Email hello@harbourpine.example")).to_be_visible()
    visitor.get_by_role("button", name="End", exact=True).click()
    visitor.get_by_role("radio", name="good", exact=True).check(force=True)
    visitor.get_by_role("button", name="Send it").click()
    expect(visitor.get_by_text("Thank you. We read every one.")).to_be_visible()
    expect(chat).to_contain_text("They ended the chat.")


def test_the_window_works_by_keyboard_on_a_phone_and_axe_finds_nothing_serious(window: Window):
    visitor = at_the_shop(window, viewport={"width": 360, "height": 700}, reduced_motion="reduce")
    visitor.evaluate(AXE)

    visitor.get_by_role("button", name="Help").focus()
    visitor.keyboard.press("Enter")
    visitor.keyboard.type("Where is store 12?")
    visitor.keyboard.press("Enter")
    expect(log(visitor)).to_contain_text("Where is store 12?")
    expect(log(visitor)).to_contain_text("sent")
    for scheme in ("light", "dark"):
        visitor.emulate_media(color_scheme=scheme)
        assert complaints(visitor, set()) == []
    assert visitor.evaluate("document.documentElement.scrollWidth") == 360

    visitor.keyboard.press("Escape")
    expect(visitor.get_by_role("button", name="Help")).to_be_focused()
