"""Making texts fit to be kept in a log: secrets and numbers of payment cards become dots."""

import re
from collections.abc import Iterable

SHORTEST_SECRET = 6
DOTS = "••••"
_DIGITS = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?!\.?\d)")
_BEARER = re.compile(r"(?i)\b(bearer|basic|bot|oauth)(\s+|(?=\d{6,}:))[\w.~+/:=-]{8,}")
_NAMED = re.compile(
    r"(?i)\b(access_token|api_key|password|secret|token|signature)([\"']?\s*[=:]\s*[\"']?)[^\s&\"',}]{4,}"
)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """The same text without the secrets given, what looks like one, and numbers of cards but their last four."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, DOTS)
    text = _BEARER.sub(rf"\1 {DOTS}", text)
    text = _NAMED.sub(rf"\1\2{DOTS}", text)
    return without_cards(text)


def without_cards(text: str) -> str:
    return _DIGITS.sub(lambda found: _hidden(found[0]), text)


def _hidden(written: str) -> str:
    digits = re.sub(r"\D", "", written)
    return f"{DOTS} {digits[-4:]}" if luhn(digits) else written


def luhn(digits: str) -> bool:
    """Whether the check digit is right, as on payment cards. Source: ISO/IEC 7812-1, annex B."""
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2])
    plain = (int(digit) for digit in digits[-1::-2])
    return (sum(doubled) + sum(plain)) % 10 == 0
