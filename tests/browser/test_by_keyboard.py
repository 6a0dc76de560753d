"""The main job with the keyboard alone: nothing here points or clicks."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.company import BO
from tests.browser.desk import found, row, toast
from tests.browser.product import Product
from tests.make import PASSWORD

FAR = 120
"""Tab stops after which something counts as out of reach."""


@pytest.fixture
def lamp(product: Product) -> int:
    product.told({"email": "omar@example.com", "display_name": "Omar Haddad"}, "Do you sell oven gloves?")
    nia = {"email": "nia@example.com", "display_name": "Nia Brandt"}
    return product.told(nia, "My reading lamp flickers. Order HP-5120.")


def test_a_story_is_found_read_answered_and_settled_by_keyboard(window, lamp: int):
    page = signs_in(window())

    chooses_the_story(page, lamp)
    asks_why_and_answers(page)
    lets_it_sleep_and_wakes_it(page)
    is_done_and_takes_it_back(page)
    goes_back_to_the_queue(page)
    asks_for_help(page)
    finds_the_person(page, lamp)


def signs_in(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/sign-in")
    tab_to(page, page.get_by_label("Email"))
    page.keyboard.type(f"{BO}@harbourpine.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/queue"))
    return page


def chooses_the_story(page: Page, number: int) -> None:
    tab_to(page, page.get_by_role("link", name=re.compile("Nobody’s yet")))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("view=unowned"))
    page.goto(f"{page.url}&shown=120")  # the longest wait stands first, this story last
    expect(page.locator(".row[data-selected]")).to_have_count(1)
    walk(page, "j", row(page, number))
    above = page.locator(".row[data-selected]").get_attribute("id")
    page.keyboard.press("k")
    expect(page.locator(".row[data-selected]")).not_to_have_attribute("id", above or "")
    walk(page, "j", row(page, number))
    expect(page.locator("#preview")).to_contain_text("Nia")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/stories/{number}"))
    page.wait_for_load_state()  # keys are heard from then on


def asks_why_and_answers(page: Page) -> None:
    page.keyboard.press("w")
    expect(page.locator(".why[open]")).to_contain_text("Sure")
    page.keyboard.press("r")
    expect(page.get_by_label("What you write")).to_be_focused()
    page.keyboard.type("We send you a new one, Nia. jk? e!")
    page.keyboard.press("Control+Enter")
    toast(page, "On its way to nia@example.com")
    expect(page.locator(".thread .touch[data-direction=out]")).to_contain_text("We send you a new one")
    expect(page.get_by_role("button", name="Our turn")).to_be_visible()
    page.keyboard.press("Escape")


def lets_it_sleep_and_wakes_it(page: Page) -> None:
    page.keyboard.press("z")
    tab_to(page, page.locator("#sleep").get_by_role("button", name=re.compile("Tomorrow")))
    page.keyboard.press("Enter")
    undoes(page, "Asleep until")


def is_done_and_takes_it_back(page: Page) -> None:
    page.keyboard.press("e")
    undoes(page, "Done. If they write")


def undoes(page: Page, words: str) -> None:
    tab_to(page, toast(page, words).get_by_role("button", name=re.compile("Undo")))
    page.keyboard.press("Enter")
    toast(page, "Undone.")


def goes_back_to_the_queue(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page).to_have_url(re.compile("/queue"))
    page.wait_for_load_state()  # keys are heard from then on


def asks_for_help(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def finds_the_person(page: Page, number: int) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("Nia Brandt")
    expect(page.get_by_role("option", name="Find “Nia Brandt” in everything")).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search"))
    tab_to(page, found(page, number).get_by_role("link").first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/stories/{number}"))


def walk(page: Page, key: str, to: Locator) -> None:
    """Press a key until a row is the chosen one."""
    for _ in range(FAR):
        if to.get_attribute("data-selected") is not None:
            return
        before = page.locator(".row[data-selected]").get_attribute("id")
        page.keyboard.press(key)
        expect(page.locator(".row[data-selected]")).not_to_have_attribute("id", before or "")
    raise AssertionError(f"{key} never reached {to}")


def tab_to(page: Page, target: Locator) -> None:
    expect(target).to_be_visible()
    for _ in range(FAR):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reached {target}")
