"""Two agents write in one story at once: they see each other, one takes back what was sent, the other is held."""

import re
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.company import BO, DI
from tests.browser.desk import signed_in, touch
from tests.browser.product import Product
from tests.config.running import until

ORDERS = count(9110)


@pytest.fixture
def order() -> str:
    """A matter of its own for each test: the product goes on from one to the next."""
    return f"HP-{next(ORDERS)}"


@pytest.fixture
def ivy(order: str) -> dict[str, Any]:
    return {"email": f"ivy-{order.lower()}@example.com", "display_name": "Ivy Dale"}


@pytest.fixture
def story(product: Product, ivy: dict[str, Any], order: str) -> int:
    return product.told(ivy, f"My Skerry lamp flickers. Order {order}.")


def box(page: Page):
    return page.get_by_label("What you write")


def said(page: Page, direction: str):
    return page.locator(f".thread .touch[data-direction={direction}]:not([data-kind=note])")


def send(page: Page) -> None:
    page.locator("#composer button[data-sends]").click()


def test_two_agents_collide_one_takes_it_back_and_the_other_reads_before_answering(
    product: Product,
    bo: Page,
    window: Callable[..., BrowserContext],
    story: int,
    ivy: dict[str, Any],
    order: str,
):
    di = signed_in(window().new_page(), DI)
    for page in (bo, di):
        page.goto(f"/stories/{story}")
    expect(bo.locator("#company")).to_contain_text("Di looks at this story")

    box(di).fill("Dear Ivy, could you tell me your order number?")
    expect(bo.locator("#company")).to_contain_text(re.compile("Di (is writing|has begun an answer)"))
    expect(di.locator("#guards")).to_contain_text("They told us already")
    expect(di.locator("#guards")).to_contain_text(order)

    box(bo).fill("A new lamp leaves today, Ivy.")
    send(bo)
    news = bo.locator("[data-toast]").filter(has_text=f"On its way to {ivy['email']}")
    expect(box(bo)).to_have_value("")
    news.get_by_role("button", name="Undo").click()
    expect(bo.locator("[data-toast]").filter(has_text="Taken back.")).to_be_visible()
    expect(box(bo)).to_have_value("A new lamp leaves today, Ivy.")
    expect(said(bo, "out")).to_have_count(0)
    expect(said(di, "out")).to_have_count(0)
    send(bo)
    expect(said(di, "out")).to_have_count(1)

    send(di)
    expect(di.locator("#composer")).to_contain_text("Bo Lindqvist answered while you were writing")
    expect(box(di)).to_have_value("Dear Ivy, could you tell me your order number?")

    newest = product.send(ivy, f"It flickers in the kitchen too. Order {order}.")
    expect(touch(di, newest)).to_be_visible()
    di.get_by_role("button", name="Send all the same").click()
    expect(di.locator("#composer")).to_contain_text("Something newer arrived")
    di.get_by_role("button", name="Send all the same").click()
    expect(said(di, "out")).to_have_count(2)


def test_a_draft_outlives_the_browser_and_a_text_is_chosen_with_a_slash(
    bo: Page, window: Callable[..., BrowserContext], story: int, order: str
):
    bo.goto("/settings/macros/new")
    bo.get_by_label("Name", exact=False).first.fill("Looking into it")
    bo.locator("#id_text").fill("Dear {first name}, we look into order {order number}.")
    bo.get_by_label("Then").select_option("done")
    bo.get_by_role("button", name="Keep it").click()
    expect(bo.get_by_role("heading", name="Looking into it")).to_be_visible()

    bo.goto(f"/stories/{story}")
    box(bo).fill("")
    box(bo).press_sequentially("/look")
    expect(bo.get_by_role("option", name=re.compile("Looking into it"))).to_be_visible()
    box(bo).press("Enter")
    expect(box(bo)).to_have_value(f"Dear Ivy, we look into order {order}.")
    expect(bo.locator("[data-draft-note]")).to_contain_text("Draft kept")

    elsewhere = signed_in(window().new_page(), BO)
    elsewhere.goto(f"/stories/{story}")
    expect(box(elsewhere)).to_have_value(f"Dear Ivy, we look into order {order}.")
    expect(elsewhere.locator(".with-it")).to_contain_text("Looking into it")
    send(elsewhere)
    expect(elsewhere.locator(".head")).to_contain_text("Done")


