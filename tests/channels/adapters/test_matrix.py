"""What is Matrix's own: rooms, invitations, gaps, edits, what is taken back, and what only other apps can read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.providers.matrix import ANA, FILE, OWN, ROOM, FakeMatrix, event, member
from threadline.channels.contract import Enclosure, Fetched, Inbound, OptedOut, Outbound, Raw, Refused, Unavailable
from threadline.channels.matrix_events import SEALED
from threadline.channels.shapes import packed
from threadline.core.touch import Direction


@pytest.fixture
def fake() -> Iterator[FakeMatrix]:
    with FakeMatrix().running() as fake:
        yield fake  # type: ignore[misc]
        assert fake.wrong == []


def parsed(fake: FakeMatrix, brought: Fetched) -> list[Inbound]:
    return [item for piece in brought.pieces for item in fake.connector(secrets=False).parse(Raw(body=piece.body))]


def fetched(fake: FakeMatrix, cursor: str = "s0") -> tuple[Fetched, list[Inbound]]:
    brought = fake.connector().fetch(cursor)
    return brought, parsed(fake, brought)


def answer(text: str, **more: Any) -> Outbound:
    return Outbound(key="41", to=ROOM, text=text, reply_address="", **more)


def test_at_first_only_where_we_stand_is_noted_and_then_each_item_comes_once_in_order(fake: FakeMatrix):
    fake.wrote("Long ago", number=1)
    begun, none = fetched(fake, "")
    fake.wrote("One", number=2)
    fake.wrote("Two", number=3, who="!other:matrix.example")

    brought, items = fetched(fake, begun.cursor)
    _again, nothing = fetched(fake, brought.cursor)

    assert none == nothing == []
    assert [(item.text, item.reply_address) for item in items] == [("One", ROOM), ("Two", "!other:matrix.example")]
    assert {item.name for item in items} == {"Ana Koivu"}


def test_more_than_one_answer_holds_is_fetched_backwards_until_where_we_were(fake: FakeMatrix):
    for number in range(1, 260):
        fake.wrote(str(number), number=number)

    brought, items = fetched(fake, "s9")

    assert [item.text for item in items] == [str(number) for number in range(10, 260)]
    assert brought.gap == ""


def test_who_invites_us_is_let_in_and_what_was_said_before_is_not_for_us(fake: FakeMatrix):
    fake.wrote("Between friends", number=1)
    fake.happened(ROOM, member(OWN, "invite"))
    fake.wrote("Hello, harbour!", number=2)
    fake.invited.append(ROOM)

    first, _ = fetched(fake, "")
    _brought, (item,) = fetched(fake, "s0")

    assert first.more
    assert fake.invited == []
    assert item.text == "Hello, harbour!"


def test_what_went_out_from_here_is_not_news_but_what_we_wrote_in_another_app_is(fake: FakeMatrix):
    fake.connector().send(answer("From the desk"))
    fake.happened(ROOM, event("m.room.message", {"msgtype": "m.text", "body": "From Element"}, who=OWN))

    _brought, (item,) = fetched(fake)

    assert (item.direction, item.text, item.handles) == (Direction.OUT, "From Element", ())


REPLY = {"m.relates_to": {"m.in_reply_to": {"event_id": "$out1"}}}
EDIT = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$in9"}, "m.new_content": {"body": "The pot leaks"}}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "answer": (
        event("m.room.message", {"msgtype": "m.text", "body": "> <@us> Which?\n\nThe red one", **REPLY}),
        {"text": "The red one", "references": ("$out1",), "direction": Direction.IN},
    ),
    "edit": (
        event("m.room.message", {"msgtype": "m.text", "body": "* The pot leaks", **EDIT}),
        {"text": "The pot leaks", "references": ("$in9",), "direction": Direction.EVENT},
    ),
    "redaction": (
        event("m.room.redaction", {"redacts": "$in9", "reason": "Oops"}),
        {"text": "(Took something back: Oops)", "references": ("$in9",), "direction": Direction.EVENT},
    ),
    "older redaction": (
        {**event("m.room.redaction", {}), "redacts": "$in9"},
        {"text": "(Took something back)", "references": ("$in9",)},
    ),
    "reaction": (
        event("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$out1", "key": "👍"}}),
        {"text": "👍", "references": ("$out1",), "direction": Direction.EVENT},
    ),
    "encrypted": (event("m.room.encrypted", {"ciphertext": "x"}), {"text": SEALED, "direction": Direction.IN}),
    "bot": (
        event("m.room.message", {"msgtype": "m.notice", "body": "Beep"}),
        {"text": "Beep", "automatic": "A program says so, not a person."},
    ),
    "gone": (member(ANA, "leave"), {"text": "Left the room", "consent": ""}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_happens_in_a_room_is_understood(fake: FakeMatrix, case: str):
    given, wanted = CASES[case]
    fake.happened(ROOM, given)

    _brought, (item,) = fetched(fake)

    assert {name: getattr(item, name) for name in wanted} == wanted
    assert (item.thread_key, item.handles[0].value) == (f"room:{ROOM}", ANA)


def test_where_nobody_is_left_writing_ends_until_somebody_comes(fake: FakeMatrix):
    def read(event: dict[str, Any]) -> Inbound:
        body = {"event": event, "room": ROOM, "name": "", "members": 1}
        (item,) = fake.connector().parse(Raw(body=packed(body)))
        return item

    assert (read(member(ANA, "leave")).consent, read(member(ANA, "join")).consent) == ("out", "in")
    with pytest.raises(Refused, match="nobody came or went"):
        read({**member(ANA, "join"), "unsigned": {"prev_content": {"membership": "join"}}})


def test_a_picture_has_its_caption_or_no_words_and_old_homeservers_hand_it_over_too(fake: FakeMatrix):
    fake.happened(ROOM, event("m.room.message", {"msgtype": "m.image", "body": "kettle.png", **FILE}))
    captioned = {"msgtype": "m.image", "body": "It leaks here", "filename": "kettle.png", **FILE}
    fake.happened(ROOM, event("m.room.message", captioned, number=2))
    fake.old = True

    _brought, items = fetched(fake)

    assert [(item.text, item.files[0].name) for item in items] == [("", "kettle.png"), ("It leaks here", "kettle.png")]
    assert fake.connector().media(items[0].files[0].source) == b"a photo"


def test_files_and_text_are_taken_once_however_often_they_are_sent(fake: FakeMatrix):
    files = (Enclosure("one.pdf", "application/pdf", b"%PDF"), Enclosure("two.png", "image/png", b"png"))

    for _time in range(2):
        fake.connector().send(answer("Both are here.", files=files))

    assert [(sent.text, sent.files[0][0]) for sent in fake.sent] == [("", "one.pdf"), ("Both are here.", "two.png")]


def test_what_it_has_since_a_day_is_listed_room_by_room(fake: FakeMatrix):
    week, rooms = datetime.now(UTC) - timedelta(days=7), ("!a:matrix.example", "!b:matrix.example")
    for number, (room, at) in enumerate([(rooms[0], week), (rooms[0], None), (rooms[1], None)], start=1):
        fake.wrote(str(number), number=number, who=room, at=at)

    first = fake.connector().history(datetime.now(UTC) - timedelta(days=1), "")
    second = fake.connector().history(datetime.now(UTC) - timedelta(days=1), first.cursor)

    assert [item.text for item in (*parsed(fake, first), *parsed(fake, second))] == ["2", "3"]
    assert (first.more, second.more) == (True, False)


def test_a_homeserver_says_how_long_to_wait_and_that_we_are_not_in_a_room(fake: FakeMatrix):
    fake.misbehave("429")
    with pytest.raises(Unavailable) as caught:
        fake.connector().send(answer("Hello"))
    fake.misbehave("reject")
    with pytest.raises(OptedOut, match="no more"):
        fake.connector().send(answer("Hello"))

    assert caught.value.retry_after == 1
