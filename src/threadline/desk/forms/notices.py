"""How an agent wants to be told."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.journeys.models import Wishes
from threadline.journeys.notices.models import Reason, Way
from threadline.journeys.notices.reasons import USUAL
from threadline.journeys.notices.wishes import Wanted

DAYS = (
    ("0", _("Mon")),
    ("1", _("Tue")),
    ("2", _("Wed")),
    ("3", _("Thu")),
    ("4", _("Fri")),
    ("5", _("Sat")),
    ("6", _("Sun")),
)


def clock_field() -> forms.TimeField:
    shown = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(required=False, widget=shown, error_messages={"invalid": _("Write the time as 22:00.")})


class Wish(forms.Form):
    """A box for each reason and way, named `wrote-push`; quiet hours, the mail of the day, words of customers."""

    quiet_since = clock_field()
    quiet_until = clock_field()
    quiet_days = forms.MultipleChoiceField(choices=DAYS, required=False)
    digest_at = clock_field()
    text = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for reason in Reason.values:
            self.fields[reason] = forms.MultipleChoiceField(choices=Way.choices, required=False)

    @classmethod
    def of(cls, wishes: Wishes) -> "Wish":
        return cls(
            initial={
                **{reason: list(wishes.grid.get(reason, USUAL[reason])) for reason in Reason.values},
                "quiet_since": clock(wishes.quiet_since),
                "quiet_until": clock(wishes.quiet_until),
                "quiet_days": [str(day) for day in wishes.quiet_days],
                "digest_at": clock(wishes.digest_at),
                "text": wishes.text,
            }
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        both = ("quiet_since", "quiet_until")
        if not self.errors and (said["quiet_since"] is None) != (said["quiet_until"] is None):
            missing = next(name for name in both if said[name] is None)
            self.add_error(missing, _("Say both when the quiet hours begin and when they end."))
        return said

    def wanted(self) -> Wanted:
        said = self.cleaned_data
        return Wanted(
            grid={reason: said[reason] for reason in Reason.values},
            quiet_since=minutes(said["quiet_since"]),
            quiet_until=minutes(said["quiet_until"]),
            quiet_days=tuple(int(day) for day in said["quiet_days"]),
            digest_at=minutes(said["digest_at"]),
            text=said["text"],
        )

    def grid(self) -> list[tuple[Any, list[tuple[str, Any, bool]]]]:
        """For the page: each reason with its ways and whether it is chosen."""
        return [
            (reason, [(way.value, way.label, way.value in (self[reason.value].value() or ())) for way in Way])
            for reason in Reason
        ]

    def days(self) -> list[tuple[str, Any, bool]]:
        chosen = self["quiet_days"].value() or ()
        return [(value, label, value in chosen) for value, label in DAYS]


def clock(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60, minute % 60)


def minutes(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute


class Browser(forms.Form):
    """What a browser says of itself when it lets us push."""

    endpoint = forms.URLField(max_length=1000, assume_scheme="https")
    p256dh = forms.CharField(max_length=200)
    auth = forms.CharField(max_length=60)
