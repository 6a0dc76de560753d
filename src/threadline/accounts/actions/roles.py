"""Roles: named sets of rights. Nobody gives a right that he does not have himself."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event, Role
from threadline.accounts.rights import EVERYTHING, SUPERVISOR, Right
from threadline.lib.errors import ThreadlineError


def first_roles() -> Role:
    """The role that comes along: supervisors. It can be changed like any other."""
    return Role.objects.get_or_create(name="Supervisor", defaults={"rights": sorted(SUPERVISOR)})[0]


@transaction.atomic
def create_role(*, name: str, rights: Iterable[str], by: Agent, now: datetime) -> Event:
    """Raises ThreadlineError: no name or one that is taken, or more rights than `by` has."""
    wanted = _checked(name, rights, by=by)
    role = Role.objects.create(name=name.strip()[:80], rights=wanted)
    return record("role_added", at=now, by=by, role=role.pk, name=role.name, rights=wanted)


@transaction.atomic
def change_role(*, role: Role, name: str, rights: Iterable[str], by: Agent, now: datetime) -> Event | None:
    """Everybody who has it may do more or less from the next page on. None when nothing is different."""
    wanted = _checked(name, rights, by=by, role=role)
    before, after = {"name": role.name, "rights": sorted(role.rights)}, {"name": name.strip()[:80], "rights": wanted}
    if before == after:
        return None
    role.name, role.rights = str(after["name"]), wanted
    role.save(update_fields=["name", "rights"])
    return record("role_changed", at=now, by=by, role=role.pk, name=role.name, before=before, after=after)


@transaction.atomic
def drop_role(*, role: Role, by: Agent, now: datetime) -> Event:
    """Remove a role that nobody has."""
    holders = role.agents.count()
    if holders:
        raise ThreadlineError(f"{holders} people have the role “{role}”. Give them another one first.")
    refuse_beyond(role.rights, by=by)
    event = record("role_dropped", at=now, by=by, role=role.pk, name=role.name, rights=sorted(role.rights))
    role.delete()
    return event


def _checked(name: str, rights: Iterable[str], *, by: Agent, role: Role | None = None) -> list[str]:
    wanted = sorted(set(rights))
    if not name.strip():
        raise ThreadlineError("The role has no name. Call it by what these people do.")
    if name.strip().lower() in ("agent", "admin"):
        raise ThreadlineError(f"“{name.strip()}” is there already and can not be changed. Choose another name.")
    if Role.objects.filter(name__iexact=name.strip()).exclude(pk=role.pk if role else 0).exists():
        raise ThreadlineError(f"There is a role “{name.strip()}” already. Choose another name, or change that one.")
    if strange := set(wanted) - EVERYTHING:
        raise ThreadlineError(f"There is no right “{sorted(strange)[0]}”. Choose from {', '.join(Right.values)}.")
    refuse_beyond({*wanted, *(role.rights if role else ())}, by=by)
    return wanted


def refuse_beyond(rights: Iterable[str], *, by: Agent) -> None:
    """Nobody hands out, or takes away, what he does not have himself."""
    beyond = sorted(set(rights) - by.rights)
    if beyond:
        words = "; ".join(str(Right(each).label) for each in beyond if each in EVERYTHING)
        raise ThreadlineError(f"This goes beyond your own rights ({words}). Ask an admin.")
