"""LINE, through an official account of ours. API: https://developers.line.biz/en/reference/messaging-api/"""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import httpx

from threadline.channels.contract import (
    API_URL,
    Abilities,
    Adapter,
    Address,
    Broken,
    Failure,
    File,
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
    Setting,
    Unavailable,
)
from threadline.channels.contract import words as _
from threadline.channels.exchange import LARGEST_FILE, Exchange
from threadline.channels.posts import parts
from threadline.channels.shapes import introduced, moment, object_in, packed, refuse, same, text_of
from threadline.core.touch import Direction, Handle

BASE, FILES_BASE = "https://api.line.me", "https://api-data.line.me"
TEXT, MOST_MESSAGES = 5000, 5
PICTURES = ("image/jpeg", "image/png")
OURS, IN_GROUPS = "it is about our account.", "it is about a group, not from a customer."
NOTHING_SAID = "nobody says anything with it."
FILES = {"image": "image/jpeg", "video": "video/mp4", "audio": "audio/mp4", "file": "application/octet-stream"}
ENDINGS = {"image": ".jpg", "video": ".mp4", "audio": ".m4a"}
EVENTS = {
    **{f"message.{kind}": "touch" for kind in ("text", *FILES, "location", "sticker")},
    **dict.fromkeys(("follow", "unfollow", "postback"), "touch"),
    "unsend": "what was said stays said.",
    **dict.fromkeys(("join", "leave", "memberJoined", "memberLeft"), IN_GROUPS),
    **dict.fromkeys(("videoPlayComplete", "beacon", "accountLink", "membership"), NOTHING_SAID),
    **dict.fromkeys(("module", "activated", "deactivated", "botSuspended", "botResumed"), OURS),
    "delivery": "it is about notification messages, which we do not send.",
}
PROFILE = "profile"  # no event of LINE's: what it tells when asked
WORDS = {"follow": "Added us", "unfollow": "Blocked us"}
MONTH = (
    "The messages of this month are used up, says LINE. Take a larger plan at LINE; they go out once there are more."
)


