"""Discourse's webhooks and API. Written from https://docs.discourse.org and the payloads that its source builds."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson

from tests.providers.kit import Asked, Fake, Reply, Wrong, digest
from threadline.channels.adapters.discourse import EVENTS, PRIVATE, Discourse
from threadline.channels.contract import Hook, Piece

KEY, SECRET = "d41d8cd98f00b204e9800998ecf8427e0d", "forum-hook-secret"
UPLOAD = re.compile(r"\n\n!?\[([^|\]]+)\|[^\]]*\]\(upload://(\w+\.\w+)\)")


class FakeDiscourse(Fake):
    adapter = Discourse
    address = "forum.harbourpine.example"
    settings: ClassVar[Mapping[str, object]] = {"api_username": "harbourpine", "own_names": ["bo"]}
    secrets: ClassVar[Mapping[str, str]] = {"api_token": KEY, "hook_secret": SECRET}
    person = "512"
    has_media = "photo1.jpeg"

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict[str, Any]] = []
        self.written: list[dict[str, Any]] = []

    def serve(self, asked: Asked) -> Reply:
        if (asked.headers.get("api-key"), asked.headers.get("api-username")) != (KEY, "harbourpine"):
            return self.expired()
        match asked.method, asked.path:
            case "GET", "/session/current.json":
                return Reply(200, {"current_user": {"id": 3, "username": "harbourpine"}})
            case "GET", "/posts.json" | "/private-posts.json":
                return self.listed(asked)
            case "GET", "/uploads/short-url/photo1.jpeg":
                return Reply(body=b"a photo")
            case "POST", "/uploads.json":
                return self.uploaded(asked)
            case "POST", "/posts.json":
                return self.posted(asked.json)
        raise Wrong("no such resource")

    def listed(self, asked: Asked) -> Reply:
        """The newest within fifty numbers below `before`."""
        private = asked.path.startswith("/private")
        top = int(asked.query.get("before") or max((each["id"] for each in self.posts), default=0))
        found = [each for each in self.posts if top - 50 < each["id"] <= top]
        found = [each for each in found if (each["topic_archetype"] == PRIVATE) == private]
        shown = [{name: value for name, value in each.items() if name != "topic_archetype"} for each in found]
        return Reply(200, {"private_posts" if private else "latest_posts": shown[::-1]})

    def uploaded(self, asked: Asked) -> Reply:
        parts = asked.parts()
        if parts["type"][1] != b"composer":
            raise Wrong("no such type of upload")
        name = f"{digest(parts['file'][0])[:27]}.{parts['file'][0].rpartition('.')[2]}"
        return Reply(200, {"id": 7, "short_url": f"upload://{name}", "original_filename": parts["file"][0]})

    def posted(self, given: Mapping[str, Any]) -> Reply:
        files = tuple((name, b"") for name, _source in UPLOAD.findall(given["raw"]))
        text = UPLOAD.sub("", given["raw"])
        private = given.get("archetype") == PRIVATE
        if private != ("target_recipients" in given) or private != ("title" in given):
            raise Wrong("a private message needs a title and who gets it; an answer has neither")
        self.written.append(dict(given))
        number = self.accept(to=str(given.get("topic_id") or given["target_recipients"]), text=text, files=files)
        return Reply(200, {"id": 70, "topic_id": given.get("topic_id") or 99, "post_number": int(number)})

    def expired(self) -> Reply:
        told = "You are not permitted to view the requested resource. The API username or key is invalid."
        return Reply(403, {"errors": [told], "error_type": "invalid_access"})

    def slow_down(self) -> Reply:
        told = {"errors": ["You’ve performed this action too many times."], "error_type": "rate_limit"}
        return Reply(429, {**told, "extras": {"wait_seconds": 1}}, headers={"Retry-After": "1"})

    def rejected(self) -> Reply:
        return Reply(422, {"action": "create_post", "errors": ["Body is too similar to what you recently posted"]})

    def somebody(self, number: int) -> str:
        return str(600 + number)

    # ---- what comes from there

    def signed(self, event: str, item: Mapping[str, Any], *, kind: str = "post") -> Hook:
        body = orjson.dumps({kind: item})
        sign = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        head = {"x-discourse-event": event, "x-discourse-event-type": kind, "x-discourse-event-id": "1"}
        return self.hook(body, {**head, "x-discourse-event-signature": f"sha256={sign}"})

    def said(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> Hook:
        topic = int(who or self.person)
        return self.signed("post_created", post(text, number=number, topic_id=topic, at=at))

    def wrote(self, text: str, *, number: int, who: str = "", at: datetime | None = None, **more: Any) -> None:
        """A post that its list holds, though no webhook told of it."""
        self.posts.append(post(text, number=number, at=at, **more))

    def examples(self) -> Mapping[str, Piece]:
        more = {"post_edited": {"version": 2}}
        return {
            name: Piece(orjson.dumps({"event": name, "item": post("It leaks", number=1, **more.get(name, {}))}))
            for name in EVENTS
        }


def post(text: str, *, number: int, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    stamp = (at or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "id": 4000 + number,
        "username": "ana",
        "name": "Ana Koivu",
        "created_at": stamp,
        "updated_at": stamp,
        "cooked": f"<p>{text}</p>",
        "raw": text,
        "post_number": number,
        "post_type": 1,
        "reply_to_post_number": None,
        "topic_id": 512,
        "topic_slug": "my-kettle-leaks",
        "topic_title": "My kettle leaks",
        "topic_archetype": "regular",
        "category_slug": "kettles",
        "version": 1,
        "staff": False,
        **more,
    }
