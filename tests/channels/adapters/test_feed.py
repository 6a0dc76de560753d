"""Feeds: only what is new, only when something changed, and what servers say instead."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.providers.feed import FakeFeed, FakeReviewFeed
from tests.providers.kit import Reply
from threadline.channels.contract import Inbound, Misconfigured, Raw, Unavailable

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"
  xmlns:at="http://purl.org/atompub/tombstones/1.0"><title>Forum</title>
<at:deleted-entry ref="tag:7" when="2026-11-20T10:00:00Z"/>
<entry><id>tag:9</id><title>Re: Kettle</title><author><name>Ana Koivu</name></author>
<updated>2026-11-21T10:00:00Z</updated>
<link href="javascript:alert(1)"/><thr:in-reply-to ref="tag:8" href="https://f.example/8"/>
<content type="html">&lt;p&gt;It &lt;b&gt;leaks&lt;/b&gt;.&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;</content>
</entry></feed>"""


@pytest.fixture
def fake() -> Iterator[FakeFeed]:
    with FakeFeed().running() as fake:
        yield fake  # type: ignore[misc]
        assert fake.wrong == []


def looked(fake: FakeFeed, cursor: str) -> tuple[str, list[Inbound]]:
    brought = fake.connector().fetch(cursor)
    read = fake.connector(secrets=False)
    return brought.cursor, [item for piece in brought.pieces for item in read.parse(Raw(body=piece.body))]


def test_what_stands_there_at_first_is_not_taken_and_what_follows_comes_once_in_order(fake: FakeFeed):
    fake.wrote("Long ago", number=1)
    begun, none = looked(fake, "")
    fake.wrote("One & two", number=2)
    fake.wrote("Three", number=3)

    after, items = looked(fake, begun)
    _same, nothing = looked(fake, after)

    assert none == nothing == []
    assert [item.text for item in items] == ["One & two", "Three"]
    assert (items[0].subject, items[0].attributes["link"]) == ("About kettles", "https://forum.example.com/t/2")
    assert (items[0].handles[0].value, items[0].public) == ("forum.example.com:ana", True)


def test_what_did_not_change_is_not_handed_out_again(fake: FakeFeed):
    fake.wrote("One", number=1)
    begun, _none = looked(fake, "")

    looked(fake, begun)
    looked(fake, begun)

    assert fake.whole == 1
    assert fake.asked[-1].headers["if-none-match"]


def test_a_long_feed_fits_into_what_is_remembered_of_it(fake: FakeFeed):
    for number in range(400):
        fake.wrote("Hello", number=number)
    begun, _none = looked(fake, "")
    fake.wrote("New", number=400)

    assert len(begun) < 2000
    assert [item.text for item in looked(fake, begun)[1]] == ["New"]


def test_older_entries_are_there_from_a_date_on(fake: FakeFeed):
    fake.wrote("Old", number=1, at=datetime.now(UTC) - timedelta(days=9))
    fake.wrote("New", number=2, at=datetime.now(UTC) - timedelta(hours=1))

    brought = fake.connector().history(datetime.now(UTC) - timedelta(days=1), "")

    assert [piece.external_id for piece in brought.pieces] == ["post-2"]


def test_atom_tells_what_an_entry_answers_and_only_words_are_kept_of_its_html(fake: FakeFeed):
    fake.instead = Reply(200, body=ATOM.encode(), headers={"Content-Type": "application/atom+xml"})
    (piece,) = fake.connector().history(datetime(2026, 1, 1, tzinfo=UTC), "").pieces

    (item,) = fake.connector(secrets=False).parse(Raw(body=piece.body))

    assert isinstance(item, Inbound)
    assert (item.thread_key, item.references, item.name) == ("feed:tag:8", ("tag:8",), "Ana Koivu")
    assert item.text.startswith("It leaks.")
    assert "<" not in item.text
    assert "link" not in item.attributes
    assert item.at == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_a_feed_that_moved_is_followed_and_one_that_leads_elsewhere_unsafely_is_not(fake: FakeFeed):
    fake.wrote("One", number=1)
    fake.instead = Reply(301, headers={"Location": "file:///etc/passwd"})
    with pytest.raises(Misconfigured, match="not safe"):
        fake.connector().check()
    fake.instead = Reply(302, headers={"Location": "/again"})
    with pytest.raises(Misconfigured, match="circle"):
        fake.connector().check()


@pytest.mark.parametrize(
    ("reply", "failure", "words"),
    [
        (Reply(410), Misconfigured, "gone for good"),
        (Reply(404), Unavailable, "look again"),
        (Reply(401), Misconfigured, "401"),
        (Reply(503), Unavailable, "503"),
        (Reply(200, body=b"<html><body>Hello</body></html>"), Unavailable, "Neither RSS nor Atom"),
        (Reply(200, body=b""), Unavailable, "Neither RSS nor Atom"),
    ],
    ids=["gone", "missing", "locked", "down", "a page", "nothing"],
)
def test_what_a_server_says_instead_is_told_apart(fake: FakeFeed, reply: Reply, failure: type[Exception], words: str):
    fake.instead = reply

    with pytest.raises(failure, match=words):
        fake.connector().fetch("")


def test_stars_of_a_feed_of_reviews_are_kept():
    with FakeReviewFeed().running() as fake:
        begun, _none = looked(fake, "")  # type: ignore[arg-type]
        fake.wrote("Too slow.", number=1, more="<im:rating>2</im:rating>")  # type: ignore[attr-defined]

        (item,) = looked(fake, begun)[1]  # type: ignore[arg-type]

    assert (item.kind, item.attributes["rating"], item.handles[0].scheme) == ("review", 2, "reviewer")
