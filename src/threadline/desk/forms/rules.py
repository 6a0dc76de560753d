"""A rule as the editor sends it. Whether it makes one, the core and the actions know."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent, Team
from threadline.core.rules import EVENTS, NOBODY, SOMEBODY, SPANS, Rule, check, read_rule
from threadline.desk.forms.routing import SPOKEN, listed
from threadline.journeys.fields.seen import sorts
from threadline.journeys.models import Field, Macro, RuleRun
from threadline.journeys.rules.doing import OWNER, SUPERVISOR

UNITS = {"minutes": 1, "hours": 60, "days": 60 * 24}
SAYS = (("complaint", _("a complaint")), ("question", _("a question")), ("praise", _("praise")))
OWNERS = (("", _("whoever has it")), (NOBODY, _("nobody has it")), (SOMEBODY, _("somebody has it")))
TURNS = (
    ("", _("leave whose turn it is")),
    ("wait", _("say that it is their turn")),
    ("sleep", _("let it sleep")),
    ("reopen", _("make it our turn again")),
    ("done", _("call it done")),
)


class RuleForm(forms.Form):
    name = forms.CharField(max_length=80, error_messages={"required": _("Say in a few words what the rule is for.")})
    on = forms.ChoiceField(
        choices=[*EVENTS.items(), *SPANS.items()], error_messages={"required": _("Choose when the rule looks.")}
    )
    after = forms.IntegerField(min_value=1, max_value=129_600, required=False)
    unit = forms.ChoiceField(choices=[(unit, unit) for unit in UNITS], required=False)

    intents = forms.MultipleChoiceField(required=False)
    words = forms.CharField(required=False, max_length=2_000)
    says = forms.MultipleChoiceField(choices=SAYS, required=False)
    kinds = forms.MultipleChoiceField(choices=SPOKEN, required=False)
    languages = forms.CharField(required=False, max_length=200)
    teams = forms.MultipleChoiceField(required=False)
    owner = forms.ChoiceField(choices=OWNERS, required=False)
    public = forms.BooleanField(required=False)
    unanswered = forms.BooleanField(required=False)
    cel = forms.CharField(required=False, max_length=4_000, strip=False)

    give = forms.CharField(required=False, max_length=40)
    give_team = forms.ModelChoiceField(Team.objects.all(), required=False)
    intent = forms.CharField(required=False, max_length=120)
    field = forms.ModelChoiceField(Field.objects.standing(), required=False)
    field_value = forms.CharField(required=False, max_length=500)
    note = forms.CharField(required=False, max_length=4_000)
    ask = forms.MultipleChoiceField(required=False)
    macro = forms.ModelChoiceField(Macro.objects.standing().exclude(text=""), required=False)
    turn = forms.ChoiceField(choices=TURNS, required=False)
    hours = forms.IntegerField(min_value=1, max_value=2_160, required=False)
    outcome = forms.CharField(required=False, max_length=120)
    last = forms.BooleanField(required=False)
    enabled = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, intents: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        chosen = [*self.data.getlist("intents"), *self.data.getlist("teams")] if hasattr(self.data, "getlist") else []
        people = [str(number) for number in Agent.objects.filter(is_active=True).values_list("pk", flat=True)]
        self._choose("intents", [*intents, *intents.values(), *chosen])
        self._choose("teams", [*Team.objects.values_list("name", flat=True), *chosen])
        self._choose("ask", [OWNER, SUPERVISOR, *people])

    def _choose(self, name: str, values: list[str]) -> None:
        self.fields[name].choices = [(value, value) for value in dict.fromkeys(values) if value]  # type: ignore[attr-defined]

    def rule(self, key: str) -> Rule:
        """Raises ValueError in words, or Refused with the place in the condition."""
        said = self.cleaned_data
        after = (said["after"] or 0) * UNITS.get(said["unit"] or "hours", 60)
        when = {name: said[name] for name in ("intents", "says", "kinds", "teams", "owner", "public", "unanswered")}
        when |= {"words": listed(said["words"]), "languages": listed(said["languages"].lower())}
        cel = said["cel"].replace("\r\n", "\n")
        if cel.strip():
            check(cel.strip(), sorts())
        return read_rule(
            {
                **{name: said[name] for name in ("name", "on", "last", "enabled")},
                "key": key,
                "after": after,
                "when": when,
                "cel": cel,
                "then": list(self._steps()),
            }
        )

    def _steps(self) -> Iterator[dict[str, object]]:
        """In the order in which they are done: whose turn it is comes last."""
        said = self.cleaned_data
        if said["give"] or said["give_team"]:
            yield {"do": "give", **given_to(said["give"], said["give_team"])}
        if said["intent"]:
            yield {"do": "intent", "intent": said["intent"]}
        if said["field"]:
            yield {"do": "field", "field": said["field"].pk, "value": said["field_value"].strip()}
        if said["note"].strip() or said["ask"]:
            yield {"do": "note", "text": said["note"].strip(), "ask": said["ask"]}
        if said["macro"]:
            yield {"do": "answer", "macro": said["macro"].pk}
        if said["turn"]:
            more = {"sleep": {"hours": said["hours"]}, "done": {"outcome": said["outcome"]}}
            yield {"do": said["turn"], **more.get(said["turn"], {})}


def given_to(whom: str, team: Team | None) -> dict[str, object]:
    person = {"supervisor": True} if whom == SUPERVISOR else {"agent": int(whom)} if whom.isdigit() else {}
    return {**person, **({"team": team.pk} if team else {})}


class Narrow(forms.Form):
    """The log of runs, narrowed."""

    rule = forms.ChoiceField(label=_("Rule"), required=False)
    verdict = forms.ChoiceField(
        label=_("What came of it"), choices=[("", _("anything")), *RuleRun.Verdict.choices], required=False
    )
    story = forms.IntegerField(label=_("Story"), min_value=1, max_value=2**63 - 1, required=False)

    def __init__(self, *arguments: Any, rules: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["rule"].choices = [("", _("every rule")), *rules.items()]  # type: ignore[attr-defined]
