"""Every screen, light and dark, wide and on a phone: axe-core finds nothing serious, and nothing sticks out."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.desk import signed_in
from tests.browser.product import Product
from tests.browser.screens import ANYBODY, Screen, screens

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WIDE, PHONE, NARROWEST = 1440, 360, 320
EVERYTHING: dict[str, object] = {"resultTypes": ["violations"]}
COLOURS: dict[str, object] = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
RUN = """async (options) => (await axe.run(document, options)).violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`)"""
STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > width + 1 && one.checkVisibility())
    .map((one) => one.outerHTML.slice(0, 120)).slice(0, 5).concat([`${document.documentElement.scrollWidth} px`]);
}"""
Look = Callable[[Screen], Page]


@pytest.fixture(scope="module")
def all_screens(product: Product) -> list[Screen]:
    return screens(product)


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
        page.wait_for_load_state("load")
        return page

    return at


def test_axe_finds_nothing_serious_on_any_screen(all_screens: list[Screen], look: Look):
    rules = AXE.read_text()
    found = {}
    for screen in all_screens:
        page = look(screen)
        page.evaluate(rules)
        for where, complaints in examined(page):
            if complaints:
                found[f"{screen.name}, {where}"] = complaints

    assert found == {}


def examined(page: Page) -> Iterator[tuple[str, list[str]]]:
    """What axe says in each look. Colours are all that differs between light and dark."""
    for width in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            yield f"{scheme} at {width} px", page.evaluate(RUN, EVERYTHING if scheme == "light" else COLOURS)


def test_no_screen_scrolls_sideways_on_a_phone(all_screens: list[Screen], look: Look):
    found = {}
    for screen in all_screens:
        page = look(screen)
        for width in (PHONE, NARROWEST):
            page.set_viewport_size({"width": width, "height": 700})
            if outside := page.evaluate(STICKS_OUT):
                found[f"{screen.name} at {width} px"] = outside

    assert found == {}


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
