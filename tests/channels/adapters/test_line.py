"""What is LINE's own: its signature, groups, stickers, what is taken once, and a month that is used up."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.providers.kit import Reply
from tests.providers.line import ANA, MESSAGES, FakeLine, event
from threadline.channels.adapters.line import Line
from threadline.channels.contract import Enclosure, Endpoint, Inbound, Outbound, Raw, Refused, Rejected, Unavailable
from threadline.core.touch import Direction

GROUP = "Ca56f94637cc4347f90a25382909b24b9"


@pytest.fixture
def fake() -> Iterator[FakeLine]:
    with FakeLine().running() as fake:
        yield fake  # type: ignore[misc]
        assert fake.wrong == []


def read(fake: FakeLine, *events: dict[str, Any]) -> list[Inbound]:
    pieces = fake.connector().split(fake.signed(*events))
    return [item for piece in pieces for item in fake.connector(secrets=False).parse(Raw(body=piece.body))]


def answer(text: str, **more: Any) -> Outbound:
    return Outbound(key="41", to=ANA, text=text, reply_address="", **more)


def picture(name: str = "kettle.jpg", kind: str = "image/jpeg") -> Enclosure:
    return Enclosure(name, kind, b"a picture", url=f"https://desk.example.com/in/files/{name}")


def test_the_signature_is_the_one_that_lines_own_library_is_tested_with(fake: FakeLine):
    channel = Line(Endpoint("line", "@harbourpine", {"channel_secret": "channel_secret"}))
    signed = "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="

    channel.verify(fake.hook(b"bodybodybodybody", {"x-line-signature": signed}))

    with pytest.raises(Refused):
        channel.verify(fake.hook(b"bodybodybodybodY", {"x-line-signature": signed}))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (event("message", message=MESSAGES["text"]), {"text": "The kettle leaks", "references": ("900",)}),
        (event("message", message=MESSAGES["sticker"]), {"text": "(Sticker: Sad, Sigh)"}),
        (event("message", message=MESSAGES["location"]), {"text": "Home"}),
        (event("postback", postback={"data": "order=HP-4711"}), {"text": "order=HP-4711"}),
        (event("unfollow"), {"text": "Blocked us", "consent": "out", "direction": Direction.EVENT}),
        (event("follow", follow={"isUnblocked": True}), {"consent": "in", "direction": Direction.EVENT}),
        (
            event("message", group=GROUP, message=MESSAGES["text"]),
            {"thread_key": f"line:{GROUP}", "reply_address": GROUP},
        ),
    ],
    ids=["text", "sticker", "place", "button", "blocked", "back again", "group"],
)
def test_what_line_tells_is_understood(fake: FakeLine, given: dict[str, Any], wanted: dict[str, Any]):
    (item,) = read(fake, given)

    assert {name: getattr(item, name) for name in wanted} == wanted
    assert item.handles[0].value == ANA


def test_one_request_may_hold_many_events_or_none(fake: FakeLine):
    both = read(fake, event("follow", number=1), event("message", number=2, message=MESSAGES["image"]))

    assert [(item.direction, len(item.files)) for item in both] == [(Direction.EVENT, 0), (Direction.IN, 1)]
    assert fake.connector().split(fake.signed()) == []


def test_a_file_that_lies_elsewhere_is_a_link_and_one_that_is_not_ready_is_asked_for_again(fake: FakeLine):
    there = {"type": "external", "originalContentUrl": "https://elsewhere.example/kettle.jpg"}
    (item,) = read(fake, event("message", message={**MESSAGES["image"], "contentProvider": there}))
    fake.ready = False

    with pytest.raises(Unavailable):
        fake.connector().media("325708")

    assert (item.files, item.text) == ((), "https://elsewhere.example/kettle.jpg")


def test_pictures_and_a_long_text_go_in_one_request(fake: FakeLine):
    fake.connector().send(answer("🫖" * 4000, files=(picture(), picture("lid.png", "image/png"))))

    (pushed,) = fake.pushed
    assert [each["type"] for each in pushed["messages"]] == ["image", "image", "text", "text"]


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (answer("Here", files=(picture("receipt.pdf", "application/pdf"),)), "receipt.pdf is none"),
        (answer("a" * 20_001, files=(picture(),)), "this would be 6"),
    ],
    ids=["no picture", "too much"],
)
def test_what_line_does_not_take_is_refused_before_anything_is_sent(fake: FakeLine, message: Outbound, why: str):
    with pytest.raises(Rejected, match=why):
        fake.connector().send(message)
    assert fake.asked == []


def test_who_somebody_is_comes_when_asked(fake: FakeLine):
    piece = fake.connector().profile(ANA)
    (item,) = fake.connector(secrets=False).parse(Raw(body=piece.body))

    assert (item.name, item.thread_key, item.direction) == ("Ana Koivu", f"line:{ANA}", Direction.EVENT)
    fake.strangers.add(ANA)
    with pytest.raises(Rejected):
        fake.connector().profile(ANA)


def test_what_was_taken_before_keeps_its_number(fake: FakeLine):
    first = fake.connector().send(answer("On its way"))

    assert fake.connector().send(answer("On its way")) == first
    assert len(fake.sent) == 1


def test_a_month_that_is_used_up_is_said_and_the_channel_waits(fake: FakeLine, monkeypatch: pytest.MonkeyPatch):
    told = Reply(429, {"message": "You have reached your monthly limit."})
    monkeypatch.setattr(fake, "slow_down", lambda: told)
    fake.misbehave("429")

    with pytest.raises(Unavailable, match="month are used up") as caught:
        fake.connector().send(answer("Hello"))

    assert caught.value.retry_after == 3600
