"""The second factor: who must have one, and what is recorded when one comes or goes."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent, SignInRules
from threadline.accounts.signing_in import sessions
from threadline.lib.errors import ThreadlineError

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor. Recovery codes only stand in for one."""


@transaction.atomic
def require(*, everybody: bool, by: Agent, now: datetime) -> None:
    """Make the second factor a duty for whoever signs in with a password, or a choice again.

    Who has none yet goes on working at once only after setting one up: the next page they open asks for it.

    Raises:
        ThreadlineError: the admin who asks has none; a locked-out admin could not take the rule back.
    """
    if everybody and not is_set_up(by) and by.has_usable_password():
        raise ThreadlineError("Set up your own second factor first, on your page. Then make it a duty for everybody.")
    SignInRules.objects.update_or_create(pk=SignInRules.ONLY, defaults={"second_factor": everybody})
    if everybody:
        without_one().update(second_factor_due=True)
    else:
        Agent.objects.filter(second_factor_due=True).update(second_factor_due=False)
    record_quietly("second_factor_required" if everybody else "second_factor_optional", at=now, by=by)


def without_one() -> "QuerySet[Agent]":
    """Agents with a password and no second factor."""
    theirs = Authenticator.objects.filter(user=OuterRef("pk"), type__in=KINDS)
    return Agent.objects.exclude(password__startswith="!").filter(~Exists(theirs))


def is_set_up(agent: Agent) -> bool:
    return Authenticator.objects.filter(user=agent, type__in=KINDS).exists()


def settle(agent: Agent) -> None:
    """Bring `second_factor_due` up to date. Who has no password came through a provider, which looks after that."""
    due = SignInRules.current().second_factor and agent.has_usable_password() and not is_set_up(agent)
    if due != agent.second_factor_due:
        agent.second_factor_due = due
        agent.save(update_fields=["second_factor_due"])


@transaction.atomic
def came(*, agent: Agent, kind: str, name: str = "", now: datetime) -> None:
    settle(agent)
    record_quietly("second_factor_added", at=now, by=agent, kind=kind, name=name)


@transaction.atomic
def went(*, agent: Agent, kind: str, name: str = "", now: datetime) -> None:
    settle(agent)
    record_quietly("second_factor_removed", at=now, by=agent, kind=kind, name=name)


@transaction.atomic
def take_off(*, agent: Agent, by: Agent, now: datetime) -> None:
    """For somebody who lost the telephone and the codes: the password alone lets them in again.

    All their sessions end, because whoever took the telephone may have one.
    """
    kinds = sorted(Authenticator.objects.filter(user=agent).values_list("type", flat=True))
    if not kinds:
        raise ThreadlineError(f"{agent.name} has no second factor.")
    Authenticator.objects.filter(user=agent).delete()
    sessions.end_all(agent)
    settle(agent)
    record_quietly("second_factor_taken_off", at=now, by=by, agent_id=agent.pk, kinds=kinds)
