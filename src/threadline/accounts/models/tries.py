"""Wrong tries to sign in."""

from django.db import models


class WrongTry(models.Model):
    """Somebody gave an address and a password that do not belong together. Kept for minutes; the password never."""

    email = models.CharField(max_length=254)
    source = models.GenericIPAddressField(help_text="where the try came from")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "wrong tries"
        indexes = [
            models.Index(fields=["email", "source", "at"], name="wrong_tries"),
            models.Index(fields=["at"], name="wrong_tries_old"),
        ]

    def __str__(self) -> str:
        return f"{self.email} from {self.source}"
