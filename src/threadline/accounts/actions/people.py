"""People who sign in. Nobody makes somebody mightier than himself, and one admin always stays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from threadline.accounts.actions.roles import refuse_beyond
from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event, Role, Team
from threadline.accounts.rights import AGENT, EVERYTHING
from threadline.lib.errors import ThreadlineError


@dataclass(frozen=True, slots=True)
class Who:
    """What can be said about somebody. `role` is None for plain agents and for admins."""

    name: str
    email: str
    is_admin: bool = False
    role: Role | None = None
    teams: tuple[Team, ...] = ()

    @property
    def rights(self) -> frozenset[str]:
        if self.is_admin:
            return EVERYTHING
        return frozenset(self.role.rights) if self.role else AGENT

    def as_facts(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "email": self.email,
            "is_admin": self.is_admin,
            "role": self.role.pk if self.role else None,
            "teams": sorted(team.pk for team in self.teams),
        }


@transaction.atomic
def create_agent(
    *,
    email: str,
    name: str,
    password: str,
    is_admin: bool = False,
    handle: str | None = None,
    role: Role | None = None,
    teams: Iterable[Team] = (),
    by: Agent | None = None,
    now: datetime | None = None,
) -> Agent:
    """Let somebody sign in. `by` nobody: the command line.

    Raises:
        ThreadlineError: the address is taken or none, the name is empty, or the password is too easy.
    """
    who = _checked(Who(name, email, is_admin, None if is_admin else role, tuple(teams)))
    _validate(password, who.email)
    if by is not None:
        refuse_beyond(who.rights, by=by)
    agent = Agent.objects.create_user(who.email, who.name, password, is_admin=is_admin)
    agent.role, agent.handle = who.role, handle or None
    agent.save(update_fields=["role", "handle"])
    agent.teams.set(who.teams)
    record("agent_added", at=now or timezone.now(), by=by, who=agent.pk, **who.as_facts())
    return agent


@transaction.atomic
def change_agent(*, agent: Agent, who: Who, by: Agent, now: datetime) -> Event | None:
    """Another name, address, role or other teams. None when nothing is different.

    Raises:
        ThreadlineError: as for `create_agent`; more rights than `by` has; the last admin would be none any more.
    """
    who = _checked(who, agent)
    before, after = who_is(agent), who
    if before.as_facts() == after.as_facts():
        return None
    refuse_beyond(before.rights | after.rights, by=by)
    if before.is_admin and not after.is_admin:
        _refuse_without_admin(agent)
    agent.name, agent.email, agent.is_admin, agent.role = who.name, who.email, who.is_admin, who.role
    agent.save(update_fields=["name", "email", "is_admin", "role"])
    agent.teams.set(who.teams)
    was, is_now = before.as_facts(), after.as_facts()
    return record("agent_changed", at=now, by=by, who=agent.pk, name=agent.name, before=was, after=is_now)


@transaction.atomic
def deactivate(*, agent: Agent, by: Agent, now: datetime) -> Event:
    """Somebody leaves: signed out everywhere with the next click. What they did stays theirs."""
    agent.refresh_from_db(fields=["is_active"])
    if not agent.is_active:
        raise ThreadlineError(f"{agent} has left already.")
    if agent.pk == by.pk:
        raise ThreadlineError("You can not shut yourself out. Ask another admin to do it.")
    refuse_beyond(who_is(agent).rights, by=by)
    if agent.is_admin:
        _refuse_without_admin(agent)
    Agent.objects.filter(pk=agent.pk).update(is_active=False)
    agent.is_active = False
    return record("agent_left", at=now, by=by, who=agent.pk, name=agent.name)


@transaction.atomic
def reactivate(*, agent: Agent, by: Agent, now: datetime) -> Event:
    """Somebody is back, with the same teams and role as before."""
    agent.refresh_from_db(fields=["is_active"])
    if agent.is_active:
        raise ThreadlineError(f"{agent} is here already.")
    refuse_beyond(who_is(agent).rights, by=by)
    Agent.objects.filter(pk=agent.pk).update(is_active=True)
    agent.is_active = True
    return record("agent_returned", at=now, by=by, who=agent.pk, name=agent.name)


@transaction.atomic
def set_password(*, agent: Agent, password: str, by: Agent, now: datetime) -> Event:
    """A new password for somebody who forgot theirs; it signs them out everywhere. It is in no event."""
    _validate(password, agent.email)
    refuse_beyond(who_is(agent).rights, by=by)
    agent.set_password(password)
    agent.save(update_fields=["password"])
    return record("password_set", at=now, by=by, who=agent.pk, name=agent.name)


def who_is(agent: Agent) -> Who:
    """How somebody stands in the database now."""
    known = Agent.objects.select_related("role").get(pk=agent.pk)
    return Who(known.name, known.email, known.is_admin, known.role, tuple(known.teams.order_by("pk")))


def _checked(who: Who, agent: Agent | None = None) -> Who:
    email, name = who.email.strip().lower(), who.name.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ThreadlineError(f"{email}: {' '.join(error.messages)}") from error
    if not name:
        raise ThreadlineError("The agent has no name. Give the name that colleagues know.")
    if Agent.objects.filter(email=email).exclude(pk=agent.pk if agent else 0).exists():
        raise ThreadlineError(f"There is an agent with the address {email} already. Use another address.")
    return Who(name[:120], email, who.is_admin, None if who.is_admin else who.role, who.teams)


def _validate(password: str, email: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise ThreadlineError(f"{email}: {' '.join(error.messages)}") from error


def _refuse_without_admin(agent: Agent) -> None:
    """Held until the transaction ends, so that two admins can not remove each other at the same moment."""
    admins = Agent.objects.filter(is_admin=True, is_active=True).order_by("pk").select_for_update()
    if set(admins.values_list("pk", flat=True)) <= {agent.pk}:
        raise ThreadlineError(f"{agent} is the only admin. Make somebody else an admin first.")
