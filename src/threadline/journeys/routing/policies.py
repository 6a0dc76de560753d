"""The rules of this house, in versions: the newest put to use and not withdrawn is in use, none is deleted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Team
from threadline.core.routing import Policy, Rule, read_policy, written
from threadline.journeys.models import Journey, RoutingPolicy
from threadline.journeys.routing.run import route_waiting
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import enqueue

MOST_RULES = 60
Edit = Callable[[Policy], Policy]


def standing() -> QuerySet[RoutingPolicy]:
    """Versions put to use, the one in use first."""
    return RoutingPolicy.objects.standing()


def draft() -> RoutingPolicy | None:
    """What people change at the moment."""
    return RoutingPolicy.objects.filter(used_at=None, withdrawn_at=None).first()


def read(kept: RoutingPolicy | None) -> Policy:
    """The policy in a row; an empty one for None."""
    return read_policy(kept.document) if kept else Policy()


@transaction.atomic
def change(edit: Edit, *, words: str, by: Agent, now: datetime) -> RoutingPolicy:
    """Change the draft; the first change opens it with a copy of what is in use.

    Raises:
        ThreadlineError: what comes out is no policy, in the words of the one who finds it.
    """
    _lock()
    kept = draft()
    try:
        policy = edit(read(kept or standing().first()))
        policy = read_policy(written(policy))
    except (ValueError, TypeError, KeyError) as error:
        raise ThreadlineError(str(error)) from error
    check(policy)
    if kept is None:
        kept = RoutingPolicy(at=now, by=by)
    kept.document, kept.by = written(policy), by
    kept.save()
    record("routing_changed", at=now, by=by, draft=kept.pk, words=words)
    return kept


def check(policy: Policy) -> None:
    """What a single rule can not know: which teams there are, and whose stories are only for them."""
    teams = {team.pk: team for team in Team.objects.all()}
    if len(policy.rules) > MOST_RULES:
        raise ThreadlineError(f"{len(policy.rules)} rules are more than anybody oversees. Leave {MOST_RULES} at most.")
    for rule in policy.rules:
        if rule.team not in teams or (rule.overflow is not None and rule.overflow not in teams):
            raise ThreadlineError(f"“{rule.name}” names a team that is no longer there. Choose another one.")
        if rule.overflow is not None and teams[rule.team].restricted:
            words = "Its stories are for its members only, so no other team can help out. Choose none."
            raise ThreadlineError(f"“{rule.name}” is for {teams[rule.team].name}. {words}")


def with_rule(policy: Policy, rule: Rule, number: int | None) -> Policy:
    """The rule in place of that number (from 1), or at the end."""
    rules = list(policy.rules)
    if number is None:
        return replace(policy, rules=(*rules, rule))
    rules[place_of(policy, number)] = rule
    return replace(policy, rules=tuple(rules))


def without_rule(policy: Policy, number: int) -> Policy:
    at = place_of(policy, number)
    return replace(policy, rules=policy.rules[:at] + policy.rules[at + 1 :])


def earlier(policy: Policy, number: int) -> Policy:
    """The rule is tried before the one above it."""
    at = place_of(policy, number)
    rules = list(policy.rules)
    if at > 0:
        rules[at - 1], rules[at] = rules[at], rules[at - 1]
    return replace(policy, rules=tuple(rules))


def place_of(policy: Policy, number: int) -> int:
    if not 1 <= number <= len(policy.rules):
        raise ValueError(f"There is no rule {number} any more. Load the page again.")
    return number - 1


@transaction.atomic
def release(*, by: Agent, now: datetime, note: str = "") -> RoutingPolicy:
    """From now on the draft is in use; what waits without a team is looked at anew."""
    _lock()
    kept = draft()
    if kept is None:
        raise ThreadlineError("There is no draft. Change a rule first.")
    check(read(kept))
    kept.used_at, kept.by, kept.note = now, by, " ".join(note.split())[:240]
    kept.save(update_fields=["used_at", "by", "note"])
    record("routing_released", at=now, by=by, version=kept.pk)
    _look_again()
    return kept


@transaction.atomic
def drop(*, by: Agent, now: datetime) -> None:
    """Forget the draft. What is in use stays."""
    _lock()
    kept = draft()
    if kept is None:
        raise ThreadlineError("There is no draft to drop.")
    kept.withdrawn_at = now
    kept.save(update_fields=["withdrawn_at"])
    record("routing_dropped", at=now, by=by, draft=kept.pk)


@transaction.atomic
def go_back(*, by: Agent, now: datetime) -> RoutingPolicy | None:
    """The version before is in use again; before the first there were no rules. Returns it, or None."""
    _lock()
    kept = standing().first()
    if kept is None:
        raise ThreadlineError("No rules are in use, so there is nothing to go back from.")
    kept.withdrawn_at = now
    kept.save(update_fields=["withdrawn_at"])
    record("routing_withdrawn", at=now, by=by, version=kept.pk)
    _look_again()
    return standing().first()


def _look_again() -> None:
    Journey.objects.standing().filter(status=Journey.Status.OPEN, team=None, to_place=False).update(to_place=True)
    enqueue(route_waiting)


def _lock() -> None:
    """One change after another. Held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('threadline routing rules'))")
