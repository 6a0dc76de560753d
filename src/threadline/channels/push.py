"""Web push: one encrypted message to one browser, through the push service that the browser named.

The address comes from a browser, so it is not trusted: only services on a list are called, only by https and only at
public addresses, and the address that was checked is the one that is called. Frozen data in, no database.
"""

import base64
import binascii
import ipaddress
import json
import socket
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import cast
from urllib.parse import SplitResult, urlsplit

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPusher

from threadline.channels.contract import Misconfigured, Rejected, Unavailable

SECONDS = 5.0
TTL_SECONDS = 4 * 60 * 60
SIGNED_SECONDS = 12 * 60 * 60
LONGEST = 3_000  # bytes of plain text; services take 4,096 encrypted
MOST_ANSWERED = 64 * 1024
_resolvers = ThreadPoolExecutor(4, thread_name_prefix="resolve")


class Gone(Rejected):
    """The browser does not want to be pushed to any more."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where to push, and the keys that only this browser can read with."""

    endpoint: str
    p256dh: str
    auth: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who we are to push services. `contact` is an address where their people reach ours."""

    private: str = field(repr=False)
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """`topic` replaces an undelivered message of the same topic."""

    content: Mapping[str, str]
    topic: str = ""
    urgent: bool = False


def make_keys() -> tuple[str, str]:
    """A new key pair: the public half as browsers take it, the private one as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    shapes = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    public = base64.urlsafe_b64encode(key.public_key().public_bytes(*shapes)).rstrip(b"=").decode()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return public, pem.decode()


def check(browser: Browser, allowed: Sequence[str]) -> None:
    """What a browser said of itself.

    Raises:
        Rejected: a service that is not on the list, or keys that are none.
    """
    _allowed(browser.endpoint, allowed)
    if len(_decoded(browser.p256dh)) != 65 or len(_decoded(browser.auth)) != 16:
        raise Rejected("The keys of this browser are damaged. Switch push off and on again in the browser.")


def send(browser: Browser, message: Message, sender: Sender, *, allowed: Sequence[str], client: httpx.Client) -> None:
    """Hand one message to the push service.

    Raises:
        Gone: the browser is no longer there. Unavailable: try again later. Rejected, Misconfigured: not like this.
    """
    body = json.dumps(dict(message.content), ensure_ascii=False).encode()
    if len(body) > LONGEST:
        raise Rejected(f"The message has {len(body)} bytes; a push takes {LONGEST}.")
    url, host = _called(browser.endpoint, allowed)
    headers = {
        "Host": host.netloc.rpartition("@")[2],
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(TTL_SECONDS),
        "Urgency": "high" if message.urgent else "normal",
        "Authorization": _signed(sender, f"{host.scheme}://{host.netloc}", int(time.time()) // 3600),
        **({"Topic": message.topic} if message.topic else {}),
    }
    try:
        with client.stream(
            "POST",
            url,
            content=_encrypted(browser, body),
            headers=headers,
            timeout=SECONDS,
            follow_redirects=False,
            extensions={"sni_hostname": host.hostname or ""},
        ) as answer:
            _drain(answer)
            _judge(answer.status_code, host.hostname or "")
    except httpx.HTTPError as error:
        raise Unavailable(
            f"The push service {host.hostname} did not answer: {error or type(error).__name__}."
        ) from error


def _drain(answer: httpx.Response) -> None:
    """Read to the end, so that the connection serves the next push too; but not what has no end."""
    read = 0
    for chunk in answer.iter_raw():
        read += len(chunk)
        if read > MOST_ANSWERED:
            return


def _judge(status: int, host: str) -> None:
    if status in (404, 410):
        raise Gone("The browser is no longer there; it was removed from your page.")
    if status == 429 or status >= 500:
        raise Unavailable(f"The push service {host} answered {status}.")
    if status in (401, 403):
        raise Misconfigured(f"The push service {host} does not know our key ({status}). Switch push off and on again.")
    if not 200 <= status < 300:
        raise Rejected(f"The push service {host} refused the message ({status}).")


def _encrypted(browser: Browser, body: bytes) -> bytes:
    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    try:
        encoded = WebPusher({"endpoint": browser.endpoint, "keys": keys}).encode(body)
    except (ValueError, TypeError, binascii.Error) as error:
        raise Rejected("The keys of this browser are damaged. Switch push off and on again in the browser.") from error
    return cast(bytes, encoded["body"])


@lru_cache(256)
def _signed(sender: Sender, audience: str, hour: int) -> str:
    """Signing costs more than sending: one signature serves a service for an hour."""
    key = Vapid02.from_pem(sender.private.encode())
    claims = {"aud": audience, "exp": hour * 3600 + SIGNED_SECONDS, "sub": sender.contact}
    return cast(str, key.sign(claims)["Authorization"])


# ---- whom we call ------------------------------------------------------------------------------------------------


def _called(endpoint: str, allowed: Sequence[str]) -> tuple[str, SplitResult]:
    """The address with the host's number in it, so that no second look-up can lead elsewhere; and what it names."""
    host = _allowed(endpoint, allowed)
    if _origin(host) in allowed:
        return endpoint, host
    number = _public(host.hostname or "")
    place = f"[{number}]" if ":" in number else number
    return host._replace(netloc=place).geturl(), host


def _allowed(endpoint: str, allowed: Sequence[str]) -> SplitResult:
    """The parts of an address that may be called.

    Raises:
        Rejected: another service, another scheme, a port, or a name and password in it.
    """
    try:
        host = urlsplit(endpoint)
        port = host.port
    except ValueError as error:
        raise Rejected("This is no address of a push service.") from error
    if _origin(host) in allowed:
        return host
    name = (host.hostname or "").lower()
    fine = host.scheme == "https" and port in (None, 443) and not host.username and not host.password
    if not fine or not any(fnmatchcase(name, entry) for entry in allowed if "/" not in entry):
        raise Rejected(
            f"“{name[:80]}” is not among the push services that may be called here. "
            "Whoever runs Threadline can add it to THREADLINE_PUSH_HOSTS."
        )
    return host


def _origin(host: SplitResult) -> str:
    return f"{host.scheme}://{host.netloc}"


def _public(name: str) -> str:
    """A public number of a host.

    Raises:
        Unavailable: it has none now. Rejected: one of them leads into a private network.
    """
    try:
        found = _resolvers.submit(socket.getaddrinfo, name, 443, type=socket.SOCK_STREAM).result(SECONDS)
    except (OSError, TooSlow, UnicodeError) as error:
        raise Unavailable(f"The push service {name} has no address at the moment.") from error
    numbers = [str(entry[4][0]) for entry in found]
    if not numbers or any(not ipaddress.ip_address(number.partition("%")[0]).is_global for number in numbers):
        raise Rejected(f"The push service {name} leads into a private network. It is not called.")
    return numbers[0]


def _decoded(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
