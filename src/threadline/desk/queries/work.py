"""My work: what is mine to do now, each with why it stands here, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threadline.accounts.models import Agent
from threadline.core.durations import spell
from threadline.desk.moments import planned, told
from threadline.desk.queries.queue.filters import SOON
from threadline.desk.queries.queue.rows import FIELDS, Row, rows
from threadline.desk.queries.queue.views import visible
from threadline.journeys.models import Draft, Journey, JourneyQuerySet, Mention

EACH = 8
LOOKED_AT = 40
SLEEPS = timedelta(hours=24)
Status = Journey.Status


@dataclass(frozen=True, slots=True)
class Item:
    """A story and, in one line, why it stands here."""

    row: Row
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """`more` where there are more stories than are shown; `href` leads to all of them."""

    name: str
    title: str | Promise
    owed: bool
    query: str
    items: list[Item]
    more: bool


@dataclass(frozen=True, slots=True)
class Work:
    parts: list[Part]
    first: Item | None


TITLES: dict[str, tuple[str | Promise, bool, str]] = {
    "promised": (gettext_lazy("Promises about to break"), True, "view=mine&sort=due"),
    "mine": (gettext_lazy("Waiting for you"), True, "view=mine"),
    "mentions": (gettext_lazy("A colleague asks you"), False, "view=mentions"),
    "begun": (gettext_lazy("You have begun to write"), False, ""),
    "waking": (gettext_lazy("Wakes within a day"), False, "view=asleep&owner=me"),
    "theirs": (gettext_lazy("Waiting for them"), False, "view=theirs&owner=me"),
    "unowned": (gettext_lazy("Nobody has them yet"), True, "view=unowned"),
}


def work(agent: Agent, *, now: datetime) -> Work:
    """A story stands once, where it is most urgent. Cost: nine queries at most."""
    found = {
        "promised": _promised(agent, now),
        "mine": _mine(agent).order_by("waiting_since", "pk"),
        "mentions": _mentioned(agent),
        "begun": _begun(agent),
        "waking": _owned(agent, Status.SNOOZED).filter(wake_at__lte=now + SLEEPS).order_by("wake_at", "pk"),
        "theirs": _owned(agent, Status.WAITING).exclude(last_text="").order_by("-last_at", "-pk"),
        "unowned": visible(agent).filter(status=Status.OPEN, owner=None).order_by("waiting_since", "pk"),
    }
    stood: set[int] = set()
    parts = [part for name, query in found.items() if (part := _part(name, query, stood, now)) is not None]
    owed = [item for part in parts if part.owed for item in part.items]
    return Work(parts, owed[0] if owed else None)


def next_story(agent: Agent, *, now: datetime) -> int | None:
    """The most urgent: a promise about to break, else who waits longest for me, else whom nobody has taken."""
    nobodys = visible(agent).filter(status=Status.OPEN, owner=None).order_by("waiting_since", "pk")
    for query in (_promised(agent, now), _mine(agent).order_by("waiting_since", "pk"), nobodys):
        number = query.values_list("pk", flat=True).first()
        if number is not None:
            return int(number)
    return None


def _mine(agent: Agent) -> JourneyQuerySet:
    return visible(agent).filter(status=Status.OPEN, owner=agent)


def _promised(agent: Agent, now: datetime) -> JourneyQuerySet:
    return _mine(agent).filter(due_at__lte=now + SOON).order_by("due_at", "pk")


def _owned(agent: Agent, status: str) -> JourneyQuerySet:
    return visible(agent).filter(status=status, owner=agent)


def _mentioned(agent: Agent) -> JourneyQuerySet:
    unseen = Mention.objects.filter(agent=agent, seen_at=None).values("journey")
    return visible(agent).filter(pk__in=unseen).order_by("-last_at", "-pk")


def _begun(agent: Agent) -> JourneyQuerySet:
    drafts = Draft.objects.filter(agent=agent).exclude(text="").values("journey")
    return visible(agent).filter(pk__in=drafts).order_by("-last_at", "-pk")


def _part(name: str, query: JourneyQuerySet, stood: set[int], now: datetime) -> Part | None:
    fields = query.select_related("customer", "owner").only(*FIELDS, "last_direction", "mood")
    journeys: Sequence[Journey] = [each for each in fields[: EACH + len(stood) + 1][:LOOKED_AT] if each.pk not in stood]
    shown = journeys[:EACH]
    if not shown:
        return None
    stood |= {journey.pk for journey in shown}
    items = [Item(row, _why(name, row.journey, now)) for row in rows(shown)]
    title, owed, where = TITLES[name]
    return Part(name, title, owed, where, items, len(journeys) > EACH)


def _why(name: str, journey: Journey, now: datetime) -> str:
    """One line in words; what waits says since when, what is promised by when."""
    match name:
        case "promised":
            return _promise(journey, now)
        case "mine":
            return _turn(journey, now, _("You have it."))
        case "mentions":
            return _("You are named in a note that you have not seen.")
        case "begun":
            return _("Your words are kept; they have not gone out.")
        case "waking":
            return _("You let it sleep; it wakes %(moment)s.") % {"moment": planned(journey.wake_at or now, now=now)}
        case "theirs":
            when = told(journey.settled_at or journey.last_at, now=now)
            return _("You have it; we answered %(when)s.") % {"when": when}
        case _other:
            return _turn(journey, now, _("Whoever is free may take it."))


def _promise(journey: Journey, now: datetime) -> str:
    due = journey.due_at or now
    if due <= now:
        return _("We promised an answer by %(moment)s: %(late)s late.") % {
            "moment": planned(due, now=now),
            "late": spell(now - due),
        }
    return _("We promised an answer by %(moment)s: %(left)s left.") % {
        "moment": planned(due, now=now),
        "left": spell(due - now),
    }


def _turn(journey: Journey, now: datetime, whose: str) -> str:
    """The row shows how long they have waited; this says what is behind it."""
    if journey.due_at is not None:
        moment = planned(journey.due_at, now=now)
        said = _("%(whose)s An answer is promised by %(moment)s.") % {"whose": whose, "moment": moment}
    else:
        said = _("%(whose)s Nothing is promised; it is our turn.") % {"whose": whose}
    return _("A complaint. %(said)s") % {"said": said} if journey.mood == "complaint" else said
