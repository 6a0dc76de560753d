"""The wallboard follows by itself without asking all the time; charts are drawn under the strict content rules."""

from collections.abc import Callable
from itertools import pairwise

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.company import DI
from tests.browser.desk import signed_in
from tests.browser.product import Product

PACE_MS = 4_000


def test_the_wallboard_follows_at_most_every_few_seconds(product: Product, window: Callable[..., BrowserContext]):
    page = signed_in(window().new_page(), DI)
    page.goto("/wallboard")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/wallboard/now" in request.url else None)
    before = int(page.locator(".debt .n").inner_text())

    for number in range(6):
        product.told({"email": f"wall{number}@example.com", "display_name": f"Wall {number}"}, "Where is my lamp?")

    expect(page.locator(".debt .n")).to_have_text(str(before + 6), timeout=15_000)
    apart = page.evaluate(
        "performance.getEntriesByType('resource').filter((one) => one.name.includes('/wallboard/now'))"
        ".map((one) => one.startTime)"
    )
    assert all(later - earlier > PACE_MS * 0.9 for earlier, later in pairwise(apart))


def test_charts_are_drawn_and_nothing_breaks_the_content_rules(product: Product, window: Callable[..., BrowserContext]):
    page: Page = signed_in(window().new_page(), DI)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    product.told({"email": "chart@example.com", "display_name": "Chart Lind"}, "Where is my lamp?")

    page.goto("/reports")

    expect(page.locator(".drawn canvas")).to_have_count(3)
    page.locator(".drawn canvas").first.hover()
    page.get_by_role("button", name="Light or dark").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take as CSV").first.click()
    assert taken.value.suggested_filename.startswith("threadline-days-")
    assert complaints == []
