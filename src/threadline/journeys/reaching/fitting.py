"""What the plan says of the channels that we have, and what a story asks of one."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache

from threadline.channels.adapters import adapters, can_send
from threadline.channels.models import Channel
from threadline.core.fitness import Complexity, Need, Plan
from threadline.core.fitness.levels import PUBLIC_SIDE
from threadline.journeys.models import Journey

PUBLIC_ONLY = frozenset({"review", "community"})  # of the house; adapters say it of themselves
BOTH_SIDES = frozenset({"x", "facebook", "instagram"})
BY_HAND = frozenset({"phone", "store"})
LONG = 12  # touches from which on a matter is not simple any more, whatever it is called
SOON = timedelta(hours=1)


def side(kind: str, public: bool) -> str:
    return f"{kind}{PUBLIC_SIDE}" if public else kind


@cache
def told_of(kind: str) -> str:
    """What the connector of that kind says of who may read along."""
    return next((each.limits.privacy for each in adapters().values() if each.kind == kind), "open")


def sides_of(channels: Iterable[Channel]) -> list[str]:
    """Every side on which people and we can talk over these channels, each once: posts before messages."""
    return list(dict.fromkeys(found for channel in channels for found in _sides(channel)))


def _sides(channel: Channel) -> Iterator[str]:
    found = [each for each in adapters().values() if each.kind == channel.kind]
    public = channel.kind in PUBLIC_ONLY | BOTH_SIDES or any(each.can.public for each in found)
    private = channel.kind not in PUBLIC_ONLY and all(each.can.private for each in found)
    if public:
        yield side(channel.kind, True)
    if private and (can_send(channel) or channel.kind in BY_HAND or channel.kind in BOTH_SIDES):
        yield side(channel.kind, False)


def needed(journey: Journey, plan: Plan) -> Need:
    """What this story asks of a channel: as its intent does, and no simple thing takes that many touches."""
    need = plan.need(journey.intent)
    if need.complexity is Complexity.SIMPLE and journey.touches >= LONG:
        return need._replace(complexity=Complexity.MORE)
    return need


def urgent(journey: Journey, now: datetime) -> bool:
    """A promise falls due within the hour, or fell."""
    return journey.waiting_since is not None and journey.due_at is not None and journey.due_at <= now + SOON
