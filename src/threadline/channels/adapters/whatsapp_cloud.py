"""WhatsApp over Meta's Cloud API. API: https://developers.facebook.com/docs/whatsapp/cloud-api"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from threadline.channels import meta
from threadline.channels.contract import (
    API_URL,
    Abilities,
    Adapter,
    Address,
    Answer,
    Broken,
    File,
    Group,
    Hook,
    Inbound,
    Limits,
    Outbound,
    Piece,
    Raw,
    Rejected,
    Report,
    Setting,
)
from threadline.channels.contract import words as _
from threadline.channels.shapes import moment, object_in, packed, refuse, text_of
from threadline.core.touch import Direction, Handle

FILES = ("image", "video", "audio", "document", "sticker")
MESSAGES = (*FILES, "text", "location", "contacts", "interactive", "button", "order", "reaction", "unsupported")
TEMPLATE, ACCOUNT = "it is about our templates.", "it is about our account."
EVENTS = {
    **dict.fromkeys(MESSAGES, "touch"),
    "system": "it is about their number, not from them.",
    "request_welcome": "they only opened the chat.",
    "smb_message_echoes": "touch",
    **dict.fromkeys(("sent", "delivered", "read", "failed"), "report"),
    "played": "it was read before.",
    "deleted": "what was said stays said.",
    "warning": "it was sent all the same.",
    "user_preferences": "it is about advertising, which we do not send.",
    **dict.fromkeys(
        (
            "message_template_status_update",
            "message_template_quality_update",
            "message_template_components_update",
            "template_category_update",
        ),
        TEMPLATE,
    ),
    **dict.fromkeys(
        (
            "account_alerts",
            "account_review_update",
            "account_settings_update",
            "account_update",
            "business_capability_update",
            "business_status_update",
            "partner_solutions",
            "payment_configuration_update",
            "phone_number_name_update",
            "phone_number_quality_update",
            "security",
        ),
        ACCOUNT,
    ),
    "automatic_events": "it is for advertising.",
    "calls": "we take no calls here.",
    "flows": "we have no flows.",
    "history": "it was said before this channel was there.",
    "smb_app_state_sync": "it is the address book of a phone.",
    "tracking_events": "it is for advertising.",
}


class WhatsappCloud(Adapter):
    """One number of ours. After 24 hours of silence only a template goes; its name is a setting."""

    kind: ClassVar[str] = "whatsapp"
    provider: ClassVar[str] = "meta"
    carrier: ClassVar[str] = _("Meta")
    scheme: ClassVar[str] = "tel"
    docs: ClassVar[str] = "https://developers.facebook.com/docs/whatsapp/cloud-api"
    address: ClassVar[Address] = Address(_("Our number"), "+44 7700 900002", "number")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("The number at Meta"),
            _("All of it stands in your app at developers.facebook.com. Enter our address there as its webhook."),
            (Setting("phone_number_id", _("Phone number ID"), needed=True), *meta.SETTINGS),
        ),
        Group(
            _("After 24 hours"),
            _("WhatsApp then takes only a template. Give one with a single place to fill in: “An answer: {{1}}”."),
            (
                Setting("template", _("Name of the template")),
                Setting("template_language", _("Its language"), usual="en_GB"),
            ),
        ),
        Group(_("Seldom needed"), "", (API_URL,), seldom=True),
    )
    limits: ClassVar[Limits] = Limits(
        max_chars=4096,
        max_file_bytes=16_000_000,
        max_files=1,
        files=True,
        encloses=True,
        window_hours=24,
        template=True,
        rate=40,
        privacy="private",
    )
    can: ClassVar[Abilities] = Abilities(delivered=True, read=True, reactions=True, media=True)
    events: ClassVar[Mapping[str, str]] = EVENTS
    hooked: ClassVar[bool] = True
    max_hook_bytes: ClassVar[int] = 3 * 2**20  # as Meta says

    # ---- coming in

    def handshake(self, hook: Hook) -> Answer | None:
        return meta.challenge(self.endpoint, hook)

    def verify(self, hook: Hook) -> None:
        meta.verify(self.endpoint, hook)

    def split(self, hook: Hook) -> Sequence[Piece]:
        """Each message and each state by itself, with whom it is from."""
        try:
            pieces = list(_pieces(object_in(hook.body)))
        except (Broken, AttributeError, TypeError):
            pieces = []
        return pieces or [Piece(hook.body)]

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        given = object_in(raw.body)
        event = str(given.get("event") or "")
        becomes = EVENTS.get(event)
        if not event:
            raise Broken("This is no call of WhatsApp: nothing in it says what happened.")
        if becomes is None:
            raise Broken(f"WhatsApp sent an event “{event}” that was not documented when this was written.")
        if becomes not in ("touch", "report"):
            raise refuse("WhatsApp", event, becomes)
        try:
            item = given["item"]
            return [self._report(item, raw) if becomes == "report" else self._touch(event, item, given, raw)]
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"WhatsApp's “{event}” lacks what its documentation promises ({error!r}).") from error

    def _touch(self, event: str, item: Mapping[str, Any], given: Mapping[str, Any], raw: Raw) -> Inbound:
        ours = event == "smb_message_echoes"
        number = f"+{str(item['to'] if ours else item['from']).lstrip('+')}"
        kind, context = str(item.get("type")), item.get("context") or {}
        answered = context.get("id") or (item.get("reaction") or {}).get("message_id")
        return Inbound(
            kind=self.kind,
            direction=Direction.OUT if ours else Direction.EVENT if kind == "reaction" else Direction.IN,
            at=moment(item.get("timestamp"), received=raw),
            once_key=f"whatsapp:{item['id']}",
            external_id=str(item["id"]),
            handles=(Handle("tel", number),),
            name=text_of(given.get("name"))[:255],
            thread_key=f"tel:{number}",
            reply_address=number,
            references=(str(answered),) if answered else (),
            text=words_in(kind, item),
            files=files_in(kind, item),
            attributes=beside(kind, item),
        )

    def _report(self, item: Mapping[str, Any], raw: Raw) -> Report:
        error = (item.get("errors") or [{}])[0]
        details = (error.get("error_data") or {}).get("details") or error.get("title") or error.get("message") or ""
        kept = ("id", "status", "timestamp", "recipient_id", "conversation", "pricing", "errors")
        return Report(
            state=item["status"],
            at=moment(item.get("timestamp"), received=raw),
            once_key=f"whatsapp:{item['id']}:{item['status']}",
            external_id=str(item["id"]),
            key=str(item.get("biz_opaque_callback_data") or ""),
            reason=str(details) if item["status"] == "failed" else "",
            proof={name: item[name] for name in kept if name in item},
        )

    def media(self, source: str) -> bytes:
        """Meta gives an address that is good for five minutes, for whoever has the token."""
        api = meta.api(self.endpoint)
        found = api.json("GET", f"/{source}")
        return api.file(str(found["url"]))

    # ---- going out

    def send(self, message: Outbound) -> str:
        api = meta.api(self.endpoint)
        body: dict[str, Any] = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": message.to.lstrip("+"),
            "biz_opaque_callback_data": message.key,
            **self._content(message),
        }
        told = api.json("POST", f"/{self._number}/messages", json=body)
        return str(told["messages"][0]["id"])

    @property
    def _number(self) -> str:
        return meta.needed(self.endpoint, "phone_number_id", "phone number ID")

    def _content(self, message: Outbound) -> dict[str, Any]:
        if message.late:
            return self._template(message)
        if message.files:
            return self._file(message)
        return {"type": "text", "text": {"body": message.text, "preview_url": False}}

    def _template(self, message: Outbound) -> dict[str, Any]:
        name = self.endpoint.setting("template")
        if not name or message.files:
            raise Rejected(
                "They wrote more than 24 hours ago: only a template goes, without files. Answer another way."
            )
        body = {"type": "body", "parameters": [{"type": "text", "text": " ".join(message.text.split())}]}
        language = {"code": self.endpoint.setting("template_language", "en_GB")}
        return {"type": "template", "template": {"name": name, "language": language, "components": [body]}}

    def _file(self, message: Outbound) -> dict[str, Any]:
        """Handed over first; a picture or a document then carries the text."""
        if len(message.files) > 1:
            raise Rejected("WhatsApp takes one file at a time. Remove the others.")
        file = message.files[0]
        told = meta.api(self.endpoint).json(
            "POST",
            f"/{self._number}/media",
            data={"messaging_product": "whatsapp", "type": file.content_type},
            files={"file": (file.name, file.data, file.content_type)},
        )
        if file.content_type in ("image/jpeg", "image/png"):
            return {"type": "image", "image": {"id": told["id"], "caption": message.text[:1024]}}
        return {
            "type": "document",
            "document": {"id": told["id"], "caption": message.text[:1024], "filename": file.name},
        }

    # ---- being set up

    def check(self) -> str:
        query = {"fields": "display_phone_number,verified_name"}
        found = meta.api(self.endpoint).json("GET", f"/{self._number}", params=query)
        return f"The number is {found.get('display_phone_number')} ({found.get('verified_name')})."

    def activate(self) -> str:
        return f"Enter {self.endpoint.hook_url} and your verify token in Meta's app, for the field “messages”."


def _pieces(body: Mapping[str, Any]) -> Iterator[Piece]:
    for field, value in meta.changes(body):
        names = {each.get("wa_id"): (each.get("profile") or {}).get("name") for each in value.get("contacts") or ()}
        if field not in ("messages", "smb_message_echoes"):
            yield Piece(packed({"event": field, "item": value}))
            continue
        for item in value.get("messages") or ():
            about = {"event": item.get("type") or "unsupported", "name": names.get(item.get("from")), "item": item}
            yield Piece(packed(about), str(item.get("id") or ""))
        for item in value.get("message_echoes") or ():
            yield Piece(packed({"event": field, "item": item}), str(item.get("id") or ""))
        for item in value.get("statuses") or ():
            yield Piece(packed({"event": item.get("status"), "item": item}))


def words_in(kind: str, item: Mapping[str, Any]) -> str:
    given = item.get(kind) or {}
    match kind:
        case "text":
            return text_of(given.get("body"))
        case "reaction":
            return text_of(given.get("emoji"))
        case "button":
            return text_of(given.get("text"))
        case "interactive":
            chosen = given.get("button_reply") or given.get("list_reply") or {}
            return text_of(chosen.get("title") or (given.get("nfm_reply") or {}).get("body"))
        case "contacts":
            return "\n".join(text_of((each.get("name") or {}).get("formatted_name")) for each in given)
        case "order":
            lines = (
                f"{each.get('quantity')} × {each.get('product_retailer_id')}"
                for each in given.get("product_items") or ()
            )
            return "\n".join([*filter(None, [text_of(given.get("text"))]), *lines])
        case "unsupported":
            return "(A message of a kind that WhatsApp does not hand on.)"
        case _:
            return text_of(given.get("caption")) if isinstance(given, Mapping) else ""


def files_in(kind: str, item: Mapping[str, Any]) -> tuple[File, ...]:
    if kind not in FILES:
        return ()
    given = item[kind]
    content_type = str(given.get("mime_type") or "application/octet-stream").partition(";")[0]
    name = str(given.get("filename") or f"{kind}.{content_type.rpartition('/')[2]}")
    return (File(name, content_type, 0, 1, source=str(given["id"])),)


def beside(kind: str, item: Mapping[str, Any]) -> dict[str, object]:
    found: dict[str, object] = {"event": kind}
    if kind == "location":
        found["location"] = dict(item.get("location") or {})
    if item.get("referral"):
        found["referral"] = dict(item["referral"])
    if (item.get("context") or {}).get("forwarded"):
        found["forwarded"] = True
    return found
