"""What is remembered of looking: that somebody took numbers along."""

from datetime import datetime

from django.db import transaction

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event
from threadline.insights.report import Wanted


@transaction.atomic
def export(*, what: str, wanted: Wanted, by: Agent, now: datetime) -> Event:
    """Remember who took which table along, of which days, and with which filters."""
    filters = {name: getattr(wanted, name) for name in ("channel", "intent", "team", "agent")}
    return record(
        "exported",
        at=now,
        by=by,
        what=what,
        first=wanted.period.first.isoformat(),
        last=wanted.period.last.isoformat(),
        filters={name: value for name, value in filters.items() if value is not None},
    )
