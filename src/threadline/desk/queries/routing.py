"""What the page about routing shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from threadline.accounts.models import Agent, Skill, Team
from threadline.channels.kinds import known, label
from threadline.channels.models import Brand
from threadline.core.durations import spell
from threadline.core.routing import Measured, Policy, Rule
from threadline.core.routing.reasons import LANGUAGES
from threadline.desk.forms.routing import SPOKEN
from threadline.journeys.models import Journey, RoutingPolicy
from threadline.journeys.routing import policies
from threadline.journeys.routing.rehearsal import Rehearsal, rehearse
from threadline.journeys.routing.seen import groups
from threadline.journeys.waits import expected_wait

VERSIONS = 12
PEOPLE = 200
MEASURED = ("chat", "email", "whatsapp", "x", "facebook")


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in words. `new` stands in the draft and not in what is in use."""

    number: int
    rule: Rule
    team: Team | None
    overflow: Team | None
    when: tuple[str, ...]
    hold: str
    after: str
    new: bool


@dataclass(frozen=True, slots=True)
class Overview:
    draft: RoutingPolicy | None
    used: RoutingPolicy | None
    policy: Policy
    lines: tuple[Line, ...]
    weights: tuple[tuple[str, str, int], ...]
    kept: int
    idle: int
    people: tuple[Agent, ...]
    supervisors: frozenset[int]
    versions: tuple[RoutingPolicy, ...]
    waits: tuple[tuple[str, Measured], ...]


def overview(*, now: datetime) -> Overview:
    """The draft if there is one, else what is in use. Cost: a dozen queries, and two for each channel measured."""
    draft, used = policies.draft(), policies.standing().first()
    policy, before = policies.read(draft or used), policies.read(used)
    agents = Agent.objects.filter(is_active=True).prefetch_related("teams", "skills").order_by("name")[:PEOPLE]
    return Overview(
        draft=draft,
        used=used,
        policy=policy,
        lines=lines(policy, before if draft else policy),
        weights=tuple((kind, str(name), policy.weight(kind)) for kind, name in SPOKEN),
        kept=minutes(policy.kept),
        idle=minutes(policy.idle),
        people=tuple(agents),
        supervisors=frozenset(policy.supervisors),
        versions=tuple(versions()),
        waits=tuple((label(kind), wait) for kind in MEASURED if (wait := expected_wait(kind, now=now))),
    )


def versions() -> Iterable[RoutingPolicy]:
    return RoutingPolicy.objects.exclude(used_at=None).select_related("by").order_by("-used_at")[:VERSIONS]


def lines(policy: Policy, before: Policy) -> tuple[Line, ...]:
    teams, brands = Team.objects.in_bulk(), dict(Brand.objects.values_list("pk", "name"))
    return tuple(
        Line(
            number,
            rule,
            teams.get(rule.team),
            teams.get(rule.overflow or 0),
            tuple(conditions(rule, brands)),
            spell(rule.hold),
            spell(rule.overflow_after),
            rule not in before.rules,
        )
        for number, rule in enumerate(policy.rules, 1)
    )


def conditions(rule: Rule, brands: Mapping[int, str]) -> Iterable[str]:
    """Each list that is not empty, its values in words."""
    kinds = known()
    lists = (
        ", ".join(rule.intents),
        ", ".join(f"“{word}”" for word in rule.words),
        ", ".join(str(kinds.get(kind, kind)) for kind in rule.kinds),
        ", ".join(LANGUAGES.get(code, code) for code in rule.languages),
        ", ".join(brands.get(number, str(number)) for number in rule.brands),
    )
    return (each for each in lists if each)


def minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def dry_run(agent: Agent, *, now: datetime) -> Rehearsal | None:
    """The draft on yesterday's stories; None without a draft."""
    draft, used = policies.draft(), policies.standing().first()
    if draft is None:
        return None
    return rehearse(policies.read(draft), now=now, used=policies.read(used) if used else None)


def visible(found: Rehearsal, agent: Agent) -> frozenset[int]:
    """The examples whose words this agent may read. One query."""
    numbers = [story.pk for going in found.going for story in going.examples]
    return frozenset(Journey.objects.visible_to(agent).filter(pk__in=numbers).values_list("pk", flat=True))


def intents_by_group() -> list[tuple[str, list[str]]]:
    """Groups with their intents, as the tree in use has them."""
    found: dict[str, list[str]] = {}
    for name, group in groups().items():
        if name:
            found.setdefault(group, []).append(name)
    return sorted(found.items())


def written_skills(agent: Agent) -> dict[str, str]:
    """As the form takes them."""
    told: dict[str, list[str]] = {name: [] for name in Skill.Dimension.values}
    for skill in agent.skills.all():
        told[skill.dimension].append(f"{skill.value} {skill.level}")
    return {
        "topics": "\n".join(told["topic"]),
        "languages": ", ".join(told["language"]),
        "channels": ", ".join(told["channel"]),
    }
