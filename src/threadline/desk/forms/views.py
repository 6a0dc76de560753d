"""What people enter about a view that they keep. What it filters by is read by `desk.queries.queue.filters`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right
from threadline.journeys.models import SavedView

FOR_ALL, OWN = "all", "own"


class ViewForm(forms.Form):
    """`whose` is "own", "all", or the number of a team."""

    name = forms.CharField(max_length=60, label=_("Name"), help_text=_("As it shall stand beside the queue"))
    whose = forms.ChoiceField(label=_("For whom"))

    def __init__(self, *arguments: Any, agent: Agent, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.agent = agent
        teams = Team.objects.order_by("name") if agent.may(Right.WORK) else agent.teams.order_by("name")
        self.teams = {str(team.pk): team for team in teams}
        everybody = [(FOR_ALL, _("Everybody"))] if agent.may(Right.WORK) else []
        field = self.fields["whose"]
        assert isinstance(field, forms.ChoiceField)
        shared = [(key, _("Team %(name)s") % {"name": team.name}) for key, team in self.teams.items()]
        field.choices = [(OWN, _("Only me")), *shared, *everybody]

    def values(self) -> dict[str, Any]:
        """As `actions.save_view` takes them."""
        said = self.cleaned_data["whose"]
        owner = self.agent if said == OWN else None
        return {"name": self.cleaned_data["name"], "owner": owner, "team": self.teams.get(said)}


def whose(view: SavedView | None) -> str:
    if view is None or view.owner_id is not None:
        return OWN
    return str(view.team_id or FOR_ALL)
