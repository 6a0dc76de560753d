"""Views of the queue under a name: kept, changed, put away and put back, and the order in which somebody likes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from threadline.accounts.events import record_quietly
from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right
from threadline.journeys.models import SavedView, ViewPlace
from threadline.lib.errors import ThreadlineError

MOST_EACH = 60


@transaction.atomic
def save_view(
    *,
    name: str,
    filters: Mapping[str, str],
    by: Agent,
    now: datetime,
    view: SavedView | None = None,
    owner: Agent | None = None,
    team: Team | None = None,
) -> SavedView:
    """Keep a part of the queue under a name, or change one; without `owner` and `team` it is everybody's.

    Raises:
        ThreadlineError: no name, a name that is taken, too many, or a view that is not theirs to change.
    """
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise ThreadlineError("Give the view a name of up to 60 characters, as you would look for it.")
    _may_keep(view, by, owner, team)
    before = _facts(view) if view else None
    view = view or SavedView()
    view.name, view.filters, view.owner, view.team = name, dict(filters), owner, team
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise ThreadlineError(f"There is a view “{name}” already. Choose another name, or change that one.") from error
    record_quietly("view_saved", at=now, by=by, view=view.pk, name=name, before=before, after=_facts(view))
    return view


def _may_keep(view: SavedView | None, by: Agent, owner: Agent | None, team: Team | None) -> None:
    if view is not None and not may_change(view, by):
        raise ThreadlineError(f"“{view}” is not yours to change. Keep one of your own.")
    if view is None and SavedView.objects.filter(owner=owner, team=team).standing().count() >= MOST_EACH:
        raise ThreadlineError(f"There are {MOST_EACH} views already. Put one away first.")
    if owner is None and not by.may(Right.WORK) and (team is None or not by.teams.filter(pk=team.pk).exists()):
        raise ThreadlineError("Your role keeps no views for everybody. Make it your own, or one of your team.")


@transaction.atomic
def withdraw_view(*, view: SavedView, by: Agent, now: datetime, back: bool = False) -> None:
    """Put it away for everybody who has it, or put it back."""
    if not may_change(view, by):
        raise ThreadlineError(f"“{view}” is not yours to put away.")
    view.withdrawn_at = None if back else now
    try:
        with transaction.atomic():
            view.save(update_fields=["withdrawn_at"])
    except IntegrityError as error:
        raise ThreadlineError(f"There is another view “{view}” by now. Rename that one first.") from error
    record_quietly("view_put_back" if back else "view_withdrawn", at=now, by=by, view=view.pk, name=view.name)


@transaction.atomic
def order_views(*, views: Sequence[SavedView], by: Agent, now: datetime) -> None:
    """This agent likes them in this order. Nobody else's list changes."""
    ViewPlace.objects.filter(agent=by).delete()
    ViewPlace.objects.bulk_create(ViewPlace(agent=by, view=view, place=place) for place, view in enumerate(views))
    record_quietly("views_ordered", at=now, by=by, views=[view.pk for view in views])


def may_change(view: SavedView, agent: Agent) -> bool:
    return bool(SavedView.objects.changeable_by(agent).filter(pk=view.pk).exists())


def _facts(view: SavedView) -> dict[str, object]:
    return {"name": view.name, "filters": view.filters, "owner": view.owner_id, "team": view.team_id}
