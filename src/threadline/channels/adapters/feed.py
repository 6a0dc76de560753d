"""Feeds to read: RSS and Atom, of forums, blogs and sites with reviews. Reads them with feedparser.

https://www.rssboard.org/rss-specification, RFC 4287 (Atom), RFC 4685 (answers), RFC 6721 (what was taken back).
"""

import json
from calendar import timegm
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

import feedparser
import httpx

from threadline.channels.contract import (
    Abilities,
    Adapter,
    Address,
    Broken,
    Failure,
    Fetched,
    Group,
    Inbound,
    Limits,
    Misconfigured,
    Piece,
    Raw,
    Rejected,
    Report,
    Setting,
    Unavailable,
)
from threadline.channels.contract import words as _
from threadline.channels.exchange import Exchange
from threadline.channels.posts import plain
from threadline.channels.reviews import mark, stars
from threadline.channels.shapes import moment, object_in, packed, refuse, text_of
from threadline.core.touch import Direction, Handle

EVENTS = {"item": "touch", "entry": "touch", "deleted-entry": "what was said stays said."}
LARGEST, MOST_ENTRIES, HOPS = 8 * 2**20, 150, 5
ACCEPT = "application/atom+xml, application/rss+xml;q=0.9, application/xml;q=0.8, */*;q=0.1"


class Feed(Adapter):
    """A feed that anybody may read. Nothing can be answered there; its link leads to where it can.

    It is only taken again when it changed (ETag, Last-Modified), and never again once it is gone for good (410).
    """

    kind: ClassVar[str] = "feed"
    label: ClassVar[str] = _("Feed")
    spoken: ClassVar[str] = _("in a feed")
    glyph: ClassVar[str] = "article"
    public_glyph: ClassVar[str] = "article"
    scheme: ClassVar[str] = "feed"
    docs: ClassVar[str] = "https://www.rssboard.org/rss-specification"
    address: ClassVar[Address] = Address(_("Its address"), "https://forum.example.com/latest.rss")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("Reading it"),
            _("What stands in the feed now is not taken; what comes from now on is. Fetch older entries from a date."),
            (
                Setting("user", _("Name"), _("Only where the feed asks for one.")),
                Setting("password", _("Password"), kind="secret"),
            ),
        ),
        Group(
            _("Seldom needed"),
            "",
            (Setting("api_url", _("Fetch it from"), _("Another address of the same feed, such as a copy nearby.")),),
            seldom=True,
        ),
    )
    limits: ClassVar[Limits] = Limits(privacy="public")
    can: ClassVar[Abilities] = Abilities(public=True, private=False)
    events: ClassVar[Mapping[str, str]] = EVENTS
    polled_every: ClassVar[int] = 300

    # ---- coming in

    def fetch(self, cursor: str) -> Fetched:
        """The cursor holds what the server said of the last version, and marks of what stood in it."""
        place = json.loads(cursor) if cursor else {}
        answer = self._ask(place)
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return Fetched(cursor=cursor)
        entries, seen = entries_in(answer), set(str(place.get("seen", "")).split())
        pieces = [piece_of(each) for each in entries]
        fresh = [piece for piece in pieces if mark(piece.external_id) not in seen]
        after = {
            "etag": answer.headers.get("etag", "")[:200],
            "at": answer.headers.get("last-modified", "")[:60],
            "seen": " ".join(mark(piece.external_id) for piece in pieces),
        }
        return Fetched(tuple(reversed(fresh)) if cursor else (), json.dumps(after))

    def history(self, since: datetime, cursor: str) -> Fetched:
        """What still stands in it; a feed holds its newest entries only."""
        entries = [each for each in entries_in(self._ask({})) if moment_of(each) >= since]
        return Fetched(tuple(piece_of(each) for each in entries))

    def _ask(self, place: Mapping[str, Any]) -> httpx.Response:
        asked = {"Accept": ACCEPT}
        if place.get("etag"):
            asked["If-None-Match"] = str(place["etag"])
        if place.get("at"):
            asked["If-Modified-Since"] = str(place["at"])
        name, password = self.endpoint.setting("user"), self.endpoint.setting("password")
        auth = (name, password) if name else None
        begin = address = self.endpoint.setting("api_url", self.endpoint.address)
        exchange = Exchange(self.endpoint, name="The feed", base=begin, auth=auth, explain=explain)
        if not address.startswith(("https://", "http://")):
            raise Misconfigured(f"“{address}” is no web address. Correct it in Channels.")
        for _hop in range(HOPS):
            answer = exchange.get(address, headers=asked)
            if not answer.is_redirect or answer.status_code == httpx.codes.NOT_MODIFIED:
                return checked(answer)
            address = onwards(address, answer.headers["location"])
            exchange.auth = auth if urlsplit(address).netloc == urlsplit(begin).netloc else None
        raise Misconfigured("The feed leads in a circle. Correct its address in Channels.")

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = text_of(given.get("event"))
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"The feed holds a “{event}” that was not documented when this was written.")
        if becomes != "touch":
            raise refuse("The feed", event, becomes)
        try:
            return [self._touch(event, given, raw)]
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"The feed's “{event}” lacks what it needs ({error!r}).") from error

    def _touch(self, event: str, given: Mapping[str, Any], raw: Raw) -> Inbound:
        number = str(given["id"])
        answered = text_of(given.get("answers") or "")
        return Inbound(
            kind=self.kind,
            direction=Direction.IN,
            at=moment(given.get("at"), received=raw),
            once_key=f"feed:{self.endpoint.address}:{number}",
            external_id=number,
            handles=self._who(given),
            name=text_of(given.get("author") or "")[:255],
            public=True,
            thread_key=f"feed:{answered or number}"[:300],
            references=(answered,) if answered else (),
            subject=text_of(given.get("title") or "")[:255],
            text=plain(text_of(given.get("html") or "")),
            attributes={
                "event": event,
                **({"link": given["link"]} if given.get("link") else {}),
                **stars(given.get("rating")),
            },
        )

    def _who(self, given: Mapping[str, Any]) -> tuple[Handle, ...]:
        """The name at this site; a name alone says nothing elsewhere."""
        name = text_of(given.get("author") or "").strip()
        site = urlsplit(self.endpoint.address).netloc or self.endpoint.address
        return (Handle(self.scheme, f"{site}:{name}".lower()[:320]),) if name else ()

    # ---- being set up

    def check(self) -> str:
        found = read(self._ask({}))
        if not found.get("version"):
            raise Misconfigured("This is no feed: neither RSS nor Atom stands at its address. Correct it in Channels.")
        return f"The feed is “{found.feed.get('title', 'without a title')}”, {len(found.entries)} entries stand in it."


