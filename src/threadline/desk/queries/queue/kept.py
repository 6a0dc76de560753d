"""Saved views as the list of views shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadline.accounts.models import Agent
from threadline.desk.queries.queue.filters import Filters, read
from threadline.journeys.models import SavedView
from threadline.lib.errors import ThreadlineError

MOST = 60
COUNTED = 12  # those that stand first; who has more looks into them


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved view and what it filters by; `shared` is empty for one's own."""

    pk: int
    name: str
    filters: Filters
    shared: bool

    @property
    def owed(self) -> bool:
        return self.filters.base.owed


def kept_by(agent: Agent) -> list[Kept]:
    """As the agent likes them. One whose filters mean nothing any more is left out here. Cost: one query."""
    found = SavedView.objects.visible_to(agent).standing().as_liked_by(agent)[:MOST]
    return [each for each in map(kept, found) if each is not None]


def kept(view: SavedView) -> Kept | None:
    try:
        return Kept(view.pk, view.name, read(view.filters), view.owner_id is None)
    except ThreadlineError:
        return None


def counted(views: Sequence[Kept]) -> Sequence[Kept]:
    return views[:COUNTED]
