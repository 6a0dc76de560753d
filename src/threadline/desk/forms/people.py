"""What the screens about people accept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent
from threadline.customers.models import Customer


class Other(forms.Form):
    """The second person of a pair, one whom `by` may look up."""

    other = forms.ModelChoiceField(
        Customer.objects.none(),
        error_messages={
            "required": _("Choose the other person first."),
            "invalid_choice": _("There is no such person any more. Look them up again."),
        },
    )

    def __init__(self, *arguments: Any, by: Agent, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["other"].queryset = Customer.objects.visible_to(by)  # type: ignore[attr-defined]
