"""Telegram, through a bot of ours. API: https://core.telegram.org/bots/api"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

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
    OptedOut,
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
from threadline.channels.shapes import moment, object_in, refuse, same, text_of
from threadline.core.touch import Direction, Handle

CAPTION = 1024
OURS = "it is about a bot's own affairs, not a customer's."
UNREAD = "we do not offer this to customers."
EVENTS = {
    "message": "touch",
    "edited_message": "touch",
    "business_message": "touch",
    "edited_business_message": "touch",
    "message_reaction": "touch",
    "callback_query": "touch",
    "my_chat_member": "touch",
    "channel_post": "we wrote it ourselves.",
    "edited_channel_post": "we wrote it ourselves.",
    "business_connection": OURS,
    "deleted_business_messages": "what was said stays said.",
    "message_reaction_count": "it names nobody.",
    "inline_query": UNREAD,
    "chosen_inline_result": UNREAD,
    "shipping_query": UNREAD,
    "pre_checkout_query": UNREAD,
    "purchased_paid_media": UNREAD,
    "poll": UNREAD,
    "poll_answer": UNREAD,
    "chat_member": "it is about others in a group.",
    "chat_join_request": UNREAD,
    "chat_boost": OURS,
    "removed_chat_boost": OURS,
    "managed_bot": OURS,
}
WANTED = [name for name, becomes in EVENTS.items() if becomes == "touch"]
FILES = ("document", "audio", "voice", "video", "video_note", "animation", "sticker")
LEFT = ("kicked", "left")


class Telegram(Adapter):
    """A bot. Answers go to the chat in which was written; a bot can not write first."""

    kind: ClassVar[str] = "telegram"
    label: ClassVar[str] = _("Telegram")
    spoken: ClassVar[str] = _("on Telegram")
    scheme: ClassVar[str] = "telegram"
    docs: ClassVar[str] = "https://core.telegram.org/bots/api"
    address: ClassVar[Address] = Address(_("The bot's name"), "@harbourpine_bot")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The bot"),
            _("@BotFather on Telegram makes one and tells its token. Threadline then says to Telegram where to call."),
            (Setting("bot_token", _("Token"), kind="secret", needed=True),),
        ),
        Group(_("Seldom needed"), "", (API_URL,), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(
        max_chars=4096, max_file_bytes=20_000_000, max_files=1, files=True, encloses=True, rate=25, privacy="open"
    )
    can: ClassVar[Abilities] = Abilities(reactions=True, opt_out=True, media=True)
    events: ClassVar[Mapping[str, str]] = EVENTS
    hooked: ClassVar[bool] = True

    @property
    def token(self) -> str:
        found = self.endpoint.setting("bot_token")
        if not found:
            raise Misconfigured("The channel has no token of its bot. Enter it in Channels.")
        return found

    @property
    def shared_secret(self) -> str:
        """What Telegram sends along with each call, so that nobody else can call."""
        return hmac.new(self.token.encode(), b"threadline hook %d" % self.endpoint.number, hashlib.sha256).hexdigest()

    @property
    def api(self) -> Exchange:
        return Exchange(self.endpoint, name="Telegram", base="https://api.telegram.org", explain=explain)

    def ask(self, method: str, **more: Any) -> Any:
        return self.api.json("POST", f"/bot{self.token}/{method}", **more).get("result")

    # ---- coming in

    def verify(self, hook: Hook) -> None:
        if not same(hook.headers.get("x-telegram-bot-api-secret-token", ""), self.shared_secret):
            raise Refused("Telegram's secret token is missing or wrong.")

    def split(self, hook: Hook) -> Sequence[Piece]:
        try:
            return [Piece(hook.body, str(object_in(hook.body).get("update_id") or ""))]
        except Broken:
            return [Piece(hook.body)]

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        update = object_in(raw.body)
        event = next((name for name in update if name != "update_id"), "")
        becomes = EVENTS.get(event)
        if becomes is None:
            raise Broken(f"Telegram sent an event “{event}” that was not documented when this was written.")
        if becomes != "touch":
            raise refuse("Telegram", event, becomes)
        try:
            return [self._touch(event, update[event], str(update["update_id"]), raw)]
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"Telegram's “{event}” lacks what its documentation promises ({error!r}).") from error

    def _touch(self, event: str, given: Mapping[str, Any], number: str, raw: Raw) -> Inbound:
        message = given.get("message", {}) if event == "callback_query" else given
        chat, person = message.get("chat") or {}, given.get("from") or given.get("user") or message["chat"]
        edited = event.startswith("edited")
        own_id = f"{chat.get('id')}:{message.get('message_id')}"
        speaks = event in ("message", "business_message", "callback_query")
        return Inbound(
            kind=self.kind,
            direction=Direction.IN if speaks else Direction.EVENT,
            at=moment(given.get("edit_date") or given.get("date") or message.get("date"), received=raw),
            once_key=f"telegram:{self.endpoint.address}:{number}",
            external_id=own_id if speaks and event != "callback_query" else f"update:{number}",
            handles=handles(person, given.get("contact") or {}),
            name=name_of(person),
            public=chat.get("type") in ("supergroup", "group", "channel"),
            thread_key=f"telegram:{chat.get('id')}",
            reply_address=str(chat.get("id", "")),
            references=(f"{chat.get('id')}:{reply['message_id']}",) if (reply := given.get("reply_to_message")) else (),
            text=words_in(event, given),
            files=tuple(files_in(given)),
            attributes={"event": event, **({"edits": own_id} if edited else {}), **place_in(given)},
            consent=consent_in(event, given),
        )

    def media(self, source: str) -> bytes:
        path = (self.ask("getFile", json={"file_id": source}) or {}).get("file_path")
        if not path:
            raise Rejected("Telegram does not hand this file over: it is larger than 20 MB.")
        return self.api.file(f"/file/bot{self.token}/{path}")

    # ---- going out

    def send(self, message: Outbound) -> str:
        to: dict[str, Any] = {"chat_id": message.to}
        if message.files:
            return self._send_file(to, message)
        told = self.ask("sendMessage", json={**to, "text": message.text})
        return f"{message.to}:{told['message_id']}"

    def _send_file(self, to: Mapping[str, Any], message: Outbound) -> str:
        if len(message.files) > 1 or len(message.text) > CAPTION:
            raise Rejected(f"With a file, Telegram takes {CAPTION:,} characters, and one file at a time.")
        file = message.files[0]
        told = self.ask(
            "sendDocument",
            data={**to, "caption": message.text},
            files={"document": (file.name, file.data, file.content_type)},
        )
        return f"{message.to}:{told['message_id']}"

    # ---- being set up

    def check(self) -> str:
        found = self.ask("getMe")
        return f"The bot is @{found['username']} ({found['first_name']})."

    def activate(self) -> str:
        self.ask(
            "setWebhook",
            json={"url": self.endpoint.hook_url, "secret_token": self.shared_secret, "allowed_updates": WANTED},
        )
        return ""

    def deactivate(self) -> None:
        self.ask("deleteWebhook", json={})


def explain(answer: httpx.Response) -> Failure | None:
    try:
        told = answer.json()
    except ValueError:
        return None
    words = str(told.get("description") or "")
    if answer.status_code in (401, 404):
        return Misconfigured("Telegram does not know this token. Enter the bot's token in Channels.")
    if answer.status_code == 403:
        return OptedOut(f"They do not want messages of the bot any more: {words}.")
    wait = (told.get("parameters") or {}).get("retry_after")
    return Unavailable("Telegram asks us to slow down.", retry_after=float(wait)) if wait else None


def handles(person: Mapping[str, Any], contact: Mapping[str, Any]) -> tuple[Handle, ...]:
    """The number is theirs only where they shared their own."""
    found = [Handle("telegram", str(person["id"]))]
    if contact.get("phone_number") and contact.get("user_id") == person["id"]:
        found.append(Handle("tel", f"+{str(contact['phone_number']).lstrip('+')}"))
    return tuple(found)


def name_of(person: Mapping[str, Any]) -> str:
    parts = (person.get("first_name") or person.get("title"), person.get("last_name"))
    return " ".join(part for part in parts if part)[:255] or str(person.get("username") or "")


def words_in(event: str, given: Mapping[str, Any]) -> str:
    if event == "callback_query":
        return text_of(given.get("data"))
    if event == "message_reaction":
        return " ".join(str(each.get("emoji") or "★") for each in given.get("new_reaction") or ())
    if event == "my_chat_member":
        status = (given.get("new_chat_member") or {}).get("status")
        return "Blocked the bot" if status in LEFT else "Began with the bot"
    return text_of(given.get("text") or given.get("caption"))


def files_in(given: Mapping[str, Any]) -> list[File]:
    found = []
    photos = given.get("photo") or []
    if photos:
        largest = max(photos, key=lambda each: each.get("file_size") or each["width"])
        found.append(File("photo.jpg", "image/jpeg", int(largest.get("file_size") or 0), 1, source=largest["file_id"]))
    for kind in FILES:
        if isinstance(given.get(kind), Mapping):
            each = given[kind]
            name = str(each.get("file_name") or f"{kind}{ENDINGS.get(kind, '')}")
            kind_of = str(each.get("mime_type") or TYPES.get(kind, "application/octet-stream"))
            found.append(File(name, kind_of, int(each.get("file_size") or 0), len(found) + 1, source=each["file_id"]))
            break  # an animation comes as a document, too
    return found


ENDINGS = {"voice": ".ogg", "audio": ".mp3", "video": ".mp4", "video_note": ".mp4", "animation": ".mp4"}
TYPES = {"voice": "audio/ogg", "audio": "audio/mpeg", "video_note": "video/mp4", "sticker": "image/webp"}


def place_in(given: Mapping[str, Any]) -> dict[str, object]:
    place = given.get("location") or (given.get("venue") or {}).get("location")
    return {"location": dict(place)} if place else {}


def consent_in(event: str, given: Mapping[str, Any]) -> Any:
    if event != "my_chat_member":
        return ""
    return "out" if (given.get("new_chat_member") or {}).get("status") in LEFT else "in"
