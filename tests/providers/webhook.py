"""A program of ours: it sends CloudEvents and takes Standard Webhooks. Signed by the published library."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from standardwebhooks.webhooks import Webhook as Standard
from standardwebhooks.webhooks import WebhookVerificationError

from tests.providers.kit import Asked, Fake, Reply
from threadline.channels.adapters.webhook import CLOUD, EVENTS, MESSAGE, Webhook
from threadline.channels.contract import Hook, Piece

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # of the library's published tests


class FakeProgram(Fake):
    adapter = Webhook
    address = "kiosk"
    secrets = {"hook_secret": SECRET}
    person = "visitor-7"
    api_url = "answer_url"

    @property
    def has_media(self) -> str:  # type: ignore[override]
        return f"{self.url}/photo"

    def serve(self, asked: Asked) -> Reply:
        if asked.path == "/photo":
            return Reply(body=b"a photo")
        try:
            told = Standard(SECRET).verify(asked.body, dict(asked.headers))
        except WebhookVerificationError as error:
            return Reply(401, {"message": str(error)})
        if told["type"] != "ping":
            data = told["data"]
            files = tuple((file["name"], file["url"].encode()) for file in data["files"])
            self.accept(to=data["to"], text=data["text"], files=files, key=asked.headers["webhook-id"])
        return Reply(202, {})

    def accept(self, **given: Any) -> str:
        super().accept(**given)
        return str(given["key"])

    def new_id(self, count: int) -> str:
        return ""

    # ---- what comes from there

    def event(self, kind: str, number: object, data: Mapping[str, Any], at: datetime | None = None) -> dict[str, Any]:
        time = (at or datetime.now(UTC)).isoformat()
        about = {"specversion": "1.0", "id": f"event-{number}", "source": "/kiosk", "type": kind, "time": time}
        return {**about, "datacontenttype": "application/json", "data": dict(data)}

    def signed(self, event: Any, content_type: str = CLOUD) -> Hook:
        body, now = orjson.dumps(event), datetime.now(UTC)
        made = Standard(SECRET).sign("msg_1", now, body.decode())
        stamp = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": made}
        return self.hook(body, {"content-type": content_type, **stamp})

    def said(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> Hook:
        return self.signed(self.event(MESSAGE, number, {"person": who or self.person, "text": text}, at))

    def told(self, external_id: str, state: str, *, key: str = "") -> Hook:
        data = {"message": external_id, "key": key}
        return self.signed(self.event(f"com.threadline.{state}", f"{external_id}-{state}", data))

    def examples(self) -> Mapping[str, Piece]:
        data = {"person": self.person, "text": "Hello", "message": "msg_1"}
        return {kind: Piece(orjson.dumps(self.event(kind, 1, data))) for kind in EVENTS}
