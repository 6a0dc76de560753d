"""What admins send about routing. Whether it makes a policy, the core and the actions know."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent, Skill, Team
from threadline.channels.kinds import known
from threadline.channels.models import Brand
from threadline.core.routing import Rule, read_rule

MONTH = 60 * 24 * 30
SPOKEN = [kind for kind in known().items() if kind[0] not in ("purchase", "web", "app", "signal", "survey")]


class RuleForm(forms.Form):
    name = forms.CharField(max_length=80, error_messages={"required": _("Say in a few words what the rule is for.")})
    team = forms.ModelChoiceField(
        Team.objects.all(), error_messages={"required": _("Choose the team that shall get these stories.")}
    )
    kinds = forms.MultipleChoiceField(choices=SPOKEN, required=False)
    brands = forms.ModelMultipleChoiceField(Brand.objects.all(), required=False)
    intents = forms.MultipleChoiceField(required=False)
    languages = forms.CharField(required=False, max_length=200)
    words = forms.CharField(required=False, max_length=2_000)
    urgency = forms.TypedChoiceField(coerce=int, choices=[(0, ""), (1, ""), (2, "")])
    hold = forms.IntegerField(min_value=0, max_value=MONTH)
    overflow = forms.ModelChoiceField(Team.objects.all(), required=False)
    overflow_after = forms.IntegerField(min_value=0, max_value=MONTH)

    def __init__(self, *arguments: Any, intents: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        names = {*intents, *intents.values()} - {""}
        chosen = self.data.getlist("intents") if hasattr(self.data, "getlist") else []
        self.fields["intents"].choices = [(name, name) for name in (*names, *chosen)]  # type: ignore[attr-defined]

    def rule(self) -> Rule:
        """Raises ValueError in words."""
        said = self.cleaned_data
        return read_rule(
            {
                **said,
                "team": said["team"].pk,
                "brands": [brand.pk for brand in said["brands"]],
                "languages": listed(said["languages"]),
                "words": listed(said["words"]),
                "overflow": said["overflow"].pk if said["overflow"] else None,
            }
        )


class Limits(forms.Form):
    kept = forms.IntegerField(min_value=0, max_value=MONTH)
    idle = forms.IntegerField(min_value=1, max_value=MONTH)
    supervisors = forms.ModelMultipleChoiceField(Agent.objects.filter(is_active=True), required=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for kind, _name in SPOKEN:
            self.fields[f"weight-{kind}"] = forms.IntegerField(min_value=1, max_value=100)

    @property
    def weights(self) -> dict[str, int]:
        return {kind: self.cleaned_data[f"weight-{kind}"] for kind, _name in SPOKEN}

    def span(self, name: str) -> timedelta:
        return timedelta(minutes=self.cleaned_data[name])


class PersonForm(forms.Form):
    """Skills as lines: `Refund 3`. A value without a level has 2."""

    capacity = forms.IntegerField(min_value=1, max_value=100)
    topics = forms.CharField(required=False, max_length=8_000)
    languages = forms.CharField(required=False, max_length=2_000)
    channels = forms.CharField(required=False, max_length=2_000)

    def skills(self) -> dict[tuple[str, str], int]:
        dimension = Skill.Dimension
        told = (
            (dimension.TOPIC, self.cleaned_data["topics"].splitlines()),
            (dimension.LANGUAGE, listed(self.cleaned_data["languages"].lower())),
            (dimension.CHANNEL, listed(self.cleaned_data["channels"].lower())),
        )
        return {(str(name), value): level for name, lines in told for value, level in map(levelled, lines) if value}


def levelled(line: str) -> tuple[str, int]:
    """`Where is my refund 3` is (`Where is my refund`, 3)."""
    words = line.split()
    if len(words) > 1 and words[-1] in ("1", "2", "3"):
        return " ".join(words[:-1]), int(words[-1])
    return " ".join(words), 2


def listed(text: str) -> list[str]:
    """Values between commas or on lines of their own."""
    return [part for each in text.replace("\n", ",").split(",") if (part := " ".join(each.split()))]
