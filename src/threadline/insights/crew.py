"""Who of us is there for work, and how much of what each may have in hand is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from threadline.accounts.models import Agent, Presence
from threadline.core.routing.rules import LIVE
from threadline.insights.stories import CHANNEL_NUMBERS, channel_name
from threadline.insights.wall import Waiting
from threadline.journeys.models import Journey
from threadline.journeys.routing import policies
from threadline.journeys.routing.seen import TALKING, kind_of, still_talking

STATES = (Presence.AVAILABLE, Presence.BUSY, Presence.AWAY)
MOST_TALKING = 5000


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of ours: how many people wait for them, and how much of their capacity is taken (it may be more)."""

    agent: Agent
    people: int
    used: int


@dataclass(frozen=True, slots=True)
class Crew:
    """Everybody who may serve, in the states that they chose, each by name."""

    states: Mapping[str, Sequence[Colleague]]

    @property
    def here(self) -> list[Colleague]:
        return [*self.states[Presence.AVAILABLE], *self.states[Presence.BUSY]]

    @property
    def used(self) -> int:
        return sum(one.used for one in self.states[Presence.AVAILABLE])

    @property
    def capacity(self) -> int:
        """Of those who are available: nobody else gets anything new."""
        return sum(one.agent.capacity for one in self.states[Presence.AVAILABLE])


def crew(of: Waiting, *, now: datetime) -> Crew:
    """What waits counts as routing counts it: by channel, and chats that still go on. Cost: three queries."""
    policy = policies.read(policies.standing().first())
    weights = np.zeros(CHANNEL_NUMBERS, np.int64)
    for number in range(CHANNEL_NUMBERS):
        weights[number] = policy.weight(channel_name(number).partition("+")[0]) if number > 1 else policy.weight("")
    used = _sums(of.owner, weights[of.channel])
    for owner, kind in _talking(now):
        used[owner] = used.get(owner, 0) + policy.weight(kind)
    people = {owner: part.people for owner, part in of.owners.items()}
    states: dict[str, list[Colleague]] = {state: [] for state in STATES}
    for agent in Agent.objects.filter(is_active=True).order_by("name"):
        states[agent.presence].append(Colleague(agent, people.get(agent.pk, 0), used.get(agent.pk, 0)))
    return Crew(states)


def _sums(owner: npt.NDArray[np.int64], weight: npt.NDArray[np.int64]) -> dict[int, int]:
    sums = np.bincount(owner, weight, minlength=1)
    return {number: int(total) for number, total in enumerate(sums) if total}


def _talking(now: datetime) -> list[tuple[int, str]]:
    """Chats in which it is their turn and that were not silent for long: whose they are, and the kind of channel."""
    lately = Journey.objects.standing().filter(status=Journey.Status.WAITING, last_at__gt=now - TALKING)
    rows = lately.exclude(owner=None).filter(channels__overlap=sorted(LIVE)).order_by("-last_at")[:MOST_TALKING]
    shown = rows.only("owner", "status", "channels", "last_at")
    return [(row.owner_id, kind_of(row)) for row in shown if row.owner_id and still_talking(row, now)]
