"""The rows of a view: who, about what, since when, over which channels, in whose words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from threadline.accounts.models import Agent
from threadline.core.picture import Turn
from threadline.customers.models import Customer, Identity
from threadline.desk.handles import written
from threadline.desk.queries.queue.filters import Filters, narrowed
from threadline.desk.queries.queue.views import visible
from threadline.journeys.models import Journey
from threadline.lib.paging import page

STEP = 30  # rows that "more" adds
MOST = 120  # rows in one list; then a new page begins
FIELDS = (
    "id",
    "status",
    "intent",
    "title",
    "last_text",
    "last_direction",
    "last_at",
    "channels",
    "touches",
    "waiting_since",
    "settled_at",
    "wake_at",
    "due_at",
    "closed_at",
    "customer__name",
    "owner__name",
)
ADDRESSES = ("email", "tel", "x", "facebook", "instagram", "community", "reviewer")
UNNAMED = ("visitor", "device")


@dataclass(frozen=True, slots=True)
class Row:
    """One story. `about` is the intent, or else the first words; `since` is when the clock of its turn began."""

    journey: Journey
    person: str
    about: str
    quoted: bool
    turn: Turn
    since: datetime | None
    public: bool

    @property
    def shown(self) -> tuple[object, ...]:
        """Everything of it that stands in the list, except the clock: the row is drawn anew only when this changes."""
        journey = self.journey
        spoken = (journey.last_text, journey.last_direction, *journey.channels)
        return (journey.pk, self.person, self.about, self.quoted, self.turn.value, self.public, self.owned, *spoken)

    @property
    def owned(self) -> str:
        return _("Owner: %(name)s") % {"name": self.journey.owner.name} if self.journey.owner else ""


@dataclass(frozen=True, slots=True)
class Listed:
    """Some rows of a view from `start` on. `after` is where the next page begins; empty at the end."""

    rows: list[Row]
    start: str
    after: str
    shown: int

    @property
    def grown(self) -> int:
        """How many rows the list has after "more"; 0 when that is enough for one list."""
        return self.shown + STEP if self.after and self.shown < MOST else 0


def listed(filters: Filters, *, agent: Agent, start: str, shown: int, now: datetime) -> Listed:
    """Cost: one query, one more when somebody has no name."""
    shown = min(max(shown, STEP), MOST)
    query = narrowed(visible(agent), filters, agent=agent, now=now).select_related("customer", "owner").only(*FIELDS)
    found = page(query, by=filters.by, after=start, size=shown)
    return Listed(rows(found.rows), start, found.after, shown)


def rows(journeys: Sequence[Journey]) -> list[Row]:
    names = people(journey.customer for journey in journeys)
    return [_row(journey, names[journey.customer_id]) for journey in journeys]


def _row(journey: Journey, person: str) -> Row:
    about = journey.intent or _title(journey)
    public = any(channel.endswith("+public") for channel in journey.channels)
    return Row(journey, person, about, not journey.intent, turn_of(journey), _since(journey), public)


def _title(journey: Journey) -> str:
    """The first words, unless the last line of the row says the same."""
    begins = journey.title.rstrip(" …")
    return "" if journey.last_text.startswith(begins) else journey.title


def turn_of(journey: Journey) -> Turn:
    if journey.waiting_since is not None:
        return Turn.OURS
    return Turn.THEIRS if journey.status in (Journey.Status.WAITING, Journey.Status.SNOOZED) else Turn.NOBODY


def _since(journey: Journey) -> datetime | None:
    return journey.waiting_since or (journey.settled_at if turn_of(journey) == Turn.THEIRS else None)


def people(customers: Iterable[Customer]) -> dict[int, str]:
    """What to call each customer: the name, or the handle that tells most. Cost: one query at most."""
    called = {customer.pk: customer.name for customer in customers}
    nameless = [number for number, name in called.items() if not name]
    if nameless:
        handles = Identity.objects.filter(customer__in=nameless).order_by("first_seen_at", "pk")
        for number, scheme, value in sorted(handles.values_list("customer", "scheme", "value"), key=_telling):
            called[number] = called[number] or _handle(scheme, value)
    return {number: name or str(number) for number, name in called.items()}


def _handle(scheme: str, value: str) -> str:
    return _("Visitor %(number)s") % {"number": value[-4:]} if scheme in UNNAMED else written(scheme, value)


def _telling(handle: tuple[int, str, str]) -> int:
    return ADDRESSES.index(handle[1]) if handle[1] in ADDRESSES else len(ADDRESSES)
