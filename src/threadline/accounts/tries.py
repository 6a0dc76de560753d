"""Guessing passwords is slow: ten wrong tries for one address from one place, then a pause; and a hundred from one
place, whomever they are for: one password tried at everybody is guessing, too.
"""

from datetime import datetime, timedelta

from threadline.accounts.models import WrongTry

ALLOWED = 10
FROM_ONE_PLACE = 100  # a whole office comes from one address in the morning
WITHIN = timedelta(minutes=10)


def paused_until(*, email: str, source: str, now: datetime) -> datetime | None:
    """When the next try is allowed, or None: at once."""
    from_there = WrongTry.objects.filter(source=source, at__gt=now - WITHIN).order_by("-at")
    for tries, most in ((from_there.filter(email=_key(email)), ALLOWED), (from_there, FROM_ONE_PLACE)):
        counted = list(tries.values_list("at", flat=True)[:most])
        if len(counted) == most:
            return counted[-1] + WITHIN
    return None


def remember(*, email: str, source: str, now: datetime) -> None:
    """One more wrong try; those that count no longer are forgotten."""
    WrongTry.objects.filter(at__lte=now - WITHIN).delete()
    WrongTry.objects.create(email=_key(email), source=source, at=now)


def forget(*, email: str, source: str) -> None:
    """The right password came."""
    WrongTry.objects.filter(email=_key(email), source=source).delete()


def forget_all(*, email: str) -> None:
    """There is a new password: what was tried before counts no longer."""
    WrongTry.objects.filter(email=_key(email)).delete()


def _key(email: str) -> str:
    return email.strip().lower()[:254]
