"""What is X's own: weighted length, posts and messages, its signatures, its word (CRC), what it does not allow."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from tests.providers.x import ANA, OWN, FakeX, direct, envelope, post, posted, read
from threadline.channels.contract import Enclosure, Hook, Inbound, Outbound, Raw, Refused, Rejected, Report, Unavailable
from threadline.channels.oauth1 import signature
from threadline.channels.posts import parts, weight
from threadline.core.touch import Direction


@pytest.fixture
def fake() -> Iterator[FakeX]:
    with FakeX().running() as fake:
        yield fake  # type: ignore[misc]
        assert fake.wrong == []


def parsed(fake: FakeX, given: Any) -> Inbound | Report:
    (item,) = fake.connector(secrets=False).parse(Raw(body=orjson.dumps({"data": given})))
    return item


def answer(text: str, **more: Any) -> Outbound:
    return Outbound(key="41", to=ANA, text=text, reply_address="", **more)


def test_the_signature_is_that_of_the_published_example():
    """https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature"""
    params = {
        "status": "Hello Ladies + Gentlemen, a signed OAuth request!",
        "include_entities": "true",
        "oauth_consumer_key": "xvz1evFS4wEEPTGEFPHBog",
        "oauth_nonce": "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1318622958",
        "oauth_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "oauth_version": "1.0",
    }
    keys = ("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE")

    assert (
        signature("POST", "https://api.x.com/1.1/statuses/update.json", params, *keys) == "Ls93hJiZbQ3akF3HF3x1Bz8/zU4="
    )


def test_the_word_is_answered_with_its_mark_and_anything_else_is_no_greeting(fake: FakeX):
    def asked(method: str, query: dict[str, str]) -> Hook:
        return Hook(method, fake.hook_url, b"", datetime.now(UTC), {}, query)

    told = fake.connector().handshake(asked("GET", {"crc_token": "challenge"}))

    assert told is not None
    assert orjson.loads(told.body)["response_token"].startswith("sha256=")
    assert fake.connector().handshake(asked("GET", {})) is None
    assert fake.connector().handshake(asked("POST", {"crc_token": "challenge"})) is None


@pytest.mark.parametrize(
    ("event", "more", "thread", "references"),
    [
        ("post.mention.create", {}, "conversation:2080765813578191001", ()),
        ("post.reply.create", {"conversation_id": "9", "in_reply_to_tweet_id": "10"}, "conversation:9", ("10",)),
        (
            "post.quote.create",
            {"referenced_tweets": [{"type": "quoted", "id": "9"}]},
            "conversation:2080765813578191001",
            (),
        ),
    ],
    ids=["mention", "reply", "quote"],
)
def test_posts_are_public_and_stand_in_their_conversation(
    fake: FakeX, event: str, more: Any, thread: str, references: Any
):
    item = parsed(fake, posted(event, **more))

    assert isinstance(item, Inbound)
    assert (item.public, item.thread_key, item.references) == (True, thread, references)
    assert (item.name, item.handles[0].value) == ("Ana Koivu", ANA)
    assert item.attributes["link"] == "https://x.com/ana_k/status/2080765813578191001"


def test_a_post_that_two_events_tell_of_is_one(fake: FakeX):
    mention, reply = parsed(fake, posted("post.mention.create")), parsed(fake, posted("post.reply.create"))

    assert mention.once_key == reply.once_key


def test_an_edited_post_is_an_event_that_names_the_first(fake: FakeX):
    item = parsed(fake, posted("post.mention.create", edit_history_tweet_ids=["5", "2080765813578191001"]))

    assert isinstance(item, Inbound)
    assert item.direction is Direction.EVENT
    assert item.attributes["edits"] == "5"


def test_what_we_wrote_ourselves_is_refused(fake: FakeX):
    for given in (posted("post.mention.create", author_id=OWN), direct("dm.received", 1, "Hello", OWN)):
        with pytest.raises(Refused, match="ourselves"):
            parsed(fake, given)


def test_pictures_and_films_are_announced_at_their_best(fake: FakeX):
    media = [
        {"media_key": "3_1", "type": "photo", "url": "https://pbs.twimg.com/media/a.jpg"},
        {
            "media_key": "7_2",
            "type": "video",
            "variants": [
                {"content_type": "application/x-mpegURL", "url": "https://video.twimg.com/l.m3u8"},
                {"content_type": "video/mp4", "bit_rate": 256, "url": "https://video.twimg.com/s.mp4"},
                {"content_type": "video/mp4", "bit_rate": 2176, "url": "https://video.twimg.com/l.mp4?tag=1"},
            ],
        },
        {"media_key": "3_9", "type": "photo", "url": "https://pbs.twimg.com/media/of-the-quoted-one.jpg"},
    ]
    attached = {"attachments": {"media_keys": ["3_1", "7_2"]}}

    item = parsed(fake, posted("post.mention.create", includes={"media": media}, **attached))

    assert isinstance(item, Inbound)
    assert [(file.name, file.content_type) for file in item.files] == [("a.jpg", "image/jpeg"), ("l.mp4", "video/mp4")]


def test_a_picture_in_a_message_is_fetched_signed_and_nowhere_else(fake: FakeX):
    media = {"type": "photo", "media_url_https": fake.has_media}
    item = parsed(fake, direct("dm.received", 1, "Look", ANA, attachment={"type": "media", "media": media}))

    assert isinstance(item, Inbound)
    assert fake.connector().media(item.files[0].source) == b"a photo"
    with pytest.raises(Rejected):
        fake.connector().media("https://elsewhere.example/1.jpg")


def test_several_messages_in_one_call_are_several_items(fake: FakeX):
    one, two = (direct("dm.received", number, text, ANA)["payload"] for number, text in ((1, "One"), (2, "Two")))
    both = {**one, "direct_message_events": one["direct_message_events"] + two["direct_message_events"]}

    pieces = fake.connector().split(fake.event(envelope("dm.received", both)))

    items = [fake.connector(secrets=False).parse(piece.raw)[0] for piece in pieces]
    assert [item.text for item in items] == ["One", "Two"]
    assert len({piece.external_id for piece in pieces}) == 2


def test_read_means_all_of_ours_until_then(fake: FakeX):
    now = datetime.now(UTC)
    item = parsed(fake, read(now))

    assert isinstance(item, Report)
    assert item.thread_key == f"x:{ANA}"
    assert item.until is not None
    assert abs(item.until - now) < timedelta(milliseconds=5)


def test_a_receipt_in_the_shape_of_the_older_api_is_read_too(fake: FakeX):
    older = {"sender_id": ANA, "created_timestamp": "1784928224372", "target": {"recipient_id": OWN}}
    item = parsed(fake, envelope("dm.read", {"direct_message_mark_read_events": [older], "users": {}}))

    assert isinstance(item, Report)
    assert item.until == datetime.fromtimestamp(1784928224.372, UTC)


def test_a_post_is_answered_in_public_and_its_writer_by_a_message(fake: FakeX):
    fake.connector().send(answer("We look into it.", public=True, in_reply_to="9"))
    fake.connector().send(answer("Which order is it?"))

    assert fake.posts == [{"text": "We look into it.", "reply": {"in_reply_to_tweet_id": "9"}}]
    assert [(each.to, each.text) for each in fake.sent[1:]] == [(ANA, "Which order is it?")]


def test_somebody_known_by_name_only_is_looked_up(fake: FakeX):
    fake.connector().send(Outbound(key="1", to="@ana_k", text="Hello", reply_address=""))

    assert fake.sent[0].to == ANA


def test_who_takes_no_messages_is_said_with_what_to_do(fake: FakeX):
    fake.refused.add(ANA)

    with pytest.raises(Rejected, match="Ask in public that they write to us first"):
        fake.connector().send(answer("Which order is it?"))


def test_a_long_answer_is_a_row_of_posts(fake: FakeX):
    long = " ".join(f"Step {number}: open the lid and look at the seal." for number in range(1, 15))
    fake.connector().send(answer(long, public=True, in_reply_to="9"))

    assert " ".join(each["text"] for each in fake.posts) == long
    assert [each["reply"]["in_reply_to_tweet_id"] for each in fake.posts] == ["9", fake.sent[0].id, fake.sent[1].id]
    assert all(weight(each["text"]) <= 280 for each in fake.posts)


def test_a_row_that_breaks_off_is_left_to_a_person(fake: FakeX, monkeypatch: pytest.MonkeyPatch):
    serve = fake.serve
    monkeypatch.setattr(fake, "serve", lambda asked: serve(asked) if not fake.posts else fake.slow_down())

    with pytest.raises(Unavailable, match="1 of 2 posts went out") as caught:
        fake.connector().send(answer("It is a long story. " * 20, public=True, in_reply_to="9"))

    assert caught.value.unknown
    assert caught.value.retry_after is None


def test_a_lost_answer_to_an_upload_is_tried_again(fake: FakeX):
    fake.misbehave("drop")

    with pytest.raises(Unavailable) as caught:
        fake.connector().send(answer("Here", files=(Enclosure("a.png", "image/png", b"png"),)))

    assert not caught.value.unknown


def test_x_is_told_where_to_call_once_and_what_it_refuses_is_said(fake: FakeX):
    fake.refused.add("dm.read")
    assert "dm.read" in fake.connector().activate()
    fake.refused.clear()
    assert fake.connector().activate() == ""

    assert list(fake.hooks.values()) == [fake.hook_url]
    assert len({each["event_type"] for each in fake.subscribed}) == len(fake.subscribed) == 5

    fake.connector().deactivate()
    assert fake.hooks == {}


def test_what_it_has_since_a_day_is_listed_page_by_page(fake: FakeX):
    fake.mentions = [post(1), post(2)]

    first = fake.connector().history(datetime.now(UTC) - timedelta(days=1), "")
    second = fake.connector().history(datetime.now(UTC) - timedelta(days=1), first.cursor)

    assert (first.more, second.more) == (True, False)
    texts = [fake.connector(secrets=False).parse(piece.raw)[0].name for piece in (*first.pieces, *second.pieces)]
    assert texts == ["Ana Koivu", "Ana Koivu"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Hello", 5),
        ("Grüße", 5),
        ("日本語", 6),
        ("👩‍👩‍👧", 2),
        ("🇬🇧 1️⃣ ❤️", 8),
        ("“…” –", 6),
        ("https://example.com/" + "a" * 100, 23),
        ("go to example.com now", 33),
        ("cafe\u0301", 4),
    ],
)
def test_it_counts_as_x_counts(text: str, count: int):
    assert weight(text) == count


def test_no_part_weighs_more_than_a_post():
    found = parts("ありがとう。" * 80 + " https://example.com/" + "x" * 300, 280, weight)

    assert max(weight(each) for each in found) <= 280
