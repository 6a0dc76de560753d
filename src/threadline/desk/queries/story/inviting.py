"""An invitation as the story shows it: what, when in the writer's zone and here, where."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from threadline.interactions.models import Interaction

DAY, HOUR = "l j F Y", "H:i"


@dataclass(frozen=True, slots=True)
class Asked:
    """`here` says when it is on our clock, where that is another hour."""

    what: str
    when: str
    where: str
    here: str = ""
    repeats: bool = False
    asks: bool = False
    cancelled: bool = False


def asked_of(touch: Interaction) -> Asked | None:
    told = touch.attributes.get("invitation")
    if not isinstance(told, dict) or not told.get("start"):
        return None
    method = told.get("method")
    return Asked(
        what=str(told.get("what") or _("An invitation without a title")),
        when=_when(told),
        where=str(told.get("where") or ""),
        here=_here(str(told["start"])),
        repeats=bool(told.get("repeats")),
        asks=method == "REQUEST" and touch.direction == "in",
        cancelled=method == "CANCEL",
    )


def _when(told: dict[str, object]) -> str:
    """On the clock of whoever wrote it."""
    text, until = str(told["start"]), str(told.get("end") or "")
    if len(text) == len("2026-03-10"):
        return date_format(date.fromisoformat(text), DAY)
    start = datetime.fromisoformat(text)
    parts = [date_format(start.replace(tzinfo=None), f"{DAY}, {HOUR}")]
    if len(until) > len("2026-03-10"):
        end = datetime.fromisoformat(until).replace(tzinfo=None)
        same = end.date() == start.date()
        parts.append(_("to %(end)s") % {"end": date_format(end, HOUR if same else f"{DAY}, {HOUR}")})
    zone = str(told.get("zone") or "")
    return " ".join([*parts, f"({zone})" if zone else ""]).strip()


def _here(text: str) -> str:
    """Empty for days, for times without a zone, and where our clocks agree."""
    if len(text) == len("2026-03-10"):
        return ""
    start = datetime.fromisoformat(text)
    if start.tzinfo is None:
        return ""
    here = timezone.localtime(start)
    if here.replace(tzinfo=None) == start.replace(tzinfo=None):
        return ""
    same = here.date() == start.date()
    return _("%(moment)s here") % {"moment": date_format(here, HOUR if same else f"{DAY}, {HOUR}")}
