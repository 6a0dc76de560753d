"""An authenticator app, as people carry it in their telephone, and setting it up."""

import base64
import hashlib
import hmac
import re
import struct
import time

from django.test import Client

from tests import make


def code_for(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(client: Client, email: str = "bo@harbourpine.example"):
    return client.post("/sign-in", {"username": email, "password": make.PASSWORD})


def with_app(client: Client, email: str = "bo@harbourpine.example") -> tuple[str, list[str]]:
    """Signs in, sets the app up, signs out again; returns the app's secret and the recovery codes."""
    sign_in(client, email)
    secret = re.search(r'class="key">(\w+)<', client.get("/me/authenticator").content.decode())
    assert secret, "the page shows the key"
    done = client.post("/me/authenticator", {"code": code_for(secret[1])})
    assert done.headers["Location"] == "/me/recovery-codes"
    page = client.get("/me/recovery-codes").content.decode()
    client.post("/sign-out")
    return secret[1], [first + second for first, second in re.findall(r"<code>(\d{4}) (\d{4})</code>", page)]
