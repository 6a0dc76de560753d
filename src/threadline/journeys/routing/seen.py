"""Stories as routing sees them: what they are about, in which language, over which channel, who had them before."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models.functions import Left

from threadline.accounts.models import Agent, Event, Team
from threadline.core.routing import Person, Policy, Presence, Rule, Story, Work
from threadline.core.routing.rules import LIVE
from threadline.interactions import intents
from threadline.journeys.models import SUPERVISOR, Journey, Membership

HANDED = ("assigned", "handed_over", "supervisor_demanded", "undone")
TALKING = timedelta(minutes=10)
SAID = 1_000
MOST_URGENT = 3


def stories(rows: Iterable[Journey]) -> dict[int, Story]:
    """Each by what the customer said last. Cost: two queries."""
    told = {row.pk: row for row in rows}
    spoken = (
        Membership.objects.filter(journey__in=list(told), superseded_at=None, interaction__direction="in")
        .order_by("journey", "-interaction__at", "-interaction")
        .distinct("journey")
        .values_list("journey", "interaction__kind", "interaction__language", Left("interaction__text", SAID))
    )
    last = {number: rest for number, *rest in spoken}
    group = groups()
    found = {}
    for number, row in told.items():
        kind, language, text = last.get(number, (kind_of(row), "", ""))
        words = f"{row.title} {row.last_text} {text}"
        found[number] = Story(kind, row.brand_id, row.intent, group.get(row.intent, ""), language or "", words)
    return found


def kind_of(row: Journey) -> str:
    """The channel of its last touch."""
    return str(row.channels[-1]).removesuffix("+public") if row.channels else ""


def groups() -> Mapping[str, str]:
    """Intent to its group in the tree in use."""
    return _groups(intents.standing().values_list("pk", flat=True).first())


@lru_cache(maxsize=2)
def _groups(_version: int | None) -> Mapping[str, str]:
    return {node.name: node.parent for node in intents.tree_in_use()}


def work_of(rows: Sequence[Journey], policy: Policy, *, now: datetime) -> list[Work]:
    """Stories of teams that have rules. Cost: six queries."""
    told, handed, known = stories(rows), last_handed([row.pk for row in rows]), who_knows(rows)
    teams = dict(Team.objects.values_list("pk", "name"))
    found = []
    for row in rows:
        rule = policy.rule_for(row.team_id or 0, told[row.pk])
        if rule is not None:
            event = handed.get(row.pk)
            found.append(_work(row, told[row.pk], rule, event, known.get(row.customer_id), policy, teams, now))
    return found


def _work(
    row: Journey,
    story: Story,
    rule: Rule,
    handed: Event | None,
    knows: int | None,
    policy: Policy,
    teams: Mapping[int, str],
    now: datetime,
) -> Work:
    since = row.waiting_since or now
    return Work(
        id=row.pk,
        team=row.team_id or 0,
        waiting_since=since,
        kind=story.kind,
        language=story.language,
        topics=frozenset({story.intent, story.group} - {""}),
        weight=policy.weight(story.kind),
        urgency=MOST_URGENT if row.outcome == SUPERVISOR else rule.urgency,
        team_name=teams.get(row.team_id or 0, ""),
        owner=row.owner_id,
        held_until=held_until(row, rule, handed, policy, now),
        knows=knows,
        declined=declined(handed, policy, now),
        overflow=rule.overflow,
        overflow_name=teams.get(rule.overflow or 0, ""),
        overflows_at=since + rule.overflow_after if rule.overflow is not None else None,
    )


def held_until(row: Journey, rule: Rule, handed: Event | None, policy: Policy, now: datetime) -> datetime | None:
    """How long it is kept for its owner: a person's word holds longer than the rule."""
    if row.owner_id is None:
        return None
    until = (row.waiting_since or now) + rule.hold
    by_hand = handed is not None and handed.facts.get("owner") == row.owner_id
    return max(until, handed.at + policy.kept) if handed and by_hand else until


def declined(handed: Event | None, policy: Policy, now: datetime) -> frozenset[int]:
    """Who gave it away by their own word, as long as that word holds."""
    if handed is None or handed.agent_id is None or handed.at + policy.kept <= now:
        return frozenset()
    gave_back = handed.verb == "undone" or (handed.facts.get("before") or {}).get("owner") == handed.agent_id
    return frozenset({handed.agent_id}) if gave_back and handed.facts.get("owner") != handed.agent_id else frozenset()


def last_handed(numbers: Sequence[int]) -> dict[int, Event]:
    """What a person last said about who takes care of each."""
    said = Event.objects.filter(journey_id__in=numbers, verb__in=HANDED, agent__isnull=False)
    said = said.exclude(verb="undone", facts__of__in=_other_undoes())
    return {event.journey_id: event for event in said.order_by("journey_id", "-pk").distinct("journey_id")}  # type: ignore[misc]


def _other_undoes() -> list[str]:
    from threadline.journeys.changes import UNDOES

    return [verb for verb in UNDOES if verb not in (*HANDED, "routed")]


def who_knows(rows: Iterable[Journey]) -> dict[int, int]:
    """Customer to whoever took care of their newest story that anybody had."""
    people = {row.customer_id for row in rows}
    owned = Journey.objects.filter(customer__in=people).exclude(owner=None)
    newest = owned.order_by("customer", "-last_at").distinct("customer")
    return dict(newest.values_list("customer", "owner"))


# ---- people --------------------------------------------------------------------------------------------------------


def people_of(teams: Iterable[int]) -> list[Person]:
    """Everybody in these teams, here or not, with nothing in hand. Cost: three queries."""
    agents = Agent.objects.filter(is_active=True, teams__in=set(teams)).distinct().prefetch_related("teams", "skills")
    return [
        Person(
            id=agent.pk,
            name=agent.name,
            teams=frozenset(team.pk for team in agent.teams.all()),
            presence=Presence(agent.presence),
            capacity=agent.capacity,
            skills=_skills(agent),
            idle_since=agent.given_at,
        )
        for agent in agents.order_by("pk")
    ]


def _skills(agent: Agent) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for skill in agent.skills.all():
        found.setdefault(skill.dimension, {})[skill.value.lower()] = skill.level
    return found


def still_talking(row: Journey, now: datetime) -> bool:
    """A conversation goes on while it is their turn: it fills somebody's hands until it has been silent for a while."""
    live = row.status == Journey.Status.WAITING and kind_of(row) in LIVE
    return live and row.last_at > now - TALKING
