"""What is Instagram's own: bytes, not characters; stories, comments, mentions that come without their words."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.providers.instagram import ANA, OWN, FakeInstagram, comment
from threadline.channels.contract import Enclosure, Inbound, Outbound, Raw, Refused, Rejected, Report


@pytest.fixture
def fake() -> Iterator[FakeInstagram]:
    with FakeInstagram().running() as fake:
        yield fake  # type: ignore[misc]
        assert fake.wrong == []


def read(fake: FakeInstagram, body: dict[str, Any]) -> list[Inbound | Report]:
    pieces = fake.connector().split(fake.signed(body))
    return [item for piece in pieces for item in fake.connector(secrets=False).parse(Raw(body=piece.body))]


def answer(text: str, **more: Any) -> Outbound:
    return Outbound(key="41", to=ANA, text=text, reply_address="", **more)


def test_a_text_of_more_than_a_thousand_bytes_goes_in_parts(fake: FakeInstagram):
    fake.connector().send(answer("Vielen Dank für Ihre Grüße. " * 40))

    assert len(fake.sent) == 2
    assert all(len(sent.text.encode()) <= 1000 for sent in fake.sent)


STORY = {"story": {"url": "https://lookaside.fbsbx.com/story", "id": "178"}}
PHOTO = [{"type": "image", "payload": {"url": "https://scontent.cdninstagram.com/v/1.jpg?x=1"}}]
SHARED = [{"type": "share", "payload": {"url": "https://instagram.example/p/1", "title": "Our kettle"}}]
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "story": ({"text": "How much?", "reply_to": STORY}, {"text": "How much?"}),
    "answer": ({"text": "Yes", "reply_to": {"mid": "m_out1"}}, {"references": ("m_out1",)}),
    "shared": ({"attachments": SHARED}, {"text": "Our kettle\nhttps://instagram.example/p/1", "files": ()}),
    "sticker": ({"is_unsupported": True}, {"text": "(A message of a kind that Instagram does not hand on.)"}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_message_may_hold_is_understood(fake: FakeInstagram, case: str):
    said, wanted = CASES[case]
    (item,) = read(fake, fake.messaging(fake.item(message={"mid": "m_1", **said})))

    assert isinstance(item, Inbound)
    assert {name: getattr(item, name) for name in wanted} == wanted
    assert item.attributes.get("story") == (STORY["story"] if case == "story" else None)


def test_a_picture_is_announced(fake: FakeInstagram):
    (item,) = read(fake, fake.messaging(fake.item(message={"mid": "m_1", "attachments": PHOTO})))

    assert isinstance(item, Inbound)
    assert [(file.name, file.content_type) for file in item.files] == [("1.jpg", "image/jpeg")]


def test_what_they_unsent_stays_said_and_our_own_echo_is_proof(fake: FakeInstagram):
    with pytest.raises(Refused, match="stays said"):
        read(fake, fake.messaging(fake.item(message={"mid": "m_1", "is_deleted": True})))
    (proof,) = read(fake, fake.messaging(fake.item(message={"mid": "m_out1", "is_echo": True, "text": "Hello"})))

    assert isinstance(proof, Report)
    assert (proof.state, proof.external_id) == ("sent", "m_out1")


def test_a_comment_is_public_and_ours_are_refused(fake: FakeInstagram):
    (item,) = read(fake, fake.changed("comments", comment(parent_id="179")))

    assert isinstance(item, Inbound)
    assert (item.public, item.thread_key, item.name) == (True, "comment:179", "ana_k")
    for person in ({"id": OWN, "username": "x"}, {"id": "5", "username": "harbourpine"}):
        with pytest.raises(Refused, match="ourselves"):
            read(fake, fake.changed("comments", comment(**{"from": person})))


def test_a_message_that_comes_as_a_change_is_the_same_message(fake: FakeInstagram):
    said = {"mid": "m_1", "text": "Hello"}
    value = {"sender": {"id": ANA}, "recipient": {"id": OWN}, "timestamp": "1527459824", "message": said}

    (item,) = read(fake, fake.changed("messages", value))

    assert isinstance(item, Inbound)
    assert (item.once_key, item.text) == ("instagram:m_1", "Hello")


def test_a_mention_is_fetched_and_answered_where_it_stands(fake: FakeInstagram):
    (item,) = read(fake, fake.changed("mentions", {"media_id": "180", "comment_id": "179"}))
    assert isinstance(item, Inbound)

    told = fake.connector().media(item.files[0].source).decode()
    fake.connector().send(answer("Oh no!", public=True, in_reply_to=item.external_id))
    fake.connector().send(answer("Thank you!", public=True, in_reply_to="17900000000000001"))

    assert told == "@harbourpine it leaks\nhttps://instagram.example/p/1"
    assert fake.commented == [
        ("mentions", {"media_id": "180", "comment_id": "179", "message": "Oh no!"}),
        ("17900000000000001", {"message": "Thank you!"}),
    ]


def test_what_instagram_does_not_take_is_refused_before_anything_is_sent(fake: FakeInstagram):
    letter = Enclosure("letter.docx", "application/msword", b"a letter")
    with pytest.raises(Rejected, match=r"letter.docx is none"):
        fake.connector().send(answer("Here", files=(letter,)))
    with pytest.raises(Rejected, match="no files"):
        fake.connector().send(answer("Here", public=True, files=(Enclosure("a.png", "image/png", b""),)))
    assert fake.asked == []


def test_who_somebody_is_comes_when_asked(fake: FakeInstagram):
    piece = fake.connector().profile(ANA)
    (item,) = fake.connector(secrets=False).parse(Raw(body=piece.body))

    assert isinstance(item, Inbound)
    assert (item.name, item.thread_key) == ("ana_k", f"instagram:{ANA}")
