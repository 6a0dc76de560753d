"""Why somebody has a story, the brief it came with, and whether they asked for a supervisor."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from threadline.accounts.models import Agent, Event
from threadline.journeys.models import Journey
from threadline.lib.prepared import prepared

VERBS = ("assigned", "routed", "handed_over", "supervisor_demanded", "undone")
NEWEST = 30


@dataclass(frozen=True, slots=True)
class Mine:
    """`by` is empty where a rule did it; `undo` is the event to take back, if it still stands as it left things."""

    summary: str
    reason: str
    by: str
    at: datetime
    undo: int | None
    brief: Mapping[str, str]
    from_whom: str
    rules: bool


def mine(journey: Journey, agent: Agent) -> Mine | None:
    """None where nobody ever said whose it is. Cost: one query."""
    said = _said(journey.pk)
    undone = {event.facts.get("event") for event in said if event.verb == "undone"}
    standing = [event for event in said if event.verb != "undone" and event.pk not in undone]
    last = next((event for event in standing if _as_it_is(event, journey)), None)
    if last is None or (journey.owner_id is None and journey.team_id is None):
        return None
    brief = next((event for event in standing if event.verb == "handed_over"), None)
    words = brief.facts["brief"] if brief and brief.facts["owner"] in (None, journey.owner_id) else {}
    return Mine(
        summary=_summary(journey, agent),
        reason=_reason(last, journey),
        by=last.agent.name if last.agent else "",
        at=last.at,
        undo=last.pk,
        brief={name: text for name, text in words.items() if text},
        from_whom=brief.agent.name if brief and brief.agent else "",
        rules=last.verb == "routed",
    )


@prepared
def _said(journey: int) -> QuerySet[Event]:
    return Event.objects.filter(journey_id=journey, verb__in=VERBS).select_related("agent").order_by("-pk")[:NEWEST]


def _as_it_is(event: Event, journey: Journey) -> bool:
    return bool((event.facts.get("owner"), event.facts.get("team")) == (journey.owner_id, journey.team_id))


def _summary(journey: Journey, agent: Agent) -> str:
    if journey.owner_id == agent.pk:
        return _("Why is this mine?")
    if journey.owner is not None:
        return _("Why does %(name)s have it?") % {"name": journey.owner.first_name}
    return _("Why is it with %(team)s?") % {"team": journey.team}


def _reason(event: Event, journey: Journey) -> str:
    if event.verb == "routed":
        return str(event.facts["reason"])
    by, owner = event.agent, journey.owner
    if event.verb == "supervisor_demanded":
        return _("They asked for a supervisor. %(name)s may decide.") % {"name": owner or _("Nobody")}
    if by is not None and owner is not None and by.pk == owner.pk:
        return _("%(name)s took it over.") % {"name": by.name}
    to = owner or journey.team
    if by_rule := event.facts.get("by_rule"):
        return _("The rule “%(name)s” gave it to %(to)s. %(why)s") % {
            "name": by_rule["name"],
            "to": to,
            "why": by_rule["because"],
        }
    return _("%(name)s handed it over to %(to)s.") % {"name": by or _("Somebody"), "to": to}
