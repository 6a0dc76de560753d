"""An account at Twilio: whose it is, how its requests are signed, what its refusals mean. For its adapters."""

import base64
import hashlib
import hmac
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode

import httpx

from threadline.channels.contract import (
    API_URL,
    Adapter,
    Address,
    Failure,
    Group,
    Hook,
    Misconfigured,
    OptedOut,
    Refused,
    Rejected,
    Setting,
)
from threadline.channels.contract import words as _
from threadline.channels.exchange import Exchange
from threadline.channels.shapes import same

# What an admin and what nobody can do something about. https://www.twilio.com/docs/api/errors
SETUP = {20003, 20005, 21205, 21210, 21212, 21213, 21215, 21606, 21608, 21659, 30002, 63007}
SILENCED = {21610, 63032}
REASONS = {
    21211: "This is no telephone number.",
    21214: "This number can not be called.",
    21217: "This is no telephone number.",
    21220: "The call is over.",
    30003: "The phone is off or out of reach.",
    30004: "They or their carrier block our messages.",
    30005: "There is no such number any more.",
    30006: "This number takes no text messages: it is a landline, or its carrier can not be reached.",
    30007: "A carrier took it for unwanted and filtered it.",
    30008: "The carrier gave no reason.",
    63016: "They wrote more than 24 hours ago: WhatsApp takes only an approved template now.",
    21610: "They answered STOP.",
    63024: "There is no WhatsApp account with this number.",
    63032: "They do not want to be written to.",
}
CREDENTIALS = Group(
    _("Your Twilio account"),
    _("Both stand on the first page of the Twilio console. Threadline tells Twilio where to call."),
    (
        Setting("account_sid", _("Account SID"), needed=True, usual="AC…"),
        Setting("auth_token", _("Auth token"), kind="secret", needed=True),
    ),
)
SELDOM = Group(_("Seldom needed"), "", (API_URL,), seldom=True)
BASE = "https://api.twilio.com"


class Account(Adapter):
    """What everything at Twilio has in common."""

    provider: ClassVar[str] = "twilio"
    carrier: ClassVar[str] = _("Twilio")
    scheme: ClassVar[str] = "tel"
    address: ClassVar[Address] = Address(_("Our number"), "+44 7700 900001", "number")
    hooked: ClassVar[bool] = True

    @property
    def account(self) -> str:
        return self._needed("account_sid", "Account SID")

    @property
    def token(self) -> str:
        return self._needed("auth_token", "Auth token")

    def _needed(self, name: str, label: str) -> str:
        found = self.endpoint.setting(name)
        if not found:
            raise Misconfigured(f"The channel has no {label} of Twilio. Enter it in Channels.")
        return found

    @property
    def api(self) -> Exchange:
        auth = (self.account, self.token)
        return Exchange(self.endpoint, name="Twilio", base=BASE, auth=auth, explain=explain)

    @property
    def place(self) -> str:
        return f"/2010-04-01/Accounts/{self.account}"

    # ---- coming in

    def verify(self, hook: Hook) -> None:
        if not same(hook.headers.get("x-twilio-signature", ""), signature(self.token, hook)):
            raise Refused("Twilio's signature is missing or wrong. Is the address of this server as Twilio knows it?")

    def media(self, source: str) -> bytes:
        base = self.endpoint.setting("api_url", BASE)
        path = source.removeprefix(BASE)
        if not path.startswith("/") and not source.startswith(base):
            raise Rejected("This file does not lie at Twilio.")
        return self.api.file(path)

    # ---- being set up

    def check(self) -> str:
        found = self.api.json("GET", f"{self.place}.json")
        if found.get("status") != "active":
            raise Misconfigured(
                f"Twilio says that the account is {found.get('status')}. Open it in the Twilio console."
            )
        return f"The Twilio account is “{found.get('friendly_name')}”."

    def tell_number(self, **where: str) -> None:
        """Have our number call us at these addresses."""
        query = urlencode({"PhoneNumber": self.endpoint.address})
        found = self.api.json("GET", f"{self.place}/IncomingPhoneNumbers.json?{query}").get("incoming_phone_numbers")
        if not found:
            raise Misconfigured(f"This Twilio account has no number {self.endpoint.address}. Correct the address.")
        self.api.json("POST", f"{self.place}/IncomingPhoneNumbers/{found[0]['sid']}.json", data=where)


def signature(token: str, hook: Hook) -> str:
    """The address, then the fields of a form sorted by name, each name and value; HMAC-SHA1 in base 64.

    Source: https://www.twilio.com/docs/usage/security. A field that comes twice counts once for each value.
    """
    fields = parse_qsl(hook.body.decode("utf-8", "replace"), keep_blank_values=True) if hook.method == "POST" else []
    text = hook.url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


def explain(answer: httpx.Response) -> Failure | None:
    try:
        told = answer.json()
    except ValueError:
        return None
    code, words = int(told.get("code") or 0), str(told.get("message") or "").rstrip(".")
    if code in SILENCED:
        return OptedOut(f"They answered STOP to this number: {words}.")
    if code in SETUP or answer.status_code == 401:
        return Misconfigured(f"Twilio refuses us: {words} ({code}). Correct the account in Channels.")
    if code and answer.status_code < 429:
        return Rejected(f"Twilio refused the message: {REASONS.get(code) or words + '.'}")
    return None
