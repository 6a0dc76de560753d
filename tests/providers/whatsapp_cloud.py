"""Meta's WhatsApp Cloud API. Written from https://developers.facebook.com/docs/whatsapp/cloud-api (v21.0)."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from tests.providers.kit import Asked, Fake, Reply, Wrong
from threadline.channels.adapters.whatsapp_cloud import EVENTS, FILES, WhatsappCloud
from threadline.channels.contract import Hook, Piece

TOKEN, SECRET, ANA = "EAAG-system-user-token", "0123456789abcdef0123456789abcdef", "447700900123"
NUMBER = "106540352242922"
PLACE = {
    "messaging_product": "whatsapp",
    "metadata": {"display_phone_number": "447700900002", "phone_number_id": NUMBER},
}
CONTACT = {"profile": {"name": "Ana Koivu"}, "wa_id": ANA}


class FakeWhatsappCloud(Fake):
    adapter = WhatsappCloud
    address = "+447700900002"
    settings = {"phone_number_id": NUMBER, "template": "an_answer", "template_language": "en_GB"}
    secrets = {"access_token": TOKEN, "app_secret": SECRET, "verify_token": "harbour-and-pine"}
    person = f"+{ANA}"
    has_media = "1013859600285441"

    def serve(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return self.expired()
        match asked.method, asked.path:
            case "GET", "/1013859600285441":
                return Reply(200, {"url": f"{self.url}/lookaside/1", "mime_type": "image/jpeg", "id": asked.path[1:]})
            case "GET", "/lookaside/1":
                return Reply(body=b"a photo")
            case "GET", path if path == f"/{NUMBER}":
                return Reply(200, {"display_phone_number": "+44 7700 900002", "verified_name": "Harbour & Pine"})
            case "POST", path if path == f"/{NUMBER}/media":
                self.uploaded = asked.parts()["file"]
                return Reply(200, {"id": "upload-1"})
            case "POST", path if path == f"/{NUMBER}/messages":
                return self.take(asked.json)
        raise Wrong("no such resource")

    def take(self, body: Mapping[str, Any]) -> Reply:
        if body["messaging_product"] != "whatsapp" or len(body["biz_opaque_callback_data"]) > 512:
            raise Wrong("messaging_product")
        given = body[body["type"]]
        files: tuple[tuple[str, bytes], ...] = ()
        match body["type"]:
            case "text":
                text = given["body"]
            case "template":
                text = given["components"][0]["parameters"][0]["text"]
            case "image" | "document":
                text, files = given["caption"], (self.uploaded,)
            case other:
                raise Wrong(other)
        number = self.accept(to=f"+{body['to']}", text=text, files=files)
        contacts = [{"input": body["to"], "wa_id": body["to"]}]
        return Reply(200, {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": number}]})

    def new_id(self, count: int) -> str:
        return f"wamid.{count:04}"

    def expired(self) -> Reply:
        told = {"message": "Error validating access token: Session has expired", "type": "OAuthException", "code": 190}
        return Reply(401, {"error": told})

    def slow_down(self) -> Reply:
        return Reply(429, {"error": {"message": "Rate limit hit", "code": 130429}}, headers={"Retry-After": "1"})

    def rejected(self) -> Reply:
        told = {"message": "(#131026) Message undeliverable", "code": 131026, "error_data": {"details": "No account."}}
        return Reply(400, {"error": told})

    def somebody(self, number: int) -> str:
        return f"+447700900{number:03}"

    # ---- what comes from there

    def signed(self, body: Mapping[str, Any]) -> Hook:
        data = orjson.dumps(body)
        made = hmac.new(SECRET.encode(), data, hashlib.sha256).hexdigest()
        return self.hook(data, {"x-hub-signature-256": f"sha256={made}"})

    def said(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> Hook:
        given = message("text", {"body": text}, id=f"wamid.in{number}", at=at)
        given["from"] = (who or self.person).lstrip("+")
        contact = {**CONTACT, "wa_id": given["from"]}
        return self.signed(body_of({**PLACE, "contacts": [contact], "messages": [given]}))

    def told(self, external_id: str, state: str, *, key: str = "") -> Hook:
        return self.signed(body_of({**PLACE, "statuses": [status(external_id, state)]}))

    def examples(self) -> Mapping[str, Piece]:
        connector, found = self.connector(), {}
        for event in EVENTS:
            (found[event],) = connector.split(self.signed(example(event)))
        return found


def example(event: str) -> dict[str, Any]:
    if EVENTS[event] == "report" or event in ("played", "deleted", "warning"):
        return body_of({**PLACE, "statuses": [status("wamid.1", event)]})
    if event in CONTENT:
        return body_of({**PLACE, "contacts": [CONTACT], "messages": [message(event, CONTENT[event])]})
    if event == "smb_message_echoes":
        echo = {**message("text", {"body": "From the phone"}), "from": "447700900002", "to": ANA}
        return body_of({**PLACE, "message_echoes": [echo]}, event)
    return body_of({"event": "SOMETHING"}, event)


def body_of(value: Mapping[str, Any], field: str = "messages") -> dict[str, Any]:
    changes = [{"value": dict(value), "field": field}]
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": changes}]}


def message(kind: str, content: Any, *, id: str = "wamid.1", at: datetime | None = None) -> dict[str, Any]:
    seconds = int((at or datetime.now(UTC)).timestamp())
    return {"from": ANA, "id": id, "timestamp": str(seconds), "type": kind, kind: content}


def status(number: str, state: str) -> dict[str, Any]:
    found: dict[str, Any] = {"id": number, "status": state, "timestamp": "1790000000", "recipient_id": ANA}
    if state == "failed":
        found["errors"] = [{"code": 131026, "title": "Undeliverable", "error_data": {"details": "No account."}}]
    return found


CONTENT: dict[str, Any] = {
    **{kind: {"id": "1013859600285441", "mime_type": "image/jpeg", "sha256": "x", "caption": "Here"} for kind in FILES},
    "text": {"body": "The kettle leaks"},
    "location": {"latitude": 60.2, "longitude": 24.9, "name": "Home"},
    "contacts": [{"name": {"formatted_name": "Cy Moran"}, "phones": [{"phone": "+447700900456"}]}],
    "interactive": {"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes please"}},
    "button": {"payload": "yes", "text": "Yes"},
    "order": {"catalog_id": "c1", "product_items": [{"product_retailer_id": "kettle", "quantity": 1}], "text": ""},
    "reaction": {"message_id": "wamid.9", "emoji": "👍"},
    "unsupported": {"type": "poll_creation"},
    "system": {"body": "Ana changed her number", "type": "user_changed_number", "wa_id": ANA},
    "request_welcome": {},
}
