"""What is remembered of looking: that somebody took numbers along."""

from datetime import datetime

from django.db import transaction

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event
from threadline.insights.report import Wanted
from threadline.insights.stories import channel_name


@transaction.atomic
def export(*, what: str, wanted: Wanted, by: Agent, now: datetime) -> Event:
    """Remember who took which table along, of which days, and with which filters."""
    channel = None if wanted.channel is None else channel_name(wanted.channel)
    filters = {"channel": channel, "intent": wanted.intent, "team": wanted.team, "agent": wanted.agent}
    return record(
        "exported",
        at=now,
        by=by,
        what=what,
        first=wanted.period.first.isoformat(),
        last=wanted.period.last.isoformat(),
        filters={name: value for name, value in filters.items() if value is not None},
    )
