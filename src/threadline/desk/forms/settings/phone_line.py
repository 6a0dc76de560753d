"""How a telephone line answers: what the settings accept."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Team
from threadline.core.phone import Does, Key, Line
from threadline.core.promises import Book

DIGITS = "123456"
DOES = (
    ("", _("Nothing")),
    (str(Does.STATUS), _("Says how their story stands")),
    (str(Does.CALLBACK), _("Promises to call back")),
    (str(Does.VOICEMAIL), _("Takes a message")),
    (str(Does.TEAM), _("Leads to a team")),
    (str(Does.TEXT), _("Says a text")),
)
LANGUAGES = ("en-GB", "en-US", "nl-BE", "nl-NL", "fr-FR", "de-DE", "es-ES", "it-IT")


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one key."""

    digit: str
    does: forms.BoundField
    words: forms.BoundField
    text: forms.BoundField
    team: forms.BoundField


class LineForm(forms.Form):
    language = forms.ChoiceField(label=_("Language of the voice"), choices=[(each, each) for each in LANGUAGES])
    voice = forms.CharField(
        label=_("Voice"),
        max_length=60,
        required=False,
        help_text=_("A name of Twilio’s, such as Polly.Amy. Empty: the usual one."),
    )
    greeting = forms.CharField(label=_("Greeting"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2}))
    closed = forms.CharField(
        label=_("While we are closed"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Empty: says when we are back."),
    )
    calendar = forms.ChoiceField(label=_("Hours"), required=False)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Who takes the calls"), required=False, empty_label=_("Everybody")
    )
    callback_minutes = forms.IntegerField(
        label=_("We call back within so many minutes of our hours"), min_value=5, max_value=7 * 24 * 60
    )
    records = forms.BooleanField(
        label=_("Ask whether we may record"),
        required=False,
        help_text=_("Nothing is recorded of who does not press 1. Off: nobody is asked, nothing is recorded."),
    )
    question = forms.CharField(
        label=_("How we ask"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    transcribes = forms.BooleanField(
        label=_("Have it written down, too"),
        required=False,
        help_text=_("Twilio writes down messages, and the talk of who agreed to be recorded. It costs extra there."),
    )

    def __init__(self, *arguments: Any, line: Line, book: Book, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.initial = {name: getattr(line, name) for name in (*PLAIN, "calendar", "team")}
        calendars = [(key, one.name or key) for key, one in book.calendars.items()]
        self.fields["calendar"].choices = [("", _now("Always open")), *calendars]  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.running()  # type: ignore[attr-defined]
        for digit in DIGITS:
            self._key(digit, line.key(digit))

    def _key(self, digit: str, key: Key | None) -> None:
        told = {"digit": digit}
        self.fields[f"does_{digit}"] = forms.ChoiceField(
            label=_now("Key %(digit)s") % told, choices=DOES, required=False, initial=str(key.does) if key else ""
        )
        self.fields[f"words_{digit}"] = forms.CharField(
            label=_now("Offered as, before “press %(digit)s”") % told,
            max_length=120,
            required=False,
            initial=key.words if key else "",
        )
        self.fields[f"text_{digit}"] = forms.CharField(
            label=_now("The text behind key %(digit)s") % told,
            max_length=1000,
            required=False,
            initial=key.text if key else "",
            widget=forms.Textarea({"rows": 2}),
        )
        self.fields[f"team_{digit}"] = forms.ModelChoiceField(
            Team.objects.running(),
            label=_now("The team behind key %(digit)s") % told,
            required=False,
            empty_label=_("None"),
            initial=key.team if key else None,
        )

    def rows(self) -> Iterator[Row]:
        for digit in DIGITS:
            yield Row(digit, *(self[f"{name}_{digit}"] for name in ("does", "words", "text", "team")))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        try:
            said["line"] = Line(
                **{name: said[name] for name in PLAIN},
                calendar=said["calendar"],
                team=said["team"].pk if said["team"] else None,
                keys=tuple(self._keys(said)),
            )
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return said

    def _keys(self, said: dict[str, Any]) -> Iterator[Key]:
        for digit in DIGITS:
            if does := said[f"does_{digit}"]:
                team = said[f"team_{digit}"]
                found = Does(does)
                yield Key(
                    digit,
                    found,
                    said[f"words_{digit}"].strip(),
                    said[f"text_{digit}"].strip() if found == Does.TEXT else "",
                    team.pk if team and found == Does.TEAM else None,
                )


PLAIN = ("language", "voice", "greeting", "closed", "question", "callback_minutes", "records", "transcribes")