class ReviewFeed(Feed):
    """Reviews as a feed, with their stars where it has them. Nothing can be answered there."""

    kind: ClassVar[str] = "review"
    provider: ClassVar[str] = "feed"
    carrier: ClassVar[str] = _("a feed")
    scheme: ClassVar[str] = "reviewer"
    address: ClassVar[Address] = Address(_("Its address"), "https://reviews.example.com/harbourpine.rss")


# ---- reading feeds -------------------------------------------------------------------------------------------------


def entries_in(answer: httpx.Response) -> list[dict[str, Any]]:
    """The newest first, where the feed says when they were written. What changes later does not come again."""
    found = read(answer)
    if not found.get("version"):
        raise Unavailable(
            "Neither RSS nor Atom stands at the feed's address just now. We look again.", retry_after=1800
        )
    event = "entry" if found.version.startswith("atom") else "item"
    entries = [entry_of(each, event) for each in found.entries if name_of(each)]
    if all(each["at"] for each in entries):
        entries.sort(key=lambda each: str(each["at"]), reverse=True)
    return entries[:MOST_ENTRIES]


def read(answer: httpx.Response) -> Any:
    """As a stream: bytes by themselves might be taken for an address or the name of a file."""
    about = {"content-type": answer.headers.get("content-type", "")}
    return feedparser.parse(BytesIO(answer.content), response_headers=about)


def entry_of(found: Mapping[str, Any], event: str) -> dict[str, Any]:
    """What a touch needs of an entry."""
    at = stamp(found.get("published_parsed") or found.get("updated_parsed"))
    return {
        "event": event,
        "id": name_of(found),
        "at": at or None,
        "author": text_of(found.get("author_detail", {}).get("name") or found.get("author") or ""),
        "title": text_of(found.get("title") or ""),
        "html": html_of(found),
        "link": link_of(found),
        "answers": text_of((found.get("thr_in-reply-to") or {}).get("ref") or ""),
        "rating": rating_of(found),
    }


def name_of(found: Mapping[str, Any]) -> str:
    return text_of(found.get("id") or found.get("link") or found.get("title") or "").strip()[:240]


def stamp(parsed: Any) -> str:
    return datetime.fromtimestamp(timegm(parsed), UTC).isoformat() if parsed else ""


def html_of(found: Mapping[str, Any]) -> str:
    contents = [text_of(each.get("value") or "") for each in found.get("content") or () if isinstance(each, Mapping)]
    return max([*contents, text_of(found.get("summary") or "")], key=len)


def link_of(found: Mapping[str, Any]) -> str:
    link = text_of(found.get("link") or "")
    return link if link.startswith(("https://", "http://")) else ""


def rating_of(found: Mapping[str, Any]) -> str:
    """`im:rating`, `review:rating`, `g:rating`: every network of its own."""
    names: Iterable[str] = (name for name in found if name == "rating" or name.endswith("_rating"))
    return next((text_of(found[name]) for name in names if stars(found[name])), "")


def piece_of(entry: Mapping[str, Any]) -> Piece:
    return Piece(packed(entry), str(entry["id"]))


def moment_of(entry: Mapping[str, Any]) -> datetime:
    """One without a moment counts as new: better once too often than lost."""
    return moment(entry["at"]) if entry.get("at") else datetime.now(UTC)


def checked(answer: httpx.Response) -> httpx.Response:
    if len(answer.content) > LARGEST:
        raise Rejected(f"The feed has {len(answer.content):,} bytes; we read up to {LARGEST:,}.")
    return answer


def onwards(address: str, location: str) -> str:
    """Where the feed moved to: on the web, and never from a safe address to an unsafe one."""
    found = urljoin(address, location)
    if not found.startswith("https://") and not (found.startswith("http://") and address.startswith("http://")):
        raise Misconfigured(f"The feed moved to “{found[:120]}”, which is not safe to fetch. Correct its address.")
    return found


def explain(answer: httpx.Response) -> Failure | None:
    match answer.status_code:
        case 410:
            return Misconfigured("The feed is gone for good (410). Give the channel another address, or switch it off.")
        case 404:
            return Unavailable("Nothing stands at the feed's address (404). We look again.", retry_after=1800)
        case _:
            return None
