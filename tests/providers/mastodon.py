"""Mastodon's client API. Written from https://docs.joinmastodon.org/methods/ (statuses, notifications, media; 4.5)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson

from tests.providers.kit import Asked, Fake, Reply, Wrong
from threadline.channels.adapters.mastodon import EVENTS, Mastodon
from threadline.channels.contract import Piece

TOKEN = "ZA-Yj3aBD8U8Cm7lKUp-lm9O9BmDgdhHzDeqsY8tlL0"
ANA = {"id": "23634", "username": "ana", "acct": "ana@social.example", "display_name": "Ana Koivu"}
OURS = {"id": "14715", "username": "harbourpine", "acct": "harbourpine", "display_name": "Harbour & Pine"}
MOST, LINK = 500, 23


class FakeMastodon(Fake):
    adapter = Mastodon
    address = "@harbourpine@mastodon.example"
    secrets: ClassVar[Mapping[str, str]] = {"access_token": TOKEN}
    person = "ana@social.example"
    most = MOST

    def __init__(self) -> None:
        super().__init__()
        self.notifications: list[dict[str, Any]] = []
        self.above: dict[str, list[str]] = {}
        self.statuses: list[dict[str, Any]] = []
        self.types: dict[str, str] = {}

    @property
    def has_media(self) -> str:  # type: ignore[override]
        return f"{self.url}/media/1.jpg"

    def somebody(self, number: int) -> str:
        return f"ana{number}@social.example"

    def serve(self, asked: Asked) -> Reply:
        if asked.path == "/media/1.jpg":
            if "authorization" in asked.headers:
                raise Wrong("a token that is none of this server's business")
            return Reply(body=b"a photo")
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return self.expired()
        parts = asked.path.strip("/").split("/")
        name = "context" if parts[-1] == "context" else parts[-1]
        return getattr(self, f"do_{asked.method.lower()}_{name}")(asked)

    def do_get_verify_credentials(self, asked: Asked) -> Reply:
        return Reply(200, OURS)

    def do_get_instance(self, asked: Asked) -> Reply:
        statuses = {"max_characters": self.most, "characters_reserved_per_url": LINK, "max_media_attachments": 4}
        return Reply(200, {"domain": "mastodon.example", "configuration": {"statuses": statuses}})

    def do_get_notifications(self, asked: Asked) -> Reply:
        """Newest first; `min_id` gives those right after it, `max_id` those right before it."""
        limit, found = int(asked.query.get("limit", 40)), self.notifications
        if "min_id" in asked.query:
            return Reply(200, [each for each in found if int(each["id"]) > int(asked.query["min_id"])][:limit][::-1])
        if "max_id" in asked.query:
            found = [each for each in found if int(each["id"]) < int(asked.query["max_id"])]
        return Reply(200, found[::-1][:limit])

    def do_get_context(self, asked: Asked) -> Reply:
        number = asked.path.split("/")[-2]
        return Reply(200, {"ancestors": [{"id": each} for each in self.above.get(number, [])], "descendants": []})

    def do_post_media(self, asked: Asked) -> Reply:
        name, _data = asked.parts()["file"]
        return Reply(200, {"id": f"m-{name}", "type": "image", "url": f"{self.url}/media/{name}"})

    def do_post_statuses(self, asked: Asked) -> Reply:
        given, key = asked.json, asked.headers["idempotency-key"]
        if given["visibility"] not in ("public", "unlisted", "private", "direct"):
            raise Wrong("no such visibility")
        if len(given["status"].replace("@social.example", "")) > self.most:  # a name's server does not count
            return Reply(422, {"error": f"Validation failed: Text character limit of {self.most} exceeded"})
        name, _, text = given["status"].partition(" ")
        if not name.startswith("@"):
            raise Wrong("nobody is named, so nobody hears of it")
        files = tuple((each.removeprefix("m-"), b"") for each in given.get("media_ids", ()))
        self.statuses.append(given)
        return Reply(200, {"id": self.accept(to=name[1:], text=text, files=files, key=key), "content": text})

    def expired(self) -> Reply:
        return Reply(401, {"error": "The access token was revoked"})

    def slow_down(self) -> Reply:
        return Reply(429, {"error": "Too many requests"}, headers={"Retry-After": "1"})

    def rejected(self) -> Reply:
        return Reply(422, {"error": "Validation failed: Text can't be blank"})

    # ---- what comes from there

    def wrote(self, text: str, *, number: int, who: str = "", at: datetime | None = None, **more: Any) -> None:
        """Somebody names us; we see it when we look."""
        more |= {"account": {**ANA, "acct": who}} if who else {}
        self.notifications.append(notification("mention", number, status(number, text, at=at, **more)))

    def examples(self) -> Mapping[str, Piece]:
        return {name: Piece(orjson.dumps({**example(name), "root": "501"})) for name in EVENTS}


def stamp(at: datetime | None) -> str:
    return (at or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def status(number: int, text: str = "It leaks", *, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": str(500 + number),
        "created_at": stamp(at),
        "edited_at": None,
        "in_reply_to_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "url": f"https://social.example/@ana/{500 + number}",
        "content": f'<p><span class="h-card"><a href="…">@<span>harbourpine</span></a></span> {text}</p>',
        "account": ANA,
        "mentions": [OURS],
        "media_attachments": [],
        **more,
    }


def notification(kind: str, number: int, about: Mapping[str, Any] | None = None) -> dict[str, Any]:
    told = {"id": str(34_000 + number), "type": kind, "created_at": stamp(None), "account": ANA}
    return {**told, **({"status": dict(about)} if about else {})}


def example(name: str) -> dict[str, Any]:
    if name in (
        "follow",
        "follow_request",
        "severed_relationships",
        "moderation_warning",
        "admin.sign_up",
        "admin.report",
    ):
        return notification(name, 1)
    edited = {"edited_at": "2026-11-21T10:00:00.000Z"} if name == "update" else {}
    return notification(name, 1, status(1, **edited))
