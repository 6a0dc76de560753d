"""The signed reply address of a thread: `support+t1f3.k7c2m9…@harbourpine.example`.

Whoever answers proves with it which thread they answer, even when their mail program drops every other header. The
token is `t`, the thread's id in base 36, a dot, and 65 bits of HMAC-SHA256 in base 32: lower case only, so that it
survives programs that fold the case of addresses.
"""

import base64
import hashlib
import hmac
import re

from threadline.lib.errors import ThreadlineError

LOCAL_PART_LIMIT = 64  # RFC 5321, section 4.5.3.1.1
SIGNATURE_CHARS = 13  # of 5 bits each
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(r"\+t([0-9a-z]{1,13})\.([a-z2-7]{13})@", re.ASCII)


def make(address: str, thread_id: int, secret: str) -> str:
    """The address of ours that answers to this thread shall go to."""
    local, at, domain = address.strip().lower().rpartition("@")
    if not at or not local or not domain:
        raise ThreadlineError(f"“{address}” is not an e-mail address. Enter one such as support@example.com.")
    if thread_id < 0:
        raise ThreadlineError(f"A thread id can not be negative, but it is {thread_id}.")
    signed = f"{local}+t{_base36(thread_id)}.{_signature(thread_id, secret)}"
    if len(signed) > LOCAL_PART_LIMIT:
        raise ThreadlineError(f"“{local}” is too long to carry a thread's signature. Use a shorter channel address.")
    return f"{signed}@{domain}"


def read(address: str, secret: str) -> int | None:
    """The thread id in an address, if it carries one that we signed."""
    found = _TOKEN.search(address.lower())
    if found is None or not secret:
        return None
    thread_id = int(found[1], 36)
    genuine = hmac.compare_digest(found[2].encode(), _signature(thread_id, secret).encode())
    return thread_id if genuine and _base36(thread_id) == found[1] else None


def plain(address: str) -> str:
    """The address without what stands behind the first plus sign: the mailbox that it belongs to."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _signature(thread_id: int, secret: str) -> str:
    if not secret:
        raise ThreadlineError("The channel has no secret to sign reply addresses with. Set one in its settings.")
    digest = hmac.digest(secret.encode(), b"threadline reply address %d" % thread_id, hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:SIGNATURE_CHARS]


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits
