"""What a report is asked for, as it stands in the address."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from threadline.core.periods import MOST_DAYS, Period
from threadline.insights.report import Wanted
from threadline.insights.stories import channel_number

BY = ("channel", "intent", "team", "agent")
WITHOUT = "-"  # in the address: those that have no intent
DAYS = 30


class Asked(forms.Form):
    """`from` is a word of Python, so the fields are made by hand. Empty means everything; no days mean the last 30."""

    to = forms.DateField(required=False)
    channel = forms.CharField(required=False, max_length=40)
    intent = forms.CharField(required=False, max_length=120)
    team = forms.IntegerField(required=False, min_value=0)
    agent = forms.IntegerField(required=False, min_value=0)
    by = forms.ChoiceField(required=False, choices=[(name, name) for name in BY])

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["from"] = forms.DateField(required=False)

    def clean_channel(self) -> int | None:
        name = self.cleaned_data["channel"]
        if name and channel_number(name) is None:
            raise forms.ValidationError(_("There is no channel “%(name)s”.") % {"name": name})
        return channel_number(name)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        last = values.get("to") or self.today
        first = values.get("from") or last - timedelta(DAYS - 1)
        if first > last:
            raise forms.ValidationError(_("The first day lies after the last one. Choose it earlier."))
        if (last - first).days >= MOST_DAYS:
            raise forms.ValidationError(_("%(days)d days are the most. Choose fewer.") % {"days": MOST_DAYS})
        values["period"] = Period(first, last)
        return values

    def wanted(self) -> Wanted:
        """What was asked for; where that makes no sense, the last 30 days of everything."""
        if not self.is_valid():
            return Wanted(Period(self.today - timedelta(DAYS - 1), self.today))
        values = self.cleaned_data
        intent = values["intent"]
        return Wanted(
            values["period"],
            channel=values["channel"],
            intent=None if not intent else "" if intent == WITHOUT else intent,
            team=values["team"],
            agent=values["agent"],
        )
