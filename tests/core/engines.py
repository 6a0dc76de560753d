"""Invented touches for the engines of `core`, and the engines run over them, whole or in batches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from threadline.core.identity import People, Person, Recognition, needed, recognise
from threadline.core.stitching import Stitch, Stories, customers_needed, recalled, remembered, stitch
from threadline.core.touch import Direction, Handle, Level, Touch
from threadline.core.understanding import understand

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOP = 1


def touch(id: int, text: str = "", *, hours: float = 0.0, kind: str = "email", **more: Any) -> Touch:
    """A touch `hours` after the start; from the customer unless it says otherwise."""
    defaults: dict[str, Any] = {"direction": Direction.IN, "channel": 1, "thread": id, "brand": SHOP}
    return Touch(id=id, at=START + timedelta(hours=hours), kind=kind, text=text, **(defaults | more))


def observed(scheme: str, value: str) -> Handle:
    return Handle(scheme, value)


def verified(scheme: str, value: str) -> Handle:
    return Handle(scheme, value, Level.VERIFIED)


def claimed(scheme: str, value: str) -> Handle:
    return Handle(scheme, value, Level.CLAIMED)


@dataclass
class Desk:
    """The engines with everything in memory."""

    people: People = field(default_factory=People)
    stories: Stories = field(default_factory=Stories)

    def receive(self, item: Touch) -> tuple[Recognition, Stitch]:
        understanding = understand(item)
        recognition = recognise(item, understanding, self.people)
        self.people.apply(recognition)
        placed = stitch(item, understanding, recognition, self.stories)
        self.stories.apply(placed)
        return recognition, placed

    def customer(self, recognition: Recognition) -> int | None:
        return None if recognition.customer is None else self.people.survivor(recognition.customer)


def all_at_once(touches: Sequence[Touch]) -> list[tuple[Recognition, Stitch]]:
    desk = Desk()
    return [desk.receive(item) for item in touches]


def in_batches(touches: Sequence[Touch], size: int) -> list[tuple[Recognition, Stitch]]:
    """As a worker does it: each batch loads only what `needed` and `customers_needed` ask for, then stores it again."""
    store = Desk()
    results: list[tuple[Recognition, Stitch]] = []
    for batch in (touches[at : at + size] for at in range(0, len(touches), size)):
        understandings = [understand(item) for item in batch]
        keys = frozenset().union(*(needed(item, u) for item, u in zip(batch, understandings, strict=True)))
        people = part_of(store.people, keys)
        recognitions = []
        for item, understanding in zip(batch, understandings, strict=True):
            recognitions.append(recognise(item, understanding, people))
            people.apply(recognitions[-1])
            store.people.apply(recognitions[-1])
        wanted = frozenset().union(*(customers_needed(r) for r in recognitions))
        stories = Stories(recalled(remembered(j)) for c in sorted(wanted) for j in store.stories.of(c))
        for item, understanding, recognition in zip(batch, understandings, recognitions, strict=True):
            placed = stitch(item, understanding, recognition, stories)
            stories.apply(placed)
            store.stories.apply(placed)
            results.append((recognition, placed))
    return results


def part_of(people: People, keys: frozenset[tuple[str, str]]) -> People:
    """Only the holders of these keys and whoever they may be, as fresh copies."""
    identities = [identity for key in sorted(keys) for identity in people.by_key.get(key, ())]
    copies = [type(i)(i.key, people.survivor(i.customer), i.level, i.shared, i.seen_at) for i in identities]
    wanted, persons = {copy.customer for copy in copies}, dict[int, Person]()
    while wanted:
        persons |= {number: people.person(number) for number in wanted}
        wanted = {other for number in wanted for other in people.maybe(number)} - set(persons)
    return People(
        copies,
        [
            Person(p.id, p.names, p.anchored, dict(p.seen), p.apart, dict(p.about), people.maybe(p.id))
            for p in persons.values()
        ],
    )
