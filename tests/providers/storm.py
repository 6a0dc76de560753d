"""A storm: messages in and out of one provider that misbehaves all the while, and what became of them.

The clock is pushed on between two rounds of sending, and people do what they would: they repair the channel, and send
again what the provider turns out not to have.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from django.utils import timezone

from tests.providers.kit import Fake
from threadline.channels.adapters import scheme_of
from threadline.channels.contract import Hook
from threadline.channels.models import Channel
from threadline.interactions.actions import looking
from threadline.interactions.actions.intake import Item, receive
from threadline.interactions.models import Delivery, IntakeEntry, Interaction
from threadline.journeys import pipeline
from threadline.journeys.actions import connecting, delivery

Post = Callable[[Sequence[Hook]], list[int]]
PEOPLE, TOGETHER, ROUNDS = 50, 40, 2000
TWICE, FORGED, SHUFFLED = 0.05, 0.02, 6
SPOILT = {"429": 0.01, "500": 0.03, "502": 0.01, "drop": 0.01}


@dataclass(slots=True)
class Came:
    """What became of what people said."""

    said: int
    asked: int = 0
    forged: int = 0
    refused: int = 0
    kept: int = 0
    twice: int = 0
    in_order: bool = True

    @property
    def lost(self) -> int:
        return self.said - self.kept


@dataclass(slots=True)
class Went:
    """What became of what we said. `unsure` were not sent again by themselves; people sent those that were `absent`."""

    said: int
    arrived: int = 0
    twice: int = 0
    unsure: int = 0
    absent: int = 0
    halted: int = 0
    in_order: bool = True

    @property
    def lost(self) -> int:
        return self.said - self.arrived


# ---- coming in -----------------------------------------------------------------------------------------------------


def coming(fake: Fake, count: int, post: Post, random: Random) -> Came:
    """Every message is sent until it is taken, some twice, some out of order; and some are not from the provider."""
    if not fake.adapter.hooked:
        return looked(fake, count, random)
    came = Came(count)
    begun = datetime.now(UTC) - timedelta(seconds=2 * count)
    hooks = [
        fake.said(
            f"{number} says somebody",
            number=number,
            who=fake.somebody(number % PEOPLE),
            at=begun + timedelta(seconds=2 * number),
        )
        for number in range(count)
    ]
    waiting = list(disturbed(hooks, random, shuffle=fake.tells_time))
    while waiting:
        some, waiting = waiting[:TOGETHER], waiting[TOGETHER:]
        forged = [hook for hook in some if random.random() < FORGED]
        told = post([*some, *(broken(hook) for hook in forged)])
        came.asked += len(told)
        came.forged += len(forged)
        came.refused += sum(status == 401 for status in told[len(some) :])
        waiting += [hook for hook, status in zip(some, told, strict=False) if status != 200]
        while pipeline.process_pending():
            continue
    return judged(fake, came)


def looked(fake: Fake, count: int, random: Random) -> Came:
    """The same at a source that we look at, while it answers badly now and then."""
    channel, came, begun = Channel.objects.get(pk=fake.number), Came(count), datetime.now(UTC)
    looking.look(channel)
    fake.by_chance = (random, SPOILT)
    few = fake.shows - 1 if fake.shows else TOGETHER  # the newest that is known is among those that it still shows
    for number in range(count):
        at = begun + timedelta(milliseconds=number)
        fake.wrote(f"{number} says somebody", number=number, who=fake.somebody(number % PEOPLE), at=at)
        if number % few == 0:
            look(channel)
    fake.by_chance = None
    look(channel)
    came.asked = len(fake.asked)
    return judged(fake, came)


def look(channel: Channel) -> None:
    """Until the source answered: its pauses pass in no time."""
    for _attempt in range(ROUNDS):
        looking.look(channel)
        channel.refresh_from_db()
        if channel.look_after is None:
            break
    while pipeline.process_pending():
        continue


def disturbed(hooks: Sequence[Hook], random: Random, *, shuffle: bool) -> Iterator[Hook]:
    places = [(place + (random.random() * SHUFFLED if shuffle else 0), hook) for place, hook in enumerate(hooks)]
    for _place, hook in sorted(places, key=lambda each: each[0]):
        yield hook
        if random.random() < TWICE:
            yield hook


def broken(hook: Hook) -> Hook:
    return Hook(
        hook.method, hook.url, hook.body + b" ", hook.received_at, {"content-type": hook.headers["content-type"]}
    )


def judged(fake: Fake, came: Came) -> Came:
    channel = Channel.objects.get(pk=fake.number)
    came.twice = IntakeEntry.objects.filter(channel=channel, verdict="duplicate").count()
    threads: dict[int, list[int]] = defaultdict(list)
    rows = (
        Interaction.objects.filter(channel=channel, direction="in").order_by("at", "pk").values_list("thread", "text")
    )
    for thread, text in rows:
        threads[thread].append(next(int(word) for word in text.split() if word.isdigit()))
    came.kept = len({number for numbers in threads.values() for number in numbers})
    came.in_order = all(numbers == sorted(set(numbers)) for numbers in threads.values())
    return came


# ---- going out -----------------------------------------------------------------------------------------------------


def going(fake: Fake, count: int, random: Random) -> Went:
    """Answers in the threads that came in, through everything that a provider does wrong."""
    channel = Channel.objects.get(pk=fake.number)
    written = write(fake, channel, count)
    went = Went(count)
    fake.by_chance = (random, SPOILT)
    for turn in range(ROUNDS):
        if turn == 1:
            fake.misbehave("expired")
        delivery.deliver_due()
        if not Delivery.objects.filter(pk__in=written, state__in=["held", "queued"]).exists():
            break
        went.halted += repaired(channel)
        Delivery.objects.filter(pk__in=written, state="queued").update(due_at=timezone.now())
        Channel.objects.filter(pk=channel.pk).update(send_after=None)
    fake.by_chance = None
    again = ask_about_the_unsure(fake, written, went)
    return counted(fake, went, again)


def write(fake: Fake, channel: Channel, count: int) -> list[int]:
    """As answers of the desk, though without a story each: the ledger and the pipeline take them in batches."""
    now, items = timezone.now(), []
    for number in range(count):
        to = fake.somebody(number % PEOPLE)
        scheme = scheme_of(channel)
        about = {"id": f"out-{number}", "at": (now + timedelta(milliseconds=number)).isoformat(), "direction": "out"}
        place = {"channel": channel.kind, "endpoint": channel.address, "text": f"{number} we say"}
        desk = {"thread_key": f"{scheme}:{to}", "handle": [scheme, to]}
        items.append(Item(payload={**about, **place, "desk": desk}, external_id=f"out-{number}"))
    written = receive(items, source="desk", channel=channel)
    while pipeline.process_pending():
        continue
    assert not IntakeEntry.objects.filter(pk__in=written).exclude(verdict="accepted").exists()
    Delivery.objects.bulk_create(
        Delivery(interaction_id=pk, state="queued", due_at=now, changed_at=now) for pk in written
    )
    return written


def repaired(channel: Channel) -> bool:
    """Somebody enters the credentials again."""
    channel.refresh_from_db()
    if channel.halted_at is None:
        return False
    connecting.connect(channel=channel)
    return True


def ask_about_the_unsure(fake: Fake, written: Sequence[int], went: Went) -> set[int]:
    """People look what the provider has, and send again what it has not."""
    there = {int(sent.text.split()[0]) for sent in fake.sent}
    again = set()
    unsure = Delivery.objects.filter(pk__in=written, state="unsure").select_related("interaction")
    for each in unsure.order_by("pk"):
        went.unsure += 1
        number = int(each.interaction.text.split()[0])
        if number not in there:
            went.absent += 1
            again.add(number)
            delivery.retry(delivery=each)
    delivery.deliver_due()
    return again


def counted(fake: Fake, went: Went, again: set[int]) -> Went:
    arrived: dict[str, list[int]] = defaultdict(list)
    for sent in fake.sent:
        arrived[sent.to].append(int(sent.text.split()[0]))
    everything = [number for numbers in arrived.values() for number in numbers]
    went.arrived, went.twice = len(set(everything)), len(everything) - len(set(everything))
    for numbers in arrived.values():
        by_themselves = [number for number in numbers if number not in again]
        went.in_order = went.in_order and by_themselves == sorted(by_themselves)
    return went
