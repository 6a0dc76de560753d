"""A dry run: where yesterday's stories would have gone under changed rules. Nothing moves."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from threadline.accounts.models import Team
from threadline.core.routing import Policy, Story, Work, lacking, place
from threadline.journeys.models import Journey
from threadline.journeys.routing.seen import people_of, stories

DAY = timedelta(days=1)
MOST = 5_000
EXAMPLES = 5
NOWHERE = 0


@dataclass(frozen=True, slots=True)
class Going:
    """So many stories went to `was` and would go to `becomes`; None is no team. `examples` are the newest of them."""

    was: Team | None
    becomes: Team | None
    count: int
    examples: tuple[Journey, ...]

    @property
    def moves(self) -> bool:
        return self.was != self.becomes


@dataclass(frozen=True, slots=True)
class Unmet:
    """Nobody of the team has this, so whoever is free would take it."""

    team: Team
    dimension: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    asked: int
    changed: int
    going: tuple[Going, ...]
    unmet: tuple[Unmet, ...]
    since: datetime


def rehearse(changed: Policy, *, now: datetime, used: Policy | None) -> Rehearsal:
    """Where the stories of the last day go by the rules in use, and would go by the changed ones.

    Without rules in use, where they are now. Cost: six queries; it reads the newest 5,000 stories.
    """
    since = now - DAY
    rows = list(Journey.objects.standing().filter(last_at__gte=since, last_at__lte=now).order_by("-last_at")[:MOST])
    told = stories(rows)
    was = {row.pk: _team(told[row.pk], used) if used else row.team_id for row in rows}
    becomes = {row.pk: _team(told[row.pk], changed) for row in rows}
    teams = Team.objects.in_bulk()
    going = _grouped(rows, was, becomes, teams)
    unmet = _unmet(changed, told, becomes, teams, now)
    return Rehearsal(len(rows), sum(each.count for each in going if each.moves), going, unmet, since)


def _team(story: Story, policy: Policy) -> int | None:
    found = place(story, policy)
    return found.team if found else None


def _grouped(
    rows: Sequence[Journey],
    was: Mapping[int, int | None],
    becomes: Mapping[int, int | None],
    teams: Mapping[int, Team],
) -> tuple[Going, ...]:
    groups: dict[tuple[int | None, int | None], list[Journey]] = defaultdict(list)
    for row in rows:
        groups[was[row.pk], becomes[row.pk]].append(row)
    found = [
        Going(teams.get(a or NOWHERE), teams.get(b or NOWHERE), len(held), tuple(held[:EXAMPLES]))
        for (a, b), held in groups.items()
    ]
    return tuple(sorted(found, key=lambda each: (not each.moves, -each.count, str(each.was), str(each.becomes))))


def _unmet(
    policy: Policy,
    told: Mapping[int, Story],
    becomes: Mapping[int, int | None],
    teams: Mapping[int, Team],
    now: datetime,
) -> tuple[Unmet, ...]:
    people = people_of(policy.teams)
    missing: Counter[tuple[int, str, str]] = Counter()
    for number, team in becomes.items():
        if team is not None:
            story = told[number]
            topics = frozenset({story.intent, story.group} - {""})
            asked = Work(number, team, now, kind=story.kind, language=story.language, topics=topics)
            values = {"language": story.language, "channel": story.kind, "topic": story.intent}
            missing.update((team, dimension, values[dimension]) for dimension in lacking(asked, people))
    return tuple(Unmet(teams[team], name, value, count) for (team, name, value), count in missing.most_common(12))
