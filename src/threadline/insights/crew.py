"""Who of us is at work, as far as what they do tells it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from threadline.accounts.models import Agent

LATELY = timedelta(minutes=15)
NEWEST = 5000  # acts that are looked at
LAST_ACTS = """
    select agent_id, max(at) from (
        select agent_id, at from accounts_event where agent_id is not null order by id desc limit %s
    ) acts group by agent_id
"""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of ours, and when they last did something; None if that is long ago."""

    agent: Agent
    last: datetime | None

    def lately(self, now: datetime) -> bool:
        return self.last is not None and now - self.last <= LATELY


def crew() -> list[Colleague]:
    """Everybody who may serve, by name. Cost: two queries."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_ACTS, [NEWEST])
        last = dict(cursor.fetchall())
    return [Colleague(agent, last.get(agent.pk)) for agent in Agent.objects.filter(is_active=True).order_by("name")]
