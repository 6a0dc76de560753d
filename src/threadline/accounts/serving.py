"""Who is there for work, and what everybody is good at."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Availability, Event, Presence, Skill
from threadline.lib.errors import ThreadlineError

MOST_CAPACITY = 100
MOST_SKILLS = 60


@transaction.atomic
def set_presence(*, agent: Agent, presence: str, now: datetime, by: Agent | None, reason: str = "") -> None:
    """Somebody is available, busy or away from now on. Saying the same again changes nothing.

    Args:
        by: the agent; None where it ended by itself.
    Raises:
        ThreadlineError: there is no such state.
    """
    if presence not in Presence.values:
        raise ThreadlineError(f"“{presence}” is none of available, busy and away. Choose one of these.")
    kept = Agent.objects.select_for_update().get(pk=agent.pk)
    reason = " ".join(reason.split())[:60] if presence == Presence.AWAY else ""
    if (kept.presence, kept.away_reason) == (presence, reason) and kept.presence_since is not None:
        Agent.objects.filter(pk=agent.pk).update(active_at=now)
        return
    Availability.objects.filter(agent=kept, until=None).update(until=now)
    Availability.objects.create(agent=kept, presence=presence, reason=reason, since=now)
    values = {"presence": presence, "away_reason": reason, "presence_since": now}
    Agent.objects.filter(pk=agent.pk).update(**values, **({"active_at": now} if by else {}))
    for name, value in values.items():
        setattr(agent, name, value)
    record(f"became_{presence}", at=now, by=by, agent=agent.pk, reason=reason)


@transaction.atomic
def end_idle(*, after: timedelta, now: datetime) -> int:
    """Whoever has done nothing at the desk for so long is away. Returns how many."""
    before = now - after
    did = Event.objects.filter(agent=OuterRef("pk"), at__gt=before)
    gone = Agent.objects.exclude(presence=Presence.AWAY).filter(Q(active_at=None) | Q(active_at__lte=before))
    found = list(gone.filter(~Exists(did)).order_by("pk")[:500])
    for agent in found:
        minutes = int(after.total_seconds() // 60)
        set_presence(
            agent=agent, presence=Presence.AWAY, now=now, by=None, reason=f"nothing done for {minutes} minutes"
        )
    return len(found)


@transaction.atomic
def set_skills(*, agent: Agent, skills: Mapping[tuple[str, str], int], capacity: int, by: Agent, now: datetime) -> None:
    """What somebody is good at, all of it, and how much they may have in hand at once.

    Args:
        skills: (dimension, value) to a level of 1 to 3.
    Raises:
        ThreadlineError: a level, dimension or capacity that there is not.
    """
    if not 1 <= capacity <= MOST_CAPACITY:
        raise ThreadlineError(f"A capacity of {capacity} makes no sense. Choose 1 to {MOST_CAPACITY}.")
    if len(skills) > MOST_SKILLS:
        raise ThreadlineError(f"{len(skills)} skills are too many for one person. Leave {MOST_SKILLS} at most.")
    rows = [Skill(agent=agent, **_checked(key, level)) for key, level in skills.items()]
    before = _told(agent.skills.all())
    agent.skills.all().delete()
    Skill.objects.bulk_create(rows)
    was, agent.capacity = agent.capacity, capacity
    Agent.objects.filter(pk=agent.pk).update(capacity=capacity)
    was_so = {"skills": before, "capacity": was}
    record("skills_set", at=now, by=by, agent=agent.pk, skills=_told(rows), capacity=capacity, before=was_so)


def _checked(key: tuple[str, str], level: int) -> dict[str, object]:
    dimension, value = key[0], " ".join(key[1].split())
    if dimension not in Skill.Dimension.values or not 1 <= level <= 3 or not 0 < len(value) <= 120:
        raise ThreadlineError(f"“{value}” ({dimension}, level {level}) is no skill. Choose a level of 1 to 3.")
    return {"dimension": dimension, "value": value, "level": level}


def _told(skills: Iterable[Skill]) -> list[list[object]]:
    return [[skill.dimension, skill.value, skill.level] for skill in skills]
