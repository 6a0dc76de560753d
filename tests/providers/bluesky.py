"""A server of the AT protocol and Bluesky's chat. Written from the lexicons in github.com/bluesky-social/atproto."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson

from tests.providers.kit import Asked, Fake, Reply, Wrong, digest
from threadline.channels.adapters.bluesky import ALPHABET, Bluesky
from threadline.channels.bluesky_events import EVENTS
from threadline.channels.contract import Piece

OWN, ANA = "did:plc:harbourpine", "did:plc:ana"
PASSWORD = "abcd-efgh-ijkl-mnop"
WHO = {"did": ANA, "handle": "ana.bsky.social", "displayName": "Ana Koivu"}
PROXY = "did:web:api.bsky.chat#bsky_chat"
BEFORE_SENDING = ("createSession", "refreshSession", "getConvoForMembers", "getPosts", "resolveHandle")


class FakeBluesky(Fake):
    adapter = Bluesky
    address = "harbourpine.bsky.social"
    secrets: ClassVar[Mapping[str, str]] = {"app_password": PASSWORD}
    person = ANA
    has_media = f"{ANA}/bafkreiphoto"

    def __init__(self) -> None:
        super().__init__()
        self.notifications: list[dict[str, Any]] = []
        self.log: list[dict[str, Any]] = []
        self.records: dict[str, dict[str, Any]] = {}
        self.messages: list[dict[str, Any]] = []
        self.posts: dict[str, dict[str, Any]] = {}
        self.sessions = 0
        self.refuses = ""

    def own_settings(self) -> dict[str, object]:
        return {**super().own_settings(), "cdn_url": self.url}

    def somebody(self, number: int) -> str:
        return f"did:plc:ana{number}"

    def answer(self, asked: Asked) -> Reply | None:
        """It misbehaves where it matters: when we send or look, not when we ask what we need for it."""
        if asked.path.rpartition(".")[2] in BEFORE_SENDING:
            self.asked.append(asked)
            return self._served(asked)
        return super().answer(asked)

    def serve(self, asked: Asked) -> Reply:
        if asked.path == f"/img/feed_fullsize/plain/{self.has_media}@jpeg":
            return Reply(body=b"a photo")
        name = asked.path.removeprefix("/xrpc/")
        if name.startswith("chat.") and asked.headers.get("atproto-proxy") != PROXY:
            raise Wrong("the chat is another service")
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        method = name.rpartition(".")[2]
        if method not in ("createSession", "refreshSession") and token != f"access-{self.sessions}":
            return Reply(400, {"error": "ExpiredToken", "message": "Token has expired"})
        return getattr(self, f"do_{method}")(asked, token)

    def do_createSession(self, asked: Asked, token: str) -> Reply:
        if asked.json != {"identifier": self.address, "password": PASSWORD}:
            return self.expired()
        return self._session()

    def do_refreshSession(self, asked: Asked, token: str) -> Reply:
        if not token.startswith("refresh-"):
            raise Wrong("that is not the token for it")
        return self._session()

    def _session(self) -> Reply:
        self.sessions += 1
        tokens = {"accessJwt": f"access-{self.sessions}", "refreshJwt": f"refresh-{self.sessions}"}
        return Reply(200, {"did": OWN, "handle": self.address, **tokens})

    def do_getSession(self, asked: Asked, token: str) -> Reply:
        return Reply(200, {"did": OWN, "handle": self.address})

    def do_listNotifications(self, asked: Asked, token: str) -> Reply:
        """Newest first; the cursor leads to older ones."""
        begin, limit = int(asked.query.get("cursor", 0)), int(asked.query["limit"])
        found = self.notifications[::-1][begin : begin + limit]
        more = {"cursor": str(begin + limit)} if begin + limit < len(self.notifications) else {}
        return Reply(200, {"notifications": found, **more})

    def do_getLog(self, asked: Asked, token: str) -> Reply:
        """Oldest first, after the cursor."""
        after = asked.query.get("cursor", "")
        found = [each for each in self.log if each["rev"] > after]
        return Reply(200, {"logs": found, "cursor": found[-1]["rev"] if found else after})

    def do_listConvos(self, asked: Asked, token: str) -> Reply:
        return Reply(200, {"convos": [{"id": "c1", "rev": self.log[-1]["rev"]}] if self.log else []})

    def do_getPosts(self, asked: Asked, token: str) -> Reply:
        found = self.posts.get(asked.query["uris"])
        return Reply(200, {"posts": [found] if found else []})

    def do_resolveHandle(self, asked: Asked, token: str) -> Reply:
        if asked.query["handle"] != WHO["handle"]:
            return Reply(400, {"error": "InvalidRequest", "message": "Unable to resolve handle"})
        return Reply(200, {"did": ANA})

    def do_putRecord(self, asked: Asked, token: str) -> Reply:
        given = asked.json
        key, record = given["rkey"], given["record"]
        if len(key) != 13 or key[0] not in ALPHABET[:8] or not set(key) <= set(ALPHABET):
            raise Wrong(f"{key} is no timestamp identifier")
        if len(record["text"].encode()) > 3000 or (record["text"].isascii() and len(record["text"]) > 300):
            return Reply(400, {"error": "InvalidRequest", "message": "text must not be longer than 300 graphemes"})
        if key in self.records and given["swapRecord"] is None:
            return Reply(400, {"error": "InvalidSwap", "message": "Record was at another version"})
        self.records[key] = record
        self.accept(to=(record.get("reply") or {}).get("parent", {}).get("uri", ""), text=record["text"])
        return Reply(200, self._named(key))

    def _named(self, key: str) -> dict[str, str]:
        return {"uri": f"at://{OWN}/app.bsky.feed.post/{key}", "cid": f"bafy{digest(self.records[key]['text'])[:20]}"}

    def do_getRecord(self, asked: Asked, token: str) -> Reply:
        key = asked.query["rkey"]
        return Reply(200, {**self._named(key), "value": self.records[key]})

    def do_getConvoForMembers(self, asked: Asked, token: str) -> Reply:
        if self.refuses:
            return Reply(400, {"error": self.refuses, "message": "no"})
        return Reply(200, {"convo": {"id": f"convo-{asked.query['members']}", "rev": "1"}})

    def do_sendMessage(self, asked: Asked, token: str) -> Reply:
        return Reply(200, self._take(asked.json))

    def do_sendMessageBatch(self, asked: Asked, token: str) -> Reply:
        return Reply(200, {"items": [self._take(each) for each in asked.json["items"]]})

    def _take(self, given: Mapping[str, Any]) -> dict[str, Any]:
        text = given["message"]["text"]
        if text.isascii() and len(text) > 1000:
            raise Wrong("a message has 1,000 graphemes")
        self.messages.append(given["message"])
        number = self.accept(to=given["convoId"].removeprefix("convo-"), text=text)
        return {"id": number, "rev": "2", "text": text, "sender": {"did": OWN}, "sentAt": stamp(None)}

    def expired(self) -> Reply:
        return Reply(401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"})

    def slow_down(self) -> Reply:
        return Reply(
            429, {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, headers={"Retry-After": "1"}
        )

    def rejected(self) -> Reply:
        return Reply(400, {"error": "InvalidRequest", "message": "Input/text must not be empty"})

    # ---- what comes from there

    def wrote(self, text: str, *, number: int, who: str = "", at: datetime | None = None, **more: Any) -> None:
        author = {"author": {**WHO, "did": who}} if who else {}
        self.notifications.append(notification("mention", number, text, at=at, **more) | author)

    def messaged(self, text: str, *, number: int, sender: str = ANA) -> None:
        self.log.append(logged("logCreateMessage", number, text=text, sender={"did": sender}))

    def examples(self) -> Mapping[str, Piece]:
        return {name: Piece(orjson.dumps({"event": name, "own": OWN, "item": example(name)})) for name in EVENTS}


def stamp(at: datetime | None) -> str:
    return (at or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def uri_of(number: int) -> str:
    return f"at://{ANA}/app.bsky.feed.post/3kpost{number:04}"


def notification(
    reason: str, number: int, text: str = "Hi", *, at: datetime | None = None, **record: Any
) -> dict[str, Any]:
    return {
        "uri": uri_of(number),
        "cid": f"bafy{number}",
        "author": WHO,
        "reason": reason,
        "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": stamp(at), **record},
        "isRead": False,
        "indexedAt": stamp(at),
    }


def logged(event: str, number: int, *, more: Mapping[str, Any] | None = None, **message: Any) -> dict[str, Any]:
    said = {"id": f"m{number}", "rev": "1", "text": "Hello", "sender": {"did": ANA}, "sentAt": stamp(None), **message}
    told = {"$type": f"chat.bsky.convo.defs#{event}", "rev": f"222{number:06}", "convoId": "c1", "message": said}
    return {**told, "relatedProfiles": [WHO], **(more or {})}


def example(name: str) -> dict[str, Any]:
    if not name.startswith("log"):
        return notification(name, 1)
    reaction = {"reaction": {"value": "👍", "sender": {"did": ANA}, "createdAt": stamp(None)}}
    return logged(name, 1, more=reaction if "Reaction" in name else {})
