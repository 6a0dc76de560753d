"""What people change about themselves."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent
from threadline.lib.errors import ThreadlineError


@transaction.atomic
def change(*, agent: Agent, name: str, handle: str, time_zone: str, now: datetime) -> None:
    """Name, handle and time zone.

    Raises:
        ThreadlineError: no name, or a handle that somebody else has.
    """
    if not name.strip():
        raise ThreadlineError(_("Tell your colleagues your name."))
    if handle and Agent.objects.filter(handle=handle).exclude(pk=agent.pk).exists():
        raise ThreadlineError(_("@%(handle)s is somebody else already. Choose another one.") % {"handle": handle})
    before = {"name": agent.name, "handle": agent.handle or "", "time_zone": agent.time_zone}
    after = {"name": name.strip(), "handle": handle, "time_zone": time_zone}
    changed = {field: [before[field], after[field]] for field in before if before[field] != after[field]}
    if not changed:
        return
    agent.name, agent.handle, agent.time_zone = after["name"], handle or None, time_zone
    agent.save(update_fields=["name", "handle", "time_zone"])
    record_quietly("own_page_changed", at=now, by=agent, changed=changed)


@transaction.atomic
def choose_density(*, agent: Agent, density: str, now: datetime) -> None:
    """Closer ("compact") or wider ("") rows, on every screen of this agent. Raises ThreadlineError otherwise."""
    if density not in ("", "compact"):
        raise ThreadlineError(_("Rows are closer or wider; there is nothing else."))
    if density == agent.density:
        return
    changed = {"density": [agent.density, density]}
    agent.density = density
    agent.save(update_fields=["density"])
    record_quietly("own_page_changed", at=now, by=agent, changed=changed)
