"""Being there for work: whoever becomes available gets what waits for them."""

from datetime import datetime

from django.db import transaction

from threadline.accounts import serving
from threadline.accounts.models import Agent, Presence
from threadline.journeys.routing.run import route_waiting
from threadline.lib.jobs import enqueue


@transaction.atomic
def become(*, presence: str, by: Agent, now: datetime, reason: str = "") -> None:
    """Somebody says that they are available, busy or away. Raises ThreadlineError if it is none of these."""
    serving.set_presence(agent=by, presence=presence, now=now, by=by, reason=reason)
    if presence == Presence.AVAILABLE:
        enqueue(route_waiting)
