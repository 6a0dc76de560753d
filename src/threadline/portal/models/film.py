"""A short video behind a link that nobody can guess, and who looked at it: only that it was looked at."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q

from threadline.interactions.models import Upload

SALT = "threadline.film"
LONGEST_TOKEN = 120


class FilmQuerySet(models.QuerySet["Film"]):
    def by_token(self, token: str) -> "FilmQuerySet":
        """The video of a link that we signed; none for any other."""
        try:
            key = signing.Signer(salt=SALT).unsign(token[:LONGEST_TOKEN])
        except signing.BadSignature:
            return self.none()
        return self.filter(key=key)


class Film(models.Model):
    """A video that an agent made for one story. Its page opens once an answer that holds its link has gone out.

    `journey` and `touch` are plain numbers: a replay makes those anew.
    """

    key = models.CharField(max_length=24, unique=True)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    journey = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    seconds = models.PositiveSmallIntegerField(default=0)
    captions = models.TextField(blank=True, help_text="WebVTT")
    ends_at = models.DateTimeField()
    touch = models.BigIntegerField(null=True, blank=True, help_text="the answer that its link went out with")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = FilmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(key=""), name="film_has_a_key"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("made_at")), name="film_ends_after_it_began"),
        ]
        indexes = [
            models.Index(fields=["journey"], name="films_of_journey"),
            models.Index(fields=["made_at"], name="film_never_sent", condition=Q(touch=None)),
        ]

    def __str__(self) -> str:
        return f"film {self.pk}"

    @property
    def token(self) -> str:
        return signing.Signer(salt=SALT).sign(self.key)

    @property
    def address(self) -> str:
        return f"{settings.PUBLIC_URL.rstrip('/')}/film/{self.token}"

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now


class Viewing(models.Model):
    """Somebody looked at it, once for each time its page was opened and played. Nothing is known of who or where."""

    film = models.ForeignKey(Film, models.CASCADE, related_name="viewings")
    once = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["film", "at"], name="viewings_of_film")]

    def __str__(self) -> str:
        return f"viewing {self.pk}"
