"""Move, split, join and merge by mouse; each is undone."""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import toast, touch, undo
from tests.browser.product import Product
from tests.config.running import until

RAE = {"email": "rae@example.com", "display_name": "Rae Winter"}


@dataclass(frozen=True)
class Pan:
    """A story of two touches, and another story of the same person."""

    story: int
    second: int
    other: int


@pytest.fixture
def pan(product: Product, bo: Page) -> Pan:
    story = product.told(RAE, "The Skerry pan has a dent. Order HP-6003.")
    second = product.send(RAE, "And the lid of the pan does not fit. Order HP-6003.")
    until(lambda: product.standing(second)["journey"] == story, what="the second touch in the same story")
    other = product.told(RAE, "Something else: can I collect my garden chair on Sunday? Order HP-7707.")
    assert other != story
    bo.goto(f"/stories/{story}")
    return Pan(story, second, other)


def test_a_touch_moves_and_splits_off_and_a_story_joins_and_each_is_undone(bo: Page, pan: Pan):
    moved = touch(bo, pan.second)
    moved.get_by_text("Why it belongs to this story").click()
    moved.get_by_role("button", name="Start a new story with it").click()
    expect(moved).to_have_count(0)
    undo(bo, "It begins story")
    expect(moved).to_be_visible()

    bo.locator("label", has_text="Split").first.click()
    moved.locator(".pick").click()
    bo.get_by_role("button", name="Split off").click()
    expect(moved).to_have_count(0)
    undo(bo, "Split off as story")
    expect(moved).to_be_visible()

    bo.get_by_role("button", name="Join", exact=True).first.click()
    bo.locator(f"#join button[value='{pan.other}']").click()
    expect(touch(bo, pan.other)).to_be_visible()
    undo(bo, "is part of this one now")
    expect(touch(bo, pan.other)).to_have_count(0)


def test_touches_that_were_picked_stay_picked_when_something_arrives(product: Product, bo: Page):
    abe = {"email": "abe@example.com", "display_name": "Abe Quill"}
    story = product.told(abe, "The Tarn tray has a scratch. Order HP-6011.")
    second = product.send(abe, "And the Tarn bowl does not shine. Order HP-6011.")
    until(lambda: product.standing(second)["journey"] == story, what="the second touch in the same story")
    bo.goto(f"/stories/{story}")
    bo.locator("label", has_text="Split").first.click()
    picked = [touch(bo, number).locator("input[name=touch]") for number in (story, second)]
    for box in picked:
        box.check()

    third = product.send(abe, "And where is the Tarn spoon? Order HP-6011.")

    expect(touch(bo, third)).to_be_visible()
    for box in picked:
        expect(box).to_be_checked()


def test_two_people_are_merged_and_taken_apart_again(product: Product, bo: Page):
    one = person(product, {"email": "kit@example.com", "display_name": "Kit Moss"}, "Is the blue bowl back?")
    other = person(product, {"handle": "kitm", "user_id": "k1", "display_name": "Kit Moss"}, "nice bowls!! any blue?")
    assert one != other

    bo.goto(f"/people/{one}/beside/{other}")
    bo.get_by_role("button", name="Join them").click()
    expect(bo).to_have_url(re.compile(f"/people/{one}$"))
    expect(bo.locator("#person")).to_contain_text("kitm")
    undo(bo, "Joined: they are one person now.")

    expect(bo.locator("#handles-title + ul")).not_to_contain_text("kitm")
    bo.goto(f"/people/{other}")
    expect(bo).to_have_url(re.compile(f"/people/{other}$"))


def test_two_people_are_kept_apart_for_good_and_not(product: Product, bo: Page):
    one = person(product, {"email": "lou@example.com", "display_name": "Lou Berg"}, "Where is my vase?")
    other = person(product, {"handle": "loub", "user_id": "l1", "display_name": "Lou Berg"}, "where is my vase??")

    bo.goto(f"/people/{one}/beside/{other}")
    bo.get_by_role("button", name="Keep apart for good").click()
    expect(bo.locator("#person")).to_contain_text("Kept apart")
    undo(bo, "Kept apart.")

    expect(bo.locator("#person #ties-title")).to_have_count(0)
    assert toast(bo, "Undone.")


def person(product: Product, sender: dict[str, str], text: str) -> int:
    public = {} if "email" in sender else {"kind": "x", "public": True, "thread": {"tweet_id": sender["handle"]}}
    entry = product.send(sender, text, **public)
    until(lambda: product.standing(entry)["customer"] is not None, what="somebody recognised")
    customer: int = product.standing(entry)["customer"]
    return customer
