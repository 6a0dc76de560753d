"""What every channel of Google shares: a token that lasts an hour, asked for when it is needed. No database.

https://developers.google.com/identity/protocols/oauth2/web-server#offline, …/oauth2/service-account#httprest
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from threadline.channels.contract import Endpoint, Failure, Misconfigured, Rejected, Setting, Unavailable
from threadline.channels.contract import words as _
from threadline.channels.exchange import Exchange, wait_of, words_of
from threadline.channels.posts import BeforeSending

TOKEN_URL = "https://oauth2.googleapis.com/token"
TOKENS_AT = Setting("grant_url", _("Where tokens are made"), usual=TOKEN_URL)
EARLIER = 60.0  # seconds before a token ends
TOKENS: dict[str, tuple[str, float]] = {}  # of this process
SLOW_DOWN = {"RESOURCE_EXHAUSTED", "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"}


class Ended(Misconfigured):
    """The token is not taken any more; a new one is asked for, once."""


class Google:
    """One API of Google. `grant` makes the form that is changed into a token."""

    def __init__(self, endpoint: Endpoint, *, name: str, base: str, grant: Callable[[], Mapping[str, str]]) -> None:
        self.endpoint, self.name, self.base, self.grant = endpoint, name, base, grant

    def json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        key = self._key()
        held = TOKENS.get(key)
        if held and held[1] > time.monotonic():
            try:
                return self._exchange(held[0]).json(method, path, **more)
            except Ended:
                TOKENS.pop(key, None)
        return self._exchange(self._renew(key)).json(method, path, **more)

    def _exchange(self, token: str) -> Exchange:
        headers = {"Authorization": f"Bearer {token}"}
        return Exchange(self.endpoint, name=self.name, base=self.base, headers=headers, explain=explain)

    def _renew(self, key: str) -> str:
        address = self.endpoint.setting("grant_url", TOKEN_URL)
        with BeforeSending():
            exchange = Exchange(self.endpoint, name="Google", base="", explain=explain_token)
            told = exchange.json("POST", address, data=dict(self.grant()))
        token = str(told.get("access_token") or "")
        if not token:
            raise Unavailable("Google made no token. We ask again.")
        TOKENS[key] = (token, time.monotonic() + float(told.get("expires_in") or 0) - EARLIER)
        return token

    def _key(self) -> str:
        settings = sorted((name, str(value)) for name, value in self.endpoint.settings.items())
        return hashlib.sha256(repr((self.name, settings)).encode()).hexdigest()


def explain_token(answer: httpx.Response) -> Failure | None:
    """Whatever Google says against a grant is wrong until a person gives another one."""
    if answer.status_code in (400, 401, 403):
        return Misconfigured(f"Google does not take these credentials: {words_of(answer)} Enter new ones in Channels.")
    return None


def explain(answer: httpx.Response) -> Failure | None:
    if answer.status_code == 401:
        return Ended(f"Google does not take the token: {words_of(answer)} Enter new credentials in Channels.")
    if answer.status_code == 403 and SLOW_DOWN & reasons(answer):
        return Unavailable("Google asks us to slow down.", retry_after=wait_of(answer))
    if answer.status_code == 404 and answer.request.method != "GET":
        return Rejected("This review is gone, or Google does not know it any more.")
    return None


def reasons(answer: httpx.Response) -> set[str]:
    try:
        error = answer.json().get("error")
    except (ValueError, AttributeError):
        return set()
    if not isinstance(error, Mapping):
        return set()
    listed = error.get("errors") if isinstance(error.get("errors"), list) else []
    return {str(error.get("status"))} | {str(each.get("reason")) for each in listed or () if isinstance(each, Mapping)}
