"""What a chat window shows: what was said in its own thread, the true wait, and the ways to a person."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Q

from threadline.channels.models import Channel
from threadline.interactions.models import Interaction
from threadline.portal import signals
from threadline.portal.models import Chat

AT_ONCE = 200
SLACK = timedelta(seconds=60)  # an item may get its place in the thread after a later one: the last ones go out again
KINDS = ("chat", "email")
SAMPLE, FEWEST = 50, 3
RECENT = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the window. `once` is the window's own name for it; `by` who of ours wrote, by first name."""

    number: int
    at: str
    ours: bool
    text: str
    kind: str
    once: str
    by: str
    files: list[list[object]]


def messages(chat: Chat, *, since: int, now: datetime) -> list[dict[str, Any]]:
    """What this chat's window has not got yet, oldest first: those after touch `since` and the latest once more."""
    found = (
        Interaction.objects.filter(thread__in=signals.thread_of(chat), direction__in=("in", "out"), kind__in=KINDS)
        .filter(Q(pk__gt=since) | Q(received_at__gt=now - SLACK))
        .order_by("-pk")[:AT_ONCE]
    )
    return told(reversed(with_details(found)))


def arrived(numbers: Iterable[int], sessions: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    """Of these new touches, those that belong to open windows, each with its session. Cost: two queries."""
    keys = [f"session:{session}" for session in sessions]
    found = Interaction.objects.filter(pk__in=list(numbers), kind__in=KINDS, direction__in=("in", "out"))
    found = found.filter(thread__key__in=keys).select_related("thread").order_by("pk")
    touches = with_details(found)
    lines = told(touches)
    return [(touch.thread.key.partition(":")[2], line) for touch, line in zip(touches, lines, strict=True)]


def with_details(found: Any) -> list[Interaction]:
    return list(found.select_related("author", "thread").prefetch_related("attachments").defer("html", "search"))


def told(touches: Iterable[Interaction]) -> list[dict[str, Any]]:
    return [asdict(_message(touch)) for touch in touches]


def _message(touch: Interaction) -> Message:
    return Message(
        number=touch.pk,
        at=touch.at.isoformat(),
        ours=touch.direction == "out",
        text=touch.text,
        kind=touch.kind,
        once=touch.external_id.rpartition(":")[2] if touch.kind == "chat" and touch.direction == "in" else "",
        by=touch.author.first_name if touch.author else "",
        files=[[file.name, file.size] for file in touch.attachments.all()],
    )


def wait(channel: Channel, *, now: datetime) -> dict[str, int] | None:
    """How long people waited for their last answers in this channel: the median, in seconds, and of how many.

    None while there are too few to tell. Cost: one query.
    """
    rows = Interaction.objects.filter(channel=channel, kind="chat", direction__in=("in", "out"))
    newest = rows.filter(at__gt=now - RECENT).order_by("-pk")[: SAMPLE * 8]
    waiting: dict[int, datetime] = {}
    waits: list[timedelta] = []
    for thread, direction, at in reversed(newest.values_list("thread", "direction", "at")):
        if direction == "in":
            waiting.setdefault(thread, at)
        elif thread in waiting:
            waits.append(at - waiting.pop(thread))
    if len(waits) < FEWEST:
        return None
    seconds = [each.total_seconds() for each in waits[-SAMPLE:]]
    return {"seconds": round(median(seconds)), "answers": len(seconds)}


def ways(channel: Channel) -> dict[str, str]:
    """How to reach a person without this window: the brand's own e-mail address and telephone number."""
    ours = Channel.objects.active().filter(kind__in=("email", "phone"), brand=channel.brand_id).order_by("pk")
    found: dict[str, str] = {}
    for each in ours:
        found.setdefault(each.kind, each.address)
    return found
