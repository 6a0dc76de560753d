"""Which thread an item belongs to: the channel's own key, our signed reply address, or the item it answers.

Mail needs two things: thread evidence and a plausible sender. Somebody who was never part of a thread gets a thread
of his own, and the evidence is kept for a human to look at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from threadline.channels.contract import Inbound
from threadline.core.stitching.turn import A_MOMENT
from threadline.core.touch import Direction
from threadline.interactions.models import Interaction, Thread
from threadline.interactions.reading import Reading


@dataclass(slots=True)
class Place:
    """The thread chosen for one reading, and why."""

    thread: Thread
    is_new: bool = False
    reason: str = ""
    refused_thread: int | None = None


@dataclass(slots=True)
class ThreadBook:
    """The threads that the items of one batch may belong to, loaded with three queries, then kept up to date."""

    by_id: dict[int, Thread] = field(default_factory=dict)
    by_key: dict[tuple[int, str], Thread] = field(default_factory=dict)
    by_item: dict[tuple[str, str], int] = field(default_factory=dict)
    moments: dict[tuple[str, str], datetime] = field(default_factory=dict)
    joined: dict[int, set[str]] = field(default_factory=dict)  # new participants by thread

    @classmethod
    def load(cls, readings: Sequence[Reading]) -> "ThreadBook":
        book = cls()
        references = {name for reading in readings for name in reading.item.references}
        answered = Interaction.objects.filter(external_id__in=references)
        for kind, name, number, at in answered.values_list("kind", "external_id", "thread", "at") if references else ():
            book.by_item[kind, name] = number
            book.moments[kind, name] = at
        signed = (reading.item.reply_thread for reading in readings)
        wanted = {*(number for number in signed if number is not None), *book.by_item.values()}
        keys = {thread_key(reading) for reading in readings}
        for thread in Thread.objects.filter(pk__in=wanted):
            book.add(thread)
        for thread in Thread.objects.filter(key__in={key for _, key in keys}, channel__in={c for c, _ in keys}):
            book.add(thread)
        return book

    def add(self, thread: Thread) -> None:
        self.by_id[thread.pk] = thread
        self.by_key[thread.channel_id, thread.key] = thread

    def place(self, reading: Reading) -> Place:
        """Find or begin the thread of one item, and remember the item for those that answer it."""
        place = self._find(reading) or self._begin(reading)
        reading.inbound = item = self._after_what_it_answers(reading.item)
        self.by_item.setdefault((item.kind, item.external_id), place.thread.pk)
        self.moments.setdefault((item.kind, item.external_id), item.at)
        self.join(place.thread, [*item.participants, *(handle.value for handle in item.handles)])
        return place

    def join(self, thread: Thread, names: Iterable[str]) -> None:
        fresh = {name[:320] for name in names} - set(thread.participants)
        if fresh and len(thread.participants) < 200:
            thread.participants = [*thread.participants, *sorted(fresh)]
            self.joined.setdefault(thread.pk, set()).update(fresh)

    def _after_what_it_answers(self, item: Inbound) -> Inbound:
        """No answer is older than what it answers: a clock that is slow, or tells whole seconds, does not hide it."""
        answered = [self.moments[item.kind, name] for name in item.references if (item.kind, name) in self.moments]
        earliest = max(answered, default=item.at) + A_MOMENT
        return replace(item, at=earliest) if answered and item.at < earliest else item

    def _find(self, reading: Reading) -> Place | None:
        item = reading.item
        if item.thread_key:
            thread = self.by_key.get(thread_key(reading))
            return Place(thread, reason="the channel's own thread") if thread else None
        claimed, reason = self._claimed(reading)
        if claimed is None:
            return None
        if plausible(reading, claimed):
            return Place(claimed, reason=reason)
        place = self._begin(reading)
        place.refused_thread = claimed.pk
        return place

    def _claimed(self, reading: Reading) -> tuple[Thread | None, str]:
        item = reading.item
        if item.reply_thread in self.by_id:
            return self.by_id[item.reply_thread], "sent to the signed reply address of this thread"
        for name in item.references:
            number = self.by_item.get((item.kind, name))
            if number in self.by_id:
                return self.by_id[number], "answers a message of this thread"
        return None, ""

    def _begin(self, reading: Reading) -> Place:
        item, (channel, key) = reading.item, thread_key(reading)
        known = self.by_key.get((channel, key))
        if known:
            return Place(known, reason="the channel's own thread")
        thread = Thread(
            pk=reading.entry.pk,
            channel_id=channel,
            key=key,
            reply_address=(item.reply_address or (item.handles[0].value if item.handles else ""))[:320],
            subject=item.subject,
            started_at=item.at,
        )
        self.add(thread)
        return Place(thread, is_new=True)


def thread_key(reading: Reading) -> tuple[int, str]:
    """An item that names no thread begins one under its own id."""
    item = reading.item
    return reading.entry.channel_id or 0, (item.thread_key or item.external_id)[:512]


def plausible(reading: Reading, thread: Thread) -> bool:
    """Mail: the sender wrote or was written to in the thread before. Other channels vouch for their own threads.

    A sender who failed the check is believed only where the mail went to the address that we signed for this thread.
    """
    item = reading.item
    if item.kind != "email" or item.direction == Direction.OUT:
        return True
    check = item.attributes.get("sender_check")
    if isinstance(check, Mapping) and check.get("verdict") == "fail" and item.reply_thread != thread.pk:
        return False
    return bool({handle.value for handle in item.handles} & set(thread.participants))
