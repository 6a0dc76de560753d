"""The history of an installation as stitching learns from it: every touch, whose it was when it came, and where it
belongs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from threadline.accounts.models import Event
from threadline.channels.models import Channel
from threadline.core.stitching.training import Placed
from threadline.core.understanding import FoundFact
from threadline.customers.models import Identity
from threadline.interactions.models import Fact, Interaction
from threadline.journeys.memory import touch_of, understanding_of
from threadline.journeys.models import Meaning

AT_ONCE = 2_000


def history(labels: Mapping[int, str], *, counts: frozenset[int] | None = None) -> Iterator[Placed]:
    """The touches that have a label, in the order in which they came.

    Args:
        labels: touch to the name of the journey it belongs to.
        counts: the touches to learn from; the others are told because journeys grow by them. All by default.
    Cost: three queries for each 2,000 touches.
    """
    owners, waiting = Owners.load(), []
    brands = dict(Channel.objects.values_list("pk", "brand"))
    for touch, facts, meaning in told():
        waiting += owners.merged_until(touch.pk)
        label, customer = labels.get(touch.pk), owners.at(touch)
        if label is None or customer is None:
            continue
        yield Placed(
            touch_of(touch, brands.get(touch.channel_id)),
            understanding_of(touch, facts, meaning),
            customer,
            label,
            tuple(waiting),
            counts is None or touch.pk in counts,
        )
        waiting = []


def told() -> Iterator[tuple[Interaction, list[FoundFact], Meaning | None]]:
    """Every touch with the facts and the meaning that were found in it."""
    last = 0
    while True:
        rows = list(Interaction.objects.filter(pk__gt=last).defer("html", "quoted", "search").order_by("pk")[:AT_ONCE])
        if not rows:
            return
        facts = facts_of(rows)
        meanings = Meaning.objects.in_bulk([row.pk for row in rows])
        for row in rows:
            yield row, facts.get(row.pk, []), meanings.get(row.pk)
        last = rows[-1].pk


def facts_of(touches: list[Interaction]) -> dict[int, list[FoundFact]]:
    found: dict[int, list[FoundFact]] = {}
    for fact in Fact.objects.filter(interaction__in=touches).order_by("pk"):
        each = FoundFact(fact.name, fact.value, fact.key, fact.start or 0, fact.end or 0)
        found.setdefault(fact.interaction_id, []).append(each)
    return found


@dataclass(slots=True)
class Owners:
    """Whose each handle was at any time, from whose it is now and the merges in between."""

    now: dict[int, int]
    keys: dict[int, tuple[str, str]]
    merges: list[tuple[float, int, int]]
    """(place, loser, survivor), the latest first. `place`: the touch that brought it about, or just after the newest
    touch when a person said so."""
    taken: dict[tuple[int, tuple[str, str]], list[tuple[float, int]]]
    """(survivor, handle) to the (place, loser) that brought the handle, the latest merge first."""

    @classmethod
    def load(cls) -> "Owners":
        identities = list(Identity.objects.values_list("pk", "customer", "scheme", "value"))
        owners = cls(
            {pk: customer for pk, customer, _, _ in identities},
            {pk: (scheme, value) for pk, _, scheme, value in identities},
            [],
            {},
        )
        undone = set(Event.objects.filter(verb="undone").values_list("facts__event", flat=True))
        for event in Event.objects.filter(verb="customers_merged").exclude(pk__in=undone).order_by("pk"):
            owners.note(event.interaction_id or (event.ledger_mark or 0) + 0.5, event.facts)
        owners.merges.reverse()
        owners.merges.sort(key=lambda merge: -merge[0])
        return owners

    def note(self, place: float, facts: Mapping[str, Any]) -> None:
        self.merges.append((place, facts["from"], facts["into"]))
        for scheme, value in facts["identities"]:
            self.taken.setdefault((facts["into"], (scheme, value)), []).insert(0, (place, facts["from"]))

    def merged_until(self, touch: int) -> list[tuple[int, int]]:
        """The merges up to this touch that were not told before."""
        found = []
        while self.merges and self.merges[-1][0] <= touch:
            _, loser, survivor = self.merges.pop()
            found.append((loser, survivor))
        return found

    def at(self, touch: Interaction) -> int | None:
        """The customer that this touch was recognised as."""
        if touch.identity_id is None:
            return None
        customer, key = self.now[touch.identity_id], self.keys[touch.identity_id]
        while True:
            later = [loser for when, loser in self.taken.get((customer, key), ()) if when > touch.pk]
            if not later:
                return customer
            customer = later[0]
