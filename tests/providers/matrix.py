"""A Matrix homeserver. Written from https://spec.matrix.org/latest/client-server-api/ (1.16)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import unquote

import orjson

from tests.providers.kit import Asked, Fake, Reply, Wrong, digest
from threadline.channels.adapters.matrix import Matrix
from threadline.channels.contract import Hook, Piece
from threadline.channels.matrix_events import EVENTS

TOKEN, OWN, ANA = "syt_aGFyYm91cg_token", "@harbourpine:matrix.example", "@ana:social.example"
ROOM = "!kettle:matrix.example"
AT = 1_790_000_000_000


class FakeMatrix(Fake):
    """One stream of what happens in all rooms; a token is a place in it: `s12`."""

    adapter = Matrix
    address = OWN
    secrets: ClassVar[Mapping[str, str]] = {"access_token": TOKEN}
    person = ROOM
    has_media = "mxc://social.example/abc"
    begun = "s0"
    old = False  # a homeserver from before media needed a token

    def __init__(self) -> None:
        super().__init__()
        self.stream: list[tuple[str, dict[str, Any]]] = []
        self.invited: list[str] = []
        self.uploads: dict[str, tuple[str, bytes]] = {}

    def somebody(self, number: int) -> str:
        return f"!room{number}:matrix.example"

    def serve(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return self.expired()
        match asked.method, [unquote(part) for part in asked.path.strip("/").split("/")[1:]]:
            case "GET", ["client", "v3", "account", "whoami"]:
                return Reply(200, {"user_id": OWN, "device_id": "D"})
            case "GET", ["client", "v3", "sync"]:
                return self.sync(asked.query)
            case "GET", ["client", "v3", "joined_rooms"]:
                return Reply(200, {"joined_rooms": list(dict.fromkeys(room for room, _event in self.stream))})
            case "GET", ["client", "v3", "rooms", room, "messages"]:
                return self.messages(room, asked.query)
            case "POST", ["client", "v3", "rooms", room, "join"]:
                self.invited.remove(room)
                self.happened(room, member(OWN, "join"))
                return Reply(200, {"room_id": room})
            case "PUT", ["client", "v3", "rooms", room, "send", "m.room.message", txn]:
                return self.take(room, txn, asked.json)
            case "POST", ["media", "v3", "upload"]:
                place = f"mxc://matrix.example/{len(self.uploads)}"
                self.uploads[place] = (asked.query["filename"], asked.body)
                return Reply(200, {"content_uri": place})
            case "GET", ["client", "v1", "media", "download", "social.example", "abc"]:
                return self.no_such() if self.old else Reply(body=b"a photo")
            case "GET", ["media", "v3", "download", "social.example", "abc"] if self.old:
                return Reply(body=b"a photo")
        raise Wrong("no such resource")

    def take(self, room: str, txn: str, content: Mapping[str, Any]) -> Reply:
        if content["msgtype"] not in ("m.text", "m.notice", "m.image", "m.audio", "m.video", "m.file"):
            raise Wrong("msgtype")
        known = [sent for sent in self.sent if sent.key == txn]
        files = (self.uploads[content["url"]],) if "url" in content else ()
        caption = "" if content.get("filename") == content["body"] else content["body"]
        number = self.accept(to=room, text=caption, files=files, key=txn)
        if not known:
            about = {"unsigned": {"transaction_id": txn}, "event_id": number, "sender": OWN}
            self.happened(room, {**event("m.room.message", dict(content)), **about})
        return Reply(200, {"event_id": number})

    def new_id(self, count: int) -> str:
        return f"$out{count:05}"

    def sync(self, query: Mapping[str, str]) -> Reply:
        limit = json.loads(query["filter"])["room"]["timeline"]["limit"]
        since = int(query.get("since", "s0")[1:])
        rooms: dict[str, Any] = {}
        for place, (room, each) in enumerate(self.stream, start=1):
            if place > since:
                what = rooms.setdefault(room, {"timeline": {"events": []}, "ephemeral": {"events": []}})
                where = "ephemeral" if each["type"] == "m.receipt" else "timeline"
                what[where]["events"].append(each)
                what.setdefault("places", []).append(place)
        for what in rooms.values():
            places = what.pop("places")
            events = what["timeline"]["events"]
            what["timeline"].update(limited=len(events) > limit, events=events[-limit:])
            what["timeline"]["prev_batch"] = f"s{places[max(len(places) - limit, 0)] - 1}"
            what["state"] = {"events": [member(ANA, "join", displayname="Ana Koivu")]}
        invite = {room: {"invite_state": {"events": []}} for room in self.invited}
        return Reply(200, {"next_batch": f"s{len(self.stream)}", "rooms": {"join": rooms, "invite": invite}})

    def messages(self, room: str, query: Mapping[str, str]) -> Reply:
        """Newest first, from before one place until after another."""
        start = int(query.get("from", f"s{len(self.stream)}")[1:])
        until = int(query.get("to", "s0")[1:])
        before = [
            (place, each)
            for place, (where, each) in enumerate(self.stream, start=1)
            if where == room and until < place <= start and each["type"] != "m.receipt"
        ][::-1]
        chunk = before[: int(query["limit"])]
        told: dict[str, Any] = {"start": f"s{start}", "chunk": [each for _place, each in chunk]}
        return Reply(200, {**told, **({"end": f"s{chunk[-1][0] - 1}"} if len(chunk) < len(before) else {})})

    def no_such(self) -> Reply:
        return Reply(404, {"errcode": "M_UNRECOGNIZED", "error": "Unrecognized request"})

    def expired(self) -> Reply:
        return Reply(401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Token is not active", "soft_logout": False})

    def slow_down(self) -> Reply:
        return Reply(429, {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 1000})

    def rejected(self) -> Reply:
        return Reply(403, {"errcode": "M_FORBIDDEN", "error": f"User {OWN} not in room {ROOM}"})

    # ---- what happens there

    def happened(self, room: str, event: dict[str, Any]) -> None:
        self.stream.append((room, event))

    def wrote(self, text: str, *, number: int, who: str = "", at: datetime | None = None, **more: Any) -> None:
        """Somebody writes in a room; we see it when we look."""
        said = event("m.room.message", {"msgtype": "m.text", "body": text}, number=number, at=at)
        self.happened(who or ROOM, {**said, **more})

    def told(self, external_id: str, state: str, *, key: str = "") -> Hook:
        self.happened(ROOM, receipt(external_id))
        return self.hook(b"")

    def examples(self) -> Mapping[str, Piece]:
        found = {}
        for name in EVENTS:
            kind, _space, msgtype = name.partition(" ")
            content = {**CONTENT.get(name, {}), **({"msgtype": msgtype, "body": "It leaks"} if msgtype else {})}
            given = receipt("$out1") if name == "m.receipt" else {**event(kind, content), **BESIDE.get(name, {})}
            found[name] = Piece(orjson.dumps({"event": given, "room": ROOM, "name": "Ana Koivu", "members": 2}))
        return found


def event(
    kind: str, content: Mapping[str, Any], *, number: int = 1, who: str = ANA, at: datetime | None = None
) -> dict[str, Any]:
    stamp = int((at or datetime.now(UTC)).timestamp() * 1000)
    about = {"event_id": f"$in{number:05}", "origin_server_ts": stamp, "sender": who}
    return {"type": kind, "content": dict(content), **about}


def member(who: str, membership: str, **content: Any) -> dict[str, Any]:
    number = f"${digest(who, membership)[:12]}"
    given = event("m.room.member", {"membership": membership, **content}, who=who)
    return {**given, "event_id": number, "state_key": who}


def receipt(number: str) -> dict[str, Any]:
    stamp = int(datetime.now(UTC).timestamp() * 1000)
    return {"type": "m.receipt", "content": {number: {"m.read": {ANA: {"ts": stamp}}}}}


FILE = {"url": "mxc://social.example/abc", "info": {"mimetype": "image/png", "size": 7}}
CONTENT: dict[str, dict[str, Any]] = {
    **{f"m.room.message m.{kind}": FILE for kind in ("image", "file", "audio", "video")},
    "m.room.message m.location": {"geo_uri": "geo:60.2,24.9"},
    "m.sticker": {"body": "A kettle", **FILE},
    "m.reaction": {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$out1", "key": "👍"}},
    "m.room.encrypted": {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "…", "session_id": "x"},
    "m.room.redaction": {"redacts": "$in1", "reason": "Wrong room"},
    "m.room.member": {"membership": "leave"},
}
BESIDE: dict[str, dict[str, Any]] = {
    "m.room.redaction": {"redacts": "$in1"},
    "m.room.member": {"state_key": ANA, "unsigned": {"prev_content": {"membership": "join"}}},
}
