"""Naming a colleague in a note with an @: they find the story among their mentions until they have seen it."""

import re
from datetime import datetime

from django.db import transaction

from threadline.accounts.models import Agent, Event
from threadline.journeys.actions.ruling import rule
from threadline.journeys.models import Journey, Mention
from threadline.lib.errors import ThreadlineError

_NAMED = re.compile(r"(?<![\w.@])@([\w-]{2,40})")


def mentioned(text: str, *, journey: Journey, by: Agent) -> list[Agent]:
    """Whom a note names, by short name or first name. What is nobody's name is just words: an @handle, an address.

    Raises:
        ThreadlineError: somebody is named who may not see this story, so the mention would not reach them.
    """
    words = list(dict.fromkeys(word.lower() for word in _NAMED.findall(text)))
    if not words:
        return []
    people = list(Agent.objects.filter(is_active=True).exclude(pk=by.pk).prefetch_related("teams").order_by("pk"))
    found = [agent for word in words if (agent := _named(word, people)) is not None]
    for agent in found:
        if not Journey.objects.visible_to(agent).filter(pk=journey.pk).exists():
            raise ThreadlineError(
                f"{agent} may not see this story: the mention would not reach them. Leave out the @, or hand it over."
            )
    return list(dict.fromkeys(found))


def _named(word: str, people: list[Agent]) -> Agent | None:
    """The short name is one person's; a first name only where nobody shares it."""
    short = [agent for agent in people if (agent.handle or "").lower() == word]
    first = [agent for agent in people if agent.first_name.lower() == word]
    return short[0] if short else first[0] if len(first) == 1 else None


@transaction.atomic
def saw(*, journey: Journey, by: Agent, now: datetime) -> Event | None:
    """The agent has seen where colleagues named them in this story."""
    if not Mention.objects.filter(journey=journey, agent=by, seen_at=None).exists():
        return None
    return rule("mentions_seen", {}, journey=journey, by=by, now=now)
