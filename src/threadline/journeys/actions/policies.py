"""Policies: what we can, may up to a limit, and will not. One that was withdrawn can be put back."""

from datetime import datetime

from django.db import IntegrityError, transaction

from threadline.accounts.events import record
from threadline.accounts.models import Agent
from threadline.accounts.rights import Right
from threadline.journeys.models import Policy
from threadline.lib.errors import ThreadlineError

FIELDS = ("name", "standing", "phrases", "offer", "limit", "decides", "reason")


@transaction.atomic
def write_policy(*, values: dict[str, str], by: Agent, now: datetime, policy: Policy | None = None) -> Policy:
    """Make a policy, or change one. Raises ThreadlineError for what would not work, in words."""
    _may(by)
    before = {name: getattr(policy, name) for name in FIELDS} if policy else None
    policy = policy or Policy()
    for name in FIELDS:
        setattr(policy, name, values.get(name, "").strip())
    policy.phrases = "\n".join(line for each in policy.phrases.splitlines() if (line := " ".join(each.split())))
    _check(policy)
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError as error:
        raise ThreadlineError(f"There is a policy “{policy}” already. Choose another name.") from error
    record("policy_written", at=now, by=by, policy=policy.pk, before=before, **{n: getattr(policy, n) for n in FIELDS})
    return policy


@transaction.atomic
def withdraw_policy(*, policy: Policy, by: Agent, now: datetime, back: bool = False) -> None:
    """It holds no longer, or again."""
    _may(by)
    policy.withdrawn_at = None if back else now
    try:
        with transaction.atomic():
            policy.save(update_fields=["withdrawn_at"])
    except IntegrityError as error:
        raise ThreadlineError(f"There is another policy “{policy}” by now. Rename that one first.") from error
    record("policy_put_back" if back else "policy_withdrawn", at=now, by=by, policy=policy.pk, name=policy.name)


def _may(agent: Agent) -> None:
    if not agent.may(Right.WORK):
        raise ThreadlineError("Your role does not say what we may promise. An admin can change that.")


def _check(policy: Policy) -> None:
    if not policy.name:
        raise ThreadlineError("The policy has no name. Name it after what customers ask for.")
    if policy.standing not in Policy.Standing.values:
        raise ThreadlineError("Choose whether we can, may up to a limit, or will not.")
    if not policy.phrases:
        raise ThreadlineError("Write at least one phrase that tells what it is about, such as “refund”.")
    if policy.standing == Policy.Standing.MAY and not (policy.limit and policy.decides):
        raise ThreadlineError("We may, up to a limit: write the limit, and who decides beyond it.")
