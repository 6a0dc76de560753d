"""Text messages and WhatsApp over Twilio. API: https://www.twilio.com/docs/messaging/api/message-resource"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from threadline.channels.contract import (
    Abilities,
    Answer,
    Broken,
    Fetched,
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
from threadline.channels.twilio_account import CREDENTIALS, REASONS, SELDOM, SILENCED, Account
from threadline.core.touch import Direction, Handle

STATES = {
    "accepted": "it is only queued at Twilio.",
    "scheduled": "it is only queued at Twilio.",
    "queued": "it is only queued at Twilio.",
    "sending": "it is only on its way at Twilio.",
    "sent": "report",
    "delivered": "report",
    "partially_delivered": "report",
    "read": "report",
    "undelivered": "report",
    "failed": "report",
    "canceled": "report",
    "receiving": "it is one of theirs, and comes by itself.",
    "received": "touch",
}
REPORTED = {
    "sent": "sent",
    "delivered": "delivered",
    "partially_delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
STOP = re.compile(r"\s*(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)\s*[.!]?\s*", re.IGNORECASE)
START = re.compile(r"\s*(start|yes|unstop)\s*[.!]?\s*", re.IGNORECASE)


class Twilio(Account):
    """What both have in common. `prefix` stands before their numbers."""

    docs: ClassVar[str] = "https://www.twilio.com/docs/messaging"
    events: ClassVar[Mapping[str, str]] = STATES
    received: ClassVar[Answer] = Answer(body=b"<Response/>", content_type="text/xml")
    prefix: ClassVar[str] = ""

    # ---- coming in

    def split(self, hook: Hook) -> Sequence[Piece]:
        said = {**hook.query, **hook.form()}
        number = said.get("MessageSid") or said.get("SmsSid") or ""
        return [Piece(packed({**said, "Seen": hook.received_at.isoformat()}), number if is_theirs(said) else "")]

    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        said = object_in(raw.body)
        state = str(said.get("MessageStatus") or said.get("SmsStatus") or "").lower()
        if not state or not said.get("MessageSid"):
            raise Broken("This is no message of Twilio: it has no MessageSid or no SmsStatus.")
        becomes = STATES.get(state)
        if becomes is None:
            raise Broken(f"Twilio sent a state “{state}” that was not documented when this was written.")
        if becomes == "report":
            return [self._report(said, state, raw)]
        if becomes != "touch":
            raise refuse("Twilio", state, becomes)
        return [self._touch(said, raw)]

    def _touch(self, said: Mapping[str, Any], raw: Raw) -> Inbound:
        number, body = bare(said.get("From")), text_of(said.get("Body"))
        if not number:
            raise Broken("Twilio's message has no From.")
        return Inbound(
            kind=self.kind,
            direction=Direction.IN,
            at=moment(said.get("Sent") or said.get("Seen"), received=raw),
            once_key=f"twilio:{said['MessageSid']}",
            external_id=str(said["MessageSid"]),
            handles=(Handle("tel", number),),
            name=text_of(said.get("ProfileName"))[:255],
            thread_key=f"tel:{number}",
            reply_address=number,
            references=(str(said["OriginalRepliedMessageSid"]),) if said.get("OriginalRepliedMessageSid") else (),
            text=str(said.get("ButtonText") or body),
            files=files_in(said),
            attributes={name: said[key] for key, name in BESIDE.items() if said.get(key) not in (None, "", "0")},
            consent=consent_in(said, body),
        )

    def _report(self, said: Mapping[str, Any], state: str, raw: Raw) -> Report:
        code = int(str(said.get("ErrorCode") or 0) or 0) if str(said.get("ErrorCode") or 0).isdigit() else 0
        kept = ("MessageStatus", "ErrorCode", "ErrorMessage", "To", "RawDlrDoneDate", "ChannelStatusMessage")
        return Report(
            state=REPORTED[state],  # type: ignore[arg-type]
            at=moment(said.get("Seen"), received=raw),
            once_key=f"twilio:{said['MessageSid']}:{state}",
            external_id=str(said["MessageSid"]),
            reason=reason_of(code, said) if REPORTED[state] == "failed" else "",
            opted_out=code in SILENCED,
            proof={name: said[name] for name in ("MessageSid", *kept) if said.get(name)},
        )

    def history(self, since: datetime, cursor: str) -> Fetched:
        """What Twilio has that was sent to us, newest first."""
        to = f"{self.prefix}{self.endpoint.address}"
        query = {"To": to, "DateSent>": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "PageSize": "200"}
        told = self.api.json("GET", cursor or f"{self.place}/Messages.json?{urlencode(query)}")
        pieces = tuple(piece_of(each) for each in told["messages"] if each.get("direction") == "inbound")
        return Fetched(pieces, str(told.get("next_page_uri") or ""), more=bool(told.get("next_page_uri")))

    # ---- going out

    def send(self, message: Outbound) -> str:
        form: dict[str, Any] = {
            "To": f"{self.prefix}{message.to}",
            "From": f"{self.prefix}{self.endpoint.address}",
            "StatusCallback": self.endpoint.hook_url,
            **self.content(message),
        }
        if message.files:
            form["MediaUrl"] = [file.url for file in message.files]
        return str(self.api.json("POST", f"{self.place}/Messages.json", data=form)["sid"])

    def content(self, message: Outbound) -> dict[str, str]:
        return {"Body": message.text}


class TwilioSms(Twilio):
    """Text messages; pictures where the number can do MMS. STOP and START are heard."""

    kind: ClassVar[str] = "sms"
    form: ClassVar[tuple[Group, ...]] = (CREDENTIALS, SELDOM)
    limits: ClassVar[Limits] = Limits(
        max_chars=1600, max_file_bytes=5_000_000, max_files=10, files=True, encloses=True, rate=10, privacy="open"
    )
    can: ClassVar[Abilities] = Abilities(delivered=True, opt_out=True, media=True, begins=True)

    def activate(self) -> str:
        self.tell_number(SmsUrl=self.endpoint.hook_url, SmsMethod="POST")
        return ""


class TwilioWhatsapp(Twilio):
    """WhatsApp over Twilio. After 24 hours of silence only a template goes: its Content SID is a setting."""

    kind: ClassVar[str] = "whatsapp"
    prefix: ClassVar[str] = "whatsapp:"
    form: ClassVar[tuple[Group, ...]] = (
        CREDENTIALS,
        Group(
            _("After 24 hours"),
            _("WhatsApp then takes only a template. Give the one that says “An answer for you: {{1}}”."),
            (Setting("template", _("Content SID of the template"), usual="HX…"),),
        ),
        SELDOM,
    )
    limits: ClassVar[Limits] = Limits(
        max_chars=1600,
        max_file_bytes=16_000_000,
        max_files=1,
        files=True,
        encloses=True,
        window_hours=24,
        template=True,
        rate=40,
        privacy="private",
    )
    can: ClassVar[Abilities] = Abilities(delivered=True, read=True, opt_out=True, media=True)

    def content(self, message: Outbound) -> dict[str, str]:
        template = self.endpoint.setting("template")
        if not message.late:
            return {"Body": message.text}
        if not template:
            raise Rejected("They wrote more than 24 hours ago, and the channel has no template. Answer another way.")
        return {"ContentSid": template, "ContentVariables": packed({"1": message.text}).decode()}

    def activate(self) -> str:
        return f"Enter {self.endpoint.hook_url} in the Twilio console, as where WhatsApp messages of this sender go."


BESIDE = {
    "NumSegments": "segments",
    "Latitude": "latitude",
    "Longitude": "longitude",
    "Address": "address",
    "Label": "label",
    "FromCountry": "country",
    "ButtonPayload": "button",
    "Forwarded": "forwarded",
    "ReferralSourceUrl": "referral",
}


def is_theirs(said: Mapping[str, Any]) -> bool:
    return str(said.get("SmsStatus") or said.get("MessageStatus")) == "received"


def bare(number: object) -> str:
    return str(number or "").rpartition(":")[2].strip()


def files_in(said: Mapping[str, Any]) -> tuple[File, ...]:
    count = str(said.get("NumMedia") or 0)
    found = []
    for place in range(int(count) if count.isdigit() else 0):
        address, kind = str(said.get(f"MediaUrl{place}") or ""), str(said.get(f"MediaContentType{place}") or "")
        ending = kind.rpartition("/")[2].partition(";")[0]
        if address:
            found.append(File(f"file-{place + 1}.{ending}", kind[:120], 0, place + 1, source=address))
    return tuple(found)


def consent_in(said: Mapping[str, Any], body: str) -> Any:
    """Twilio says it where it handles the words itself; else the words that carriers know."""
    told = str(said.get("OptOutType") or "").upper()
    if told:
        return {"STOP": "out", "START": "in"}.get(told, "")
    return "out" if STOP.fullmatch(body) else "in" if START.fullmatch(body) and "yes" not in body.lower() else ""


def reason_of(code: int, said: Mapping[str, Any]) -> str:
    told = said.get("ErrorMessage") or said.get("ChannelStatusMessage")
    return REASONS.get(code) or str(told or f"Twilio gave the reason {code or 'none'}.")


def piece_of(listed: Mapping[str, Any]) -> Piece:
    """A message of Twilio's list, as it would have come by itself. Of its files the list tells only the number."""
    sent = parsedate_to_datetime(str(listed.get("date_sent") or listed.get("date_created")))
    said = {
        "MessageSid": listed["sid"],
        "SmsStatus": "received",
        "From": listed["from"],
        "To": listed["to"],
        "Body": listed.get("body") or "",
        "Sent": sent.isoformat(),
    }
    return Piece(packed(said), str(listed["sid"]))
