"""What people enter about a field. What a value may be, `core.fields` knows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Team
from threadline.accounts.rights import Right
from threadline.core.fields import listed
from threadline.journeys.models import Field

EVERYBODY = ""
RIGHTS = (Right.AMOUNTS, Right.NOTES, Right.ORGANISE, Right.MEASURES, Right.WORK, Right.PEOPLE)


class FieldForm(forms.Form):
    """`seen_by` is empty for everybody, `right-…` or `team-…`. Of what and of which kind is asked once only."""

    name = forms.CharField(max_length=60, label=_("Name"), help_text=_("Such as: Contract, Warranty until, Allergies"))
    of = forms.ChoiceField(choices=Field.Of.choices, label=_("It is a field of"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(choices=Field.Kind.choices, label=_("What stands in it"))
    choices = forms.CharField(
        max_length=6_000,
        required=False,
        label=_("Choices"),
        help_text=_("For a choice: one on each line. One that you take away stays where it was chosen."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    help = forms.CharField(
        max_length=240, required=False, label=_("Help"), help_text=_("A sentence that stands below the field")
    )
    seen_by = forms.ChoiceField(required=False, label=_("Who may see it"))
    in_brief = forms.BooleanField(
        required=False,
        label=_("Shown in the brief"),
        help_text=_("Also while it is empty. Otherwise it stands behind “More fields”."),
    )

    def __init__(self, *arguments: Any, field: Field | None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if field is not None:
            del self.fields["of"], self.fields["kind"]
            if field.kind != Field.Kind.CHOICE:
                del self.fields["choices"]
        seen_by = self.fields["seen_by"]
        assert isinstance(seen_by, forms.ChoiceField)
        rights = [(f"right-{right.value}", _("Who may: %(what)s") % {"what": right.label}) for right in RIGHTS]
        teams = [
            (f"team-{pk}", _("Team %(name)s") % {"name": name}) for pk, name in Team.objects.values_list("pk", "name")
        ]
        seen_by.choices = [(EVERYBODY, _("Everybody who sees the story or the person")), *rights, *teams]

    def values(self) -> dict[str, Any]:
        """As `keeping.write_field` takes them."""
        said = self.cleaned_data
        what, _dash, whose = said["seen_by"].partition("-")
        return {
            **{name: said.get(name, "") for name in ("name", "of", "kind", "help", "in_brief")},
            "choices": listed(said.get("choices", "")),
            "right": whose if what == "right" else "",
            "team_id": int(whose) if what == "team" else None,
        }


def of_field(field: Field | None) -> dict[str, object]:
    """What the form shows of a field."""
    if field is None:
        return {"of": Field.Of.STORY, "kind": Field.Kind.TEXT, "in_brief": True}
    seen_by = f"team-{field.team_id}" if field.team_id else f"right-{field.right}" if field.right else EVERYBODY
    return {
        "name": field.name,
        "choices": "\n".join(field.choices),
        "help": field.help,
        "in_brief": field.in_brief,
        "seen_by": seen_by,
    }
