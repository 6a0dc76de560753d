"""What is Bluesky's own: two sources in one look, threads with checksums, keys that make a post once, bytes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.providers.bluesky import ANA, OWN, FakeBluesky, logged, stamp, uri_of
from tests.providers.kit import Reply
from threadline.channels.adapters.bluesky import record_key
from threadline.channels.contract import (
    Enclosure,
    Fetched,
    Inbound,
    Misconfigured,
    OptedOut,
    Outbound,
    Raw,
    Refused,
    Rejected,
    Unavailable,
)
from threadline.core.touch import Direction


@pytest.fixture
def fake() -> Iterator[FakeBluesky]:
    with FakeBluesky().running() as fake:
        yield fake  # type: ignore[misc]
        assert fake.wrong == []


def fetched(fake: FakeBluesky, cursor: str) -> tuple[Fetched, list[Inbound]]:
    brought = fake.connector().fetch(cursor)
    return brought, [
        item for piece in brought.pieces for item in fake.connector(secrets=False).parse(Raw(body=piece.body))
    ]


def answer(text: str, **more: Any) -> Outbound:
    return Outbound(key="41", to=ANA, text=text, reply_address="", **more)


def test_at_first_only_where_we_stand_is_noted_then_posts_and_messages_come_once(fake: FakeBluesky):
    fake.wrote("Long ago", number=1)
    fake.messaged("Long ago, too", number=1)
    begun, none = fetched(fake, "")
    fake.wrote("One", number=2)
    fake.wrote("Two", number=3)
    fake.messaged("Three", number=2)

    brought, items = fetched(fake, begun.cursor)
    _again, nothing = fetched(fake, brought.cursor)

    assert none == nothing == []
    assert [item.text for item in items] == ["One", "Two", "Three"]
    assert [item.public for item in items] == [True, True, False]
    assert len(brought.cursor) < 2000


def test_posts_of_the_same_millisecond_all_come(fake: FakeBluesky):
    at = datetime.now(UTC)
    fake.wrote("One", number=1, at=at)
    begun, _none = fetched(fake, "")
    fake.wrote("Two", number=2, at=at)

    brought, items = fetched(fake, begun.cursor)
    fake.wrote("Three", number=3, at=at)
    _again, more = fetched(fake, brought.cursor)

    assert [item.text for item in (*items, *more)] == ["Two", "Three"]


def test_many_posts_are_read_page_by_page(fake: FakeBluesky):
    begun, _none = fetched(fake, "")
    for number in range(250):
        fake.wrote(f"Number {number}", number=number)

    brought, items = fetched(fake, begun.cursor)

    assert [item.text for item in items] == [f"Number {number}" for number in range(250)]
    assert not brought.gap


def test_what_it_has_since_a_day_is_listed_for_gaps(fake: FakeBluesky):
    fake.wrote("Old", number=1, at=datetime.now(UTC) - timedelta(days=9))
    fake.wrote("New", number=2)

    brought = fake.connector().history(datetime.now(UTC) - timedelta(days=1), "")

    assert [piece.external_id for piece in brought.pieces] == [uri_of(2)]


def test_a_reply_stands_in_the_thread_of_its_first_post(fake: FakeBluesky):
    reply = {"root": {"uri": uri_of(1), "cid": "bafy1"}, "parent": {"uri": uri_of(2), "cid": "bafy2"}}
    picture = {"image": {"ref": {"$link": "bafkreiphoto"}, "mimeType": "image/jpeg", "size": 900}, "alt": "A kettle"}
    fake.wrote("Look", number=3, reply=reply, embed={"$type": "app.bsky.embed.images", "images": [picture]})

    _brought, (item,) = fetched(fake, '{"seen": "", "at": [], "rev": ""}')

    assert (item.thread_key, item.references) == (uri_of(1), (uri_of(2),))
    assert item.attributes["link"] == "https://bsky.app/profile/ana.bsky.social/post/3kpost0003"
    assert fake.connector().media(item.files[0].source) == b"a photo"


def test_what_we_wrote_and_what_was_deleted_is_refused_and_a_reaction_is_an_event(fake: FakeBluesky):
    deleted = logged("logCreateMessage", 2)
    del deleted["message"]["text"]
    reaction = {"reaction": {"value": "👍", "sender": {"did": ANA}, "createdAt": stamp(None)}}
    fake.messaged("Ours", number=1, sender=OWN)
    fake.log += [deleted, logged("logAddReaction", 3, more=reaction)]

    ours, gone, liked = fake.connector().fetch('{"seen": "", "at": [], "rev": ""}').pieces

    for piece, why in ((ours, "ourselves"), (gone, "deleted")):
        with pytest.raises(Refused, match=why):
            fake.connector(secrets=False).parse(piece.raw)
    (item,) = fake.connector(secrets=False).parse(liked.raw)
    assert (item.direction, item.text, item.references) == (Direction.EVENT, "👍", ("m3",))


def test_a_public_answer_names_its_parent_and_the_first_of_the_thread(fake: FakeBluesky):
    root = {"uri": uri_of(1), "cid": "bafy1"}
    fake.posts[uri_of(2)] = {"uri": uri_of(2), "cid": "bafy2", "record": {"reply": {"root": root, "parent": root}}}

    fake.connector().send(answer("We look into it.", public=True, in_reply_to=uri_of(2)))

    (record,) = fake.records.values()
    assert record["reply"] == {"root": root, "parent": {"uri": uri_of(2), "cid": "bafy2"}}


def test_a_long_answer_is_a_row_of_posts_and_is_never_made_twice(fake: FakeBluesky):
    fake.posts[uri_of(2)] = {"uri": uri_of(2), "cid": "bafy2", "record": {}}
    long = " ".join(f"Step {number}: open the lid and look at the seal." for number in range(1, 15))
    said = answer(long, public=True, in_reply_to=uri_of(2))
    fake.misbehave("drop")

    with pytest.raises(Unavailable) as caught:
        fake.connector().send(said)
    first, again = fake.connector().send(said), fake.connector().send(said)

    assert not caught.value.unknown
    assert first == again
    assert " ".join(each.text for each in fake.sent) == long
    parents = [each["reply"]["parent"]["uri"] for each in fake.records.values()]
    assert parents[:2] == [uri_of(2), first]
    assert {each["reply"]["root"]["uri"] for each in fake.records.values()} == {uri_of(2)}


def test_a_post_that_is_gone_is_not_answered(fake: FakeBluesky):
    with pytest.raises(Rejected, match="gone"):
        fake.connector().send(answer("Hello", public=True, in_reply_to=uri_of(9)))


def test_links_names_and_tags_stand_at_their_bytes(fake: FakeBluesky):
    text = "Grüße 🫖 @ana.bsky.social, see https://example.com/#top. #kettle @no.body.example"
    found = {each["features"][0]["$type"].rpartition("#")[2]: each for each in fake.connector().facets(text)}

    def at(kind: str) -> str:
        place = found[kind]["index"]
        return text.encode()[place["byteStart"] : place["byteEnd"]].decode()

    assert (at("mention"), at("link"), at("tag")) == ("@ana.bsky.social", "https://example.com/#top", "#kettle")
    assert found["mention"]["features"][0]["did"] == ANA
    assert len(fake.connector().facets(text)) == 3


def test_a_long_message_goes_in_one_call(fake: FakeBluesky):
    fake.connector().send(answer("It is a long story. " * 80))

    assert len(fake.messages) == 2
    assert len([each for each in fake.asked if "sendMessage" in each.path]) == 1


@pytest.mark.parametrize(
    ("error", "failure", "words"),
    [
        ("NotFollowedBySender", Rejected, "Ask in public that they write first"),
        ("MessagesDisabled", Rejected, "only from people they follow"),
        ("BlockedSubject", OptedOut, "block each other"),
        ("RecipientNotFound", Rejected, "RecipientNotFound|no"),
    ],
)
def test_who_takes_no_messages_is_said(fake: FakeBluesky, error: str, failure: type[Exception], words: str):
    fake.refuses = error

    with pytest.raises(failure, match=words):
        fake.connector().send(answer("Which order is it?"))


def test_a_session_is_kept_renewed_when_it_ends_and_begun_only_once(fake: FakeBluesky):
    fake.connector().send(answer("One"))
    fake.connector().send(answer("Two"))
    assert fake.sessions == 1

    fake.sessions = 7  # it ended meanwhile
    fake.connector().send(answer("Three"))

    assert [each.path.rpartition(".")[2] for each in fake.asked if "Session" in each.path] == [
        "createSession",
        "refreshSession",
    ]


def test_an_app_password_that_may_not_read_messages_is_said(fake: FakeBluesky, monkeypatch: pytest.MonkeyPatch):
    told = Reply(400, {"error": "InvalidToken", "message": "Bad token scope"})
    monkeypatch.setattr(fake, "expired", lambda: told)
    fake.misbehave("expired")

    with pytest.raises(Misconfigured, match="may not read direct messages"):
        fake.connector().send(answer("Hello"))


def test_files_are_refused_before_anything_is_sent(fake: FakeBluesky):
    with pytest.raises(Rejected, match="Send a link"):
        fake.connector().send(answer("Here", files=(Enclosure("a.png", "image/png", b"png"),)))


def test_a_key_is_always_the_same_and_others_are_others():
    keys = {record_key(f"did/7/{number}") for number in range(1000)}

    assert len(keys) == 1000
    assert record_key("did/7/1") == record_key("did/7/1")
    assert all(len(key) == 13 and key[0] == "3" for key in keys)
