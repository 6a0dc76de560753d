"""Keys with which programs write to us."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from threadline.accounts.rights import ALL_SCOPES


def every_scope() -> list[str]:
    return list(ALL_SCOPES)


class ApiKey(models.Model):
    """A key for the API. Only a digest is stored; the key itself is shown once, when it is made."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    scopes = ArrayField(models.CharField(max_length=40), default=every_scope, help_text="what it is good for")
    expires_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    @staticmethod
    def make() -> str:
        return f"tl_{secrets.token_urlsafe(30)}"

    @staticmethod
    def digest_of(key: str) -> str:
        """A plain hash is enough: the key carries 240 random bits, so it can not be guessed from the digest."""
        return hashlib.sha256(key.encode()).hexdigest()
