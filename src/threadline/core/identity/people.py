"""The working set of recognition: the customers and keys that a batch of touches may concern."""

from collections.abc import Iterable
from dataclasses import replace

from threadline.core.identity.model import Clue
from threadline.core.identity.shapes import Identity, Key, Merge, Person, Recognition
from threadline.core.identity.weights import Weights, shipped
from threadline.core.touch import Level

NAMES_KEPT = 8
WORDS_KEPT = 60
STRENGTH = {Level.CLAIMED: 0, Level.OBSERVED: 1, Level.VERIFIED: 2}


class People:
    """The working set. Recognition on it gives what it would give on everybody if two kinds of people are in it: the
    holders of all `needed` keys; and whoever one of the set may be (`Person.maybe`), and so on, to the end."""

    def __init__(
        self, identities: Iterable[Identity] = (), persons: Iterable[Person] = (), *, weights: Weights | None = None
    ) -> None:
        self.weights = weights or shipped()
        self.by_key: dict[Key, list[Identity]] = {}
        self.persons: dict[int, Person] = {}
        self.merged: dict[int, int] = {}
        for person in persons:
            self.persons[person.id] = person
        for identity in identities:
            self.by_key.setdefault(identity.key, []).append(identity)

    def survivor(self, customer: int) -> int:
        while customer in self.merged:
            customer = self.merged[customer]
        return customer

    def person(self, customer: int) -> Person:
        customer = self.survivor(customer)
        return self.persons.setdefault(customer, Person(customer))

    def holders(self, key: Key) -> dict[int, Identity]:
        """Customer to the strongest identity through which they hold the key, oldest customer first."""
        held: dict[int, Identity] = {}
        for identity in self.by_key.get(key, ()):
            customer = self.survivor(identity.customer)
            if customer not in held or standing(identity) > standing(held[customer]):
                held[customer] = identity
        return dict(sorted(held.items()))

    def kept_apart(self, one: int, other: int) -> bool:
        """A human said so; also through any customer that has since become part of one of the two."""
        return any(self.survivor(a) == other for a in self.person(one).apart) or any(
            self.survivor(a) == one for a in self.person(other).apart
        )

    def apply(self, recognition: Recognition) -> None:
        """Take over what a recognition concluded."""
        if recognition.customer is None:
            return
        for merge in recognition.merges:
            self.merge(merge)
        customer = self.survivor(recognition.customer)
        for new in recognition.new_identities:
            identity = Identity(new.key, customer, new.level, new.shared, recognition.at)
            self.by_key.setdefault(new.key, []).append(identity)
        for key, level in recognition.raised:
            self.holders(key)[customer].level = level
        for key in recognition.now_shared:
            for identity in self.by_key[key]:
                identity.shared = identity.shared or identity.proven
        for key in recognition.seen_keys:
            self.holders(key)[customer].seen_at = recognition.at
        self.persons[customer] = freshened(self.person(customer), recognition)
        for suggestion in recognition.suggestions:
            self.suggest(suggestion.customer, suggestion.other, suggestion.by)

    def suggest(self, one: int, other: int, by: tuple[Clue, ...]) -> None:
        """Remember on both sides that they may be one person; what was written down first stays."""
        for here, there in ((one, other), (other, one)):
            self.person(here).maybe.setdefault(there, by)

    def maybe(self, customer: int) -> dict[int, tuple[Clue, ...]]:
        """Who this customer may be as well, those only whom the working set knows."""
        found: dict[int, tuple[Clue, ...]] = {}
        for number, by in self.person(customer).maybe.items():
            other = self.survivor(number)
            if other != customer and other in self.persons and not self.kept_apart(customer, other):
                found[other] = max(found.get(other, ()), by, key=worth)
        return dict(sorted(found.items()))

    def merge(self, merge: Merge) -> None:
        loser, survivor = self.person(merge.loser), self.person(merge.survivor)
        seen = dict(survivor.seen)
        for brand, at in loser.seen.items():
            seen[brand] = max(at, seen.get(brand, at))
        self.persons[survivor.id] = replace(
            survivor,
            names=tuple(sorted({*loser.names, *survivor.names})[:NAMES_KEPT]),
            anchored=survivor.anchored or loser.anchored,
            seen=seen,
            about={brand: said_by(loser, survivor, brand) for brand in loser.about.keys() | survivor.about.keys()},
            apart=survivor.apart | loser.apart,
            maybe=loser.maybe | survivor.maybe,
        )
        self.persons.pop(loser.id, None)
        self.merged[loser.id] = survivor.id


def worth(by: tuple[Clue, ...]) -> float:
    return sum(clue.bits for clue in by)


def said_by(one: Person, other: Person, brand: int) -> tuple[str, ...]:
    """What both said at a brand, the one who spoke last at the end."""
    first, last = sorted((one, other), key=lambda person: (str(person.seen.get(brand, "")), person.id))
    return latest(first.about.get(brand, ()), last.about.get(brand, ()))


def latest(words: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    """`more` behind the older words, each once; the oldest fall away."""
    more = tuple(more)
    fresh = frozenset(more)
    return (*(word for word in words if word not in fresh), *more)[-WORDS_KEPT:]


def standing(identity: Identity) -> tuple[bool, int]:
    return (identity.proven, STRENGTH[identity.level])


def freshened(person: Person, recognition: Recognition) -> Person:
    names = [*person.names, *(name for name in recognition.names if name not in person.names)]
    seen = dict(person.seen)
    about, brand = person.about, recognition.brand or 0
    if recognition.about:
        about = about | {brand: latest(about.get(brand, ()), sorted(recognition.about))}
    if recognition.at is not None:
        seen[brand] = max(recognition.at, seen.get(brand, recognition.at))
    return replace(
        person,
        names=tuple(names[:NAMES_KEPT]),
        anchored=person.anchored or recognition.anchored,
        seen=seen,
        about=about,
    )
