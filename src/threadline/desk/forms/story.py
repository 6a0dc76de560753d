"""What agents send from the story screen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from threadline.accounts.models import Agent, Team
from threadline.desk.queries.story.ways import Option
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey
from threadline.journeys.moments import morning

Found = TypeVar("Found", bound=Model)
DIGITS = 18  # of the longest number that a row can have
SLEEPS = ("tonight", "tomorrow", "monday", "week", "pick")
THEN = [("", ""), ("done", ""), ("tomorrow", ""), ("monday", ""), ("week", ""), ("pick", "")]
LATER = [("", ""), ("tonight", ""), ("tomorrow", ""), ("monday", ""), ("pick", "")]


class Reply(forms.Form):
    """An answer or a note. `way` is the key of an option; `seen` the newest touch that the writer had before them.

    `stale` is the newest touch that the writer was told of and sends all the same.
    `then` is what comes after sending, `later` when it goes out by itself; "pick" takes the moment from `until` and
    `send_at`, in the agent's own time.
    """

    way = forms.CharField(required=False)
    text = forms.CharField(
        max_length=50_000,
        error_messages={"required": _("Nothing is written yet. Write something first.")},
    )
    seen = forms.IntegerField(required=False, min_value=0)
    stale = forms.IntegerField(required=False, min_value=0)
    then = forms.ChoiceField(choices=THEN, required=False)
    until = forms.DateTimeField(required=False)
    later = forms.ChoiceField(choices=LATER, required=False)
    send_at = forms.DateTimeField(required=False)
    cc = forms.CharField(required=False, max_length=2000)
    plain = forms.BooleanField(required=False)

    def __init__(self, *arguments: object, options: Sequence[Option], **more: object) -> None:
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        self.options = {key: option for option in options for key in option.keys}

    def clean_way(self) -> Option:
        chosen = self.options.get(self.cleaned_data["way"])
        if chosen is None:
            raise forms.ValidationError(_("Choose how the answer goes out, or write a note."))
        if chosen.way is None:
            raise forms.ValidationError(chosen.reason)
        return chosen

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("then") == "pick" and not cleaned.get("until"):
            self.add_error("until", _("Pick the day and the time at which it shall come back."))
        if cleaned.get("later") == "pick" and not cleaned.get("send_at"):
            self.add_error("send_at", _("Pick the day and the time at which it shall go out."))
        return cleaned


class Note(forms.Form):
    text = forms.CharField(
        max_length=50_000, error_messages={"required": _("The note is empty. Write something first.")}
    )


class Assign(forms.Form):
    """Either somebody (`owner`, "0" is nobody) or a team (`team`, "0" is none); what is not sent stays."""

    owner = forms.CharField(required=False)
    team = forms.CharField(required=False)

    def clean_owner(self) -> Agent | None:
        return _found(Agent.objects.filter(is_active=True), self.cleaned_data["owner"])

    def clean_team(self) -> Team | None:
        return _found(Team.objects.all(), self.cleaned_data["team"])

    def given(self, name: str) -> bool:
        return bool(self.data.get(name))


def _found(among: QuerySet[Found], number: str) -> Found | None:
    if not number or number == "0":
        return None
    found = among.filter(pk=number).first() if number.isascii() and number.isdigit() else None
    if found is None:
        raise forms.ValidationError(_("Nobody like that works here any more. Choose again."))
    return found


class Sleep(forms.Form):
    """`when` names a moment; "pick" takes it from `until`, in the agent's own time."""

    when = forms.ChoiceField(choices=[(name, name) for name in SLEEPS])
    until = forms.DateTimeField(required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == "pick" and not cleaned.get("until"):
            self.add_error("until", _("Pick the day and the time at which it shall come back."))
        return cleaned

    def moment(self, now: datetime) -> datetime:
        picked: datetime | None = self.cleaned_data["until"]
        return picked if self.cleaned_data["when"] == "pick" and picked else morning(self.cleaned_data["when"], now)


class Intent(forms.Form):
    intent = forms.CharField(required=False, max_length=120)


class Touches(forms.ModelMultipleChoiceField):
    """A number too long for any row is unknown like others; the database would refuse to look."""

    def clean(self, value: Any) -> Any:
        if any(len(str(number)) > DIGITS for number in value or ()):
            raise ValidationError(self.error_messages["invalid_pk_value"], code="invalid_pk_value")
        return super().clean(value)


class Split(forms.Form):
    """The touches that shall leave; those that are not in the story are refused by the action."""

    touch = Touches(
        Interaction.objects.all(),
        error_messages={
            "required": _("Choose the touches that shall leave, then split."),
            "invalid_choice": _("One of these touches is not known here. Load the story again."),
            "invalid_pk_value": _("One of these touches is not known here. Load the story again."),
        },
    )


class OtherStory(forms.Form):
    """Another story, by its number. `new` begins one."""

    story = forms.CharField(required=False)

    def __init__(self, *arguments: object, agent: Agent, new: bool = False, **more: object) -> None:
        super().__init__(*arguments, **more)  # type: ignore[arg-type]
        self.agent, self.new = agent, new

    def clean_story(self) -> Journey | None:
        """The story, followed to where it was joined; None begins a new one."""
        said = self.cleaned_data["story"].strip().lstrip("#")
        if self.new and said == "new":
            return None
        if not (said.isascii() and said.isdigit() and len(said) < 19):
            raise forms.ValidationError(_("Choose a story, or give its number; it stands in its address."))
        found = Journey.objects.visible_to(self.agent).filter(pk=said).first()
        if found is None:
            raise forms.ValidationError(_("There is no story %(number)s that you may see.") % {"number": said})
        return found


def first_error(form: forms.Form) -> str:
    return next((str(errors[0]) for errors in form.errors.values() if errors), "")