class Line(Adapter):
    """An official account. Who has added it as a friend can be written to at any time.

    What we say is pushed with a key by which LINE takes it only once; reply tokens know no such key
    (docs/decisions/0032).
    """

    kind: ClassVar[str] = "line"
    label: ClassVar[str] = _("LINE")
    spoken: ClassVar[str] = _("on LINE")
    scheme: ClassVar[str] = "line"
    docs: ClassVar[str] = "https://developers.line.biz/en/reference/messaging-api/"
    address: ClassVar[Address] = Address(_("The account's name"), "@harbourpine")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The channel at LINE"),
            _(
                "Both stand at developers.line.biz in the account's channel: the secret under Basic settings, the "
                "token, which you issue, under Messaging API. Switch “Use webhook” on there, and automatic replies off."
            ),
            (
                Setting("channel_secret", _("Channel secret"), kind="secret", needed=True),
                Setting("access_token", _("Channel access token"), kind="secret", needed=True),
            ),
        ),
        Group(_("Seldom needed"), "", (API_URL,), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(
        max_chars=TEXT,
        max_file_bytes=10_000_000,
        max_files=3,
        file_types=PICTURES,
        files=True,
        encloses=True,
        rate=100,
        privacy="open",
    )
    can: ClassVar[Abilities] = Abilities(opt_out=True, media=True)
    events: ClassVar[Mapping[str, str]] = EVENTS
    idempotent: ClassVar[bool] = True
    hooked: ClassVar[bool] = True
    introduces: ClassVar[bool] = True

    def _needed(self, name: str, label: str) -> str:
        found = self.endpoint.setting(name)
        if not found:
            raise Misconfigured(f"The channel has no {label} of LINE. Enter it in Channels.")
        return found

    def _api(self, base: str = BASE) -> Exchange:
        token = self._needed("access_token", "access token")
        headers = {"Authorization": f"Bearer {token}"}
        return LineExchange(self.endpoint, name="LINE", base=base, headers=headers, explain=explain)

    # ---- coming in

    def verify(self, hook: Hook) -> None:
        secret = self._needed("channel_secret", "channel secret").encode()
        wanted = base64.b64encode(hmac.new(secret, hook.body, hashlib.sha256).digest()).decode()
        if not same(hook.headers.get("x-line-signature", ""), wanted):
            raise Refused("LINE's signature is missing or wrong. Is the channel secret right?")

    def split(self, hook: Hook) -> Sequence[Piece]:
        """Each event by itself; without any, LINE only asks whether we are there."""
        try:
            found = object_in(hook.body)["events"]
            return [Piece(packed(each), str(each.get("webhookEventId") or "")) for each in found]
        except (Broken, KeyError, TypeError, AttributeError):
            return [Piece(hook.body)]

    def parse(self, raw: Raw) -> Sequence[Inbound]:
        given = object_in(raw.body)
        event = text_of(given.get("type") or "")
        message = given.get("message")
        if event == PROFILE:
            return [self._introduced(given, raw)]
        if event == "message" and isinstance(message, Mapping):
            event = f"message.{message.get('type')}"
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"LINE sent an event “{event}” that was not documented when this was written.")
        if becomes != "touch":
            raise refuse("LINE", event, becomes)
        try:
            return [self._touch(event, given, raw)]
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"LINE's “{event}” lacks what its documentation promises ({error!r}).") from error

    def _touch(self, event: str, given: Mapping[str, Any], raw: Raw) -> Inbound:
        """Of those in a group, LINE may not tell who spoke; the answer goes to all of them."""
        source, message = given["source"], given.get("message") or {}
        who = str(source.get("userId") or "")
        place = str(source.get("groupId") or source.get("roomId") or source["userId"])
        number = str(message.get("id") or f"event:{given['webhookEventId']}")
        quoted = message.get("quotedMessageId")
        return Inbound(
            kind=self.kind,
            direction=Direction.EVENT if event in WORDS else Direction.IN,
            at=moment(given["timestamp"], received=raw),
            once_key=f"line:{number}",
            external_id=number,
            handles=(Handle("line", who),) if who else (),
            thread_key=f"line:{place}",
            reply_address=place,
            references=(str(quoted),) if quoted else (),
            text=words_in(event, given),
            files=files_in(message),
            attributes={"event": event, **beside(source, message, given)},
            consent=consent_in(event),
        )

    def profile(self, who: str) -> Piece:
        """LINE tells it of friends of the account."""
        return Piece(packed({"type": PROFILE, "person": self._api().json("GET", f"/v2/bot/profile/{who}")}))

    def _introduced(self, given: Mapping[str, Any], raw: Raw) -> Inbound:
        try:
            who, name = str(given["person"]["userId"]), text_of(given["person"]["displayName"])
        except (KeyError, TypeError) as error:
            raise Broken(f"LINE's profile lacks what its documentation promises ({error!r}).") from error
        return introduced("line", "line", who, name, moment(None, received=raw))

    def media(self, source: str) -> bytes:
        answer = self._api(FILES_BASE).get(f"/v2/bot/message/{source}/content")
        if answer.status_code == 202:
            raise Unavailable("LINE is still at work on this file.")
        if len(answer.content) > LARGEST_FILE:
            raise Rejected(f"The file has {len(answer.content):,} bytes; we keep up to {LARGEST_FILE:,}.")
        return answer.content

    # ---- going out

    def send(self, message: Outbound) -> str:
        """Pictures and text in one request. Where LINE took it before, it tells the number that it had then."""
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"threadline:{self.endpoint.address}:{message.key}"))
        wanted = {"to": message.to, "messages": messages_of(message)}
        try:
            told = self._api().json("POST", "/v2/bot/message/push", json=wanted, headers={"X-Line-Retry-Key": key})
        except TakenBefore as before:
            return before.number
        return str(told["sentMessages"][-1]["id"])

    # ---- being set up

    def check(self) -> str:
        found = self._api().json("GET", "/v2/bot/info")
        return f"The account is {found['displayName']} ({found['basicId']})."

    def activate(self) -> str:
        path = "/v2/bot/channel/webhook/endpoint"
        self._api().json("PUT", path, json={"endpoint": self.endpoint.hook_url})
        active = self._api().json("GET", path).get("active")
        return "" if active else "Switch “Use webhook” on at developers.line.biz, under Messaging API."


