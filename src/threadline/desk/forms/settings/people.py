"""What the settings ask about people, teams and roles."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from threadline.accounts.actions.people import Who, who_is
from threadline.accounts.actions.teams import Shape
from threadline.accounts.models import Agent, Role, Team
from threadline.accounts.rights import Right

PLAIN, ADMIN = "agent", "admin"


class Person(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), help_text=_("They sign in with it."))
    role = forms.ChoiceField(label=_("Role"))
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, agent: Agent | None = None, **more: Any) -> None:
        if agent is not None:
            more["initial"] = _initial(who_is(agent))
        super().__init__(*arguments, **more)
        roles = [(str(role.pk), role.name) for role in Role.objects.all()]
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(PLAIN, _("Agent")), *roles, (ADMIN, _("Admin: may do everything"))]

    def who(self) -> Who:
        said = self.cleaned_data
        role = said["role"]
        return Who(
            name=said["name"],
            email=said["email"],
            is_admin=role == ADMIN,
            role=Role.objects.get(pk=role) if role.isdecimal() else None,
            teams=tuple(said["teams"]),
        )


def _initial(who: Who) -> dict[str, Any]:
    role = ADMIN if who.is_admin else str(who.role.pk) if who.role else PLAIN
    return {"name": who.name, "email": who.email, "role": role, "teams": [team.pk for team in who.teams]}


class NewPerson(Person):
    password = forms.CharField(
        label=_("First password"),
        strip=False,
        help_text=_("Ten characters or more. Tell it to them by another way than e-mail."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class Password(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("Ten characters or more. They are signed out everywhere."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    restricted = forms.BooleanField(
        label=_("Restricted"),
        required=False,
        help_text=_(
            "Its stories are for members, their owner, and who sees every team. Others read that something is hidden."
        ),
    )
    partner = forms.BooleanField(
        label=_("Partner team"),
        required=False,
        help_text=_("People of another company. Who is in no team of ours sees this team’s stories only."),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("For partner teams: after it, their people see nothing. Empty: no end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    members = forms.ModelMultipleChoiceField(
        Agent.objects.none(), label=_("Members"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *arguments: Any, team: Team | None = None, **more: Any) -> None:
        if team is not None:
            more["initial"] = {
                "name": team.name,
                "restricted": team.restricted,
                "partner": team.partner,
                "ends_on": team.ends_on,
                "members": list(team.agents.values_list("pk", flat=True)),
            }
        super().__init__(*arguments, **more)
        inside = Q(is_active=True) | Q(teams=team) if team is not None else Q(is_active=True)
        field = self.fields["members"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Agent.objects.filter(pk__in=Agent.objects.filter(inside).values("pk")).order_by("name", "pk")

    def shape(self) -> Shape:
        said = self.cleaned_data
        return Shape(said["name"], said["restricted"], said["partner"], said["ends_on"])


class RoleForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Call it by what these people do."))
    rights = forms.MultipleChoiceField(
        label=_("What they may do"),
        choices=Right.choices,
        required=False,
        help_text=_("Everybody who signs in reads the stories that their teams let them see."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *arguments: Any, role: Role | None = None, **more: Any) -> None:
        if role is not None:
            more["initial"] = {"name": role.name, "rights": role.rights}
        super().__init__(*arguments, **more)
