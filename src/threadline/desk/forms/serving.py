"""What agents send about being there, and about handing over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent, Team


class Presence(forms.Form):
    presence = forms.CharField(max_length=10)
    reason = forms.CharField(required=False, max_length=60)


class HandOver(forms.Form):
    """`to` is `agent-3` or `team-2`; a colleague of another team keeps the story's team."""

    to = forms.CharField(error_messages={"required": _("Choose a colleague or a team to hand it over to.")})
    asked = forms.CharField(required=False, max_length=4_000)
    tried = forms.CharField(required=False, max_length=4_000)
    promised = forms.CharField(required=False, max_length=4_000)

    def clean_to(self) -> Agent | Team:
        kind, _dash, number = self.cleaned_data["to"].partition("-")
        known = number.isascii() and number.isdigit() and len(number) < 19
        found: Agent | Team | None = None
        if known and kind == "agent":
            found = Agent.objects.filter(is_active=True, pk=number).first()
        elif known and kind == "team":
            found = Team.objects.filter(pk=number).first()
        if found is None:
            raise forms.ValidationError(_("Nobody like that works here any more. Choose again."))
        return found
