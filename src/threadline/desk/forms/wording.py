"""What people enter about macros and policies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent, Team
from threadline.accounts.rights import Right
from threadline.journeys.models import Field, Macro, Policy

FOR_ALL, OWN = "all", "own"
THEN = [
    ("", _("Nothing more")),
    ("done", _("Done")),
    ("tomorrow", _("Sleep until tomorrow 09:00")),
    ("monday", _("Sleep until Monday 09:00")),
    ("week", _("Sleep for a week")),
]


class MacroForm(forms.Form):
    """`whose` is "own", "all", or the number of a team; `owner` an agent, 0 whoever sends."""

    name = forms.CharField(max_length=60, label=_("Name"), help_text=_("As you look for it after typing /"))
    text = forms.CharField(max_length=20_000, required=False, label=_("Text"), widget=forms.Textarea)
    whose = forms.ChoiceField(label=_("For whom"))
    intent = forms.CharField(max_length=120, required=False, label=_("Say what it is about"))
    field = forms.ChoiceField(required=False, label=_("Fill in the field"))
    value = forms.CharField(max_length=500, required=False, label=_("With"))
    owner = forms.ChoiceField(required=False, label=_("Hand it to"))
    team = forms.ChoiceField(required=False, label=_("Give it to the team"))
    then = forms.ChoiceField(choices=THEN, required=False, label=_("Then"))

    def __init__(self, *arguments: Any, agent: Agent, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.agent = agent
        self.teams = {str(team.pk): team for team in Team.objects.order_by("name")}
        mine = self.teams if agent.may(Right.WORK) else {str(team.pk): team for team in agent.teams.order_by("name")}
        everybody = [(FOR_ALL, _("Everybody"))] if agent.may(Right.WORK) else []
        self._choose("whose", [(OWN, _("Only me")), *((key, team.name) for key, team in mine.items()), *everybody])
        own = [(str(field.pk), field.name) for field in Field.objects.visible_to(agent).standing()]
        self._choose("field", [("", _("Leave it as it is")), *own])
        people = Agent.objects.filter(is_active=True).order_by("name").values_list("pk", "name")[:200]
        handing = [(str(number), name) for number, name in people]
        self._choose("owner", [("", _("Leave it as it is")), ("0", _("Whoever sends it")), *handing])
        self._choose("team", [("", _("Leave it as it is")), *((key, team.name) for key, team in self.teams.items())])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def values(self) -> dict[str, Any]:
        """As `actions.write_macro` takes them."""
        said = self.cleaned_data
        actions: dict[str, object] = {name: said[name].strip() for name in ("intent", "then") if said[name].strip()}
        actions |= {name: int(said[name]) for name in ("field", "owner", "team") if said[name]}
        actions |= {"value": said["value"].strip()} if said["field"] else {}
        return {
            "name": said["name"],
            "text": said["text"].replace("\r\n", "\n"),
            "actions": actions,
            "owner": self.agent if said["whose"] == OWN else None,
            "team": self.teams.get(said["whose"]),
        }


def of_macro(macro: Macro) -> dict[str, object]:
    """What the form shows of a macro."""
    return {
        "name": macro.name,
        "text": macro.text,
        "whose": OWN if macro.owner_id else str(macro.team_id or FOR_ALL),
        **{name: str(value) for name, value in macro.actions.items()},
    }


class PolicyForm(forms.Form):
    name = forms.CharField(max_length=80, label=_("What customers ask for"), help_text=_("Such as: a refund"))
    standing = forms.ChoiceField(choices=Policy.Standing.choices, label=_("What holds"), widget=forms.RadioSelect)
    limit = forms.CharField(max_length=120, required=False, label=_("Up to"), help_text=_("Such as: £25, or 30 days"))
    decides = forms.CharField(
        max_length=120, required=False, label=_("Who decides beyond it"), help_text=_("Such as: a team lead")
    )
    reason = forms.CharField(max_length=500, required=False, label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}))
    offer = forms.CharField(
        max_length=2000,
        required=False,
        label=_("What may be offered"),
        help_text=_("In words that can go to the customer as they are"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "voice"}),
    )
    phrases = forms.CharField(
        max_length=2000,
        label=_("How to recognise it"),
        help_text=_("One phrase a line. A sentence with all words of a phrase and a “can’t” is about this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
