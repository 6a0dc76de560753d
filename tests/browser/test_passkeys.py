"""Passkeys, with Chromium's own virtual key: added, used instead of the password, used after it, taken off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.product import Product
from tests.make import PASSWORD

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(window: Callable[..., BrowserContext], product: Product) -> Page:
    """A window with a key in it. By name, not by number: passkeys belong to a name."""
    page = window(base_url=product.url.replace("127.0.0.1", "localhost")).new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return page


def sign_in(page: Page, *, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill("cy@harbourpine.example")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="you, Cy Moran").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_passkey_stands_behind_the_password_and_lets_in_alone(page: Page):
    sign_in(page)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.goto("/me")
    page.get_by_role("link", name="Add").click()
    page.get_by_label("What you call it").fill("My laptop")
    page.wait_for_load_state()  # the button asks the browser from then on
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("My laptop")).to_be_visible()

    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_role("button", name="With my passkey").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()

    sign_out(page)
    page.get_by_role("button", name="With a passkey").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()

    page.goto("/me")
    page.get_by_role("link", name="Take the passkey My laptop off").click()
    page.get_by_role("link", name="With my passkey").click()
    page.get_by_role("button", name="With my passkey").click()
    page.get_by_role("button", name="Take it off").click()
    expect(page.get_by_role("heading", name="Cy Moran")).to_be_visible()
    expect(page.get_by_text("My laptop")).to_have_count(0)