def test_words_typed_without_a_connection_are_kept_here_until_they_are_saved(
    product: Product, bo: Page, window: Callable[..., BrowserContext], story: int
):
    bo.goto(f"/stories/{story}")
    bo.context.set_offline(True)
    box(bo).fill("Typed in a tunnel.")
    expect(bo.locator("[data-draft-note]")).to_contain_text("Kept in this browser only")
    bo.context.set_offline(False)
    expect(bo.locator("[data-draft-note]")).to_contain_text("Draft kept", timeout=15_000)

    other = signed_in(window().new_page(), BO)
    other.goto(f"/stories/{story}")
    until(lambda: box(other).input_value() == "Typed in a tunnel.", what="the draft on another machine")


@pytest.fixture
def held(bo: Page, story: int) -> list[Route]:
    """Bo has an answer on its way; it and what he sends after it wait here. Only his browser keeps his words."""
    held: list[Route] = []
    bo.goto(f"/stories/{story}")
    bo.route("**/replies", lambda route: held.append(route))
    bo.route("**/draft", lambda route: route.abort())
    box(bo).fill("A new lamp leaves today, Ivy.")
    expect(bo.locator("[data-draft-note]")).to_contain_text("Kept in this browser only")
    send(bo)
    expect(box(bo)).to_have_value("")
    expect(bo.locator("[data-draft-note]")).to_have_text("On its way…")
    return held


def test_what_is_typed_while_an_answer_is_on_its_way_stays_and_a_note_stays_a_note(bo: Page, held: list[Route]):
    bo.locator("#composer label", has_text="Note").click()
    box(bo).fill("She calls at noon.")
    box(bo).press("Control+Enter")
    held[0].continue_()
    expect(said(bo, "out")).to_have_count(1)
    expect(box(bo)).to_have_value("")
    until(lambda: len(held) == 2, what="the note follows")
    held[1].continue_()

    expect(bo.locator(".thread [data-kind=note]")).to_contain_text("She calls at noon.")
    expect(said(bo, "out")).to_have_count(1)
    expect(said(bo, "out")).to_contain_text("A new lamp leaves today, Ivy.")


def test_words_on_their_way_do_not_come_back_when_news_arrives_before_they_did(
    product: Product, bo: Page, held: list[Route], ivy: dict[str, Any], order: str
):
    newest = product.send(ivy, f"It flickers in the hall. Order {order}.")
    expect(touch(bo, newest)).to_be_visible()
    expect(box(bo)).to_have_value("")

    held[0].continue_()
    expect(bo.locator("#composer")).to_contain_text("Something newer arrived")
    expect(box(bo)).to_have_value("A new lamp leaves today, Ivy.")


def test_a_list_of_colleagues_stays_open_when_the_answer_before_it_has_arrived(bo: Page, held: list[Route]):
    bo.locator("#composer label", has_text="Note").click()
    box(bo).press_sequentially("Legs are short, @fa")
    expect(bo.get_by_role("option", name=re.compile("Fay"))).to_be_visible()

    held[0].continue_()
    expect(said(bo, "out")).to_have_count(1)

    expect(bo.get_by_role("option", name=re.compile("Fay"))).to_be_visible()
    bo.keyboard.press("Enter")
    expect(box(bo)).to_have_value("Legs are short, @fay ")


def test_what_could_not_be_sent_stands_in_the_box_again_before_what_was_typed_since(bo: Page, held: list[Route]):
    box(bo).fill("It is a better one.")
    held[0].abort()

    both = "A new lamp leaves today, Ivy.\n\nIt is a better one."
    expect(box(bo)).to_have_value(both)
    send(bo)
    expect(box(bo)).to_have_value("")
    held[1].fulfill(status=422, content_type="text/html", body="<p data-refused>Not at this hour.</p>")

    expect(bo.locator("[data-toast]").filter(has_text="Not at this hour.")).to_be_visible()
    expect(box(bo)).to_have_value(both)
    expect(said(bo, "out")).to_have_count(0)
