"""Bluesky, through an account of ours on any server of the AT protocol. API: https://docs.bsky.app/docs/api"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import httpx

from threadline.channels.bluesky_events import EVENTS, REASONS, message_in, post_in, reaction_in
from threadline.channels.contract import (
    API_URL,
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
    OptedOut,
    Outbound,
    Piece,
    Raw,
    Rejected,
    Report,
    Setting,
)
from threadline.channels.contract import words as _
from threadline.channels.exchange import Exchange
from threadline.channels.posts import MOST_PARTS, URL, BeforeSending, half_sent, parts
from threadline.channels.shapes import moment, object_in, packed, refuse, text_of

CHAT = {"atproto-proxy": "did:web:api.bsky.chat#bsky_chat"}
POST, POST_CHARS, MESSAGE_CHARS = "app.bsky.feed.post", 300, 1000
PAGE, MOST_PAGES, BATCH = 100, 20, 100
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
FIRST_MOMENT, A_YEAR = 1_704_067_200_000_000, 365 * 24 * 3_600_000_000  # microseconds
NAMED = re.compile(r"(?<![\w@.])@((?:[a-z0-9-]+\.)+[a-z]{2,})", re.I)
TAGGED = re.compile(r"(?<![\w#&/])#(\w*[^\W\d]\w*)")
NO_MESSAGES = {"MessagesDisabled", "NotFollowedBySender"}
BLOCKED = {"BlockedActor", "BlockedSubject"}


class Ended(Rejected):
    """The session is over; a new one is begun."""


class There(Rejected):
    """A record under this key was written before."""


@dataclass(frozen=True, slots=True)
class Session:
    did: str
    access: str
    refresh: str


SESSIONS: dict[str, Session] = {}  # of this process: a server allows only 300 new ones a day


class Bluesky(Adapter):
    """An account on Bluesky. Posts are answered in public, messages in its chat go to one person.

    What is new is looked at. The key of each post of ours follows from our own message, so that trying again makes no
    second one; a chat message whose answer is lost is not sent again.
    """

    kind: ClassVar[str] = "bluesky"
    label: ClassVar[str] = _("Bluesky")
    spoken: ClassVar[str] = _("on Bluesky")
    glyph: ClassVar[str] = "dm"
    scheme: ClassVar[str] = "bluesky"
    docs: ClassVar[str] = "https://docs.bsky.app/docs/get-started"
    address: ClassVar[Address] = Address(_("The account"), "harbourpine.bsky.social")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The account"),
            _("In Bluesky under Settings, Privacy and security, make an app password that may read direct messages."),
            (Setting("app_password", _("App password"), kind="secret", needed=True),),
        ),
        Group(
            _("Seldom needed"),
            "",
            (API_URL, Setting("cdn_url", _("Address of its pictures"), usual="https://cdn.bsky.app")),
            seldom=True,
        ),
    )
    limits: ClassVar[Limits] = Limits(max_chars=POST_CHARS * MOST_PARTS, files=True, privacy="open")
    can: ClassVar[Abilities] = Abilities(reactions=True, media=True, public=True, begins=True)
    events: ClassVar[Mapping[str, str]] = EVENTS
    polled_every: ClassVar[int] = 60

    @property
    def name_there(self) -> str:
        return self.endpoint.address.lstrip("@").lower()

    # ---- talking to its server

    def _exchange(self, token: str, headers: Mapping[str, str]) -> Exchange:
        given = {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}
        return Exchange(self.endpoint, name="Bluesky", base="https://bsky.social", headers=given, explain=explain)

    def session(self) -> Session:
        password = self.endpoint.setting("app_password")
        if not password:
            raise Misconfigured("The channel has no app password of its Bluesky account. Enter it in Channels.")
        key = self._key(password)
        if key not in SESSIONS:
            asked = {"identifier": self.name_there, "password": password}
            with BeforeSending():
                told = self._exchange("", {}).json("POST", "/xrpc/com.atproto.server.createSession", json=asked)
            SESSIONS[key] = Session(told["did"], told["accessJwt"], told["refreshJwt"])
        return SESSIONS[key]

    def _key(self, password: str) -> str:
        base = self.endpoint.setting("api_url")
        return hashlib.sha256(f"{base}\n{self.name_there}\n{password}".encode()).hexdigest()

    def _renew(self) -> None:
        """With the other token of the session; without it by a new one."""
        key = self._key(self.endpoint.setting("app_password"))
        old = SESSIONS.pop(key, None)
        if old is None:
            return
        try:
            with BeforeSending():
                told = self._exchange(old.refresh, {}).json("POST", "/xrpc/com.atproto.server.refreshSession")
        except Rejected:
            return
        SESSIONS[key] = Session(told["did"], told["accessJwt"], told["refreshJwt"])

    def ask(self, method: str, name: str, *, chat: bool = False, **more: Any) -> dict[str, Any]:
        headers = CHAT if chat else {}
        try:
            return self._exchange(self.session().access, headers).json(method, f"/xrpc/{name}", **more)
        except Ended:
            self._renew()
            return self._exchange(self.session().access, headers).json(method, f"/xrpc/{name}", **more)

    # ---- coming in

    def fetch(self, cursor: str) -> Fetched:
        """Notifications come newest first, the log of the chat oldest first: the cursor holds a place in both."""
        if not cursor:
            return Fetched(cursor=self._begin())
        place = json.loads(cursor)
        posts, gap = self._since(place)
        log = self.ask("GET", "chat.bsky.convo.getLog", chat=True, params=cursor_of(place["rev"]))
        messages = log.get("logs") or []
        if posts:
            newest = posts[-1]["indexedAt"]
            kept = place["at"] if newest == place["seen"] else []
            place = {
                **place,
                "seen": newest,
                "at": [*kept, *(p["uri"] for p in posts if p["indexedAt"] == newest)][-9:],
            }
        after = json.dumps({**place, "rev": log.get("cursor") or place["rev"]})
        pieces = [*map(self._piece_of_post, posts), *map(self._piece_of_message, messages)]
        return Fetched(tuple(pieces), after, more=bool(messages), gap=gap)

    def _begin(self) -> str:
        """At the very first only where we stand is noted; what is older comes by a backfill."""
        newest = self._notifications("", limit=1).get("notifications") or []
        convos = self.ask("GET", "chat.bsky.convo.listConvos", chat=True, params={"limit": 1}).get("convos") or []
        seen, at = (newest[0]["indexedAt"], [newest[0]["uri"]]) if newest else ("", [])
        return json.dumps({"seen": seen, "at": at, "rev": convos[0]["rev"] if convos else ""})

    def _notifications(self, page: str, limit: int = PAGE) -> dict[str, Any]:
        asked = {"reasons": REASONS, "limit": limit, **cursor_of(page)}
        return self.ask("GET", "app.bsky.notification.listNotifications", params=asked)

    def _since(self, place: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str]:
        """Oldest first, and what is said if there were more than can be asked for."""
        found: list[dict[str, Any]] = []
        page, seen = "", moment(place["seen"]) if place["seen"] else datetime.min.replace(tzinfo=UTC)
        for _page in range(MOST_PAGES):
            told = self._notifications(page)
            here = told.get("notifications") or []
            fresh = [each for each in here if moment(each["indexedAt"]) >= seen and each["uri"] not in place["at"]]
            found += fresh
            page = told.get("cursor") or ""
            if len(fresh) < len(here) or not page:
                return found[::-1], ""
        return found[::-1], f"More than {MOST_PAGES * PAGE:,} posts at once: fetch what is missing from a date."

    def _piece_of_post(self, given: Mapping[str, Any]) -> Piece:
        return Piece(packed({"event": given["reason"], "own": self.session().did, "item": given}), str(given["uri"]))

    def _piece_of_message(self, given: Mapping[str, Any]) -> Piece:
        event = text_of(given.get("$type")).rpartition("#")[2]
        name = f"{given.get('convoId')}/{given.get('rev')}"
        return Piece(packed({"event": event, "own": self.session().did, "item": given}), name)

    def history(self, since: datetime, cursor: str) -> Fetched:
        told = self._notifications(cursor)
        here = told.get("notifications") or []
        kept = [each for each in here if moment(each["indexedAt"]) >= since]
        after = told.get("cursor") or ""
        return Fetched(tuple(map(self._piece_of_post, kept)), after, more=bool(after) and len(kept) == len(here))

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = text_of(given.get("event"))
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"Bluesky sent an event “{event}” that was not documented when this was written.")
        if becomes != "touch":
            raise refuse("Bluesky", event, becomes)
        try:
            item, own = given["item"], text_of(given.get("own"))
            if event == "logCreateMessage":
                return [message_in(event, item, own)]
            return [reaction_in(event, item, own) if event == "logAddReaction" else post_in(event, item)]
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"Bluesky's “{event}” lacks what its documentation promises ({error!r}).") from error

    def media(self, source: str) -> bytes:
        """Pictures are handed out by Bluesky's own servers, to everybody."""
        if not re.fullmatch(r"did:[a-z]+:[\w.:%-]+/\w+", source):
            raise Rejected("This is no picture of Bluesky.")
        base = self.endpoint.setting("cdn_url", "https://cdn.bsky.app").rstrip("/")
        return self._exchange("", {}).file(f"{base}/img/feed_fullsize/plain/{source}@jpeg")

    # ---- going out

    def send(self, message: Outbound) -> str:
        if message.files:
            raise Rejected("Bluesky takes no files from here. Send a link to them instead.")
        pieces = parts(message.text, POST_CHARS if message.public else MESSAGE_CHARS)
        if len(pieces) > MOST_PARTS:
            raise Rejected(f"On Bluesky this would be {len(pieces)} posts. Shorten it, or send a mail.")
        if not message.public:
            return self._send_message(message, pieces)
        with BeforeSending():  # the keys of our posts are fixed: trying again makes no second one
            return self._send_posts(message, pieces)

    def _send_posts(self, message: Outbound, pieces: Sequence[str]) -> str:
        reply, first = self._answered(message.in_reply_to) if message.in_reply_to else {}, ""
        for number, text in enumerate(pieces):
            record = {"$type": POST, "text": text, "createdAt": now(), "facets": self.facets(text)}
            try:
                written = self._put({**record, **({"reply": reply} if reply else {})}, f"{message.key}/{number}")
            except Rejected as error:
                raise (half_sent(error, number, len(pieces)) if number else error) from error
            first = first or written["uri"]
            reply = {"root": reply.get("root", written), "parent": written}
        return first

    def _put(self, record: Mapping[str, Any], key: str) -> dict[str, str]:
        did = self.session().did
        place = {"repo": did, "collection": POST, "rkey": record_key(f"{did}/{self.endpoint.number}/{key}")}
        try:
            told = self.ask("POST", "com.atproto.repo.putRecord", json={**place, "record": record, "swapRecord": None})
        except There:
            told = self.ask("GET", "com.atproto.repo.getRecord", params=place)
        return {"uri": str(told["uri"]), "cid": str(told["cid"])}

    def _answered(self, uri: str) -> dict[str, Any]:
        """What a reply must name: the post it answers and the first of the thread, each with its checksum."""
        found = self.ask("GET", "app.bsky.feed.getPosts", params={"uris": [uri]}).get("posts") or []
        if not found:
            raise Rejected("The post that this answers is gone. Write to the person instead.")
        parent = {"uri": found[0]["uri"], "cid": found[0]["cid"]}
        return {"root": ((found[0].get("record") or {}).get("reply") or {}).get("root") or parent, "parent": parent}

    def _send_message(self, message: Outbound, pieces: Sequence[str]) -> str:
        with BeforeSending():
            did = message.to if message.to.startswith("did:") else self._did_of(message.to)
            told = self.ask("GET", "chat.bsky.convo.getConvoForMembers", chat=True, params={"members": [did]})
            items = [
                {"convoId": told["convo"]["id"], "message": {"text": text, "facets": self.facets(text)}}
                for text in pieces
            ]
        if len(items) == 1:
            return str(self.ask("POST", "chat.bsky.convo.sendMessage", chat=True, json=items[0])["id"])
        sent = self.ask("POST", "chat.bsky.convo.sendMessageBatch", chat=True, json={"items": items})
        return str(sent["items"][0]["id"])

    def _did_of(self, name: str) -> str:
        asked = {"handle": name.lstrip("@").lower()}
        return str(self.ask("GET", "com.atproto.identity.resolveHandle", params=asked)["did"])

    def facets(self, text: str) -> list[dict[str, Any]]:
        """Links, names and tags; Bluesky counts their places in bytes."""
        found = [facet(text, each.span(), "link", uri=each[0]) for each in URL.finditer(text)]
        linked = [each.span() for each in URL.finditer(text)]
        for each in NAMED.finditer(text):
            if not any(start <= each.start() < end for start, end in linked):
                try:
                    found.append(facet(text, each.span(), "mention", did=self._did_of(each[1])))
                except Rejected:
                    continue  # nobody is called so: it stays plain text
        for each in TAGGED.finditer(text):
            if not any(start <= each.start() < end for start, end in linked):
                found.append(facet(text, each.span(), "tag", tag=each[1]))
        return found

    # ---- being set up

    def check(self) -> str:
        found = self.ask("GET", "com.atproto.server.getSession")
        return f"The account is @{found['handle']} ({found['did']})."


