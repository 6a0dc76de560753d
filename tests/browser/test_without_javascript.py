"""Where scripts are switched off, the desk still does its job."""

import re

from playwright.sync_api import expect

from tests.browser.company import BO
from tests.browser.desk import row, signed_in, touch
from tests.browser.product import Product


def test_a_story_is_opened_answered_and_settled_without_scripts(window, product: Product):
    ida = {"email": "ida@example.com", "display_name": "Ida Falk"}
    story = product.told(ida, "The shelf came without screws. Order HP-8001.")
    page = signed_in(window(java_script_enabled=False).new_page(), BO)

    page.goto("/queue?view=ours&shown=120")
    row(page, story).get_by_role("link").click()
    page.get_by_role("radio", name=re.compile("ida@example.com")).check(force=True)
    page.get_by_label("What you write").fill("The screws leave today, Ida.")
    page.locator("#composer button[data-sends]").click()

    expect(page.locator("[data-toast]")).to_contain_text("On its way to ida@example.com")
    expect(page.locator(".thread .touch[data-direction=out]")).to_contain_text("The screws leave today, Ida.")

    touch(page, story).get_by_text("Why it belongs to this story").click()
    touch(page, story).get_by_role("link", name="Show why").click()
    expect(page.locator("main")).to_contain_text("Sure")
    page.get_by_role("link", name="Back to the story").click()
    page.get_by_role("button", name="Done").click()
    expect(page.locator("[data-toast]")).to_contain_text("Done. If they write")
    page.get_by_role("button", name="Undo").first.click()
    expect(page.locator("[data-toast]")).to_contain_text("Undone.")
