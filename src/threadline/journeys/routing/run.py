"""The router: places new stories in teams and gives what waits to whoever fits, each with an Event and a Decision.

It runs in the worker after each batch, when somebody becomes available, and every ten seconds for what has timed out.
Without rules it does nothing. A replay applies its events again, as those of people: who was there at the time is not
in the ledger, so it can not be concluded anew.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from threadline.accounts import serving
from threadline.accounts.events import record_many
from threadline.accounts.models import Agent, Decision, Event, Team
from threadline.core.decision import Decision as Conclusion
from threadline.core.routing import Policy, Presence, give, place
from threadline.customers.recognition import decision_row
from threadline.journeys.actions.ruling import ledger_mark
from threadline.journeys.changes import apply
from threadline.journeys.models import Journey
from threadline.journeys.routing import in_use
from threadline.journeys.routing.seen import kind_of, last_handed, people_of, still_talking, stories, work_of
from threadline.lib.bulk import insert
from threadline.lib.jobs import job, periodic

log = logging.getLogger(__name__)
LOCK = 0x726F_7574
PLACED_AT_ONCE = 500
LOOKED_AT = 1_000  # of each team, those who have waited longest


@periodic(cron="* * * * * */10")
@job(queueing_lock="route_waiting")
def route_waiting(timestamp: int = 0) -> None:
    """Route what waits, and end the presence of those who are gone. Safe to run twice or late."""
    now = timezone.now()
    serving.end_idle(after=(in_use() or Policy()).idle, now=now)
    route(now=now)


def route_now() -> None:
    """After a batch. Whatever is wrong with the rules, nothing that comes in waits for it."""
    try:
        route(now=timezone.now())
    except (DatabaseError, InterfaceError):
        raise
    except Exception:
        log.exception("stories could not be routed")


@transaction.atomic
def route(*, now: datetime) -> int:
    """Place and give out. Returns how many stories it moved. One run at a time: a second one has nothing to do."""
    policy = in_use()
    if policy is None or not _alone():
        return 0
    return place_new(policy, now=now) + give_out(policy, now=now)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def ours() -> QuerySet[Journey]:
    return Journey.objects.standing().filter(status=Journey.Status.OPEN)


# ---- which team ----------------------------------------------------------------------------------------------------


def place_new(policy: Policy, *, now: datetime) -> int:
    """Put stories without a team where the rules say, oldest first. Cost: nine queries, and one for each placed."""
    new = ours().filter(to_place=True, team=None, owner=None).order_by("waiting_since")
    rows = list(new.select_for_update(skip_locked=True)[:PLACED_AT_ONCE])
    if not rows:
        return 0
    told, handed = stories(rows), last_handed([row.pk for row in rows])
    said = {number for number, event in handed.items() if event.at + policy.kept > now}
    found = [(row, placed) for row in rows if row.pk not in said and (placed := place(told[row.pk], policy))]
    moved = carry_out([(row, None, placed.team, placed.decision) for row, placed in found], now=now)
    Journey.objects.filter(pk__in=[row.pk for row in rows if row.pk not in said]).update(to_place=False)
    return moved


# ---- who of it -----------------------------------------------------------------------------------------------------


def give_out(policy: Policy, *, now: datetime) -> int:
    """Give what waits to whoever fits. Cost: about fifteen queries, and two for each that is given."""
    helping = {rule.overflow for rule in policy.rules if rule.overflow is not None}
    people = people_of(policy.teams | helping)
    if not any(person.presence is Presence.AVAILABLE for person in people):
        return 0
    rows = {row.pk: row for row in _waiting(policy, [person.id for person in people])}
    load = _load(rows.values(), policy, now)
    within = [row for row in rows.values() if row.team_id in policy.teams and row.status == Journey.Status.OPEN]
    work = work_of(within, policy, now=now)
    decided = give(work, [replace(person, load=load[person.id]) for person in people], now=now)
    gave = [(rows[each.work], each.person, rows[each.work].team_id, each.decision) for each in decided]
    return carry_out(gave, now=now)


def _waiting(policy: Policy, people: Sequence[int]) -> Iterable[Journey]:
    """What nobody has, by team; what somebody has who is away; and all that those who are here have in hand."""
    for team in sorted(policy.teams):
        free = ours().filter(team=team, owner=None).order_by("waiting_since")
        yield from free[:LOOKED_AT]
        gone = ours().filter(team=team).filter(Q(owner__presence="away") | Q(owner__is_active=False))
        yield from gone.order_by("waiting_since")[:LOOKED_AT]
    here = Agent.objects.filter(pk__in=people).exclude(presence="away")
    in_hand = Journey.objects.standing().filter(owner__in=here)
    yield from in_hand.filter(status__in=[Journey.Status.OPEN, Journey.Status.WAITING]).exclude(
        ~Q(channels__contains=["chat"]), status=Journey.Status.WAITING
    )


def _load(rows: Iterable[Journey], policy: Policy, now: datetime) -> Counter[int]:
    """What fills people beside the stories of teams with rules: other stories, and chats that still go on."""
    load: Counter[int] = Counter()
    for row in rows:
        other = row.status == Journey.Status.OPEN and row.team_id not in policy.teams
        if row.owner_id is not None and (other or still_talking(row, now)):
            load[row.owner_id] += policy.weight(kind_of(row))
    return load


# ---- carrying out --------------------------------------------------------------------------------------------------

Move = tuple[Journey, int | None, int | None, Conclusion]


def carry_out(moves: Sequence[Move], *, now: datetime) -> int:
    """Record and apply: owner and team of each. What a person changed meanwhile is left alone."""
    fresh = _unchanged(moves)
    decisions = [decision_row(told, now) for _, _, _, told in fresh]
    insert(decisions)
    restricted = set(Team.objects.filter(restricted=True).values_list("pk", flat=True)) if fresh else set()
    mark = ledger_mark() if fresh else 0
    events = [_event(move, decision, restricted, mark, now) for move, decision in zip(fresh, decisions, strict=True)]
    record_many(events)
    for event in events:
        apply(event)
    Agent.objects.filter(pk__in={owner for _, owner, _, _ in fresh if owner}).update(given_at=now)
    return len(events)


def _unchanged(moves: Sequence[Move]) -> list[Move]:
    numbers = [row.pk for row, _, _, _ in moves]
    locked = Journey.objects.select_for_update(skip_locked=True).filter(pk__in=numbers, joined_into=None)
    now = {pk: rest for pk, *rest in locked.values_list("pk", "owner", "team", "status")}
    return [move for move in moves if now.get(move[0].pk) == [move[0].owner_id, move[0].team_id, move[0].status]]


def _event(move: Move, decision: Decision, restricted: set[int], mark: int, now: datetime) -> Event:
    row, owner, team, _ = move
    return Event(
        verb="routed",
        at=now,
        journey_id=row.pk,
        customer_id=row.customer_id,
        team_id=next((each for each in (team, row.team_id) if each in restricted), None),
        ledger_mark=mark,
        facts={
            "owner": owner,
            "team": team,
            "before": {"owner": row.owner_id, "team": row.team_id},
            "reason": decision.reason,
            "decision": decision.pk,
            **_told(decision.evidence),
        },
    )


def _told(evidence: Mapping[str, object]) -> dict[str, object]:
    return {"rule": evidence["rule"]} if "rule" in evidence else {}
