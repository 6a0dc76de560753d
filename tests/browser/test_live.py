"""Open screens follow what happens, also while they are still fetching what happened before."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.company import BO
from tests.browser.desk import signed_in
from tests.browser.product import Product

SLOW_SECONDS = 1.5


@pytest.fixture
def bo(window: Callable[..., BrowserContext]) -> Page:
    """What passes through a service worker can not be held up here."""
    return signed_in(window(service_workers="block").new_page(), BO)


def test_what_happens_while_the_queue_reads_itself_anew_is_shown_too(product: Product, bo: Page):
    asked: list[str] = []

    def slowly(route: Route) -> None:
        """The answer is what the server said at once; it only takes long on its way."""
        answer = route.fetch()
        asked.append(route.request.url)
        time.sleep(SLOW_SECONDS)
        route.fulfill(response=answer)

    bo.goto("/queue?view=ours&shown=120")
    bo.route(re.compile(r"/queue\b"), slowly)
    names = ["Lin First", "Lin Second", "Lin Third"]
    for name in names:
        product.told({"email": f"{name.replace(' ', '')}@example.com", "display_name": name}, f"Hello from {name}")
        bo.wait_for_timeout(600)
    for name in names:
        expect(bo.locator(".row").filter(has_text=name)).to_have_count(1, timeout=12_000)
    assert asked, "the queue was never read anew"
    bo.unroute_all(behavior="wait")


def test_nothing_of_another_story_can_be_pressed_while_the_chosen_one_is_on_its_way(product: Product, bo: Page):
    for name in ("Mel First", "Mel Second"):
        product.told({"email": f"{name.replace(' ', '')}@example.com", "display_name": name}, f"Hello from {name}")
    bo.goto("/queue?view=ours&shown=120")
    first, second = (
        bo.locator(".row").filter(has_text=name).get_by_role("link").first for name in ("Mel First", "Mel Second")
    )
    whole = bo.locator("#preview").get_by_role("link", name="Whole story")
    first.focus()
    expect(bo.locator("#preview")).to_contain_text("Mel First")
    at = whole.bounding_box()
    held: list[Route] = []
    bo.route("**/queue/preview/*", lambda route: held.append(route))

    with bo.expect_request("**/queue/preview/*"):
        second.click()
    bo.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)

    expect(bo).to_have_url(re.compile("/queue"))
    expect(bo.locator("#preview")).to_contain_text("Mel First")
    for route in held:
        route.continue_()
    expect(bo.locator("#preview")).to_contain_text("Mel Second")
    whole.click()
    expect(bo.get_by_role("heading", name="Mel Second").first).to_be_visible()
