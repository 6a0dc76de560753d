"""The chats under way: mine side by side, and those that wait for somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from threadline.accounts.models import Agent
from threadline.interactions.models import Interaction, Thread
from threadline.journeys.models import Journey, Membership
from threadline.portal.models import Chat

RECENT = timedelta(hours=24)
MOST = 200
COLUMNS = 8
LINES = 40
KINDS = ("chat", "email", "phone")


@dataclass(slots=True)
class Column:
    """One chat with its story. `lines` are the newest touches of its own thread, oldest first."""

    chat: Chat
    thread: Thread
    journey: Journey
    now: datetime
    lines: list[Interaction] = field(default_factory=list)

    @property
    def here(self) -> bool:
        return self.chat.is_here(self.now)

    @property
    def open(self) -> bool:
        return self.journey.status != Journey.Status.DONE

    @property
    def person(self) -> str:
        return self.journey.customer.name or self.chat.name or ""

    @property
    def newest(self) -> int:
        return max((line.pk for line in self.lines), default=0)

    @property
    def newest_theirs(self) -> int:
        return max((line.pk for line in self.lines if line.direction == "in"), default=0)

    @property
    def read(self) -> bool:
        """They have all of ours before them."""
        ours = max((line.pk for line in self.lines if line.direction == "out"), default=0)
        return bool(ours) and self.chat.read_upto >= ours


@dataclass(frozen=True, slots=True)
class Board:
    """Whoever is here, or wrote last, has a place side by side; `more` are chats of mine for which there is no room."""

    mine: list[Column]
    waiting: list[Column]
    more: int


def board(agent: Agent, *, now: datetime) -> Board:
    """Cost: five queries, however many chats there are."""
    columns = standing(Chat.objects.under_way(now - RECENT).order_by("-active_at")[:MOST], agent, now=now)
    mine = [column for column in columns if column.journey.owner_id == agent.pk and column.open]
    free = [column for column in columns if column.journey.owner_id is None and column.journey.waiting_since]
    mine.sort(key=lambda column: (column.here, column.chat.active_at), reverse=True)
    free.sort(key=lambda column: column.journey.waiting_since or now)
    shown, waiting = sorted(mine[:COLUMNS], key=lambda column: column.chat.started_at), free[:MOST]
    with_lines([*shown, *waiting], agent)
    return Board(shown, waiting, len(mine) - len(shown))


def one(chat_id: int, agent: Agent, *, now: datetime) -> Column | None:
    """A chat whose story this agent may see. Cost: five queries."""
    found = standing(Chat.objects.filter(pk=chat_id), agent, now=now)
    with_lines(found, agent)
    return found[0] if found else None


def standing(chats: Iterable[Chat], agent: Agent, *, now: datetime) -> list[Column]:
    """Each chat with the story that its newest touch belongs to, if this agent may see it. Cost: three queries."""
    by_key = {(chat.channel_id, chat.thread_key): chat for chat in chats}
    threads = Thread.objects.filter(key__in=[key for _, key in by_key], channel__in={channel for channel, _ in by_key})
    chat_of = {
        thread.pk: (by_key[thread.channel_id, thread.key], thread)
        for thread in threads.select_related("channel")
        if (thread.channel_id, thread.key) in by_key
    }
    newest = (
        Membership.objects.filter(superseded_at=None, interaction__thread__in=chat_of)
        .filter(journey__in=Journey.objects.visible_to(agent).standing())
        .order_by("interaction__thread", "-interaction_id")
        .distinct("interaction__thread")
        .select_related("journey__customer", "journey__owner", "journey__team")
        .values_list("interaction__thread", "journey")
    )
    where = dict(newest)
    journeys = Journey.objects.select_related("customer", "owner", "team").in_bulk(set(where.values()))
    return [Column(*chat_of[thread], journeys[journey], now) for thread, journey in where.items()]


def with_lines(columns: Sequence[Column], agent: Agent) -> None:
    """The newest touches of each, without those that stand in a story which is not for this agent. Two queries."""
    by_thread = {column.thread.pk: column for column in columns}
    spoken = Q(direction__in=("in", "out"), kind__in=KINDS) | Q(direction="event", kind="chat")
    now = Membership.objects.filter(interaction=OuterRef("pk"), superseded_at=None)
    hidden = Exists(now.exclude(journey__in=Journey.objects.visible_to(agent)))
    touches = (
        Interaction.objects.filter(spoken, thread__in=by_thread)
        .exclude(hidden)
        .select_related("author", "delivery")
        .prefetch_related("attachments")
        .defer("html", "search", "quoted", "signature")
        .order_by("-pk")[: LINES * max(1, len(by_thread))]
    )
    for touch in reversed(list(touches)):
        by_thread[touch.thread_id].lines.append(touch)
    for column in columns:
        del column.lines[:-LINES]
