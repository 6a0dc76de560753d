"""By what the audit log can be narrowed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent
from threadline.desk.queries.settings.verbs import VERBS


class Filter(forms.Form):
    agent = forms.ModelChoiceField(
        Agent.objects.order_by("name"), label=_("Who"), required=False, empty_label=_("Everybody")
    )
    verb = forms.ChoiceField(label=_("Did what"), required=False, choices=[("", _("Anything")), *VERBS.items()])
    person = forms.IntegerField(
        label=_("To which person"),
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("The number on the person’s page."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
