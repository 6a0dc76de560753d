"""How much strangers may still do."""

from django.db import models


class Allowance(models.Model):
    """A store of tries that fills again with time, shared by every process. Forgotten a day after it was last used."""

    key = models.CharField(max_length=120, primary_key=True, help_text="what is limited, and whom it counts for")
    left = models.FloatField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "allowances"
        constraints = [models.CheckConstraint(condition=models.Q(left__gte=0), name="allowance_not_overdrawn")]

    def __str__(self) -> str:
        return self.key
