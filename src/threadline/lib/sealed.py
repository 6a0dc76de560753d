"""Secrets that we must be able to read again, sealed in the database with a key derived from SECRET_KEY."""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models

from threadline.lib.errors import ThreadlineError


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def opened(sealed: str) -> str:
    """What was sealed.

    Raises:
        ThreadlineError: it was sealed with another SECRET_KEY.
    """
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise ThreadlineError(
            "The stored passwords can not be opened with this SECRET_KEY. "
            "Start with the key they were saved with, or enter them again."
        ) from error


def _box() -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"channel-secrets").digest()
    return Fernet(base64.urlsafe_b64encode(key))


class Secrets(dict[str, str]):
    def __repr__(self) -> str:
        return f"Secrets({', '.join(self)})"

    __str__ = __repr__


class SecretField(models.TextField):  # type: ignore[type-arg]
    """A dictionary that is readable in Python and sealed in the database. Never printed: its repr shows names only."""

    def from_db_value(self, value: str | None, *_: object) -> Secrets:
        return Secrets(json.loads(opened(value))) if value else Secrets()

    def get_prep_value(self, value: object) -> str:
        return seal(json.dumps(dict(value))) if value else ""  # type: ignore[call-overload]

    def to_python(self, value: object) -> Secrets:
        return value if isinstance(value, Secrets) else Secrets(value or {})  # type: ignore[call-overload]
