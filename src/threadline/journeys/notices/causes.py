"""Which event tells whom, and why: one line for each verb. Whoever did it themself is never told."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from threadline.accounts.events import listening
from threadline.accounts.models import Agent, Event, Team
from threadline.interactions.models import Interaction
from threadline.journeys.models import Cause, Journey
from threadline.journeys.notices.models import Reason
from threadline.lib.bulk import insert


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who has to know of an event, why, and what its words need."""

    agent: int
    reason: str
    event: Event
    said: Mapping[str, Any] = field(default_factory=dict)


Rule = Callable[[Sequence[Event]], Iterator[Told]]


@listening
def remember(events: Sequence[Event]) -> None:
    """In the transaction of the event: one statement, and only for verbs that tell somebody."""
    insert([Cause(event_id=event.pk) for event in events if event.verb in RULES and event.journey_id is not None])


def told_by(events: Sequence[Event]) -> list[Told]:
    """Everybody who has to know, in the order of the events. Cost: up to three queries for each verb that is there."""
    by_verb = defaultdict(list)
    for event in events:
        by_verb[event.verb].append(event)
    found = [told for verb, each in by_verb.items() if verb in RULES for told in RULES[verb](each)]
    others = [told for told in found if told.agent != told.event.agent_id]
    return sorted(others, key=lambda told: (told.event.pk, told.agent))


def _wrote(events: Sequence[Event]) -> Iterator[Told]:
    """Who holds the story. What came in by a file of old touches tells nobody: see `telling.FRESH`."""
    owners = _owners_then(events)
    mine = [event for event in events if event.pk in owners]
    touches = Interaction.objects.filter(pk__in=[event.interaction_id for event in mine], direction="in")
    moments = dict(touches.values_list("pk", "at")) if mine else {}
    for event in mine:
        if event.interaction_id in moments:
            yield Told(owners[event.pk], Reason.WROTE, event, {"at": moments[event.interaction_id].isoformat()})


def _noted(events: Sequence[Event]) -> Iterator[Told]:
    names = _names(events)
    for event in events:
        for agent in event.facts.get("mentions", ()):
            yield Told(agent, Reason.MENTION, event, {"by": names.get(event.agent_id)})


def _handed(events: Sequence[Event]) -> Iterator[Told]:
    """The new owner; where it came to a team and nobody has it, its members."""
    names = _names(events)
    for event in events:
        facts, before = event.facts, event.facts.get("before") or {}
        said = {"by": names.get(event.agent_id), "rules": event.verb == "routed", "brief": bool(facts.get("brief"))}
        if facts.get("owner") and facts["owner"] != before.get("owner"):
            yield Told(facts["owner"], Reason.HANDED, event, said)
    yield from _to_teams([event for event in events if not event.facts.get("owner") and event.facts.get("team")])


def _to_teams(events: Sequence[Event]) -> Iterator[Told]:
    fresh = [event for event in events if event.facts["team"] != (event.facts.get("before") or {}).get("team")]
    teams = Team.objects.in_bulk({event.facts["team"] for event in fresh}) if fresh else {}
    members = _members(set(teams))
    for event in fresh:
        for agent in members.get(event.facts["team"], ()):
            yield Told(agent, Reason.TEAM, event, {"team": teams[event.facts["team"]].name})


def _promise(events: Sequence[Event]) -> Iterator[Told]:
    """Who holds the story; where nobody does, its team."""
    owners = _owners(events)
    alone = Journey.objects.filter(pk__in=[event.journey_id for event in events if event.journey_id not in owners])
    teams = dict(alone.exclude(team=None).values_list("pk", "team"))
    members = _members(set(teams.values()))
    for event in events:
        held = (
            [owners[event.journey_id]]
            if event.journey_id in owners
            else members.get(teams.get(event.journey_id or 0), ())
        )
        for agent in held:
            yield Told(agent, Reason.PROMISE, event, {"due": event.facts["due"]})


def _kept_back(events: Sequence[Event]) -> Iterator[Told]:
    for event in events:
        yield Told(event.facts["draft_of"], Reason.FAILED, event, {"why": event.facts["why"], "planned": True})


def _failed(events: Sequence[Event]) -> Iterator[Told]:
    """Who wrote the answer."""
    touches = {event.interaction_id for event in events if event.interaction_id}
    sent = Event.objects.filter(verb="replied", journey_id__in=[event.journey_id for event in events])
    writers = dict(sent.filter(interaction_id__in=touches).values_list("interaction_id", "agent"))
    for event in events:
        if writers.get(event.interaction_id):
            yield Told(writers[event.interaction_id], Reason.FAILED, event, {"why": event.facts.get("reason", "")})


def _supervisor(events: Sequence[Event]) -> Iterator[Told]:
    names = _names(events)
    for event in events:
        if event.facts.get("owner"):
            yield Told(event.facts["owner"], Reason.SUPERVISOR, event, {"by": names.get(event.agent_id)})


def _woken(events: Sequence[Event]) -> Iterator[Told]:
    owners = _owners(events)
    for event in events:
        if event.journey_id in owners:
            yield Told(owners[event.journey_id], Reason.WOKE, event)


RULES: dict[str, Rule] = {
    "received": _wrote,
    "noted": _noted,
    "assigned": _handed,
    "routed": _handed,
    "handed_over": _handed,
    "promise_warned": _promise,
    "promise_broken": _promise,
    "callback_due": _promise,
    "callback_broken": _promise,
    "reply_kept_back": _kept_back,
    "failed": _failed,
    "supervisor_demanded": _supervisor,
    "woken": _woken,
}
GIVING = ("assigned", "routed", "handed_over", "supervisor_demanded")


def _owners(events: Sequence[Event]) -> dict[int | None, int]:
    held = Journey.objects.filter(pk__in={event.journey_id for event in events}).exclude(owner=None)
    return dict(held.values_list("pk", "owner"))


def _owners_then(events: Sequence[Event]) -> dict[int, int]:
    """Who held the story when it happened: whoever got it since then is told of that, not of what led to it."""
    owners, since = _owners(events), min(event.pk for event in events)
    later = Event.objects.filter(pk__gt=since, journey_id__in=[event.journey_id for event in events], verb__in=GIVING)
    given = list(later.order_by("pk")) if owners else []
    found = {}
    for event in events:
        change = next((one for one in given if one.journey_id == event.journey_id and one.pk > event.pk), None)
        owner = change.facts["before"]["owner"] if change else owners.get(event.journey_id)
        if owner:
            found[event.pk] = owner
    return found


def _names(events: Sequence[Event]) -> dict[int | None, str]:
    return dict(Agent.objects.filter(pk__in={event.agent_id for event in events}).values_list("pk", "name"))


def _members(teams: set[int]) -> dict[int | None, list[int]]:
    found: dict[int | None, list[int]] = defaultdict(list)
    pairs = Team.agents.through.objects.filter(team__in=teams).values_list("team", "agent") if teams else ()
    for team, agent in pairs:
        found[team].append(agent)
    return found
