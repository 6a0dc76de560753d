"""What is a Facebook page's own: the window, echoes, comments and posts, receipts, what Meta's errors mean."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.providers.facebook import ANA, POST, FakeFacebook, on_page
from tests.providers.graph import PAGE
from tests.providers.kit import Reply
from threadline.channels.adapters.facebook import Facebook
from threadline.channels.contract import (
    Enclosure,
    Endpoint,
    Inbound,
    Misconfigured,
    OptedOut,
    Outbound,
    Raw,
    Refused,
    Rejected,
    Report,
    Unavailable,
)
from threadline.channels.models import Channel
from threadline.channels.windows import rule_of
from threadline.core.touch import Direction


@pytest.fixture
def fake() -> Iterator[FakeFacebook]:
    with FakeFacebook().running() as fake:
        yield fake  # type: ignore[misc]
        assert fake.wrong == []


def read(fake: FakeFacebook, body: dict[str, Any]) -> list[Inbound | Report]:
    pieces = fake.connector().split(fake.signed(body))
    return [item for piece in pieces for item in fake.connector(secrets=False).parse(Raw(body=piece.body))]


def answer(text: str, *, ago: float | None = None, **more: Any) -> Outbound:
    answered_at = datetime.now(UTC) - timedelta(hours=ago) if ago is not None else None
    return Outbound(key="41", to=ANA, text=text, reply_address="", answered_at=answered_at, **more)


def test_the_signature_is_the_one_of_the_published_example(fake: FakeFacebook):
    """The scheme's public test vector, which GitHub's documentation gives for the same header."""
    channel = Facebook(Endpoint("facebook", "fb.com/x", {"app_secret": "It's a Secret to Everybody"}, provider="meta"))
    signed = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    channel.verify(fake.hook(b"Hello, World!", {"x-hub-signature-256": signed}))

    with pytest.raises(Refused):
        channel.verify(fake.hook(b"Hello, World?", {"x-hub-signature-256": signed}))


@pytest.mark.parametrize(
    ("ago", "wanted"),
    [
        (None, {"messaging_type": "RESPONSE"}),
        (23, {"messaging_type": "RESPONSE"}),
        (25, {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}),
    ],
)
def test_after_a_day_a_message_says_that_a_person_wrote_it(fake: FakeFacebook, ago: float, wanted: dict[str, str]):
    fake.connector().send(answer("It is on its way", ago=ago))

    assert {name: fake.told_us[0].get(name) for name in wanted} == wanted


@pytest.mark.parametrize("more", [{"automatic": True}, {"late": True}], ids=["by itself", "after the week"])
def test_what_may_not_go_any_more_is_refused_before_anything_is_sent(fake: FakeFacebook, more: dict[str, Any]):
    with pytest.raises(Rejected):
        fake.connector().send(answer("Hello again", ago=25, **more))
    assert fake.asked == []


def test_the_window_is_a_day_or_a_week_where_meta_allows_it_and_comments_have_none():
    page = Channel(kind="facebook", provider="meta", settings={})
    allowed = Channel(kind="facebook", provider="meta", settings={"human_agent": "yes"})

    assert [rule.hours for rule in (rule_of(page), rule_of(allowed)) if rule] == [24, 168]
    assert rule_of(page, public=True) is None


def test_a_long_text_goes_in_parts_and_a_file_before_it(fake: FakeFacebook):
    file = Enclosure("receipt.pdf", "application/pdf", b"%PDF", url="https://desk.example.com/in/files/x")
    fake.connector().send(answer("A word. " * 400, files=(file,)))

    assert [bool(sent.files) for sent in fake.sent] == [True, False, False]
    assert fake.told_us[0]["message"]["attachment"]["type"] == "file"


def test_parts_that_went_out_are_not_sent_again(fake: FakeFacebook):
    fake.spoilt = ["slow", "500"]
    with pytest.raises(Unavailable, match="1 of 2 posts went out") as caught:
        fake.connector().send(answer("A word. " * 400))

    assert caught.value.unknown


def test_the_echo_of_our_own_message_proves_it_and_what_another_wrote_is_news(fake: FakeFacebook):
    ours = {"mid": "m_9", "text": "On its way", "is_echo": True, "metadata": "threadline-41:0"}
    theirs = {"mid": "m_10", "text": "From the page's inbox", "is_echo": True, "app_id": 263902037430900}
    about = {"sender": {"id": PAGE}, "recipient": {"id": ANA}}

    proof, other = read(fake, fake.messaging(fake.item(message=ours) | about, fake.item(message=theirs) | about))

    assert isinstance(proof, Report)
    assert (proof.state, proof.key, proof.external_id) == ("sent", "41", "m_9")
    assert isinstance(other, Inbound)
    assert (other.direction, other.thread_key) == (Direction.OUT, f"facebook:{ANA}")


def test_a_receipt_of_several_messages_is_one_for_each(fake: FakeFacebook):
    both = fake.item(delivery={"mids": ["m_1", "m_2"], "watermark": 1_790_000_000_000})
    old = fake.item(delivery={"watermark": 1_790_000_000_000})

    found = read(fake, fake.messaging(both, old))

    assert [(report.external_id, bool(report.until)) for report in found if isinstance(report, Report)] == [
        ("m_1", False),
        ("m_2", False),
        ("", True),
    ]


CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "comment": (on_page(), {"thread_key": "comment:901_77", "external_id": "901_77", "direction": Direction.IN}),
    "answer to it": (
        on_page(comment_id="901_78", parent_id="901_77"),
        {"thread_key": "comment:901_77", "external_id": "901_78", "references": ("901_77",)},
    ),
    "edited": (on_page(verb="edited"), {"thread_key": "comment:901_77", "direction": Direction.EVENT}),
    "visitor": (on_page("post"), {"thread_key": f"comment:{POST}", "external_id": POST}),
    "photo": (on_page("photo", link="https://scontent.fbcdn.net/v/kettle.jpg?x=1"), {"external_id": POST}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_stands_on_the_page_is_public_and_has_its_thread(fake: FakeFacebook, case: str):
    value, wanted = CASES[case]
    (item,) = read(fake, fake.changed("feed", value))

    assert isinstance(item, Inbound)
    assert {name: getattr(item, name) for name in wanted} == wanted
    assert (item.public, item.name, item.handles[0].value) == (True, "Ana Koivu", ANA)
    assert [file.name for file in item.files] == (["kettle.jpg"] if case == "photo" else [])


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (on_page(**{"from": {"id": PAGE, "name": "Harbour & Pine"}}), "we did that ourselves"),
        (on_page(verb="remove"), "what was said stays said"),
    ],
    ids=["ours", "removed"],
)
def test_our_own_comments_and_removed_ones_are_refused(fake: FakeFacebook, value: dict[str, Any], why: str):
    with pytest.raises(Refused, match=why):
        read(fake, fake.changed("feed", value))


def test_what_is_for_another_page_of_the_app_is_refused(fake: FakeFacebook):
    body = fake.messaging(fake.item(message={"mid": "m_1", "text": "Hello"}))
    body["entry"][0]["id"] = "999"

    with pytest.raises(Refused, match=f"is for 999; this channel is {PAGE}"):
        read(fake, body)


def test_a_comment_is_answered_in_public_and_long_after(fake: FakeFacebook):
    fake.connector().send(answer("We look into it.", ago=500, public=True, in_reply_to="901_77"))

    assert fake.commented == [("901_77", {"message": "We look into it."})]


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        ({"code": 10, "error_subcode": 2018278, "message": "(#10) sent outside of allowed window"}, Rejected),
        ({"code": 551, "message": "(#551) This person isn't available right now."}, OptedOut),
        ({"code": 200, "error_subcode": 1545041, "message": "(#200) This person isn't receiving messages"}, OptedOut),
        ({"code": 10, "message": "(#10) Requires the Human Agent permission"}, Rejected),
        ({"code": 230, "message": "(#230) Requires pages_messaging permission"}, Misconfigured),
        ({"code": 1200, "message": "(#1200) Temporary send message failure"}, Unavailable),
        ({"code": 613, "message": "(#613) Calls to this API have exceeded the rate limit."}, Unavailable),
    ],
    ids=lambda value: str(value.get("code")) if isinstance(value, dict) else value.__name__,
)  # fmt: skip
def test_metas_errors_are_told_apart(
    fake: FakeFacebook, monkeypatch: pytest.MonkeyPatch, error: dict[str, Any], failure: type[Exception]
):
    monkeypatch.setattr(fake, "rejected", lambda: Reply(400, {"error": error}))
    fake.misbehave("reject")

    with pytest.raises(failure):
        fake.connector().send(answer("Hello"))


def test_files_are_fetched_from_metas_servers_only(fake: FakeFacebook):
    with pytest.raises(Rejected, match="not its own"):
        fake.connector().media("http://169.254.169.254/latest")


def test_the_page_lets_the_app_hear_of_what_we_read(fake: FakeFacebook):
    assert fake.connector().activate()
    subscribed = fake.subscribed.split(",")
    fake.connector().deactivate()

    assert {"messages", "message_reads", "message_deliveries", "feed", "mention"} <= set(subscribed)
    assert fake.subscribed == ""


def test_who_somebody_is_comes_when_asked(fake: FakeFacebook):
    piece = fake.connector().profile(ANA)
    (item,) = fake.connector(secrets=False).parse(Raw(body=piece.body))

    assert isinstance(item, Inbound)
    assert (item.name, item.thread_key) == ("Ana Koivu", f"facebook:{ANA}")
