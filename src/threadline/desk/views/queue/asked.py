"""Which part of the queue an address asks for, and the addresses of its other parts."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from threadline.accounts.models import Agent, Team
from threadline.desk.queries.queue import rows
from threadline.desk.queries.queue.filters import Filters, read
from threadline.desk.queries.queue.kept import kept
from threadline.desk.queries.queue.views import VIEWS, View
from threadline.journeys.models import SavedView


@dataclass(frozen=True, slots=True)
class Asked:
    """`teams` are the agent's own; `saved` the view that was asked for by its name, `team` the one asked for alone."""

    filters: Filters
    teams: list[Team]
    start: str
    shown: int
    saved: SavedView | None = None

    @property
    def view(self) -> View:
        return self.filters.base

    @property
    def team(self) -> Team | None:
        return next((team for team in self.teams if str(team.pk) == self.filters.team), None)

    @property
    def by(self) -> str:
        return "due" if self.filters.sort else ""

    @property
    def title(self) -> object:
        if self.saved is not None:
            return self.saved.name
        return self.team.name if self.team else self.view.title

    @property
    def plain(self) -> bool:
        """One of the views that are always there, as it is."""
        return self.saved is None and not self.filters.narrowed

    def fields(self) -> dict[str, Any]:
        """What an address or a form must carry to mean this part of the queue."""
        if self.saved is not None:
            return {"saved": self.saved.pk, **({"sort": "due"} if self.filters.sort else {})}
        return dict(self.filters.as_saved())

    def address(self, name: str, **more: object) -> str:
        values = {**self.fields(), **more}
        return f"{reverse(name)}?{urlencode([(key, str(value)) for key, value in values.items() if value])}"


def asked_for(request: HttpRequest, agent: Agent, given: QueryDict | None = None) -> Asked:
    """Cost: a query for the agent's teams; one more for a saved view, or for a team that is not the agent's."""
    given = request.GET if given is None else given
    teams = list(agent.teams.all())
    saved = _saved(agent, given.get("saved", ""))
    if saved is None and (given.get("view", "mine") not in VIEWS or not _is_team(given.get("team", ""), agent, teams)):
        raise Http404
    filters = read(saved.filters | {"sort": given.get("sort", "")}) if saved else read(given)
    shown = given.get("shown", "")
    wanted = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 5 else rows.STEP
    return Asked(filters, teams, given.get("after", ""), wanted, saved)


def _saved(agent: Agent, number: str) -> SavedView | None:
    if not number:
        return None
    known = SavedView.objects.visible_to(agent).standing()
    view = known.filter(pk=number).first() if number.isascii() and number.isdigit() and len(number) < 18 else None
    if view is None or kept(view) is None:
        raise Http404
    return view


def _is_team(number: str, agent: Agent, own: list[Team]) -> bool:
    """None is asked for, or one whose stories this agent may see."""
    if not number or any(str(team.pk) == number for team in own):
        return True
    if agent.is_partner or not (number.isascii() and number.isdigit() and len(number) < 10):
        return False
    found = Team.objects.filter(pk=number)
    return (found if agent.sees_every_team else found.filter(restricted=False)).exists()
