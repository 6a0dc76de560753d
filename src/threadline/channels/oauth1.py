"""Requests signed with OAuth 1.0a and HMAC-SHA1 (RFC 5849), as X wants them. No database."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its secret: of the app, or of the account that it acts for."""

    key: str
    secret: str


def authorization(method: str, url: str, params: Mapping[str, str], consumer: Pair, account: Pair) -> str:
    """The header Authorization. `params` are those of the query and of a form; JSON and files are not signed."""
    given = {
        "oauth_consumer_key": consumer.key,
        "oauth_nonce": secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(time.time())),
        "oauth_token": account.key,
        "oauth_version": "1.0",
    }
    given["oauth_signature"] = signature(method, url, {**params, **given}, consumer.secret, account.secret)
    return "OAuth " + ", ".join(f'{name}="{escaped(value)}"' for name, value in sorted(given.items()))


def signature(method: str, url: str, params: Mapping[str, str], *secrets_of_both: str) -> str:
    address, _mark, query = url.partition("?")
    every = [*params.items(), *parse_qsl(query, keep_blank_values=True)]
    listed = "&".join(f"{name}={value}" for name, value in sorted((escaped(a), escaped(b)) for a, b in every))
    signed = "&".join((method.upper(), escaped(address), escaped(listed)))
    key = "&".join(escaped(each) for each in secrets_of_both)
    return base64.b64encode(hmac.new(key.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def escaped(value: str) -> str:
    return quote(value, safe="-._~")
