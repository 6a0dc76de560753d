"""What is Mastodon's own: private mentions, threads, how it counts, what an edit is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.providers.kit import Reply
from tests.providers.mastodon import ANA, OURS, FakeMastodon, notification, status
from threadline.channels.adapters.mastodon import length
from threadline.channels.contract import Enclosure, Fetched, Inbound, Outbound, Raw, Rejected, Unavailable
from threadline.channels.posts import graphemes, parts
from threadline.core.touch import Direction

BEN = {"id": "77", "username": "ben", "acct": "ben@other.example"}


@pytest.fixture
def fake() -> Iterator[FakeMastodon]:
    with FakeMastodon().running() as fake:
        yield fake  # type: ignore[misc]
        assert fake.wrong == []


def fetched(fake: FakeMastodon, cursor: str) -> tuple[Fetched, list[Inbound]]:
    brought = fake.connector().fetch(cursor)
    return brought, [
        item for piece in brought.pieces for item in fake.connector(secrets=False).parse(Raw(body=piece.body))
    ]


def answer(text: str, **more: Any) -> Outbound:
    return Outbound(key="41", to="ana@social.example", text=text, reply_address="", **more)


def test_at_first_only_where_we_stand_is_noted_and_then_each_item_comes_once_in_order(fake: FakeMastodon):
    fake.wrote("Long ago", number=1)
    begun, none = fetched(fake, "")
    fake.wrote("One", number=2)
    fake.wrote("Two", number=3)

    brought, items = fetched(fake, begun.cursor)
    _again, nothing = fetched(fake, brought.cursor)

    assert none == nothing == []
    assert [item.text for item in items] == ["@harbourpine One", "@harbourpine Two"]
    assert [item.external_id for item in items] == ["502", "503"]


def test_what_it_has_since_a_day_is_listed_for_gaps(fake: FakeMastodon):
    for number in range(1, 4):
        fake.wrote("Hello", number=number)
    fake.notifications[0]["created_at"] = "2020-01-01T00:00:00.000Z"

    brought = fake.connector().history(datetime.now(UTC) - timedelta(days=1), "")

    assert [piece.external_id for piece in brought.pieces] == ["34003", "34002"]
    assert not brought.more


@pytest.mark.parametrize(
    ("more", "public", "thread"),
    [
        ({}, True, "status:502"),
        ({"visibility": "unlisted"}, True, "status:502"),
        ({"in_reply_to_id": "480"}, True, "status:470"),
        ({"visibility": "private"}, False, "status:private:502"),
        ({"visibility": "direct"}, False, "mastodon:ana@social.example"),
        ({"visibility": "direct", "mentions": [OURS, BEN]}, False, "status:private:502"),
    ],
    ids=["public", "quiet", "answer", "followers", "private mention", "private among three"],
)
def test_who_may_read_it_and_which_thread_it_belongs_to(fake: FakeMastodon, more: Any, public: bool, thread: str):
    fake.above["502"] = ["470", "480"]
    fake.wrote("It leaks", number=2, **more)

    _brought, (item,) = fetched(fake, "1")

    assert (item.public, item.thread_key) == (public, thread)
    assert item.handles[0].value == "ana@social.example"
    assert item.references == ((more["in_reply_to_id"],) if "in_reply_to_id" in more else ())


def test_an_edit_is_an_event_of_its_own_that_names_what_it_changes(fake: FakeMastodon):
    edited = status(2, "It leaks<br>badly", edited_at="2026-11-21T10:00:00.000Z", account={**ANA, "acct": "Local"})
    fake.notifications.append(notification("update", 9, edited))

    _brought, (item,) = fetched(fake, "1")

    assert item.direction is Direction.EVENT
    assert item.attributes["edits"] == "502"
    assert item.text == "@harbourpine It leaks\nbadly"
    assert item.handles[0].value == "local@mastodon.example"


def test_pictures_are_announced_and_fetched_without_our_token(fake: FakeMastodon):
    there = {"id": "1", "type": "image", "url": f"{fake.url}/media/1.jpg", "description": "The kettle"}
    fake.wrote("Look", number=2, media_attachments=[there])

    _brought, (item,) = fetched(fake, "1")

    assert [(file.name, file.content_type) for file in item.files] == [("1.jpg", "image/jpeg")]
    assert fake.connector().media(item.files[0].source) == b"a photo"
    with pytest.raises(Rejected):
        fake.connector().media("http://169.254.169.254/latest")


def test_a_public_post_is_answered_in_public_and_the_person_by_a_private_mention(fake: FakeMastodon):
    fake.connector().send(answer("We look into it.", public=True, in_reply_to="502", thread_key="status:502"))
    fake.connector().send(answer("Which order is it?"))

    named = "@ana@social.example"
    assert fake.statuses == [
        {"status": f"{named} We look into it.", "visibility": "public", "in_reply_to_id": "502"},
        {"status": f"{named} Which order is it?", "visibility": "direct"},
    ]


def test_a_long_answer_is_a_row_of_posts_that_answer_each_other_and_is_sent_once(fake: FakeMastodon):
    long = " ".join(f"Step {number}: open the lid and look at the seal." for number in range(1, 25))
    fake.connector().send(answer(long, public=True, in_reply_to="502"))
    fake.connector().send(answer(long, public=True, in_reply_to="502"))

    assert len(fake.sent) == 3
    assert " ".join(each.text for each in fake.sent) == long
    assert [each["in_reply_to_id"] for each in fake.statuses[:3]] == ["502", fake.sent[0].id, fake.sent[1].id]
    assert all(length(each["status"]) <= 500 for each in fake.statuses)


def test_a_server_that_takes_more_gets_one_post(fake: FakeMastodon):
    fake.most = 5000

    fake.connector().send(answer("It is a long story. " * 40, public=True))

    assert len(fake.sent) == 1


def test_what_is_no_picture_is_refused_before_anything_is_sent(fake: FakeMastodon):
    with pytest.raises(Rejected, match=r"receipt.pdf is none"):
        fake.connector().send(answer("Here", files=(Enclosure("receipt.pdf", "application/pdf", b"%PDF"),)))
    assert fake.asked == []


def test_the_limit_says_when_it_begins_anew(fake: FakeMastodon, monkeypatch: pytest.MonkeyPatch):
    soon = (datetime.now(UTC) + timedelta(seconds=90)).isoformat().replace("+00:00", "Z")
    monkeypatch.setattr(fake, "slow_down", lambda: Reply(429, {"error": "…"}, headers={"X-RateLimit-Reset": soon}))
    fake.misbehave("429")

    with pytest.raises(Unavailable) as caught:
        fake.connector().send(answer("Hello"))

    assert 80 < (caught.value.retry_after or 0) <= 90


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Hello", 5),
        ("@ana@social.example hi", 7),
        ("https://example.com/" + "a" * 100, 23),
        ("see https://example.com/x.", 28),
        ("👩‍👩‍👧 and 🇬🇧", 7),
    ],
)
def test_it_counts_as_mastodon_counts(text: str, count: int):
    assert length(text) == count


@given(st.text(max_size=400), st.integers(min_value=20, max_value=80))
def test_cut_text_loses_no_word_and_every_part_fits(text: str, most: int):
    found = parts(text, most)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(graphemes(each) <= most for each in found)
