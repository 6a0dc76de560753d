"""Talking HTTP to a provider, with a time-out, and its answers in our four words. For adapters; knows no database."""

import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx

from threadline.channels.contract import Endpoint, Failure, Misconfigured, Rejected, Unavailable

TIMEOUT = 20.0
LONGEST_WAIT = 3600.0
LONGEST_WORDS = 300
LARGEST_FILE = 40 * 2**20
RESETS = ("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset")
NEVER_REACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
GATEWAYS = (502, 504)  # somebody between us and the provider lost the answer: what we asked may have been done
Explain = Callable[[httpx.Response], Failure | None]


@cache
def trusted() -> ssl.SSLContext:
    """Reading the certificates takes 20 ms, so it is done once."""
    return ssl.create_default_context()


class Exchange:
    """One provider as one channel talks to it.

    Args:
        name: the provider's, for sentences.
        base: the address of its API; the setting `api_url` of the channel goes before.
        explain: says what a refusal means, where its status alone does not tell; None leaves it to the status.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        name: str,
        base: str,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        explain: Explain = lambda answer: None,
    ) -> None:
        self.name, self.explain, self.auth = name, explain, auth
        self.base = endpoint.setting("api_url", base).rstrip("/")
        self.headers = {"User-Agent": "Threadline", **(headers or {})}
        self.timeout = float(endpoint.setting("timeout") or TIMEOUT)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("POST", path, **more)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """`more` as httpx takes it: params, json, data, files, headers.

        Raises:
            Failure: one of the four, in words.
        """
        address = path if path.startswith(("http://", "https://")) else f"{self.base}{path}"
        headers = {**self.headers, **more.pop("headers", {})}
        try:
            with httpx.Client(verify=trusted(), timeout=self.timeout, auth=self.auth, trust_env=False) as client:
                answer = client.request(method, address, headers=headers, **more)
        except NEVER_REACHED as error:
            raise Unavailable(f"{self.name} can not be reached: {error or type(error).__name__}.") from error
        except httpx.TransportError as error:
            words = f"{self.name} did not answer ({type(error).__name__})"
            raise Unavailable(f"{words}.", unknown=method != "GET") from error
        if answer.is_error:
            raise self.failure(answer, method)
        return answer

    def json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """The answer's object. One that is none, though all went well, leaves us not knowing what was done."""
        answer = self.ask(method, path, **more)
        try:
            found = answer.json()
        except ValueError as error:
            unknown = method != "GET"
            raise Unavailable(f"{self.name} answered something that is no JSON.", unknown=unknown) from error
        return found if isinstance(found, dict) else {"list": found}

    def file(self, address: str) -> bytes:
        """The bytes behind an address of the provider's API, which gets our credentials.

        They do not follow where it sends us on to. For files that may lie with others, use an exchange without any.
        """
        answer = self.get(address)
        if answer.is_redirect:
            answer = self._elsewhere(answer.headers["location"])
        if len(answer.content) > LARGEST_FILE:
            raise Rejected(f"The file has {len(answer.content):,} bytes; we keep up to {LARGEST_FILE:,}.")
        return answer.content

    def _elsewhere(self, address: str) -> httpx.Response:
        try:
            with httpx.Client(verify=trusted(), timeout=self.timeout, trust_env=False, follow_redirects=True) as client:
                return client.get(address).raise_for_status()
        except httpx.HTTPError as error:
            raise Unavailable(f"The file of {self.name} could not be fetched ({type(error).__name__}).") from error

    def failure(self, answer: httpx.Response, method: str) -> Failure:
        said = f"{self.name} answered {answer.status_code}: {words_of(answer)}"
        if answer.status_code == 429:
            return Unavailable(f"{self.name} asks us to slow down.", retry_after=wait_of(answer))
        explained = self.explain(answer)
        if explained is not None:
            return explained
        if answer.status_code >= 500:
            unknown = answer.status_code in GATEWAYS and method != "GET"
            return Unavailable(said, retry_after=wait_of(answer, usual=None), unknown=unknown)
        if answer.status_code in (401, 403):
            return Misconfigured(f"{said} Enter new credentials in Channels.")
        return Rejected(said)


def words_of(answer: httpx.Response) -> str:
    """What the provider says went wrong, in one line."""
    text = " ".join(answer.text.split())
    with suppress(ValueError):
        text = told(answer.json()) or text
    text = text[:LONGEST_WORDS] or answer.reason_phrase or "no reason"
    return text if text.endswith((".", "!", "?")) else f"{text}."


def told(found: object) -> str:
    """The words of the usual shapes: message, description, error, errors, detail, title."""
    if isinstance(found, list):
        return "; ".join(filter(None, (told(each) for each in found[:3])))
    if isinstance(found, str):
        return found
    if not isinstance(found, Mapping):
        return ""
    names = ("message", "description", "error_description", "detail", "error", "errors", "title")
    return next((text for name in names if name in found and (text := told(found[name]))), "")


def wait_of(answer: httpx.Response, usual: float | None = 30.0) -> float | None:
    """The seconds of `Retry-After`, which may also be a date; else until the limit begins anew."""
    written = answer.headers.get("retry-after", "")
    try:
        return bounded(float(written))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(written)
    except (TypeError, ValueError):
        return reset_of(answer) or usual
    return bounded((until - datetime.now(UTC)).total_seconds())


def bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_WAIT)


def reset_of(answer: httpx.Response) -> float | None:
    """Social networks say when the limit begins anew: seconds from now, seconds since 1970, or ISO 8601."""
    if answer.status_code != 429:
        return None
    written = next((answer.headers[name] for name in RESETS if name in answer.headers), "")
    now = datetime.now(UTC)
    with suppress(ValueError):
        seconds = float(written)
        return bounded(seconds - now.timestamp() if seconds > 1e9 else seconds)
    with suppress(ValueError, TypeError):
        return bounded((datetime.fromisoformat(written) - now).total_seconds())
    return None
