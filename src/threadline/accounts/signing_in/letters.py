"""What we write to our own people. The room `channels` sends it."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    name: str
    subject: str
    text: str


def address(path: str) -> str:
    """A path as a link that works from a mail."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"
