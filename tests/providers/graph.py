"""What the stand-ins of Messenger and Instagram share: Meta's Graph API. Written from its documentation (v25.0)."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson

from tests.providers.kit import Asked, Fake, Reply, Wrong
from threadline.channels.contract import Hook

TOKEN, SECRET, PAGE = "EAAG-page-token", "0123456789abcdef0123456789abcdef", "108824017345866"


class FakeGraph(Fake):
    """`own` is the number by which Meta's calls name the page or account; `object_kind` what they call it."""

    secrets: ClassVar[Mapping[str, str]] = {
        "access_token": TOKEN,
        "app_secret": SECRET,
        "verify_token": "harbour-and-pine",
    }
    own: ClassVar[str]
    object_kind: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.told_us: list[dict[str, Any]] = []
        self.commented: list[tuple[str, dict[str, Any]]] = []
        self.subscribed = ""

    @property
    def has_media(self) -> str:  # type: ignore[override]
        return f"{self.url}/cdn/photo.jpg"

    def somebody(self, number: int) -> str:
        return str(7_000_000_000 + number)

    def serve(self, asked: Asked) -> Reply:
        if asked.path == "/cdn/photo.jpg":
            if "authorization" in asked.headers:
                raise Wrong("a token that is none of the file server's business")
            return Reply(body=b"a photo")
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return self.expired()
        match asked.method, asked.path.strip("/").split("/"):
            case "POST", [page, "messages"] if page == PAGE:
                return self.take(asked.json)
            case "POST", [page, "subscribed_apps"] if page == PAGE:
                self.subscribed = asked.json["subscribed_fields"]
                return Reply(200, {"success": True})
            case "DELETE", [page, "subscribed_apps"] if page == PAGE:
                self.subscribed = ""
                return Reply(200, {"success": True})
        return self.more(asked)

    def more(self, asked: Asked) -> Reply:
        raise Wrong("no such resource")

    def fits(self, text: str) -> bool:
        return len(text) <= 2000

    def take(self, body: Mapping[str, Any]) -> Reply:
        if body["messaging_type"] not in ("RESPONSE", "MESSAGE_TAG") or (
            body["messaging_type"] == "MESSAGE_TAG" and body.get("tag") != "HUMAN_AGENT"
        ):
            raise Wrong("messaging_type")
        said, to = body["message"], str(body["recipient"]["id"])
        text, files = said.get("text", ""), ()
        if "attachment" in said:
            given = said["attachment"]
            if given["type"] not in ("image", "video", "audio", "file") or "text" in said:
                raise Wrong("an attachment stands alone")
            files = ((given["payload"]["url"], b""),)
        elif not self.fits(text):
            raise Wrong("the text is too long")
        self.told_us.append(dict(body))
        return Reply(200, {"recipient_id": to, "message_id": self.accept(to=to, text=text, files=files)})

    def new_id(self, count: int) -> str:
        return f"m_out{count:05}"

    def expired(self) -> Reply:
        told = {"message": "Error validating access token: Session has expired", "type": "OAuthException", "code": 190}
        return Reply(401, {"error": told})

    def slow_down(self) -> Reply:
        told = {"message": "Calls to this API have exceeded the rate limit", "code": 613}
        return Reply(429, {"error": told}, headers={"Retry-After": "1"})

    def rejected(self) -> Reply:
        told = {"message": "(#100) No matching user found", "code": 100, "error_subcode": 2018001}
        return Reply(400, {"error": told})

    # ---- what comes from there

    def signed(self, body: Mapping[str, Any]) -> Hook:
        data = orjson.dumps(body)
        made = hmac.new(SECRET.encode(), data, hashlib.sha256).hexdigest()
        return self.hook(data, {"x-hub-signature-256": f"sha256={made}"})

    def messaging(self, *items: Mapping[str, Any], name: str = "messaging") -> dict[str, Any]:
        entry = {"id": self.own, "time": milliseconds(None), name: [dict(each) for each in items]}
        return {"object": self.object_kind, "entry": [entry]}

    def changed(self, field: str, value: Any, **more: Any) -> dict[str, Any]:
        entry = {"id": self.own, "time": 1_790_000_000, "changes": [{"field": field, "value": value}], **more}
        return {"object": self.object_kind, "entry": [entry]}

    def item(self, *, who: str = "", at: datetime | None = None, **more: Any) -> dict[str, Any]:
        parties = {"sender": {"id": who or self.person}, "recipient": {"id": self.own}}
        return {**parties, "timestamp": milliseconds(at), **more}

    def said(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> Hook:
        return self.signed(self.messaging(self.item(who=who, at=at, message={"mid": f"m_in{number}", "text": text})))


def milliseconds(at: datetime | None) -> int:
    return int((at or datetime.now(UTC)).timestamp() * 1000)
