"""Telegram's Bot API. Written from https://core.telegram.org/bots/api (Bot API 9)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from tests.providers.kit import Asked, Fake, Reply, Wrong
from threadline.channels.adapters.telegram import Telegram
from threadline.channels.contract import Hook, Piece

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
ANA = {"id": 1001, "is_bot": False, "first_name": "Ana", "last_name": "Koivu", "username": "ana_k"}
CHAT = {"id": 1001, "type": "private", "first_name": "Ana"}


class FakeTelegram(Fake):
    adapter = Telegram
    address = "@harbourpine_bot"
    secrets = {"bot_token": TOKEN}
    person = "1001"
    has_media = "file-1"
    signs_body = False
    called = ""
    secret_token = ""

    def serve(self, asked: Asked) -> Reply:
        if asked.path == f"/file/bot{TOKEN}/photos/1.jpg":
            return Reply(body=b"a photo")
        if not asked.path.startswith(f"/bot{TOKEN}/"):
            return Reply(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        method = asked.path.rpartition("/")[2]
        return ok(getattr(self, f"do_{method}")(asked))

    def do_getMe(self, asked: Asked) -> dict[str, Any]:
        return {"id": 110201543, "is_bot": True, "first_name": "Harbour & Pine", "username": "harbourpine_bot"}

    def do_setWebhook(self, asked: Asked) -> bool:
        if not asked.json["url"].startswith("https://") or not 1 <= len(asked.json["secret_token"]) <= 256:
            raise Wrong("bad webhook")
        self.called, self.secret_token = asked.json["url"], asked.json["secret_token"]
        return True

    def do_deleteWebhook(self, asked: Asked) -> bool:
        self.called = ""
        return True

    def do_getFile(self, asked: Asked) -> dict[str, Any]:
        return {"file_id": asked.json["file_id"], "file_path": "photos/1.jpg", "file_size": 7}

    def do_sendMessage(self, asked: Asked) -> dict[str, Any]:
        text = asked.json["text"]
        if not 1 <= len(text) <= 4096:
            raise Wrong("message is too long")
        return message(int(self.accept(to=str(asked.json["chat_id"]), text=text)))

    def do_sendDocument(self, asked: Asked) -> dict[str, Any]:
        parts = asked.parts()
        to, caption = parts["chat_id"][1].decode(), parts["caption"][1].decode()
        if len(caption) > 1024:
            raise Wrong("caption is too long")
        return message(int(self.accept(to=to, text=caption, files=(parts["document"],))))

    def expired(self) -> Reply:
        return Reply(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})

    def slow_down(self) -> Reply:
        told = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
        return Reply(429, {**told, "parameters": {"retry_after": 1}}, headers={"Retry-After": "1"})

    def rejected(self) -> Reply:
        return Reply(400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})

    def somebody(self, number: int) -> str:
        return str(2000 + number)

    # ---- what comes from there

    def signed(self, update: Mapping[str, Any]) -> Hook:
        return self.hook(orjson.dumps(update), {"x-telegram-bot-api-secret-token": self.connector().shared_secret})

    def said(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> Hook:
        person = {**ANA, "id": int(who or self.person)}
        given = message(number, text=text, person=person, at=at)
        return self.signed({"update_id": 500_000 + number, "message": given})

    def examples(self) -> Mapping[str, Piece]:
        return {name: Piece(orjson.dumps({"update_id": 1, name: given})) for name, given in UPDATES.items()}


def ok(result: Any) -> Reply:
    return Reply(200, {"ok": True, "result": result})


def message(number: int, *, person: Mapping[str, Any] = ANA, at: datetime | None = None, **more: Any) -> dict[str, Any]:
    chat = {**CHAT, "id": person["id"]}
    return {"message_id": number, "from": dict(person), "chat": chat, "date": seconds(at), **more}


def seconds(at: datetime | None) -> int:
    return int((at or datetime.now(UTC)).timestamp())


PHOTO = [{"file_id": "small", "width": 90, "height": 90}, {"file_id": "file-1", "width": 800, "height": 800}]
MEMBER = {"chat": CHAT, "from": ANA, "date": 1_790_000_000, "old_chat_member": {"status": "member", "user": ANA}}
UPDATES: dict[str, Any] = {
    "message": message(1, photo=PHOTO, caption="It leaks here"),
    "edited_message": message(1, text="It leaks there", edit_date=1_790_000_100),
    "channel_post": message(2, text="We are open"),
    "edited_channel_post": message(2, text="We are closed"),
    "business_connection": {"id": "b1", "user": ANA, "user_chat_id": 1001, "date": 1_790_000_000, "is_enabled": True},
    "business_message": message(3, text="Hello", business_connection_id="b1"),
    "edited_business_message": message(3, text="Hello!", business_connection_id="b1", edit_date=1_790_000_100),
    "deleted_business_messages": {"business_connection_id": "b1", "chat": CHAT, "message_ids": [3]},
    "message_reaction": {
        "chat": CHAT,
        "message_id": 9,
        "user": ANA,
        "date": 1_790_000_000,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    },
    "message_reaction_count": {"chat": CHAT, "message_id": 9, "date": 1_790_000_000, "reactions": []},
    "inline_query": {"id": "q1", "from": ANA, "query": "kettle", "offset": ""},
    "chosen_inline_result": {"result_id": "r1", "from": ANA, "query": "kettle"},
    "callback_query": {"id": "c1", "from": ANA, "message": message(4), "chat_instance": "x", "data": "yes"},
    "shipping_query": {"id": "s1", "from": ANA, "invoice_payload": "p", "shipping_address": {}},
    "pre_checkout_query": {"id": "p1", "from": ANA, "currency": "GBP", "total_amount": 100, "invoice_payload": "p"},
    "purchased_paid_media": {"from": ANA, "paid_media_payload": "p"},
    "poll": {"id": "p1", "question": "Well?", "options": [], "total_voter_count": 0},
    "poll_answer": {"poll_id": "p1", "user": ANA, "option_ids": [0]},
    "my_chat_member": {**MEMBER, "new_chat_member": {"status": "kicked", "user": ANA, "until_date": 0}},
    "chat_member": {**MEMBER, "new_chat_member": {"status": "left", "user": ANA}},
    "chat_join_request": {"chat": CHAT, "from": ANA, "user_chat_id": 1001, "date": 1_790_000_000},
    "chat_boost": {"chat": CHAT, "boost": {}},
    "removed_chat_boost": {"chat": CHAT, "boost_id": "b"},
    "managed_bot": {"user": ANA, "bot": {"id": 7, "is_bot": True, "first_name": "Helper"}},
}
