"""Carrying out the merges that rules concluded: handles move to the survivor, the old customer stays and redirects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from threadline.accounts.models import Event
from threadline.core.identity import Merge
from threadline.core.identity.shapes import Key
from threadline.customers.models import Identity

Concluded = tuple[Merge, int, datetime]  # with the touch that brought it about

MOVE = """
    update customers_identity i set customer_id = moved.owner
    from unnest(%s::bigint[], %s::bigint[]) as moved (id, owner) where i.id = moved.id
"""
REDIRECT = """
    update customers_customer c set merged_into_id = merged.survivor
    from unnest(%s::bigint[], %s::bigint[]) as merged (loser, survivor) where c.id = merged.loser
"""


@dataclass(slots=True)
class Held:
    """The handles of the customers concerned, as rows move between them one merge after the other."""

    rows: dict[int, dict[Key, int]]
    moved: dict[int, int]

    @classmethod
    def by(cls, customers: set[int]) -> "Held":
        rows: dict[int, dict[Key, int]] = {customer: {} for customer in customers}
        found = Identity.objects.filter(customer__in=customers).order_by("pk")
        for number, customer, scheme, value in found.values_list("pk", "customer", "scheme", "value"):
            rows[customer][scheme, value] = number
        return cls(rows, {})

    def first(self, customer: int) -> list[str]:
        return list(next(iter(self.rows[customer]), ()))

    def merge(self, loser: int, survivor: int) -> None:
        """A handle that both hold stays where it is: each side keeps its own row."""
        for key in list(self.rows[loser]):
            if key not in self.rows[survivor]:
                number = self.rows[survivor][key] = self.rows[loser].pop(key)
                self.moved[number] = survivor


def write_merges(merges: Sequence[Concluded]) -> list[Event]:
    """Carry out merges in order. Cost: three statements, however many there are.

    Returns:
        One event each, with the handles that moved, so that it can be taken apart again. Its `journeys` is for the
        room above to fill.
    """
    real = [concluded for concluded in merges if concluded[0].loser != concluded[0].survivor]
    if not real:
        return []
    held = Held.by({number for merge, _, _ in real for number in (merge.loser, merge.survivor)})
    events = [_carry_out(held, *concluded) for concluded in real]
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [list(held.moved), list(held.moved.values())])
        cursor.execute(REDIRECT, [[merge.loser for merge, _, _ in real], [merge.survivor for merge, _, _ in real]])
    return events


def _carry_out(held: Held, merge: Merge, touch: int, at: datetime) -> Event:
    facts = {
        "from": merge.loser,
        "into": merge.survivor,
        "identities": [list(key) for key in held.rows[merge.loser]],
        "link": [held.first(merge.loser), held.first(merge.survivor)],
        "reason": merge.reason,
        "journeys": [],
    }
    held.merge(merge.loser, merge.survivor)
    return Event(verb="customers_merged", at=at, customer_id=merge.survivor, interaction_id=touch, facts=facts)
