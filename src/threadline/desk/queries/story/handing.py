"""What a hand-over is filled with before anybody types: what is asked, what was tried, what is promised."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime

from threadline.accounts.models import Agent, Team
from threadline.desk.queries.story import StoryPage
from threadline.desk.queries.story.brief import Told
from threadline.desk.queries.story.stops import Stop, heart
from threadline.journeys.summary import shorten

ANSWERS, PROMISES, EACH = 3, 3, 200
PROMISE = re.compile(
    r"\b(?:i|we)(?:['’]ll| will| am going to| are going to| promise)\b"
    r"|\b(?:ich|wir) (?:werde|werden|schicke|schicken)\b"
    r"|\b(?:by|until|before|within|bis|avant)\s+(?:\d|tomorrow|the end|morgen|"
    r"monday|tuesday|wednesday|thursday|friday)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Proposed:
    asked: str
    tried: str
    promised: str


def proposed(page: StoryPage) -> Proposed:
    """No query beyond those of the brief."""
    brief = page.brief
    ours = [stop for stop in page.stops if stop.direction == "out" and stop.words]
    wanted = [f"“{brief.wanted.text}”"] if brief.wanted else []
    facts = [f"{group}: {_values(values)}" for group, values in brief.groups]
    return Proposed(
        asked="\n".join([*wanted, *facts]),
        tried="\n".join(f"{_day(stop)}: {shorten(heart(stop), EACH)}" for stop in ours[-ANSWERS:]),
        promised="\n".join(list(promises(ours))[-PROMISES:]),
    )


def promises(ours: Iterable[Stop]) -> Iterator[str]:
    """Sentences of ours that say what we will do, or by when."""
    for stop in ours:
        for sentence in re.split(r"(?<=[.!?])\s+|\n+", heart(stop)):
            if PROMISE.search(sentence):
                yield f"{_day(stop)}: {shorten(sentence, EACH)}"


def colleagues(agent: Agent) -> list[Agent]:
    """Whoever may get it, those who are here first. One query."""
    found = Agent.objects.filter(is_active=True).exclude(pk=agent.pk).order_by("name")[:200]
    return sorted(found, key=lambda one: ("available", "busy", "away").index(one.presence))


def teams() -> list[Team]:
    return list(Team.objects.order_by("name")[:200])


def _values(values: Iterable[Told]) -> str:
    return ", ".join(f"“{told.value}”" if told.words else told.value for told in values)


def _day(stop: Stop) -> str:
    return date_format(localtime(stop.at), "j M")
