"""All touches of a story, light enough to be read whole: for the picture, the brief and whose turn it was when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threadline.core import mail
from threadline.core.picture import Turn
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey
from threadline.journeys.summary import without_greeting
from threadline.lib.prepared import prepared

MOST = 2000  # the newest; no picture shows more
WORDS = 400


class Stop(NamedTuple):
    """One touch without its long texts. `author` is who of ours spoke."""

    id: int
    at: datetime
    kind: str
    direction: str
    public: bool
    triage: str
    automatic: str
    subject: str
    words: str
    name: str
    author: str | None
    endpoint: str
    address: str
    thread: int
    attributes: Mapping[str, Any]


FIELDS = (
    "id",
    "at",
    "kind",
    "direction",
    "public",
    "triage",
    "automatic",
    "subject",
    "words",
    "name",
    "author__name",
    "channel__name",
    "channel__address",
    "thread_id",
    "attributes",
)


def of_journey(journey: Journey) -> list[Stop]:
    """Oldest first. Cost: one query."""
    return [Stop(*row) for row in reversed(_newest(journey.pk))]


@prepared
def _newest(journey: int) -> QuerySet[Interaction, tuple[Any, ...]]:
    standing = Interaction.objects.filter(memberships__journey=journey, memberships__superseded_at=None)
    return standing.annotate(words=Left("text", WORDS)).order_by("-at", "-pk").values_list(*FIELDS)[:MOST]


def turns(stops: Sequence[Stop], *, journey: Journey) -> list[Turn]:
    """Whose turn it was after each touch. What an agent said about the status since counts for the last one."""
    found: list[Turn] = []
    turn = Turn.NOBODY
    for index, stop in enumerate(stops):
        turn = _after(stop, turn, first=index == 0)
        found.append(turn)
    if found:
        found[-1] = standing(journey, found[-1])
    return found


def standing(journey: Journey, turn: Turn = Turn.NOBODY) -> Turn:
    """Whose turn it is now, given whose it was after the last touch."""
    if journey.waiting_since is not None:
        return Turn.OURS
    if journey.status == Journey.Status.DONE:
        return Turn.NOBODY
    return Turn.THEIRS if turn is Turn.OURS else turn


def _after(stop: Stop, turn: Turn, *, first: bool) -> Turn:
    """As in `journeys.summary`: thanks in a story under way and automatic messages ask for nothing."""
    if stop.direction == "out":
        return turn if stop.automatic else Turn.THEIRS
    asks = stop.direction == "in" and not stop.automatic and (first or stop.triage != "praise")
    return Turn.OURS if asks else turn


def happening(kind: str, attributes: Mapping[str, Any], words: str) -> str:
    """What happened, of a touch in which nobody spoke: `Bought Tern kettle, £64, order HP-4711`."""
    if words:
        return words
    if kind == "purchase":
        return _bought(attributes)
    if kind in ("web", "app", "article"):
        page = page_name(attributes)
        return _("Read “%(page)s”") % {"page": page} if page else _("Visited a page")
    if kind == "signal":
        signal = str(attributes.get("signal", "")).replace("_", " ")
        return _("Signal: %(signal)s") % {"signal": signal} if signal else _("A signal")
    return _("Something happened here")


def page_name(attributes: Mapping[str, Any]) -> str:
    """Its title, or what its address says: `/help/kettle-drips` is `Kettle drips`."""
    if attributes.get("title"):
        return str(attributes["title"])
    address = str(attributes.get("page") or attributes.get("url") or "").partition("?")[0]
    last = address.rstrip("/").rpartition("/")[2]
    words = last.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else _("Home") if address else ""


def heart(stop: Stop) -> str:
    """What somebody said, without greeting and closing where it is a mail."""
    if stop.kind != "email":
        return stop.words
    zones = mail.split(stop.words)
    text = without_greeting(zones.new.removeprefix(zones.greeting).lstrip())
    return text.removesuffix(zones.closing).rstrip() or stop.words


def _bought(attributes: Mapping[str, Any]) -> str:
    items = attributes.get("items")
    names = ", ".join(str(item) for item in items) if isinstance(items, list) else str(items or "")
    order = attributes.get("order_number")
    parts = [_("Bought %(items)s") % {"items": names} if names else _("Bought something")]
    if order:
        parts.append(_("order %(order)s") % {"order": order})
    return ", ".join(parts)


def in_a_row(stops: Sequence[Stop]) -> str:
    """`4 pages read and 1 purchase`, for things that happened one after the other."""
    read = sum(stop.kind in ("web", "app", "article") for stop in stops)
    bought = sum(stop.kind == "purchase" for stop in stops)
    rest = len(stops) - read - bought
    parts = [
        ngettext("%(n)d page read", "%(n)d pages read", read) % {"n": read} if read else "",
        ngettext("%(n)d purchase", "%(n)d purchases", bought) % {"n": bought} if bought else "",
        ngettext("%(n)d thing happened", "%(n)d things happened", rest) % {"n": rest} if rest else "",
    ]
    return ", ".join(part for part in parts if part)
