"""What is sent with work on many stories."""

from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from threadline.desk.forms.story import DIGITS, Sleep, first_error
from threadline.lib.errors import ThreadlineError

MOST = 1000  # boxes that one page may have ticked


def chosen(given: QueryDict) -> list[int]:
    """The stories whose boxes are ticked. Raises ThreadlineError for what is no story's number."""
    said = given.getlist("story")[:MOST]
    if not all(number.isascii() and number.isdigit() and len(number) <= DIGITS for number in said):
        raise ThreadlineError(_("One of these stories is not known here. Load the list again."))
    return [int(number) for number in said]


def how(given: QueryDict, *, now: datetime) -> dict[str, object]:
    """As `actions.do_to_many` takes it. Raises ThreadlineError, in words."""
    match given.get("what"):
        case "assign":
            return {name: _number(given.get(name, "")) for name in ("owner", "team") if given.get(name)}
        case "snooze":
            return {"until": _moment(given, now).isoformat()}
        case "intent":
            return {"intent": " ".join(given.get("intent", "").replace("\0", "").split())[:120]}
        case "macro":
            return {"macro": _number(given.get("macro", ""))}
        case _other:
            return {}


def _number(said: str) -> int | None:
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise ThreadlineError(_("Nobody like that works here any more. Choose again."))
    return int(said) or None


def _moment(given: QueryDict, now: datetime) -> datetime:
    form: forms.Form = Sleep(given)
    assert isinstance(form, Sleep)
    if not form.is_valid():
        raise ThreadlineError(first_error(form))
    return form.moment(now)
