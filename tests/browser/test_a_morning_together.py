"""One morning in one flow: three agents at their desks, one customer in the chat and one who writes mails."""

import email
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.company import BO, CY, DI
from tests.browser.desk import opened, signed_in, toast, undo
from tests.browser.product import Product

WIM, NAME = "wim@example.com", "Wim Aker"
ASKS = "A pane of my glasshouse arrived cracked. Order HP-8120. What will you do?"
OTHER = "Another matter: may I collect a bag of pumice on Saturday? Order HP-8121."
Window = Callable[..., BrowserContext]


@dataclass(frozen=True)
class Desks:
    """Three agents, each in a browser of their own, and the visitor in the shop."""

    bo: Page
    cy: Page
    di: Page
    visitor: Page


@pytest.fixture
def desks(product: Product, window: Window) -> Iterator[Desks]:
    """Everybody is signed in; Di has set up who gets what, and when the house is closed. Afterwards as before."""
    pages = {who: signed_in(window().new_page(), who) for who in (BO, CY, DI)}
    desks = Desks(**pages, visitor=window().new_page())
    says_who_gets_what(desks.di)
    closes_the_house(desks.di)
    yield desks
    opens_the_house(desks.di)
    desks.di.goto("/settings/routing")
    desks.di.get_by_role("button", name="Go back").click()


def test_a_morning_of_three_agents_and_two_customers(product: Product, desks: Desks):
    product.mail.mailbox(WIM)
    for page in (desks.bo, desks.cy):
        is_there(page)
    product.deliver(WIM, NAME, ASKS, subject="Cracked pane")
    story = gets_it_by_the_rule(desks.cy, NAME)
    chats_and_wants_a_supervisor(desks)
    reply_to = is_told_that_we_are_closed(product)

    two_write_at_once(desks, story)
    hands_over_with_a_brief(desks, story)
    sleeps_until_the_customer_writes(product, desks.bo, story, reply_to)
    joins_and_takes_apart(product, desks.bo, story)
    is_done(desks, story)


# ---- before the morning --------------------------------------------------------------------------------------------


def says_who_gets_what(di: Page) -> None:
    for name, team, word in (("Glass", "Garden", "glasshouse"), ("Pots", "Kitchen", "casserole")):
        di.goto("/settings/routing/rules/new")
        di.get_by_label("What it is for").fill(name)
        di.get_by_label("Goes to").select_option(label=team)
        di.get_by_label("They say one of these words").fill(word)
        di.get_by_role("button", name="Keep in the draft").click()
        expect(di.get_by_role("heading", name=re.compile(f"^{name}"))).to_be_visible()
    di.get_by_role("button", name="Use it from now on").click()
    expect(di.locator("#versions")).to_be_visible()
    for who in ("Bo Lindqvist", "Cy Moran"):  # whatever they still have in hand, there is room
        di.get_by_role("link", name=who).click()
        di.get_by_label("Room for").fill("100")
        di.get_by_role("button", name="Keep it").click()


def closes_the_house(di: Page) -> None:
    """Open on one day of the week alone, which is three days from now."""
    di.goto("/settings/calendars/new")
    di.get_by_label("Name").fill("Glasshouse hours")
    di.get_by_label("Time zone").fill("UTC")
    opens = (datetime.now(UTC) + timedelta(days=3)).weekday()
    for day, slots in enumerate(di.locator(".week input").all()):
        slots.fill("09:00–17:00" if day == opens else "")
    di.get_by_role("button", name="Save").click()
    toast(di, "Saved.")
    di.goto("/settings/promises/new")
    di.get_by_label("Name").fill("Glasshouse mail")
    di.get_by_label("Counted in").select_option(label="Glasshouse hours")
    di.get_by_label("First answer").fill("2 h")
    di.get_by_role("checkbox", name="Email").check()
    di.get_by_role("checkbox", name="Tell people who write").check()
    di.get_by_role("button", name="Save").click()
    toast(di, "Saved.")
    di.wait_for_timeout(1000)  # a mail tells whole seconds: one of this second was written before it


def opens_the_house(di: Page) -> None:
    for name in ("Glasshouse mail", "Glasshouse hours"):
        di.goto("/settings/calendars")
        di.get_by_role("link", name=name).first.click()
        di.get_by_role("button", name="Remove").click()
        toast(di, "Removed.")


def is_there(page: Page) -> None:
    page.get_by_role("button", name="Are you there for work?").click()
    page.get_by_role("button", name="Available", exact=True).click()
    expect(page.locator("#presence .word")).to_have_text("Available")


# ---- who gets it ---------------------------------------------------------------------------------------------------


def gets_it_by_the_rule(cy: Page, person: str) -> int:
    """It stands among Cy's own without a reload, and says why."""
    cy.goto("/queue?view=mine")
    opened(cy.locator(".row").filter(has_text=person))
    cy.get_by_text("Why is this mine?").click()
    expect(cy.locator("details.mine")).to_contain_text("Only Cy Moran fits and has room.")
    return int(cy.url.rsplit("/", 1)[1].partition("?")[0])


