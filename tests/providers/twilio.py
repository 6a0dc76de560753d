"""Twilio's Messages API and its webhooks. Written from https://www.twilio.com/docs/messaging (API of 2010-04-01)."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import orjson
from twilio.request_validator import RequestValidator

from tests.providers.kit import Asked, Fake, Reply, Wrong, digest
from threadline.channels.adapters.twilio import TwilioSms, TwilioWhatsapp
from threadline.channels.contract import Hook, Piece

ACCOUNT, TOKEN = "AC" + "1" * 32, "twilio-auth-token-0123456789"
OURS, ANA = "+447700900001", "+447700900123"
FORM = "application/x-www-form-urlencoded"


class FakeTwilioSms(Fake):
    adapter: Any = TwilioSms
    address = OURS
    settings = {"account_sid": ACCOUNT}
    secrets = {"auth_token": TOKEN}
    person = ANA
    has_media = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
    tells_time = False
    prefix = ""
    sms_url = ""

    def __init__(self) -> None:
        super().__init__()
        self.there: list[dict[str, Any]] = []  # what its list of messages holds

    def serve(self, asked: Asked) -> Reply:
        given = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {given}":
            return Reply(401, {"code": 20003, "message": "Authenticate", "status": 401})
        place = f"/2010-04-01/Accounts/{ACCOUNT}"
        match asked.method, asked.path.removeprefix(place):
            case "GET", ".json":
                return Reply(200, {"sid": ACCOUNT, "friendly_name": "Harbour & Pine", "status": "active"})
            case "GET", "/IncomingPhoneNumbers.json":
                known = asked.query["PhoneNumber"] == OURS
                return Reply(200, {"incoming_phone_numbers": [{"sid": "PN1"}] if known else []})
            case "POST", "/IncomingPhoneNumbers/PN1.json":
                self.sms_url = asked.form["SmsUrl"]
                return Reply(200, {"sid": "PN1"})
            case "GET", "/Messages.json":
                return Reply(200, {"messages": self.there, "next_page_uri": None})
            case "GET", "/Messages/MM1/Media/ME1":
                return Reply(body=b"a photo")
            case "POST", "/Messages.json":
                return self.take(asked)
        raise Wrong("no such resource")

    def take(self, asked: Asked) -> Reply:
        form = parse_qs(asked.body.decode(), keep_blank_values=True)
        if form["From"] != [f"{self.prefix}{OURS}"] or not form["To"][0].startswith(f"{self.prefix}+"):
            raise Wrong("From or To")
        if not form["StatusCallback"][0].startswith("https://") or len(form.get("Body", [""])[0]) > 1600:
            raise Wrong("StatusCallback or Body")
        files = tuple((address, b"") for address in form.get("MediaUrl", ()))
        text = form["Body"][0] if "Body" in form else orjson.loads(form["ContentVariables"][0])["1"]
        number = self.accept(to=form["To"][0].removeprefix(self.prefix), text=text, files=files)
        return Reply(201, {"sid": number, "status": "queued"})

    def new_id(self, count: int) -> str:
        return f"SM{digest('twilio', count)[:32]}"

    def expired(self) -> Reply:
        return Reply(401, {"code": 20003, "message": "Authenticate", "status": 401})

    def slow_down(self) -> Reply:
        told = {"code": 20429, "message": "Too Many Requests", "status": 429}
        return Reply(429, told, headers={"Retry-After": "1"})

    def rejected(self) -> Reply:
        return Reply(400, {"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400})

    def somebody(self, number: int) -> str:
        return f"+447700900{number:03}"

    # ---- what comes from there

    def signed(self, fields: Mapping[str, str]) -> Hook:
        """Signed by Twilio's own library."""
        made = RequestValidator(TOKEN).compute_signature(self.hook_url, dict(fields))
        return self.hook(urlencode(fields).encode(), {"content-type": FORM, "x-twilio-signature": made})

    def fields(self, text: str, *, number: int, who: str = "", **more: str) -> dict[str, str]:
        sid = f"SM{digest('in', number)[:32]}"
        return {
            "MessageSid": sid,
            "SmsSid": sid,
            "AccountSid": ACCOUNT,
            "From": f"{self.prefix}{who or ANA}",
            "To": f"{self.prefix}{OURS}",
            "Body": text,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            **more,
        }

    def said(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> Hook:
        return self.signed(self.fields(text, number=number, who=who))

    def listed(self, text: str, *, number: int) -> dict[str, Any]:
        """The same message in its list."""
        given = self.fields(text, number=number)
        sent = format_datetime(datetime.now(UTC))
        about = {"direction": "inbound", "status": "received", "num_media": "0", "date_sent": sent}
        return {"sid": given["MessageSid"], "from": given["From"], "to": given["To"], "body": text, **about}

    def wrote(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> None:
        """A message that its list holds, though no webhook told of it."""
        sent = {"date_sent": format_datetime(at)} if at else {}
        self.there.insert(0, {**self.listed(text, number=number), **sent})

    def told(self, external_id: str, state: str, *, key: str = "") -> Hook:
        return self.signed(self.status(external_id, state))

    def status(self, external_id: str, state: str, **more: str) -> dict[str, str]:
        about = {"MessageSid": external_id, "SmsSid": external_id, "AccountSid": ACCOUNT}
        return {**about, "To": ANA, "From": OURS, "MessageStatus": state, "SmsStatus": state, **more}

    def examples(self) -> Mapping[str, Piece]:
        found = {state: self.status("SM1", state) for state in self.adapter.events}
        found["undelivered"] |= {"ErrorCode": "30003"}
        found["received"] = self.fields("The kettle leaks", number=1, NumMedia="1", MediaUrl0=self.has_media)
        return {state: Piece(orjson.dumps(fields)) for state, fields in found.items()}


class FakeTwilioWhatsapp(FakeTwilioSms):
    adapter: Any = TwilioWhatsapp
    prefix = "whatsapp:"
