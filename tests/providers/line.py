"""LINE's Messaging API. Written from https://developers.line.biz/en/reference/messaging-api/ and its OpenAPI."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from tests.providers.kit import Asked, Fake, Reply, Wrong, digest
from threadline.channels.adapters.line import EVENTS, Line
from threadline.channels.contract import Hook, Piece

TOKEN, SECRET = "a-channel-access-token", "0123456789abcdef0123456789abcdef"
ANA, BOT = f"U{digest('ana')[:32]}", f"U{digest('bot')[:32]}"


class FakeLine(Fake):
    adapter = Line
    address = "@harbourpine"
    secrets = {"access_token": TOKEN, "channel_secret": SECRET}
    person = ANA
    has_media = "325708"
    called = ""
    ready = True

    def __init__(self) -> None:
        super().__init__()
        self.pushed: list[dict[str, Any]] = []
        self.strangers: set[str] = set()

    def somebody(self, number: int) -> str:
        return f"U{digest('somebody', number)[:32]}"

    def serve(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return self.expired()
        match asked.method, asked.path:
            case "GET", "/v2/bot/info":
                return Reply(200, {"userId": BOT, "basicId": "@216ru", "displayName": "Harbour & Pine"})
            case "POST", "/v2/bot/message/push":
                return self.push(asked)
            case "GET", "/v2/bot/message/325708/content":
                return Reply(body=b"a photo") if self.ready else Reply(202)
            case "GET", path if path.startswith("/v2/bot/profile/"):
                who = path.rpartition("/")[2]
                if who in self.strangers:
                    return Reply(404, {"message": "Not found"})
                return Reply(200, {"userId": who, "displayName": "Ana Koivu", "language": "en"})
            case "PUT", "/v2/bot/channel/webhook/endpoint":
                self.called = asked.json["endpoint"]
                return Reply(200, {})
            case "GET", "/v2/bot/channel/webhook/endpoint":
                return Reply(200, {"endpoint": self.called, "active": True})
        raise Wrong("no such resource")

    def push(self, asked: Asked) -> Reply:
        key, body = asked.headers["x-line-retry-key"], asked.json
        if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", key):
            raise Wrong("the retry key is no UUID")
        if not 1 <= len(body["messages"]) <= 5:
            raise Wrong("one to five messages")
        known = next((sent for sent in self.sent if sent.key == key), None)
        if known is not None:
            told = {"message": "The retry key is already accepted", "sentMessages": [{"id": known.id}]}
            return Reply(409, told, headers={"X-Line-Accepted-Request-Id": "r-1"})
        self.pushed.append(body)
        texts = [each["text"] for each in body["messages"] if each["type"] == "text"]
        files = tuple((each["originalContentUrl"], b"") for each in body["messages"] if each["type"] == "image")
        if any(not 1 <= len(text.encode("utf-16-le")) // 2 <= 5000 for text in texts):
            raise Wrong("a text is too long")
        number = self.accept(to=body["to"], text=" ".join(texts), files=files, key=key)
        return Reply(200, {"sentMessages": [{"id": number} for _each in body["messages"]]})

    def expired(self) -> Reply:
        return Reply(401, {"message": "Authentication failed. Confirm that the access token is valid."})

    def slow_down(self) -> Reply:
        return Reply(429, {"message": "The API rate limit has been exceeded."}, headers={"Retry-After": "1"})

    def rejected(self) -> Reply:
        return Reply(400, {"message": "Failed to send messages"})

    # ---- what comes from there

    def signed(self, *events: Mapping[str, Any]) -> Hook:
        body = orjson.dumps({"destination": BOT, "events": events})
        made = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
        return self.hook(body, {"x-line-signature": made})

    def said(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> Hook:
        message = {"id": f"46123{number}", "type": "text", "text": text, "quoteToken": "q"}
        return self.signed(event("message", number=number, who=who or self.person, at=at, message=message))

    def examples(self) -> Mapping[str, Piece]:
        connector, found = self.connector(), {}
        for name in EVENTS:
            kind, _dot, what = name.partition(".")
            about = {"message": MESSAGES[what]} if what else ABOUT.get(kind, {})
            (found[name],) = connector.split(self.signed(event(kind, **about)))
        return found


def event(
    kind: str, *, number: int = 1, who: str = ANA, at: datetime | None = None, group: str = "", **more: Any
) -> dict[str, Any]:
    group_of = {"type": "group", "groupId": group, "userId": who}
    return {
        "type": kind,
        "mode": "active",
        "timestamp": int((at or datetime.now(UTC)).timestamp() * 1000),
        "source": group_of if group else {"type": "user", "userId": who},
        "webhookEventId": f"01FZ74A0TDDPYRVKNK77XKC3{number:02}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA",
        **more,
    }


LINES = {"contentProvider": {"type": "line"}}
MESSAGES: dict[str, dict[str, Any]] = {
    "text": {"id": "325700", "type": "text", "text": "The kettle leaks", "quoteToken": "q", "quotedMessageId": "900"},
    "image": {"id": "325708", "type": "image", **LINES},
    "video": {"id": "325709", "type": "video", "duration": 60000, **LINES},
    "audio": {"id": "325710", "type": "audio", "duration": 60000, **LINES},
    "file": {"id": "325711", "type": "file", "fileName": "receipt.pdf", "fileSize": 2138},
    "location": {"id": "325712", "type": "location", "title": "Home", "latitude": 35.6, "longitude": 139.7},
    "sticker": {
        "id": "325713",
        "type": "sticker",
        "packageId": "1",
        "stickerId": "2",
        "stickerResourceType": "STATIC",
        "keywords": ["Sad", "Sigh"],
    },
}
ABOUT: dict[str, dict[str, Any]] = {
    "unsend": {"unsend": {"messageId": "325708"}},
    "follow": {"follow": {"isUnblocked": True}},
    "postback": {"postback": {"data": "order=HP-4711", "params": {"date": "2026-03-10"}}},
    "videoPlayComplete": {"videoPlayComplete": {"trackingId": "track-1"}},
    "beacon": {"beacon": {"hwid": "d41d8cd98f", "type": "enter"}},
    "accountLink": {"link": {"result": "ok", "nonce": "n"}},
    "memberJoined": {"joined": {"members": [{"type": "user", "userId": ANA}]}},
    "memberLeft": {"left": {"members": [{"type": "user", "userId": ANA}]}},
    "membership": {"membership": {"type": "joined", "membershipId": 3189}},
    "module": {"module": {"type": "attached", "botId": BOT, "scopes": []}},
    "activated": {"chatControl": {"expireAt": 1_790_000_000_000}},
    "delivery": {"delivery": {"data": "hashed"}},
}
