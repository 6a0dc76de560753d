"""What the call form accepts."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threadline.accounts.models import Agent
from threadline.channels.models import Channel
from threadline.core.understanding.contacts import e164
from threadline.customers.models import Customer
from threadline.desk.queries.calls import region_of
from threadline.desk.queries.people.finding import id_in
from threadline.journeys.models import Journey

A_DAY = 86_400
OPEN = ("", "new")


class Call(forms.Form):
    """A call as the agent writes it down.

    `customer`: the id of whom it was, `new` for somebody else, empty for what the number says. `journey`: the id of
    the story, `new` for a story of its own, empty for what was said.
    """

    number = forms.CharField(max_length=40, required=False)
    withheld = forms.BooleanField(required=False)
    direction = forms.ChoiceField(choices=[("in", "in"), ("out", "out")], required=False)
    channel = forms.ModelChoiceField(
        Channel.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose which of our numbers it was."),
            "invalid_choice": gettext_lazy("That number of ours is no longer in use. Choose another one."),
        },
    )
    name = forms.CharField(max_length=255, required=False)
    customer = forms.CharField(max_length=20, required=False)
    journey = forms.CharField(max_length=20, required=False)
    text = forms.CharField(
        max_length=100_000,
        error_messages={"required": gettext_lazy("The call has no notes. Write down what it was about.")},
    )
    seconds = forms.IntegerField(min_value=0, max_value=A_DAY, required=False)

    def __init__(self, *arguments: Any, by: Agent, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.by = by
        self.fields["channel"].queryset = Channel.objects.active().filter(kind="phone")  # type: ignore[attr-defined]

    def clean_customer(self) -> Customer | None:
        written = self.cleaned_data["customer"]
        if written in OPEN:
            return None
        found = Customer.objects.visible_to(self.by).filter(pk=id_in(written) or 0, merged_into=None).first()
        if found is None:
            raise forms.ValidationError(_("This person is no longer there. Choose who it was once more."))
        return found

    def clean_journey(self) -> Journey | None:
        written = self.cleaned_data["journey"]
        self.begins_new = written == "new"
        if written in OPEN:
            return None
        found = Journey.objects.visible_to(self.by).standing().filter(pk=id_in(written) or 0).first()
        if found is None:
            raise forms.ValidationError(_("This story is no longer there. Choose another one."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["direction"] = data.get("direction") or "in"
        written = data.get("number", "")
        data["number"] = "" if data.get("withheld") else e164(written, region_of(data.get("channel")))
        if written and not data["number"] and not data.get("withheld"):
            self.add_error(
                "number", _("“%(number)s” is no telephone number. Mend it, or tick “withheld”.") % {"number": written}
            )
        elif not written and not data.get("withheld"):
            self.add_error("number", _("Type the number, or tick “withheld”."))
        elif data.get("withheld") and data["direction"] == "out":
            self.add_error("number", _("We called them, so we know the number. Type it."))
        return data