class LineExchange(Exchange):
    """LINE says with the same status that we are too fast, and that the month's messages are used up."""

    def failure(self, answer: httpx.Response, method: str) -> Failure:
        if answer.status_code == 429 and "monthly limit" in answer.text:
            return Unavailable(MONTH, retry_after=3600)
        return super().failure(answer, method)


class TakenBefore(Rejected):
    """LINE has taken a message with this key already."""

    def __init__(self, number: str) -> None:
        super().__init__("LINE has this message already.")
        self.number = number


def explain(answer: httpx.Response) -> Failure | None:
    if answer.status_code != 409:
        return None
    try:
        sent = answer.json().get("sentMessages") or ()
    except (ValueError, AttributeError):
        sent = ()
    return TakenBefore(str(sent[-1]["id"] if sent else answer.headers.get("x-line-accepted-request-id", "")))


def units(text: str) -> int:
    """LINE counts the code units of UTF-16: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def messages_of(message: Outbound) -> list[dict[str, Any]]:
    for file in message.files:
        if file.content_type not in PICTURES:
            raise Rejected(f"LINE takes JPEG and PNG pictures; {file.name} is none. Send a link to it instead.")
    found: list[dict[str, Any]] = [
        {"type": "image", "originalContentUrl": file.url, "previewImageUrl": file.url} for file in message.files
    ]
    if message.text.strip():
        found += [{"type": "text", "text": text} for text in parts(message.text, TEXT, units)]
    if len(found) > MOST_MESSAGES:
        raise Rejected(
            f"LINE takes {MOST_MESSAGES} pictures and texts at once; this would be {len(found)}. Shorten it."
        )
    return found


def words_in(event: str, given: Mapping[str, Any]) -> str:
    if event == "postback":
        return text_of(given["postback"]["data"])
    message = given.get("message") or {}
    if event == "message.sticker":
        said = message.get("text") or ", ".join(map(str, (message.get("keywords") or ())[:3]))
        return f"(Sticker: {said})" if said else "(Sticker)"
    if event == "message.location":
        return "\n".join(text_of(message[name]) for name in ("title", "address") if message.get(name))
    if given.get("message") and (message.get("contentProvider") or {}).get("type") == "external":
        return text_of(message["contentProvider"].get("originalContentUrl") or "")
    return WORDS.get(event) or text_of(message.get("text") or "")


def files_in(message: Mapping[str, Any]) -> tuple[File, ...]:
    """What lies with somebody else than LINE is only linked to."""
    kind = text_of(message.get("type") or "")
    if kind not in FILES or (message.get("contentProvider") or {}).get("type", "line") != "line":
        return ()
    name = text_of(message.get("fileName") or f"{kind}{ENDINGS.get(kind, '')}")[:255]
    return (File(name, FILES[kind], int(message.get("fileSize") or 0), 1, source=str(message["id"])),)


def beside(source: Mapping[str, Any], message: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, object]:
    group = source.get("groupId") or source.get("roomId")
    chosen = (given.get("postback") or {}).get("params")
    place = {"latitude": message["latitude"], "longitude": message["longitude"]} if "latitude" in message else None
    return {
        **({"group": str(group)} if group else {}),
        **({"chosen": dict(chosen)} if chosen else {}),
        **({"location": place} if place else {}),
    }


def consent_in(event: str) -> Literal["", "out", "in"]:
    return "out" if event == "unfollow" else "in" if event == "follow" else ""
