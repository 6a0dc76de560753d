"""Who takes care of a story, beside the plain word of an agent: as functions of the recorded Event alone.

Registered when the room starts (`apps.py`), so that a replay knows them too.
"""

from threadline.accounts.models import Event
from threadline.journeys.changes import assign, changes, concerned, unassign, undoes
from threadline.journeys.models import SUPERVISOR


@changes("routed")
def route(event: Event) -> None:
    """By rule: it has a team now, so nobody need look for one."""
    concerned(event).update(owner=event.facts["owner"], team=event.facts["team"], to_place=False)


@undoes("routed")
def unroute(event: Event) -> None:
    unassign(event)


@changes("handed_over")
def hand_over(event: Event) -> None:
    assign(event)


@undoes("handed_over")
def take_back(event: Event) -> None:
    unassign(event)


@changes("supervisor_demanded")
def demand_supervisor(event: Event) -> None:
    """They asked for somebody who may decide more: that counts as an outcome, whatever comes of it."""
    facts = event.facts
    concerned(event).update(owner=facts["owner"], team=facts["team"], outcome=SUPERVISOR)


@undoes("supervisor_demanded")
def forget_demand(event: Event) -> None:
    before = event.facts["before"]
    concerned(event).update(owner=before["owner"], team=before["team"], outcome=before["outcome"])
