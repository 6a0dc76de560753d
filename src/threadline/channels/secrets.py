"""Passwords and tokens of channels, sealed in the database with a key derived from SECRET_KEY."""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models

from threadline.lib.errors import ThreadlineError


def _box() -> Fernet:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32, person=b"channel-secrets").digest()
    return Fernet(base64.urlsafe_b64encode(key))


class SecretField(models.TextField):  # type: ignore[type-arg]
    """A dictionary that is readable in Python and sealed in the database. Never printed: its repr shows names only."""

    def from_db_value(self, value: str | None, *_: object) -> "Secrets":
        if not value:
            return Secrets()
        try:
            return Secrets(json.loads(_box().decrypt(value.encode())))
        except InvalidToken as error:
            raise ThreadlineError(
                "The stored channel passwords can not be opened with this SECRET_KEY. "
                "Start with the key they were saved with, or enter them again."
            ) from error

    def get_prep_value(self, value: object) -> str:
        return _box().encrypt(json.dumps(dict(value)).encode()).decode() if value else ""  # type: ignore[call-overload]

    def to_python(self, value: object) -> "Secrets":
        return value if isinstance(value, Secrets) else Secrets(value or {})  # type: ignore[call-overload]


class Secrets(dict[str, str]):
    def __repr__(self) -> str:
        return f"Secrets({', '.join(self)})"

    __str__ = __repr__
