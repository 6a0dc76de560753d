"""X, through an app and an account of ours. API v2: https://docs.x.com/x-api/introduction"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

import httpx

from threadline.channels.contract import (
    API_URL,
    Abilities,
    Adapter,
    Address,
    Answer,
    Broken,
    Enclosure,
    Failure,
    Fetched,
    Group,
    Hook,
    Inbound,
    Limits,
    Misconfigured,
    Outbound,
    Piece,
    Raw,
    Refused,
    Rejected,
    Report,
    Setting,
    Unavailable,
)
from threadline.channels.contract import words as _
from threadline.channels.exchange import Exchange
from threadline.channels.oauth1 import Pair, authorization
from threadline.channels.posts import MOST_PARTS, BeforeSending, half_sent, parts, weight
from threadline.channels.shapes import object_in, packed, refuse, same, text_of
from threadline.channels.x_events import EVENTS, WANTED, id_of, message_in, post_in, read_in

BASE = "https://api.x.com"
POST, MESSAGE, PAGE = 280, 10_000, 100
MOST_FILES = 4
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")
FIELDS = {
    "tweet.fields": "created_at,conversation_id,author_id,referenced_tweets,attachments,edit_history_tweet_ids",
    "expansions": "author_id,attachments.media_keys",
    "user.fields": "name,username",
    "media.fields": "url,type,preview_image_url,variants",
}


class X(Adapter):
    """An account on X. Posts are answered in public, direct messages to the person alone.

    X calls us for mentions, replies, quotes and messages (its Activity API). What is sent carries OAuth 1.0a, whose
    tokens do not end.
    """

    kind: ClassVar[str] = "x"
    provider: ClassVar[str] = "api"
    carrier: ClassVar[str] = _("X")
    glyph: ClassVar[str] = "dm"
    scheme: ClassVar[str] = "x"
    docs: ClassVar[str] = "https://docs.x.com/x-api/introduction"
    address: ClassVar[Address] = Address(_("The account"), "@harbourpine")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The app"),
            _(
                "In X's developer portal, an app with the permission “Read, write and direct messages” shows all five, "
                "under Keys and tokens. Make the access token after you gave the permission."
            ),
            (
                Setting(
                    "user_id",
                    _("Number of the account"),
                    _("The digits before the “-” of its access token."),
                    needed=True,
                ),
                Setting("consumer_key", _("API key"), needed=True),
                Setting("consumer_secret", _("API key secret"), kind="secret", needed=True),
                Setting("access_token", _("Access token"), kind="secret", needed=True),
                Setting("access_token_secret", _("Access token secret"), kind="secret", needed=True),
                Setting(
                    "bearer_token", _("Bearer token"), _("With it X is told where to call."), "secret", needed=True
                ),
            ),
        ),
        Group(
            _("Seldom needed"),
            "",
            (
                Setting(
                    "post_length", _("Length of a post"), _("280; accounts with Premium may have 25000."), "number"
                ),
                API_URL,
            ),
            seldom=True,
        ),
    )
    limits: ClassVar[Limits] = Limits(
        max_chars=MESSAGE,
        max_file_bytes=20_000_000,
        max_files=MOST_FILES,
        file_types=PICTURES,
        files=True,
        encloses=True,
        privacy="open",
    )
    can: ClassVar[Abilities] = Abilities(read=True, media=True, public=True, begins=True)
    events: ClassVar[Mapping[str, str]] = EVENTS
    hooked: ClassVar[bool] = True

    def secret(self, name: str, label: str) -> str:
        found = self.endpoint.setting(name)
        if not found:
            raise Misconfigured(f"The channel has no {label} of X. Enter it in Channels.")
        return found

    @property
    def own(self) -> str:
        return self.endpoint.setting("user_id")

    @property
    def base(self) -> str:
        return self.endpoint.setting("api_url", BASE).rstrip("/")

    def _exchange(self, authorization: str) -> Exchange:
        headers = {"Authorization": authorization} if authorization else {}
        return Exchange(self.endpoint, name="X", base=BASE, headers=headers, explain=explain)

    def ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """As the account: signed with OAuth 1.0a."""
        return self._exchange(self._signed(method, f"{self.base}{path}", more.get("params") or {})).json(
            method, path, **more
        )

    def ask_as_app(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        return self._exchange(f"Bearer {self.secret('bearer_token', 'bearer token')}").json(method, path, **more)

    def _signed(self, method: str, url: str, params: Mapping[str, str]) -> str:
        """The header Authorization of OAuth 1.0a."""
        consumer = Pair(self.secret("consumer_key", "API key"), self.secret("consumer_secret", "API key secret"))
        account = Pair(
            self.secret("access_token", "access token"), self.secret("access_token_secret", "access token secret")
        )
        return authorization(method, url, params, consumer, account)

    # ---- coming in

    def _mark(self, body: bytes) -> str:
        key = self.secret("consumer_secret", "API key secret").encode()
        return "sha256=" + base64.b64encode(hmac.new(key, body, hashlib.sha256).digest()).decode()

    def handshake(self, hook: Hook) -> Answer | None:
        """X asks every day with a word (CRC) whether we still know the secret."""
        word = hook.query.get("crc_token")
        if hook.method != "GET" or not word:
            return None
        return Answer(body=packed({"response_token": self._mark(word.encode())}), content_type="application/json")

    def verify(self, hook: Hook) -> None:
        if not same(hook.headers.get("x-twitter-webhooks-signature", ""), self._mark(hook.body)):
            raise Refused("X's signature is missing or wrong.")

    def split(self, hook: Hook) -> Sequence[Piece]:
        """A call holds one event; one about messages may hold several of them."""
        try:
            data = object_in(hook.body)["data"]
            payload, messages = data["payload"], data["payload"].get("direct_message_events") or ()
            if len(messages) <= 1:
                return [Piece(hook.body, id_of(data))]
            apart = [{**data, "payload": {**payload, "direct_message_events": [each]}} for each in messages]
            return [Piece(packed({"data": each}), id_of(each)) for each in apart]
        except (Broken, KeyError, TypeError, AttributeError):
            return [Piece(hook.body)]

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        data = object_in(raw.body).get("data")
        if not isinstance(data, Mapping):
            raise Broken("This is no event of X: it has no “data”.")
        event = text_of(data.get("event_type"))
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"X sent an event “{event}” that was not documented when this was written.")
        if becomes not in ("touch", "report"):
            raise refuse("X", event, becomes)
        try:
            payload = data["payload"]
            if event.startswith("post."):
                return [post_in(event, payload, data.get("includes") or {}, self.own)]
            told = payload.get("direct_message_events") or payload["direct_message_mark_read_events"]
            message, people = told[0], payload.get("users") or {}
            return [read_in(data, message, raw) if event == "dm.read" else message_in(event, message, people, self.own)]
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise Broken(f"X's “{event}” lacks what its documentation promises ({error!r}).") from error

    def history(self, since: datetime, cursor: str) -> Fetched:
        """Mentions, as far back as X tells (800 of them)."""
        start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = {
            **FIELDS,
            "max_results": str(PAGE),
            "start_time": start,
            **({"pagination_token": cursor} if cursor else {}),
        }
        told = self.ask("GET", f"/2/users/{self.own}/mentions", params=asked)
        includes, after = told.get("includes") or {}, text_of((told.get("meta") or {}).get("next_token"))
        found = [
            {"event_type": "post.mention.create", "event_uuid": post["id"], "payload": post, "includes": includes}
            for post in told.get("data") or ()
        ]
        pieces = tuple(Piece(packed({"data": each}), id_of(each)) for each in found)
        return Fetched(pieces, after, more=bool(after))

    def media(self, source: str) -> bytes:
        """Pictures in messages are shown to the account alone; those of posts to everybody, without our signature."""
        host = urlsplit(source).hostname or ""
        private = source.startswith(f"{self.base}/") or host == "ton.twitter.com"
        if not private and not (source.startswith("https://") and host.endswith(".twimg.com")):
            raise Rejected("X named an address for this file that is not its own.")
        return self._exchange(self._signed("GET", source, {}) if private else "").file(source)

    # ---- going out

    def send(self, message: Outbound) -> str:
        check_files(message)
        if not message.public:
            return self._send_message(message)
        most = int(self.endpoint.setting("post_length") or POST)
        pieces = parts(message.text, most, weight)
        if len(pieces) > MOST_PARTS:
            raise Rejected(f"On X this would be {len(pieces)} posts. Shorten it, or write a direct message.")
        files, first, answered = self._uploaded(message, "tweet"), "", message.in_reply_to
        for number, text in enumerate(pieces):
            wanted = {
                "text": text,
                **({"reply": {"in_reply_to_tweet_id": answered}} if answered else {}),
                **({"media": {"media_ids": files}} if files and number == 0 else {}),
            }
            try:
                answered = str(self.ask("POST", "/2/tweets", json=wanted)["data"]["id"])
            except (Unavailable, Rejected) as error:
                raise (half_sent(error, number, len(pieces)) if number else error) from error
            first = first or answered
        return first

    def _send_message(self, message: Outbound) -> str:
        files = self._uploaded(message, "dm")
        with BeforeSending():
            person = message.to if message.to.isdecimal() else self._number_of(message.to)
        wanted = {"text": message.text, **({"attachments": [{"media_id": files[0]}]} if files else {})}
        told = self.ask("POST", f"/2/dm_conversations/with/{person}/messages", json=wanted)
        return str(told["data"]["dm_event_id"])

    def _number_of(self, name: str) -> str:
        """Of somebody whom we only know by name, such as `@ana_k`."""
        told = self.ask("GET", f"/2/users/by/username/{quote(name.lstrip('@'), safe='')}").get("data") or {}
        if not told.get("id"):
            raise Rejected(f"X knows nobody called {name}.")
        return str(told["id"])

    def _uploaded(self, message: Outbound, what: str) -> list[str]:
        with BeforeSending():
            return [self._upload(file, what) for file in message.files]

    def _upload(self, file: Enclosure, what: str) -> str:
        category = f"{what}_{'gif' if file.content_type == 'image/gif' else 'image'}"
        told = self.ask(
            "POST",
            "/2/media/upload",
            data={"media_category": category, "media_type": file.content_type},
            files={"media": (file.name, file.data, file.content_type)},
        )
        return str(told["data"]["id"])

    # ---- being set up

    def check(self) -> str:
        found = self.ask("GET", "/2/users/me")["data"]
        if str(found["id"]) != self.own:
            raise Misconfigured(f"The tokens belong to account {found['id']}, not {self.own}. Correct it in Channels.")
        return f"The account is @{found['username']} ({found['name']})."

    def activate(self) -> str:
        """Tells X where to call and of what. What it does not want to tell is left to a person."""
        hook = self._hook() or str(
            self.ask_as_app("POST", "/2/webhooks", json={"url": self.endpoint.hook_url})["data"]["id"]
        )
        here = self.ask_as_app("GET", "/2/activity/subscriptions").get("data") or ()
        known = {
            text_of(each.get("event_type"))
            for each in here
            if str((each.get("filter") or {}).get("user_id")) == self.own
        }
        left = []
        for event in WANTED:
            if event in known:
                continue
            wanted = {"event_type": event, "filter": {"user_id": self.own}, "webhook_id": hook, "tag": "threadline"}
            try:
                self.ask_as_app("POST", "/2/activity/subscriptions", json=wanted)
            except (Rejected, Misconfigured):
                left.append(event)
        if not left:
            return ""
        return f"X did not let us subscribe to {', '.join(left)}: allow the app to do so in X's developer portal."

    def deactivate(self) -> None:
        hook = self._hook()
        if hook:
            self.ask_as_app("DELETE", f"/2/webhooks/{hook}")

    def _hook(self) -> str:
        found = self.ask_as_app("GET", "/2/webhooks").get("data") or ()
        return next((str(each["id"]) for each in found if each.get("url") == self.endpoint.hook_url), "")


def check_files(message: Outbound) -> None:
    if len(message.files) > (MOST_FILES if message.public else 1):
        raise Rejected("X takes four pictures with a post and one with a direct message.")
    for file in message.files:
        if file.content_type not in PICTURES:
            raise Rejected(f"X takes pictures; {file.name} is none. Send a link to it instead.")


def explain(answer: httpx.Response) -> Failure | None:
    said = answer.text.lower()
    if answer.status_code not in (400, 403):
        return None
    if "cannot send messages to this user" in said or "not following you" in said or "dm_event" in said:
        return Rejected(
            "They take no direct messages from us. Ask in public that they write to us first: a link to "
            "https://x.com/messages/compose?recipient_id=… in the post shows as a button."
        )
    if "duplicate content" in said:
        return Rejected("X takes no second post with the same words. If the first was lost, look at the account.")
    if "deleted or not visible" in said or "reply to this conversation is not allowed" in said:
        return Rejected("The post that this answers is gone, or only some may answer it. Write to the person instead.")
    return None
