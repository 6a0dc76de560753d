"""Who was asked to join."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


def fresh() -> str:
    return secrets.token_urlsafe(16)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        """Neither taken nor taken back; it may have run out."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(models.Model):
    """Somebody may become an agent, by a link that works once and runs out.

    The link is no secret that is stored: it is signed with SECRET_KEY over the number and `mark`. A new mark ends it.
    """

    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    is_admin = models.BooleanField(default=False)
    teams = models.ManyToManyField("accounts.Team", blank=True)
    mark = models.CharField(max_length=22, default=fresh)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True, help_text="why the mail did not go out, in words")
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="invitation_email_lower_case"),
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_pending_invitation_per_address",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None), name="invitation_taken_or_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return self.email
