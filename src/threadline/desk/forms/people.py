"""What the screens about people accept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.customers.models import Customer


class Other(forms.Form):
    """The second person of a pair."""

    other = forms.ModelChoiceField(
        Customer.objects.all(),
        error_messages={
            "required": _("Choose the other person first."),
            "invalid_choice": _("There is no such person any more. Look them up again."),
        },
    )