def facet(text: str, span: tuple[int, int], kind: str, **more: str) -> dict[str, Any]:
    start, end = (len(text[:place].encode()) for place in span)
    feature = {"$type": f"app.bsky.richtext.facet#{kind}", **more}
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


def record_key(seed: str) -> str:
    """A timestamp identifier (TID) that is always the same for the same seed; its moment lies in 2024."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16], "big")
    value = (FIRST_MOMENT + (number >> 10) % A_YEAR) << 10 | number & 1023
    return "".join(ALPHABET[value >> shift & 31] for shift in range(60, -1, -5))


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cursor_of(page: str) -> dict[str, str]:
    return {"cursor": page} if page else {}


def explain(answer: httpx.Response) -> Failure | None:
    try:
        told = answer.json()
        error, said = text_of(told.get("error")), text_of(told.get("message"))
    except (ValueError, AttributeError):
        return None
    if error == "ExpiredToken":
        return Ended("The session at Bluesky ended.")
    if error == "InvalidSwap":
        return There("This post was written before.")
    if error in BLOCKED:
        return OptedOut("They and the account block each other on Bluesky.")
    if error in NO_MESSAGES:
        return Rejected("They take chat messages only from people they follow. Ask in public that they write first.")
    if "scope" in said.lower() and answer.status_code in (400, 401, 403):
        return Misconfigured("The app password may not read direct messages. Make one that may; enter it in Channels.")
    return None
