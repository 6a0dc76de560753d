"""A server of feeds: RSS 2.0 with conditional requests, as RFC 9110 has them; Atom in the tests of its own."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape

import orjson

from tests.providers.kit import Asked, Fake, Reply
from threadline.channels.adapters.feed import EVENTS, Feed, ReviewFeed
from threadline.channels.contract import Piece

HEAD = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:im="http://itunes.apple.com/rss">'
SHOWN = 150  # the newest
TYPE = {"Content-Type": "application/rss+xml; charset=utf-8"}


class FakeFeed(Fake):
    adapter: Any = Feed
    address = "https://forum.example.com/latest.rss"
    person = "forum.example.com:ana"

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[str] = []
        self.instead: Reply | None = None
        self.whole = 0  # how often all of it was handed out

    def serve(self, asked: Asked) -> Reply:
        if self.instead is not None:
            return self.instead
        body = self.document().encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == tag:
            return Reply(304, headers={"ETag": tag})
        self.whole += 1
        return Reply(200, body=body, headers={**TYPE, "ETag": tag})

    def document(self) -> str:
        return f"{HEAD}<channel><title>Latest posts</title>{''.join(self.entries[: -SHOWN - 1 : -1])}</channel></rss>"

    # ---- what comes from there

    def wrote(self, text: str, *, number: int, who: str = "ana", at: datetime | None = None, more: str = "") -> None:
        when = format_datetime(at or datetime.now(UTC))
        self.entries.append(
            f"<item><title>About kettles</title><guid>post-{number}</guid><pubDate>{when}</pubDate>"
            f"<link>https://forum.example.com/t/{number}</link><dc:creator>{escape(who)}</dc:creator>"
            f"<description>{escape(f'<p>{escape(text)}</p>')}</description>{more}</item>"
        )

    def examples(self) -> Mapping[str, Piece]:
        entry = {"id": "post-1", "at": "2026-11-21T10:00:00+00:00", "author": "ana", "title": "Kettles", "html": "Hm."}
        return {name: Piece(orjson.dumps({**entry, "event": name})) for name in EVENTS}


class FakeReviewFeed(FakeFeed):
    adapter: Any = ReviewFeed
    address = "https://reviews.example.com/harbourpine.rss"
