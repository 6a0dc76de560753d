"""Reviews of Google, Apple, Google Play and Tripadvisor: what is new, what changed, stars, one answer each."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.kit import Fake
from tests.providers.registry import fakes
from threadline.channels.contract import Fetched, Inbound, Misconfigured, Outbound, Piece, Raw, Rejected
from threadline.channels.reviews import KEPT, Listed, newer, stars

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
ALL = ["review.apple", "review.google", "review.play", "review.tripadvisor"]
ANSWERING = ALL[:3]


@pytest.fixture
def fake(request: pytest.FixtureRequest) -> Iterator[Any]:
    with fakes()[request.param]().running() as fake:
        yield fake
        assert fake.wrong == []


def of(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fake", names, indirect=True)


def looked(fake: Fake, cursor: str) -> tuple[str, list[Inbound]]:
    brought = fake.connector().fetch(cursor)
    read = fake.connector(secrets=False)
    return brought.cursor, [item for piece in brought.pieces for item in read.parse(Raw(body=piece.body))]


def answer(text: str) -> Outbound:
    return Outbound(key="41", to="rev-1", text=text, reply_address="", public=True)


@of(*ALL)
def test_at_first_only_where_we_stand_is_noted_and_then_each_review_comes_once(fake: Any):
    fake.wrote("Long ago.", number=1, at=datetime.now(UTC) - timedelta(minutes=9))
    begun, none = looked(fake, "")
    fake.wrote("It leaks.", number=2, at=datetime.now(UTC) - timedelta(minutes=2))
    fake.wrote("It still leaks.", number=3, at=datetime.now(UTC) - timedelta(minutes=1))

    after, items = looked(fake, begun)
    _same, nothing = looked(fake, after)

    assert none == nothing == []
    assert [item.text for item in items] == ["It leaks.", "It still leaks."]
    assert all(item.public and item.attributes["rating"] == 2 and item.thread_key for item in items)
    assert all(item.handles[0].value == f"{fake.address}:{item.name}".lower() for item in items)


@of(*ANSWERING)
def test_a_review_that_is_shown_late_is_still_seen(fake: Any):
    fake.wrote("Now.", number=1)
    begun, _none = looked(fake, "")

    fake.wrote("Written yesterday, shown today.", number=2, at=datetime.now(UTC) - timedelta(days=1))

    assert [item.text for item in looked(fake, begun)[1]] == ["Written yesterday, shown today."]


@of(*ANSWERING)
def test_what_a_provider_has_since_a_day_is_told_page_by_page(fake: Any):
    for number in range(1, 131):
        fake.wrote("Hello.", number=number, at=datetime.now(UTC) - timedelta(hours=number))
    since, cursor, found = datetime.now(UTC) - timedelta(hours=120.5), "", []

    for _page in range(9):
        brought = fake.connector().history(since, cursor)
        found += [piece.external_id for piece in brought.pieces]
        cursor = brought.cursor
        if not brought.more:
            break

    assert len(found) == len(set(found)) == 120


@of("review.google")
def test_a_changed_review_speaks_again_in_the_same_conversation(fake: Any):
    changed_at = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}.5Z"
    fake.wrote("It leaks.", number=1, at=datetime.now(UTC) - timedelta(hours=2))
    begun, _none = looked(fake, "")
    fake.reviews[0] |= {"comment": "They sent a new one!", "starRating": "FIVE", "updateTime": changed_at}

    (changed,) = looked(fake, begun)[1]

    assert (changed.text, changed.attributes["rating"], changed.attributes["edits"]) == (
        "They sent a new one!",
        5,
        "rev-1",
    )
    assert (changed.thread_key, changed.reply_address) == ("review:google:rev-1", "rev-1")
    assert changed.external_id == f"rev-1@{changed_at}"


@of("review.google")
def test_somebody_without_a_name_is_nobody_and_no_text_is_still_a_review(fake: Any):
    begun, _none = looked(fake, "")
    fake.wrote("", number=1, who="")
    del fake.reviews[0]["comment"]

    (item,) = looked(fake, begun)[1]

    assert (item.handles, item.name, item.text) == ((), "", "")


@of("review.google")
def test_google_s_words_for_an_answer_it_will_not_show_are_said(fake: Any):
    fake.reply_state = "REJECTED"

    with pytest.raises(Rejected, match="does not show"):
        fake.connector().send(answer("Call us."))
    with pytest.raises(Rejected, match="4,096"):
        fake.connector().send(answer("é" * 2049))


@of("review.google", "review.play")
def test_a_token_is_made_once_and_anew_when_it_ends(fake: Any):
    fake.connector().check()
    fake.connector().check()
    assert fake.tokens == 1

    fake.tokens = 7  # another one is valid now: ours has ended

    assert fake.connector().check()
    assert fake.tokens == 8


@of("review.play")
def test_google_play_takes_350_characters_and_tells_title_and_device(fake: Any):
    begun, _none = looked(fake, "")
    fake.wrote("Crashes\tAs soon as I pay.", number=1)

    (item,) = looked(fake, begun)[1]

    assert (item.subject, item.text) == ("Crashes", "As soon as I pay.")
    assert item.device == {"system": "Android, SDK 35", "model": "oriole (Pixel 6)"}
    fake.connector().send(answer("x" * 350))
    with pytest.raises(Rejected, match="350"):
        fake.connector().send(answer("x" * 351))


@of("review.apple", "review.play")
def test_a_key_that_can_not_be_read_is_misconfigured(fake: Any):
    adapter = fake.adapter
    for wrong in ("{}", "no key at all", '{"client_email": "a", "private_key": "b", "private_key_id": "c"}'):
        settings = {**fake.own_settings(), **dict.fromkeys(fake.secrets, wrong)}
        with pytest.raises(Misconfigured, match=r"[Pp]aste"):
            adapter(type(fake.endpoint())("review", fake.address, settings)).check()


@of("review.apple")
def test_a_key_whose_line_breaks_were_swallowed_by_a_form_is_taken(fake: Any):
    secret = fake.secrets["key_secret"].replace("\n", "")
    settings = {**fake.own_settings(), "key_secret": secret}

    assert "Harbour & Pine" in fake.adapter(type(fake.endpoint())("review", fake.address, settings)).check()


@pytest.mark.parametrize(
    ("given", "shown"),
    [(5, {"rating": 5}), ("4", {"rating": 4}), (3.5, {"rating": 3.5}), (0, {}), (9, {}), (None, {}), ("good", {})],
)
def test_stars_are_one_to_five(given: object, shown: dict[str, object]):
    assert stars(given) == shown


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 60 * 24), max_size=40), min_size=1, max_size=6))
def test_whatever_is_shown_when_each_review_comes_once(days: list[list[int]]):
    """Every day some are shown, each up to a day late; the cursor stays short."""
    there: list[Listed] = []

    def page(name: str) -> tuple[list[Listed], str]:
        begin = int(name or 0)
        ordered = sorted(there, key=lambda each: each.at, reverse=True)
        return ordered[begin : begin + 7], str(begin + 7) if begin + 7 < len(ordered) else ""

    cursor, came = newer(page, "").cursor, list[str]()
    for day, minutes in enumerate(days):
        begin = datetime.now(UTC) + timedelta(days=day)
        there += [Listed(begin + timedelta(minutes=at), Piece(b"", f"{day}-{n}")) for n, at in enumerate(minutes)]
        brought: Fetched = newer(page, cursor)
        cursor = brought.cursor
        came += [piece.external_id for piece in brought.pieces]
        assert len(cursor) < 2000

    assert sorted(came) == sorted(each.piece.external_id for each in there)


def test_the_cursor_stays_short_when_hundreds_come_at_once():
    there = [Listed(NOW + timedelta(seconds=n), Piece(b"", f"r{n}")) for n in range(900, 0, -1)]
    begun = json.dumps({"from": (NOW - timedelta(days=1)).isoformat(), "seen": ""})

    brought = newer(lambda name: (there, ""), begun)
    again = newer(lambda name: (there, ""), brought.cursor)

    assert (len(brought.pieces), len(again.pieces)) == (900, 0)
    assert len(brought.cursor) < 2000
    assert brought.pieces[0].external_id == "r1"
    assert len(json.loads(brought.cursor)["seen"].split()) == KEPT
