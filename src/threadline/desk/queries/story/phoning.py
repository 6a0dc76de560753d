"""What happened on the telephone beside the call itself, in one quiet line each."""

from collections.abc import Callable

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from threadline.accounts.models import Event
from threadline.desk.moments import planned
from threadline.journeys.models import Journey

Teller = Callable[[Event, Journey], tuple[str, int | None]]


def _promised(event: Event, journey: Journey) -> tuple[str, int | None]:
    due = parse_datetime(str(event.facts["due"]))
    return _("promised to call them by %(moment)s") % {"moment": planned(due, now=event.at) if due else "?"}, None


def _kept(event: Event, journey: Journey) -> tuple[str, int | None]:
    return (_("called them back, late") if event.facts.get("late") else _("called them back as promised")), None


def _handed(event: Event, journey: Journey) -> tuple[str, int | None]:
    return _("handed the call to %(to)s: “%(brief)s”") % event.facts, None


PHONING: dict[str, Teller] = {
    "phone_handed": _handed,
    "callback_promised": _promised,
    "callback_tried": lambda event, journey: (_("tried to call them back"), None),
    "callback_kept": _kept,
    "callback_broken": lambda event, journey: (_("noted a broken promise: they were not called back in time"), None),
    "callback_dropped": lambda event, journey: (_("said that they need no call any more"), None),
    "callback_owed_again": lambda event, journey: (_("put the promised call back"), None),
}
