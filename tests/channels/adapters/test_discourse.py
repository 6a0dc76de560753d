"""What is Discourse's own: whose posts count, quotes, uploads, private messages, and its list."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.providers.discourse import FakeDiscourse, post
from tests.providers.kit import Reply
from threadline.channels.adapters.discourse import PRIVATE, piece_of
from threadline.channels.contract import Enclosure, Inbound, Misconfigured, Outbound, Piece, Raw, Refused, Rejected
from threadline.core.touch import Direction

RAW = """[quote="bo, post:1, topic:512"]
Which kettle is it?
[/quote]

The red one. ![leak|690x388](upload://photo1.jpeg)

[receipt.pdf|attachment](upload://abc.pdf) (80 KB)"""


@pytest.fixture
def fake() -> Iterator[FakeDiscourse]:
    with FakeDiscourse().running() as fake:
        yield fake  # type: ignore[misc]
        assert fake.wrong == []


def parsed(event: str, **more: Any) -> Inbound:
    found = FakeDiscourse.adapter(FakeDiscourse.endpoint(Offline(), secrets=False))
    given = post(more.pop("text", "It leaks"), number=more.pop("number", 4), **more)
    (item,) = found.parse(Raw(body=piece_of(event, given, "").body))
    assert isinstance(item, Inbound)
    return item


class Offline(FakeDiscourse):
    url = "http://127.0.0.1:9"


def test_a_post_says_who_where_and_what_it_answers():
    item = parsed("post_created", text=RAW, reply_to_post_number=2)

    assert (item.text, item.quoted) == ("The red one.", "Which kettle is it?")
    assert [(file.name, file.content_type, file.source) for file in item.files] == [
        ("leak", "image/jpeg", "photo1.jpeg"),
        ("receipt.pdf", "application/pdf", "abc.pdf"),
    ]
    assert (item.thread_key, item.reply_address, item.references) == ("topic:512", "512", ("512/2",))
    assert item.handles[0].value == "forum.harbourpine.example:ana"
    assert item.attributes["link"] == "https://forum.harbourpine.example/t/my-kettle-leaks/512/4"
    assert item.public


def test_an_edit_is_an_event_that_names_what_it_changes():
    first, edit, again = (parsed("post_created"), parsed("post_edited", version=2), parsed("post_edited", version=3))

    assert (first.external_id, edit.external_id, edit.attributes["edits"]) == ("512/4", "512/4@2", "512/4")
    assert edit.direction is Direction.EVENT
    assert len({first.once_key, edit.once_key, again.once_key}) == 3


def test_a_private_message_is_private_and_our_own_and_the_forum_s_are_not_taken():
    private = parsed("post_created", topic_archetype=PRIVATE)
    assert (private.public, private.reply_address) == (False, "512")
    assert private.thread_key == "community:forum.harbourpine.example:ana"  # a message that we began meets it
    for own in ({"username": "HarbourPine"}, {"username": "bo"}, {"post_type": 3}, {"post_type": 4}):
        with pytest.raises(Refused, match="“post_created”"):
            parsed("post_created", **own)


def test_an_answer_names_the_post_and_a_first_private_message_has_a_title(fake: FakeDiscourse):
    connector = fake.connector()
    public = Outbound("41", "512", "On its way.", "", in_reply_to="512/4@2", public=True)
    private = Outbound("42", "forum.harbourpine.example:ana", "Your order?\nThank you.", "", subject="Re: My kettle")
    further = Outbound("44", "forum.harbourpine.example:ana", "Thank you.", "", in_reply_to="99/3")
    elsewhere = Outbound("43", "other.example:ana", "Your order?", "")

    connector.send(public)
    number = connector.send(private)
    connector.send(further)

    assert fake.written[0] == {"raw": "On its way.", "topic_id": 512, "reply_to_post_number": 4}
    assert fake.written[1] == {
        "raw": "Your order?\nThank you.",
        "title": "My kettle",
        "target_recipients": "ana",
        "archetype": PRIVATE,
    }
    assert fake.written[2] == {"raw": "Thank you.", "topic_id": 99, "reply_to_post_number": 3}
    assert number == "99/900002"
    with pytest.raises(Rejected, match=r"known on other\.example"):
        connector.send(elsewhere)


def test_pictures_are_shown_and_other_files_are_linked(fake: FakeDiscourse):
    files = (Enclosure("leak.png", "image/png", b"p"), Enclosure("receipt.pdf", "application/pdf", b"d"))

    fake.connector().send(Outbound("41", "512", "See here.", "", files=files, public=True))

    written = fake.written[0]["raw"]
    assert "![leak.png|0x0](upload://" in written
    assert "[receipt.pdf|attachment](upload://" in written
    assert [name for name, _data in fake.sent[0].files] == ["leak.png", "receipt.pdf"]


def test_a_closed_topic_fails_one_answer_and_a_wrong_key_halts_the_channel(fake: FakeDiscourse):
    closed = {"errors": ["You are not permitted to reply here."], "error_type": "invalid_access"}
    told = {"closed": Reply(403, closed), "wrong": fake.expired()}
    for name, failure in (("closed", Rejected), ("wrong", Misconfigured)):
        fake.serve = lambda asked, name=name: told[name]  # type: ignore[method-assign, misc]
        with pytest.raises(failure):
            fake.connector().send(Outbound("41", "512", "Hello.", "", public=True))


def test_what_it_has_since_a_day_is_walked_in_steps_public_and_private(fake: FakeDiscourse):
    for number in range(1, 121):
        more = {"topic_archetype": PRIVATE} if number % 40 == 0 else {}
        fake.wrote("Hello", number=number, at=datetime.now(UTC) - timedelta(hours=121 - number), **more)
    found: list[Piece] = []
    cursor = ""

    for _page in range(20):
        brought = fake.connector().history(datetime.now(UTC) - timedelta(hours=100.5), cursor)
        found += brought.pieces
        cursor = brought.cursor
        if not brought.more:
            break

    names = [piece.external_id for piece in found]
    read = fake.connector(secrets=False)
    private = [item.external_id for piece in found for item in read.parse(Raw(body=piece.body)) if not item.public]
    assert len(names) == len(set(names)) == 100
    assert sorted(private) == ["512/120", "512/40", "512/80"]