def chats_and_wants_a_supervisor(desks: Desks) -> None:
    bo, di, visitor = desks.bo, desks.di, desks.visitor
    bo.goto("/chats")
    visitor.goto("/demo")
    visitor.get_by_role("button", name="Help").click()
    says(visitor, "Does the casserole fit an induction hob?")
    chat = bo.locator(".chat").filter(has_text="casserole fit")
    answers(chat, "It does, up to 28 cm.")
    expect(said(visitor)).to_contain_text("It does, up to 28 cm.")

    says(visitor, "Mine does not. I want your supervisor!")
    expect(chat).to_contain_text("I want your supervisor!")
    chat.get_by_role("link").first.click()
    bo.get_by_role("button", name="Supervisor").click()
    toast(bo, "Recorded. Di Moreau has it now.")
    expect(bo.locator(".facts")).to_contain_text("Asked for a supervisor")

    di.goto("/chats")
    answers(di.locator(".chat").filter(has_text="casserole fit"), "I am Di. You get a new one.")
    expect(said(visitor)).to_contain_text("I am Di. You get a new one.")


def says(visitor: Page, text: str) -> None:
    visitor.get_by_label("Your message").fill(text)
    visitor.get_by_label("Your message").press("Enter")


def said(visitor: Page) -> Locator:
    return visitor.get_by_role("log", name="What you and we said")


def answers(chat: Locator, text: str) -> None:
    chat.get_by_label("Your answer").last.fill(text)
    chat.get_by_label("Your answer").last.press("Enter")


def is_told_that_we_are_closed(product: Product) -> str:
    """Returns the address to answer to, which is the story's thread's own."""
    mail = mails(product, 1)[0]
    opens = (datetime.now(UTC) + timedelta(days=3)).strftime("%A")
    assert f"We are closed right now and open again on {opens}" in mail.get_content()
    assert "11:00 (UTC) at the latest" in mail.get_content()
    return str(mail["Reply-To"].addresses[0].addr_spec)


def mails(product: Product, count: int) -> list[EmailMessage]:
    raw = product.mail.received(WIM, count=count, within=40)
    return [email.message_from_bytes(each, policy=default) for each in raw]


# ---- two at one story ----------------------------------------------------------------------------------------------


def box(page: Page) -> Locator:
    return page.get_by_label("What you write")


def send(page: Page) -> None:
    page.locator("#composer button[data-sends]").click()


def two_write_at_once(desks: Desks, story: int) -> None:
    cy, di = desks.cy, desks.di
    di.goto(f"/stories/{story}")
    expect(cy.locator("#company")).to_contain_text("Di looks at this story")
    box(di).fill("Dear Wim, which pane is it?")
    expect(cy.locator("#company")).to_contain_text("“Dear Wim, which pane is it?”")

    box(cy).fill("A new pane leaves today.")
    send(cy)
    toast(cy, f"On its way to {WIM}").get_by_role("button", name="Undo").click()
    expect(box(cy)).to_have_value("A new pane leaves today.")
    box(cy).fill("Wim, a new pane leaves today.")
    send(cy)
    expect(spoken(di)).to_have_count(1)
    expect(spoken(di)).to_contain_text("Wim, a new pane leaves today.")

    send(di)
    expect(di.locator("#composer")).to_contain_text("Cy Moran answered while you were writing")
    expect(spoken(di)).to_have_count(1)
    di.get_by_role("button", name="Send all the same").click()
    expect(spoken(cy)).to_have_count(2)


def spoken(page: Page) -> Locator:
    """What people of ours said; the automatic answer is none of it."""
    automatic = page.locator(".badge", has_text="Automatic")
    return page.locator(".thread .touch[data-direction=out]").filter(has_not=automatic)


def hands_over_with_a_brief(desks: Desks, story: int) -> None:
    bo, cy = desks.bo, desks.cy
    cy.goto(f"/stories/{story}/hand-over")
    expect(cy.get_by_label("What is asked")).to_have_value(re.compile("Order: HP-"))
    cy.get_by_label("To", exact=True).select_option(label="Bo Lindqvist (Available)")
    cy.get_by_label("What was tried").fill("A pane from the Leeds store: wrong size.")
    cy.get_by_role("button", name="Hand it over").click()
    toast(cy, "Handed over to Bo Lindqvist, with the brief.")
    bo.goto(f"/stories/{story}")
    expect(bo.locator("#brief")).to_contain_text("Cy Moran handed it over")
    expect(bo.locator("#brief")).to_contain_text("A pane from the Leeds store: wrong size.")


# ---- away and back -------------------------------------------------------------------------------------------------


def sleeps_until_the_customer_writes(product: Product, bo: Page, story: int, reply_to: str) -> None:
    bo.get_by_role("button", name="Sleep").click()
    bo.get_by_role("button", name="Monday").first.click()
    expect(bo.locator("#story-head")).to_contain_text("Asleep until")
    product.deliver(WIM, NAME, "The top left one. Order HP-8120.", to=reply_to, subject="Re: Cracked pane")
    expect(bo.locator("#story-head")).not_to_contain_text("Asleep until")
    expect(bo.locator(".thread .touch").last).to_contain_text("The top left one.")


def joins_and_takes_apart(product: Product, bo: Page, story: int) -> None:
    other = product.told({"email": WIM, "display_name": NAME}, OTHER)
    assert other != story
    bo.reload()
    bo.get_by_role("button", name="Join", exact=True).first.click()
    bo.locator(f"#join button[value='{other}']").click()
    expect(bo.locator(".thread")).to_contain_text("bag of pumice")
    undo(bo, "is part of this one now")
    expect(bo.locator(".thread")).not_to_contain_text("bag of pumice")


def is_done(desks: Desks, story: int) -> None:
    bo, cy = desks.bo, desks.cy
    cy.goto(f"/stories/{story}")
    bo.get_by_role("button", name="Done").click()
    undo(bo, "Done. If they write about it again")
    expect(cy.locator("#story-head .wait")).not_to_contain_text("Done since")
    bo.get_by_role("button", name="Done").click()
    expect(cy.get_by_role("button", name="Our turn")).to_be_visible()
