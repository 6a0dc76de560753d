"""What an agent does most: open the next story, read, answer, note, name a colleague, assign, sleep, done, find, undo.

All of it twice: with a finger on a phone 360 px wide, and with the keyboard alone, where focus is always to be seen.
"""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.company import BO
from tests.browser.desk import found, row, signed_in, toast
from tests.browser.product import Product
from tests.browser.test_by_keyboard import tab_to

Window = Callable[..., BrowserContext]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
QUEUE = "/queue?view=ours&shown=120"
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "nothing has focus";
  const shown = (element) => {
    const look = getComputedStyle(element);
    return (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2) || look.boxShadow !== "none";
  };
  for (let up = one; up && up !== document.body; up = up.parentElement) if (shown(up)) return "";
  return `focus does not show on ${one.outerHTML.slice(0, 120)}`;
}"""


def asked(product: Product, name: str, number: int) -> int:
    """A story of somebody who asked; there is another one of them, so that there is something to find."""
    sender = {"email": f"{name.lower()}@example.com", "display_name": f"{name} Falk"}
    return product.told(sender, f"My {name} bench wobbles. Order HP-{number}.")


# ---- with a finger -------------------------------------------------------------------------------------------------


def test_ten_actions_with_a_finger_on_a_phone(product: Product, window: Window):
    story = asked(product, "Petra", 8310)
    page = signed_in(window(**PHONE).new_page(), BO)

    page.goto(QUEUE)
    row(page, story).get_by_role("link").first.tap()
    expect(page.locator(f"#touch-{story}")).to_contain_text("bench wobbles")

    page.get_by_label("What you write").tap()
    page.get_by_label("What you write").fill("A new bench leaves today.")
    page.locator("#composer button[data-sends]").tap()
    toast(page, "On its way to petra@example.com").get_by_role("button", name="Undo").tap()
    expect(page.get_by_label("What you write")).to_have_value("A new bench leaves today.")
    page.get_by_label("What you write").tap()
    page.locator("#composer button[data-sends]").tap()
    toast(page, "On its way to petra@example.com")
    expect(said(page, "out")).to_have_count(1)

    page.get_by_label("What you write").tap()
    page.locator("#composer label", has_text="Note").tap()
    page.get_by_label("What you write").press_sequentially("Legs are short, @fay")
    page.get_by_role("option", name=re.compile("Fay")).tap()
    page.get_by_role("button", name="Keep note").tap()
    expect(page.locator(".thread")).to_contain_text("Legs are short, @fay")

    page.locator("button[popovertarget=hand-over]").tap()
    page.locator("#hand-over").get_by_role("button", name="Me").tap()
    expect(page.locator(".facts")).to_contain_text("Owner Bo Lindqvist")
    page.get_by_role("button", name="Sleep").tap()
    page.get_by_role("button", name="Tomorrow").first.tap()
    taps_undo(page, "Asleep until")
    page.get_by_role("button", name="Done").tap()
    taps_undo(page, "Done. If they write")
    finds_with_a_finger(page, story)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def finds_with_a_finger(page: Page, story: int) -> None:
    page.get_by_role("button", name="Go to").tap()
    page.locator("#go-menu").get_by_role("link", name=re.compile("Find|Search")).tap()
    page.get_by_role("searchbox").first.fill("Petra Falk")
    page.get_by_role("searchbox").first.press("Enter")
    found(page, story).get_by_role("link").first.tap()
    page.wait_for_url(f"**/stories/{story}*")


def taps_undo(page: Page, words: str) -> None:
    toast(page, words).get_by_role("button", name="Undo").tap()
    toast(page, "Undone.")


# ---- with the keyboard ---------------------------------------------------------------------------------------------


def test_ten_actions_with_the_keyboard_alone_and_focus_always_shows(product: Product, window: Window):
    story = asked(product, "Quinn", 8320)
    page = signed_in(window().new_page(), BO)
    keyboard = page.keyboard

    page.goto(QUEUE)
    tab_to(page, row(page, story).get_by_role("link").first)
    shows(page)
    keyboard.press("Enter")
    expect(page.locator(f"#touch-{story}")).to_contain_text("bench wobbles")
    page.wait_for_load_state()  # keys are heard from then on

    keyboard.press("r")
    writes(page, "A new bench leaves today.")
    presses_undo(page, "On its way to quinn@example.com")
    expect(page.get_by_label("What you write")).to_have_value("A new bench leaves today.")
    keyboard.press("r")
    shows(page)
    keyboard.press("Control+Enter")
    toast(page, "On its way to quinn@example.com")
    expect(said(page, "out")).to_have_count(1)
    shows(page)

    keyboard.press("Escape")
    keyboard.press("n")
    keyboard.type("Legs are short, @fay")
    expect(page.get_by_role("option", name=re.compile("Fay"))).to_be_visible()
    keyboard.press("Enter")
    keyboard.press("Control+Enter")
    expect(page.locator(".thread")).to_contain_text("Legs are short, @fay")
    shows(page)

    keyboard.press("Escape")
    keyboard.press("a")
    chooses(page, page.locator("#hand-over").get_by_role("button", name="Me"))
    expect(page.locator(".facts")).to_contain_text("Owner Bo Lindqvist")
    shows(page)
    keyboard.press("z")
    chooses(page, page.locator("#sleep").get_by_role("button", name=re.compile("Tomorrow")))
    presses_undo(page, "Asleep until")
    keyboard.press("e")
    presses_undo(page, "Done. If they write")
    finds_with_keys(page, story)


def writes(page: Page, text: str) -> None:
    expect(page.get_by_label("What you write")).to_be_focused()
    shows(page)
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")


def chooses(page: Page, target: Locator) -> None:
    tab_to(page, target)
    shows(page)
    page.keyboard.press("Enter")


def presses_undo(page: Page, words: str) -> None:
    chooses(page, toast(page, words).get_by_role("button", name=re.compile("Undo")))
    expect(page.locator("[data-toast]").filter(has_text=words)).to_have_count(0)
    shows(page)
    if page.evaluate("document.activeElement.matches('textarea')"):
        page.keyboard.press("Escape")


def finds_with_keys(page: Page, story: int) -> None:
    page.keyboard.press("Control+k")
    shows(page)
    page.keyboard.type("Quinn Falk")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/people/"))
    chooses(page, page.locator(f'main a[href^="/stories/{story}"]').first)
    expect(page).to_have_url(re.compile(f"/stories/{story}"))


def said(page: Page, direction: str) -> Locator:
    return page.locator(f".thread .touch[data-direction={direction}]")


def shows(page: Page) -> None:
    """Something has the focus, and one sees what."""
    page.wait_for_function(f"() => ({FOCUS})() !== 'nothing has focus'")
    assert page.evaluate(FOCUS) == ""
