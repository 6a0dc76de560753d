"""X's API v2. Written from https://docs.x.com/x-api (posts, direct messages, media, webhooks, Activity API)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlencode

import orjson
from oauthlib.oauth1 import Client

from tests.providers.kit import Asked, Fake, Reply, Wrong
from threadline.channels.adapters.x import X
from threadline.channels.contract import Hook, Piece
from threadline.channels.x_events import EVENTS, SNOWFLAKE

OWN, ANA = "1111111111111111111", "2222222222222222222"
KEYS = {
    "consumer_key": "xvz1evFS4wEEPTGEFPHBog",
    "consumer_secret": "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
    "access_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "access_token_secret": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
}
BEARER = "AAAAAAAAAAAAAAAAAAAAAFnz2wAAAAAACOwLSPtVT5gxxxxxxxxxxxx"
USERS = [
    {"id": ANA, "name": "Ana Koivu", "username": "ana_k"},
    {"id": OWN, "name": "Harbour", "username": "harbourpine"},
]


class FakeX(Fake):
    adapter = X
    address = "@harbourpine"
    settings: ClassVar[Mapping[str, object]] = {"user_id": OWN, "consumer_key": KEYS["consumer_key"]}
    secrets: ClassVar[Mapping[str, str]] = {
        **{name: value for name, value in KEYS.items() if name != "consumer_key"},
        "bearer_token": BEARER,
    }
    person = ANA
    most = 280

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict[str, Any]] = []
        self.hooks: dict[str, str] = {}
        self.read_at: dict[str, datetime] = {}
        self.subscribed: list[dict[str, Any]] = []
        self.mentions: list[dict[str, Any]] = []
        self.refused: set[str] = set()

    @property
    def has_media(self) -> str:  # type: ignore[override]
        return f"{self.url}/1.1/ton/data/dm/1.jpg"

    def somebody(self, number: int) -> str:
        return str(3_000_000 + number)

    def serve(self, asked: Asked) -> Reply:
        app = asked.path.startswith(("/2/webhooks", "/2/activity"))
        if app and asked.headers.get("authorization") != f"Bearer {BEARER}":
            return self.expired()
        if not app:
            self.check_signature(asked)
        if asked.path == "/1.1/ton/data/dm/1.jpg":
            return Reply(body=b"a photo")
        name = re.sub(r"/\d+", "", asked.path.removeprefix("/2")).strip("/").replace("/", "_")
        name = "users_by_username" if name.startswith("users_by_username") else name
        return getattr(self, f"do_{asked.method.lower()}_{name}")(asked)

    def check_signature(self, asked: Asked) -> None:
        """With OAuth's own library, which knows nothing of ours."""
        head = asked.headers.get("authorization", "")
        given = {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', head)}
        client = Client(*KEYS.values(), nonce=given["oauth_nonce"], timestamp=given["oauth_timestamp"])
        query = f"?{urlencode(asked.query, quote_via=quote)}" if asked.query else ""
        _url, headers, _body = client.sign(f"{self.url}{asked.path}{query}", asked.method)
        wanted = dict(re.findall(r'(\w+)="([^"]*)"', headers["Authorization"]))
        if unquote(wanted["oauth_signature"]) != given["oauth_signature"]:
            raise Wrong("the signature is wrong")

    def do_get_users_me(self, asked: Asked) -> Reply:
        return Reply(200, {"data": USERS[1]})

    def do_get_users_by_username(self, asked: Asked) -> Reply:
        found = [each for each in USERS if asked.path.endswith(f"/{each['username']}")]
        return Reply(200, {"data": found[0]} if found else {"errors": [{"title": "Not Found Error"}]})

    def do_get_users_mentions(self, asked: Asked) -> Reply:
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", asked.query["start_time"]):
            raise Wrong("start_time is no moment as documented")
        begin = int(asked.query.get("pagination_token", 0))
        page = self.mentions[begin : begin + 1]
        more = {"next_token": str(begin + 1)} if begin + 1 < len(self.mentions) else {}
        return Reply(200, {"data": page, "includes": {"users": USERS}, "meta": {"result_count": len(page), **more}})

    def do_post_media_upload(self, asked: Asked) -> Reply:
        parts = asked.parts()
        if parts["media_category"][1].decode() not in ("tweet_image", "dm_image", "tweet_gif", "dm_gif"):
            raise Wrong("no such category")
        return Reply(200, {"data": {"id": f"77{len(self.asked)}", "media_key": "3_77"}})

    def do_post_tweets(self, asked: Asked) -> Reply:
        given = asked.json
        if any(each["text"] == given["text"] for each in self.posts):
            return Reply(
                403, {"detail": "You are not allowed to create a Tweet with duplicate content.", "status": 403}
            )
        self.posts.append(given)
        files = tuple((each, b"") for each in given.get("media", {}).get("media_ids", ()))
        to = given.get("reply", {}).get("in_reply_to_tweet_id", "")
        return Reply(201, {"data": {"id": self.accept(to=to, text=given["text"], files=files), "text": given["text"]}})

    def do_post_dm_conversations_with_messages(self, asked: Asked) -> Reply:
        to, given = asked.path.split("/")[4], asked.json
        if to in self.refused:
            detail = "You cannot send messages to this user."
            return Reply(403, {"title": "Forbidden", "detail": detail, "status": 403})
        files = tuple((each["media_id"], b"") for each in given.get("attachments", ()))
        number = self.accept(to=to, text=given["text"], files=files)
        return Reply(201, {"data": {"dm_conversation_id": f"{OWN}-{to}", "dm_event_id": number}})

    def do_get_webhooks(self, asked: Asked) -> Reply:
        found = [{"id": number, "url": url, "valid": True} for number, url in self.hooks.items()]
        return Reply(200, {"data": found, "meta": {"result_count": len(found)}})

    def do_post_webhooks(self, asked: Asked) -> Reply:
        """As X does: asks the address for its word (CRC) first."""
        hook = Hook("GET", asked.json["url"], b"", datetime.now(UTC), {}, {"crc_token": "a-word"})
        told = self.connector().handshake(hook)
        if told is None or orjson.loads(told.body) != {"response_token": signed(b"a-word")}:
            return Reply(400, {"errors": [{"message": "CrcValidationFailed"}]})
        self.hooks["1146654567674912769"] = asked.json["url"]
        return Reply(200, {"data": {"id": "1146654567674912769", "url": asked.json["url"], "valid": True}})

    def do_delete_webhooks(self, asked: Asked) -> Reply:
        self.hooks.pop(asked.path.rpartition("/")[2])
        return Reply(200, {"data": {"deleted": True}})

    def do_get_activity_subscriptions(self, asked: Asked) -> Reply:
        return Reply(200, {"data": self.subscribed})

    def do_post_activity_subscriptions(self, asked: Asked) -> Reply:
        if asked.json["event_type"] in self.refused:
            return Reply(403, {"title": "Forbidden", "detail": "The user has not authorized this app.", "status": 403})
        self.subscribed.append(asked.json)
        return Reply(201, {"data": {"subscription": asked.json}})

    def expired(self) -> Reply:
        return Reply(401, {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"})

    def slow_down(self) -> Reply:
        return Reply(
            429, {"title": "Too Many Requests", "status": 429}, headers={"x-rate-limit-reset": "1", "Retry-After": "1"}
        )

    def rejected(self) -> Reply:
        return Reply(400, {"title": "Invalid Request", "detail": "One or more parameters to your request was invalid."})

    # ---- what comes from there

    def event(self, given: Mapping[str, Any]) -> Hook:
        body = orjson.dumps({"data": given})
        return self.hook(body, {"x-twitter-webhooks-signature": signed(body)})

    def said(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> Hook:
        return self.event(direct("dm.received", number, text, who or self.person, at))

    def wrote(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> None:
        """A post that its list holds, though nobody told us of it."""
        sent = {"created_at": at.isoformat().replace("+00:00", "Z")} if at else {}
        self.mentions.insert(0, post(number, text, **sent))

    def told(self, external_id: str, state: str, *, key: str = "") -> Hook | None:
        at = self.read_at.setdefault(external_id, datetime.now(UTC))  # told again, an event is the same event
        return self.event(read(at)) if state == "read" else None

    def examples(self) -> Mapping[str, Piece]:
        return {name: Piece(orjson.dumps({"data": example(name)})) for name in EVENTS}


def signed(body: bytes) -> str:
    key = KEYS["consumer_secret"].encode()
    return "sha256=" + base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()


def millis(at: datetime | None) -> int:
    return int((at or datetime.now(UTC)).timestamp() * 1000)


def envelope(event: str, payload: Mapping[str, Any], number: int = 1, **more: Any) -> dict[str, Any]:
    told = {"event_uuid": f"-685047217160052{number}", "filter": {"user_id": OWN}, "event_type": event}
    return {**told, "tag": "threadline", "payload": dict(payload), **more}


def direct(event: str, number: int, text: str, who: str, at: datetime | None = None, **data: Any) -> dict[str, Any]:
    message = {
        "type": "message_create",
        "id": str(2_080_765_901_528_535_000 + number),
        "created_timestamp": str(millis(at)),
        "message_create": {
            "target": {"recipient_id": OWN},
            "sender_id": who,
            "message_data": {"text": text, "entities": {"urls": []}, **data},
        },
    }
    people = {each["id"]: {"data": each} for each in USERS}
    return envelope(event, {"direct_message_events": [message], "users": people}, number)


def read(at: datetime) -> dict[str, Any]:
    last = str((millis(at) - SNOWFLAKE) << 22)
    told = {"initiating_user_id": ANA, "created_timestamp": str(millis(at)), "last_read_event_id": last}
    return envelope("dm.read", {"direct_message_events": [told], "users": {}}, millis(at))


def post(number: int, text: str = "hey @harbourpine, it leaks", **more: Any) -> dict[str, Any]:
    own_id = str(2_080_765_813_578_191_000 + number)
    return {
        "id": own_id,
        "author_id": ANA,
        "conversation_id": own_id,
        "created_at": "2026-07-24T21:23:23.000Z",
        "edit_history_tweet_ids": [own_id],
        "text": text,
        **more,
    }


def posted(event: str, number: int = 1, includes: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return envelope(event, post(number, **more), number, includes={"users": USERS, **(includes or {})})


def example(name: str) -> dict[str, Any]:
    family = name.partition(".")[0]
    if name == "dm.read":
        return read(datetime.now(UTC))
    if family == "dm":
        return direct(name, 1, "hello!", OWN if name == "dm.sent" else ANA)
    if family == "post":
        ours = {"author_id": OWN} if name in ("post.create", "post.delete") else {}
        return posted(name, **ours)
    pair = {"source": {"data": USERS[1]}, "target": {"data": USERS[0]}}
    payloads: dict[str, dict[str, Any]] = {
        "like": {"id": "87719f50", "liked_tweet_id": "2079814480427442556", "liked_tweet_author_id": OWN},
        "profile": {"before": "Old", "after": "New"},
        "chat": {"id": "e4f4d3fc", "sender_id": ANA, "encoded_event": "CwABAAAAEzIwODA0"},
        "news": {"id": "2080756868147019827", "name": "Kettles"},
        "oauth": {"date_time": "2026-07-23T21:44:05+00:00", "user_id": OWN, "app_id": "29820954"},
    }
    return envelope(name, payloads.get(family, pair))
