"""Every screen, light and dark, wide and on a phone: axe-core finds nothing serious, and nothing sticks out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.desk import signed_in
from tests.browser.examining import NARROWEST, PHONE, WIDE, Findings, examined
from tests.browser.product import Product
from tests.browser.screens import ANYBODY, Screen, screens

Look = Callable[[Screen], Page]


@pytest.fixture(scope="module")
def all_screens(product: Product) -> list[Screen]:
    return screens(product)


@pytest.fixture(scope="module")
def findings(product: Product, all_screens: list[Screen]) -> Findings:
    return examined(product.url, all_screens)


@pytest.fixture
def look(window: Callable[..., BrowserContext]) -> Look:
    """Shows a screen to whoever may see it; everybody signs in once."""
    pages: dict[str, Page] = {}

    def at(screen: Screen) -> Page:
        if screen.who not in pages:
            page = window(reduced_motion="reduce").new_page()
            pages[screen.who] = page if screen.who == ANYBODY else signed_in(page, screen.who)
        page = pages[screen.who]
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(screen.path)
        return page

    return at


def test_axe_finds_nothing_serious_on_any_screen(findings: Findings):
    assert findings.serious == {}


def test_no_screen_scrolls_sideways_on_a_phone(findings: Findings):
    assert findings.sticking_out == {}


def test_no_screen_breaks_and_none_is_left_out(findings: Findings, all_screens: list[Screen]):
    assert findings.broke == []
    assert sorted(findings.seen) == sorted(screen.name for screen in all_screens)


@pytest.mark.parametrize("width", [PHONE, NARROWEST])
def test_every_action_of_a_story_is_in_reach_on_a_phone(all_screens: list[Screen], look: Look, width: int):
    page = look(next(screen for screen in all_screens if screen.name == "short story"))
    page.set_viewport_size({"width": width, "height": 700})

    for name in ("Done", "Sleep", "Their turn", "Join", "Go to", "Nobody has it"):
        page.get_by_role("button", name=name).first.click(trial=True)
    page.locator("label", has_text="Split").first.click(trial=True)
    page.get_by_label("What you write").click()  # the composer unfolds
    for name in ("Send and…", "Send"):
        page.get_by_role("button", name=name).last.click(trial=True)
    page.locator("label", has_text="Note").first.click(trial=True)
    page.keyboard.press("Escape")
    page.get_by_text("Why it belongs to this story").first.click()
    page.get_by_role("button", name="Start a new story with it").click(trial=True)
    page.get_by_role("button", name="Sleep").click()
    page.get_by_role("button", name="Monday").click(trial=True)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Join").first.click()
    page.get_by_label("Or by its number").click(trial=True)


@pytest.mark.parametrize("width", [PHONE, NARROWEST])
def test_one_gets_everywhere_from_the_queue_on_a_phone(all_screens: list[Screen], look: Look, width: int):
    page = look(next(screen for screen in all_screens if screen.name == "queue"))
    page.set_viewport_size({"width": width, "height": 700})

    page.get_by_role("button", name="Views").click()
    page.locator("#views-sheet").get_by_role("link", name="Asleep").click()
    page.wait_for_url("**/queue?view=asleep")
    page.get_by_role("button", name="Go to").click()
    page.locator("#go-menu").get_by_role("link", name="Log a call").click()
    page.wait_for_url("**/calls/new")
    page.get_by_role("button", name="Save the call").click(trial=True)
    page.get_by_role("button", name="Go to").click()
    page.locator("#go-menu").get_by_role("link", name="Queue").click()
    page.wait_for_url("**/queue**")
