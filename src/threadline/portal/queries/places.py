"""Where the people in open chat windows stand in the queue: true at this moment, and never a promise."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from threadline.accounts.models import Agent
from threadline.interactions.models import Thread
from threadline.journeys.models import Journey, Membership
from threadline.journeys.waits import Position, positions

KIND = "chat"
Place = dict[str, Any]


def places(sessions: Collection[str], *, now: datetime) -> dict[str, Place]:
    """Of these windows, those whose turn it is not: their story waits for us. Cost: five queries, however many."""
    waiting = _stories(sessions)
    found = positions({story.pk for story in waiting.values()}, KIND, now=now)
    owners = {story.owner_id for story in waiting.values() if story.owner_id}
    names = {agent.pk: agent.first_name for agent in Agent.objects.filter(pk__in=owners)} if owners else {}
    return {
        session: _told(found[story.pk], names.get(story.owner_id or 0, ""))
        for session, story in waiting.items()
        if story.pk in found
    }


def _stories(sessions: Collection[str]) -> dict[str, Journey]:
    """The story in which each chat stands now, where it is our turn."""
    keys = [f"session:{session}" for session in sessions]
    threads = dict(Thread.objects.filter(key__in=keys, channel__kind=KIND).values_list("pk", "key"))
    newest = (
        Membership.objects.filter(superseded_at=None, interaction__thread__in=list(threads))
        .order_by("interaction__thread", "-interaction")
        .distinct("interaction__thread")
    )
    homes = dict(newest.values_list("interaction__thread", "journey"))
    waiting = Journey.objects.filter(pk__in=set(homes.values()), status=Journey.Status.OPEN)
    open_ones = waiting.only("owner").in_bulk()
    return {
        threads[thread].partition(":")[2]: open_ones[journey]
        for thread, journey in homes.items()
        if journey in open_ones
    }


def _told(position: Position, by: str) -> Place:
    """`by`: who of ours has it. `seconds` and `most`: how long the last people waited; None for too few."""
    wait = position.wait
    return {
        "place": position.place,
        "waiting": position.waiting,
        "by": by,
        "seconds": round(wait.median.total_seconds()) if wait else None,
        "most": round(wait.most.total_seconds()) if wait else None,
        "answers": wait.answers if wait else 0,
    }
