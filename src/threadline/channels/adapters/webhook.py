"""Any program of yours: CloudEvents come in, Standard Webhooks go out; both signed.

https://github.com/cloudevents/spec (1.0.2), https://github.com/standard-webhooks/standard-webhooks
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

import httpx

from threadline.channels.contract import (
    Abilities,
    Adapter,
    Address,
    Answer,
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
)
from threadline.channels.contract import words as _
from threadline.channels.exchange import Exchange
from threadline.channels.shapes import moment, object_in, packed, refuse, same, text_of
from threadline.core.touch import Direction, Handle
from threadline.core.understanding.numbers import number_key

MESSAGE = "com.threadline.message"
STATES = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}
EVENTS = {
    MESSAGE: "touch",
    "com.threadline.event": "touch",
    **{f"com.threadline.{state}": "report" for state in STATES},
    "com.threadline.opted_out": "touch",
    "com.threadline.opted_in": "touch",
    "com.threadline.ping": "it only asks whether we are there.",
}
CLOUD = "application/cloudevents+json"
CLOUDS = "application/cloudevents-batch+json"


class Webhook(Adapter):
    """A program that knows people by ids of its own. What it does not yet send is easy to add on its side."""

    kind: ClassVar[str] = "webhook"
    label: ClassVar[str] = _("Webhook")
    spoken: ClassVar[str] = _("over a program of ours")
    glyph: ClassVar[str] = "web"
    scheme: ClassVar[str] = "webhook"
    docs: ClassVar[str] = "https://www.standardwebhooks.com"
    address: ClassVar[Address] = Address(_("A short name of the program"), "kiosk")
    form: ClassVar[tuple[Group, ...]] = (
        Group(
            _("What it sends and gets"),
            _("It sends CloudEvents to the address above, and gets answers at its own; both as Standard Webhooks."),
            (
                Setting(
                    "hook_secret", _("Secret"), _("Begins with whsec_; both sides know it."), "secret", needed=True
                ),
                Setting("answer_url", _("Where answers go"), _("Empty: it only sends."), usual="https://…"),
            ),
        ),
    )
    limits: ClassVar[Limits] = Limits(max_chars=100_000, max_file_bytes=5_000_000, files=True, encloses=True)
    can: ClassVar[Abilities] = Abilities(delivered=True, read=True, opt_out=True, media=True, public=True, begins=True)
    events: ClassVar[Mapping[str, str]] = EVENTS
    idempotent: ClassVar[bool] = True  # the same webhook-id: the receiver knows it
    hooked: ClassVar[bool] = True

    @property
    def key(self) -> bytes:
        secret = self.endpoint.setting("hook_secret").removeprefix("whsec_")
        try:
            found = base64.b64decode(secret, validate=True)
        except binascii.Error as error:
            raise Misconfigured("The secret is no base 64 behind whsec_. Enter another one in Channels.") from error
        if not found:
            raise Misconfigured("The channel has no secret. Enter one in Channels.")
        return found

    # ---- coming in

    def handshake(self, hook: Hook) -> Answer | None:
        """CloudEvents asks with OPTIONS whether it may send; browsers and others ask with GET whether we are there."""
        return Answer(body=b"Threadline takes CloudEvents here.") if hook.method == "GET" else None

    def verify(self, hook: Hook) -> datetime:
        name, at = hook.headers.get("webhook-id", ""), hook.headers.get("webhook-timestamp", "")
        wanted = signature(self.key, name, at, hook.body)
        fitting = [same(each, wanted) for each in hook.headers.get("webhook-signature", "").split()]
        if not name or True not in fitting:
            raise Refused("The signature of this webhook is missing or wrong.")
        if not at.isdecimal():
            raise Refused("The webhook-timestamp is no number of seconds.")
        return moment(at)

    def split(self, hook: Hook) -> Sequence[Piece]:
        kind = hook.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            if kind == CLOUDS:
                events = object_in(b'{"all":' + hook.body + b"}")["all"]
                return [Piece(packed(event), str(event.get("id") or "")) for event in events] or [Piece(hook.body)]
            found = object_in(hook.body)
        except (Broken, AttributeError, TypeError):
            return [Piece(hook.body)]
        event = found if "specversion" in found else {**in_headers(hook.headers), "data": found}
        return [Piece(packed(event), str(event.get("id") or ""))]

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        event = object_in(raw.body)
        missing = [name for name in ("specversion", "id", "source", "type") if not event.get(name)]
        if missing:
            raise Broken(f"This is no CloudEvent: it lacks {', '.join(missing)}.")
        kind, data = str(event["type"]), event.get("data")
        becomes = EVENTS.get(kind)
        if becomes is None:
            raise Refused(f"The type “{kind}” says nothing to us. Send {', '.join(EVENTS)}.")
        if becomes not in ("touch", "report"):
            raise refuse("The program", kind, becomes)
        if not isinstance(data, Mapping):
            raise Broken("This CloudEvent has no data, an object with what was said.")
        try:
            return [self._report(event, data, raw) if becomes == "report" else self._touch(event, data, raw)]
        except (KeyError, TypeError, AttributeError) as error:
            raise Broken(f"The data of “{kind}” lacks something ({error!r}).") from error

    def _touch(self, event: Mapping[str, Any], data: Mapping[str, Any], raw: Raw) -> Inbound:
        kind, person = str(event["type"]), str(data["person"])[:320]
        conversation = str(data.get("conversation") or f"webhook:{person}")
        speaks = kind == MESSAGE
        return Inbound(
            kind=self.kind,
            direction=Direction.IN if speaks else Direction.EVENT,
            at=moment(event.get("time"), received=raw),
            once_key=f"webhook:{self.endpoint.address}:{event['source']}:{event['id']}",
            external_id=str(event["id"]),
            handles=tuple(handles(person, data)),
            name=text_of(data.get("name"))[:255],
            public=data.get("public") is True,
            thread_key=conversation,
            reply_address=str(data.get("answer_to") or person),
            references=(str(data["answers"]),) if data.get("answers") else (),
            subject=text_of(data.get("subject"))[:2000],
            text=text_of(data.get("text")),
            files=tuple(files_in(data)),
            attributes={str(key): value for key, value in (data.get("attributes") or {}).items()},
            consent={"com.threadline.opted_out": "out", "com.threadline.opted_in": "in"}.get(kind, ""),  # type: ignore[arg-type]
        )

    def _report(self, event: Mapping[str, Any], data: Mapping[str, Any], raw: Raw) -> Report:
        state = str(event["type"]).rpartition(".")[2]
        return Report(
            state=STATES[state],  # type: ignore[arg-type]
            at=moment(event.get("time"), received=raw),
            once_key=f"webhook:{self.endpoint.address}:{event['source']}:{event['id']}",
            external_id=str(data.get("message") or ""),
            key=str(data.get("key") or ""),
            reason=text_of(data.get("reason")) if state == "failed" else "",
            proof={"type": event["type"], "id": event["id"], "source": event["source"], "data": dict(data)},
        )

    def media(self, source: str) -> bytes:
        """Files come along in the event or lie at an address of the program."""
        if not source.startswith(("https://", "http://")):
            raise Rejected("The file's address is no web address.")
        return self._exchange().file(source)

    # ---- going out

    def send(self, message: Outbound) -> str:
        body = packed(
            {
                "type": "message.answered",
                "timestamp": datetime.now(UTC).isoformat(),
                "data": {
                    "key": message.key,
                    "to": message.to,
                    "conversation": message.thread_key,
                    "answers": message.in_reply_to,
                    "text": message.text,
                    "files": [
                        {"name": file.name, "content_type": file.content_type, "url": file.url}
                        for file in message.files
                    ],
                },
            }
        )
        self._post(f"msg_{message.key}", body)
        return f"msg_{message.key}"

    def _post(self, name: str, body: bytes) -> None:
        at = str(int(time.time()))
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": at,
            "webhook-signature": signature(self.key, name, at, body),
        }
        self._exchange().post(self._url, content=body, headers=headers)

    @property
    def _url(self) -> str:
        found = self.endpoint.setting("answer_url")
        if not found:
            raise Misconfigured("The channel does not say where answers go. Enter it in Channels.")
        return found

    def _exchange(self) -> Exchange:
        return Exchange(self.endpoint, name="The program", base=self.endpoint.setting("answer_url"), explain=explain)

    # ---- being set up

    def check(self) -> str:
        """A ping, signed as everything else, where it takes answers."""
        self.key  # noqa: B018
        if not self.endpoint.setting("answer_url"):
            return ""
        self._post(
            f"msg_{uuid4().hex}", packed({"type": "ping", "timestamp": datetime.now(UTC).isoformat(), "data": {}})
        )
        return "The program answered a ping."

    def activate(self) -> str:
        return f"Have the program send to {self.endpoint.hook_url}."


def signature(key: bytes, name: str, at: str, body: bytes) -> str:
    """`v1,` and HMAC-SHA256 over id, timestamp and body, in base 64, as Standard Webhooks has it."""
    digest = hmac.digest(key, b".".join((name.encode(), at.encode(), body)), hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def in_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """CloudEvents in binary mode: what describes the event stands in the headers, the body is its data."""
    return {name.removeprefix("ce-"): value for name, value in headers.items() if name.startswith("ce-")}


def handles(person: str, data: Mapping[str, Any]) -> list[Handle]:
    """By the program's own id first; what else it knows is observed, not proven. An order is likely its buyer's."""
    found = [Handle("webhook", person)]
    if "@" in str(data.get("email") or ""):
        found.append(Handle("email", str(data["email"]).lower()[:320]))
    if str(data.get("phone") or "").startswith("+"):
        found.append(Handle("tel", str(data["phone"])[:20]))
    if key := number_key(str(data.get("order") or "")):
        found.append(Handle("order", key[:320]))
    return found


def files_in(data: Mapping[str, Any]) -> list[File]:
    found = []
    for place, each in enumerate(data.get("files") or (), 1):
        kind = str(each.get("content_type") or "application/octet-stream")
        found.append(File(str(each["name"]), kind, int(each.get("size") or 0), place, source=str(each["url"])))
    return found


def explain(answer: httpx.Response) -> Failure | None:
    """410 Gone is how Standard Webhooks says that somebody wants no more of it."""
    if answer.status_code == 410:
        return OptedOut("The program says that they want no more messages.")
    return None
