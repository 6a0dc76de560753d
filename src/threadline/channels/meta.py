"""What every channel of Meta's Graph API shares: its signature, its challenge, its errors. No database.

https://developers.facebook.com/docs/graph-api/webhooks, …/graph-api/guides/error-handling
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from threadline.channels.contract import (
    Answer,
    Endpoint,
    Failure,
    Hook,
    Misconfigured,
    OptedOut,
    Refused,
    Rejected,
    Setting,
    Unavailable,
)
from threadline.channels.contract import words as _
from threadline.channels.exchange import Exchange, wait_of
from threadline.channels.shapes import same

BASE = "https://graph.facebook.com/v25.0"
SETTINGS = (
    Setting("access_token", _("Access token"), _("Of a system user, so that it does not end."), "secret", needed=True),
    Setting("app_secret", _("App secret"), _("Stands in the app's basic settings."), "secret", needed=True),
    Setting(
        "verify_token",
        _("Verify token"),
        _("A word that you make up. Enter the same one in Meta's app, beside the address that it shall call."),
        "secret",
        needed=True,
    ),
)
SLOW_DOWN = {4, 17, 32, 613, 80007, 130429, 131048, 131056}
NOT_NOW = {1, 2, 1200, 131000, 131016, 133004, 133005}
TOO_LATE = {2018065, 2018278, 2534022}  # subcodes: outside of the 24 hours
UNWILLING = {1545041, 2018108}  # subcodes: they blocked us, or take no messages
OUR_FAULT = {0, 3, 10, 102, 190, 368, 131005, 131031, 131042, 131045, 133010}


def api(endpoint: Endpoint) -> Exchange:
    token = needed(endpoint, "access_token", "access token")
    return Exchange(endpoint, name="Meta", base=BASE, headers={"Authorization": f"Bearer {token}"}, explain=explain)


def needed(endpoint: Endpoint, name: str, label: str) -> str:
    found = endpoint.setting(name)
    if not found:
        raise Misconfigured(f"The channel has no {label} of Meta. Enter it in Channels.")
    return found


def challenge(endpoint: Endpoint, hook: Hook) -> Answer | None:
    """Meta asks once with GET whether the address is ours."""
    if hook.method != "GET":
        return None
    given, wanted = hook.query.get("hub.verify_token", ""), endpoint.setting("verify_token")
    if hook.query.get("hub.mode") != "subscribe" or not wanted or not same(given, wanted):
        raise Refused("Meta's verify token is not the one of this channel.")
    return Answer(body=hook.query.get("hub.challenge", "").encode())


def verify(endpoint: Endpoint, hook: Hook) -> None:
    """HMAC-SHA256 of the body with the app's secret."""
    secret = needed(endpoint, "app_secret", "app secret")
    wanted = f"sha256={hmac.new(secret.encode(), hook.body, hashlib.sha256).hexdigest()}"
    if not same(hook.headers.get("x-hub-signature-256", ""), wanted):
        raise Refused("Meta's signature is missing or wrong. Is the app secret right?")


def changes(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(field, value) of everything that a call tells."""
    for entry in body.get("entry") or ():
        for change in entry.get("changes") or ():
            yield str(change.get("field") or ""), change.get("value") or {}


def explain(answer: httpx.Response) -> Failure | None:
    try:
        told = answer.json()["error"]
        code, words = int(told.get("code") or 0), str(told.get("message") or "").rstrip(".")
        subcode = int(told.get("error_subcode") or 0)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    details = str((told.get("error_data") or {}).get("details") or "").rstrip(".") if isinstance(told, dict) else ""
    words = f"{words}: {details}" if details and details not in words else words
    if code == 551 or subcode in UNWILLING:
        return OptedOut(f"They take no messages from us: {words}.")
    if subcode in TOO_LATE:
        return Rejected("Their last word is too long ago for Meta. Wait until they write, or answer another way.")
    if "human agent" in words.lower().replace("_", " "):
        return Rejected(f"Meta did not give the app the feature “Human Agent”: {words}. Say so in Channels.")
    if code in SLOW_DOWN:
        return Unavailable("Meta asks us to slow down.", retry_after=wait_of(answer))
    if code in NOT_NOW:
        return Unavailable(f"Meta can not do it now: {words}.")
    if (code in OUR_FAULT and answer.status_code < 500) or 200 <= code <= 299:
        return Misconfigured(f"Meta refuses us: {words} ({code}). Correct the access in Channels.")
    return Rejected(f"Meta refused the message: {words} ({code}).") if answer.status_code < 500 else None
