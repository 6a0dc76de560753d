"""What the browser tests do at the desk, in its own words."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.make import PASSWORD


def signed_in(page: Page, who: str) -> Page:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(f"{who}@harbourpine.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def row(page: Page, journey: int) -> Locator:
    return page.locator(f"#row-{journey}")


def found(page: Page, journey: int) -> Locator:
    """A story among what a search found; it may stand there by its person and by its words."""
    return page.locator(f"[data-found-story='{journey}']").first


def opened(row: Locator) -> None:
    """Open a story from the queue: beside a preview the first press only chooses it."""
    link = row.get_by_role("link").first
    link.focus()
    link.press("Enter")


def touch(page: Page, number: int) -> Locator:
    return page.locator(f"#touch-{number}")


def toast(page: Page, words: str | re.Pattern[str]) -> Locator:
    """The message in the corner, once it is there."""
    found = page.locator("[data-toast]").filter(has_text=words).last
    expect(found).to_be_visible()
    return found


def undo(page: Page, words: str | re.Pattern[str]) -> None:
    """Takes back what the message in the corner says."""
    toast(page, words).get_by_role("button", name="Undo").click()
    toast(page, "Undone.")
