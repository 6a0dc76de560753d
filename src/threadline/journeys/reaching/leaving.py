"""When people are left alone: quiet hours in their own time, and how often we write by ourselves."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format

from threadline.accounts.models import Event
from threadline.core.fitness.manners import WEEK, Held, held, zone_of
from threadline.customers.models import Identity
from threadline.journeys.reaching.plans import in_force

BY_OURSELVES = ("answered_by_rule", "told_when_closed")


def zone_for(customer: int) -> str:
    """As their telephone number tells, else that of the house. Cost: one query."""
    numbers = Identity.objects.filter(customer=customer, scheme="tel").exclude(level="claimed")
    known = (zone_of(number) for number in numbers.order_by("-last_seen_at").values_list("value", flat=True)[:3])
    return next((zone for zone in known if zone), settings.TIME_ZONE)


def waits(customer: int, *, now: datetime, automatic: bool = True) -> tuple[Held, str] | None:
    """Whether a message that they did not just ask for has to wait, and in which zone. Cost: two or three queries.

    Only what goes out by itself counts how often; what one of us writes asks for the hour alone.
    """
    zone = zone_for(customer)
    sent = Event.objects.filter(verb__in=BY_OURSELVES, customer_id=customer, at__gt=now - WEEK)
    plan = in_force()
    found = held(plan.manners, now, zone=zone, sent=list(sent.values_list("at", flat=True)) if automatic else ())
    return (found, zone) if found and (automatic or found.why == "quiet") else None


def moment(at: datetime, zone: str) -> str:
    """As their own clock shows it."""
    return date_format(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None), "D j M, H:i")
