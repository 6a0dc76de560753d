"""The desk as an app: installed, pushed to, honest without a connection, and whole on a telephone."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.company import BO
from tests.browser.desk import signed_in
from tests.browser.product import Product
from tests.browser.reach import KEPT, NOTED, OUT_OF_REACH
from tests.config.running import until

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
READY = "() => navigator.serviceWorker.ready.then(worker => worker.active.state)"


@pytest.fixture
def phone(window: Callable[..., BrowserContext]) -> Page:
    return signed_in(window(**PHONE).new_page(), BO)


def test_it_can_be_installed(bo: Page):
    bo.goto("/queue")
    assert bo.evaluate(READY) in ("activating", "activated")
    browser = bo.context.new_cdp_session(bo)

    manifest = browser.send("Page.getAppManifest")
    errors = browser.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["start_url"] == "/queue"
    assert [each["errorId"] for each in errors if each["errorId"] != "in-incognito"] == []


def test_without_a_connection_it_says_so_and_keeps_nothing_of_customers(bo: Page):
    bo.goto("/queue")
    bo.evaluate(READY)
    bo.context.set_offline(True)

    bo.goto("/queue?view=ours")

    expect(bo.get_by_role("heading", name="No connection")).to_be_visible()
    static = ["/static/desk/built/desk.css", "/static/desk/icons.svg", "/static/desk/mark.svg"]
    assert bo.evaluate(KEPT) == ["/offline", *static]
    bo.context.set_offline(False)
    bo.get_by_role("link", name="Try again").click()
    expect(bo.get_by_role("heading", level=1)).not_to_have_text("No connection")


def test_a_push_is_shown_with_the_tag_of_its_story(window: Callable[..., BrowserContext], product: Product):
    context = window()
    context.grant_permissions(["notifications"], origin=product.url)
    page = signed_in(context.new_page(), BO)
    page.evaluate(READY)
    session = context.new_cdp_session(page)
    known: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    session.send("ServiceWorker.enable")
    until(lambda: page.evaluate("true") and bool(known), what="Chromium to name the worker")
    message = {"title": "They wrote again", "body": "Open the story", "url": "/stories/1", "tag": "story-1"}
    pushed = {"origin": product.url, "registrationId": known[-1]["registrationId"], "data": json.dumps(message)}

    session.send("ServiceWorker.deliverPushMessage", pushed)
    session.send("ServiceWorker.deliverPushMessage", pushed)

    shown = "() => navigator.serviceWorker.ready.then(worker => worker.getNotifications())"
    words = "all => all.map(one => [one.title, one.body, one.tag, one.data])"
    until(lambda: page.evaluate(f"{shown}.then({words})") != [], what="the notice on the screen")
    assert page.evaluate(f"{shown}.then({words})") == [["They wrote again", "Open the story", "story-1", "/stories/1"]]


def test_the_bell_rings_on_an_open_screen_and_the_story_is_one_click_away(bo: Page, product: Product):
    story = product.told({"email": "rosa@example.com"}, "My toaster smokes. Order HP-9301.")
    bo.goto("/notices")
    before = bo.locator("#bell").get_attribute("aria-label") or ""

    di = signed_in(bo.context.browser.new_context(base_url=product.url).new_page(), "di")  # type: ignore[union-attr]
    di.goto(f"/stories/{story}")
    assert di.evaluate(NOTED, [str(story), "@bo, it smokes"]) < 400

    expect(bo.locator("#bell")).not_to_have_attribute("aria-label", before)
    row = bo.locator("[data-new]").first
    expect(row).to_contain_text("named you in a note")
    row.get_by_role("link").first.click()
    expect(bo).to_have_url(re.compile(rf"/stories/{story}"))
    expect(bo.locator("#bell")).to_have_attribute("aria-label", before)
    di.context.close()


def test_everything_is_within_reach_on_a_telephone(phone: Page, product: Product):
    story = product.told({"email": "ulf@example.com"}, "My lamp flickers. Order HP-9302.")
    wrong = {}
    for path in ("/queue", f"/stories/{story}", "/chats", "/search?q=lamp", "/review/people", "/notices", "/me"):
        phone.goto(path)
        if found := phone.evaluate(OUT_OF_REACH):
            wrong[path] = found

    phone.goto(f"/stories/{story}")
    phone.locator("#composer textarea").first.tap()
    expect(phone.locator("#composer").get_by_text("Note", exact=True)).to_be_in_viewport()
    expect(phone.locator("#composer").get_by_role("button", name="Send", exact=True)).to_be_in_viewport()

    assert wrong == {}
