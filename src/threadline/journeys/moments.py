"""Mornings and evenings as agents mean them, in the time zone of the desk."""

from datetime import datetime, timedelta

from django.utils import timezone

MORNING, EVENING = 9, 19
MONDAY = 0


def morning(when: str, now: datetime) -> datetime:
    """The next evening ("tonight"), morning ("tomorrow") or Monday morning ("monday"); a "week" is seven mornings."""
    local = timezone.localtime(now)
    if when == "tonight":
        evening = local.replace(hour=EVENING, minute=0, second=0, microsecond=0)
        return evening if evening > local else evening + timedelta(days=1)
    early = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    days = {"tomorrow": 1, "monday": (MONDAY - local.weekday() - 1) % 7 + 1, "week": 7}[when]
    return early + timedelta(days=days)
