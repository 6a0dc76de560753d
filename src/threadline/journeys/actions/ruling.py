"""How an action by a person, a program, or a rule that people wrote becomes one Event and its change."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from threadline.accounts.events import record_many
from threadline.accounts.models import Agent, Event
from threadline.interactions.models import IntakeEntry
from threadline.journeys.changes import STATUS_MOMENTS, apply
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError


@dataclass(frozen=True, slots=True)
class ByRule:
    """A rule acts: which one, of which version, and why. `chain`: the keys of the rules that led to it, and its own."""

    key: str
    name: str
    version: int
    because: str
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByKey:
    """A program acts through the API: which key."""

    key: int
    name: str


By = Agent | ByRule | ByKey


def rule(
    verb: str,
    facts: Mapping[str, object],
    *,
    by: By,
    now: datetime,
    journey: Journey | None = None,
    customer_id: int | None = None,
) -> Event:
    """Record what an agent, a rule or a program did and carry it out."""
    event = Event(
        verb=verb,
        at=now,
        agent=by if isinstance(by, Agent) else None,
        journey_id=journey.pk if journey else None,
        customer_id=customer_id or (journey.customer_id if journey else None),
        team_id=restricted_team(journey),
        ledger_mark=ledger_mark(),
        facts={**facts, **_told_by(by)},
    )
    record_many([event])
    apply(event)
    return event


def _told_by(by: By) -> dict[str, object]:
    if isinstance(by, Agent):
        return {}
    return {"by_rule" if isinstance(by, ByRule) else "by_key": asdict(by)}


def restricted_team(journey: Journey | None) -> int | None:
    return journey.team_id if journey and journey.team and journey.team.restricted else None


def ledger_mark() -> int:
    """The newest entry that was processed: a replay applies what people did at the same place."""
    done = IntakeEntry.objects.exclude(verdict="pending").order_by("-pk").values_list("pk", flat=True)
    return done.first() or 0


def standing_journey(journey: Journey) -> Journey:
    """The journey itself, or an error that names where it went."""
    journey.refresh_from_db()
    if journey.joined_into_id is not None:
        raise ThreadlineError(f"This story was joined into story {journey.joined_into_id}. Open that one.")
    return journey


def status_of(journey: Journey) -> dict[str, str | None]:
    """The status as an undo needs it."""
    values: dict[str, str | None] = {"status": journey.status, "outcome": journey.outcome}
    for name in STATUS_MOMENTS:
        moment = getattr(journey, name)
        values[name] = moment.isoformat() if moment else None
    return values
