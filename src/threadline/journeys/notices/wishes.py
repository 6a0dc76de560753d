"""How an agent wants to be told: reason by way, when not, and when by mail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent, Event
from threadline.core.quiet import Quiet, next_time
from threadline.journeys.models import NoticeSend, Wishes
from threadline.journeys.notices.models import Reason, Way
from threadline.journeys.notices.reasons import USUAL
from threadline.lib.errors import ThreadlineError

KEPT = ("grid", "quiet_since", "quiet_until", "quiet_days", "digest_at", "text")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an agent chose on the own page."""

    grid: Mapping[str, Iterable[str]]
    quiet_since: int | None = None
    quiet_until: int | None = None
    quiet_days: tuple[int, ...] = ()
    digest_at: int | None = None
    text: bool = False


def of(agent: Agent) -> Wishes:
    """The agent's own, or the usual ones, unsaved."""
    return Wishes.objects.filter(agent=agent).first() or Wishes(agent=agent)


def of_many(agents: Iterable[Agent]) -> dict[int, Wishes]:
    """As above, for many with one query."""
    listed = list(agents)
    found = Wishes.objects.in_bulk([agent.pk for agent in listed])
    return {agent.pk: found.get(agent.pk) or Wishes(agent=agent) for agent in listed}


def ways(wishes: Wishes, reason: str) -> tuple[str, ...]:
    """By which ways this reason is told; mail only where a time for it is set."""
    chosen = wishes.grid.get(reason, USUAL[reason])
    return tuple(way for way in Way.values if way in chosen and (way != Way.MAIL or wishes.digest_next is not None))


def quiet_of(wishes: Wishes, agent: Agent) -> Quiet:
    return Quiet(zone_name(agent), wishes.quiet_since, wishes.quiet_until, tuple(wishes.quiet_days))


def zone_name(agent: Agent) -> str:
    return agent.time_zone or settings.TIME_ZONE


@transaction.atomic
def wish(*, wanted: Wanted, by: Agent, now: datetime) -> Event | None:
    """Be told like this from now on. None where nothing is different.

    Raises:
        ThreadlineError: quiet hours without an end, or no day that is not quiet.
    """
    try:
        Quiet(zone_name(by), wanted.quiet_since, wanted.quiet_until, wanted.quiet_days)
    except ValueError as error:
        raise ThreadlineError(str(error)) from error
    row = of(by)
    before = {name: getattr(row, name) for name in KEPT}
    row.grid = {reason: [way for way in Way.values if way in wanted.grid.get(reason, ())] for reason in Reason.values}
    row.quiet_since, row.quiet_until = wanted.quiet_since, wanted.quiet_until
    row.quiet_days, row.text = sorted(set(wanted.quiet_days)), wanted.text
    row.digest_at = wanted.digest_at
    row.digest_next = None if wanted.digest_at is None else next_time(zone_name(by), wanted.digest_at, now)
    after = {name: getattr(row, name) for name in KEPT}
    row.save()
    _move_mail(row, now)
    return record_quietly("wishes_changed", at=now, by=by, before=before, after=after) if before != after else None


def _move_mail(row: Wishes, now: datetime) -> None:
    """What was to go with the next mail goes with the new one, or not at all."""
    due = NoticeSend.objects.filter(agent=row.agent_id, way=Way.MAIL, next_at__isnull=False)
    if row.digest_next is not None:
        due.update(next_at=row.digest_next)
        return
    due.update(state=NoticeSend.State.LEFT, next_at=None, settled_at=now, result=_("You switched the mail off."))


@transaction.atomic
def unwish(*, event: Event, by: Agent, now: datetime) -> None:
    """Be told again as before that change.

    Raises:
        ThreadlineError: it was somebody else's.
    """
    if event.agent_id != by.pk or event.verb != "wishes_changed":
        raise ThreadlineError(_("This is no change of yours."))
    wish(wanted=wanted_of(event.facts["before"]), by=by, now=now)


def wanted_of(facts: Mapping[str, object]) -> Wanted:
    """What was kept of a change, as it was chosen; what was never chosen is as usual."""
    kept = {name: facts[name] for name in KEPT}
    grid = {reason: facts["grid"].get(reason, USUAL[reason]) for reason in Reason.values}  # type: ignore[attr-defined]
    return Wanted(**{**kept, "grid": grid, "quiet_days": tuple(kept["quiet_days"])})  # type: ignore[arg-type]
