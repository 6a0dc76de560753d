"""Who and where for many touches in the order in which they came, and which of them can have to do with each other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from threadline.core.identity import Merge, People, Person, needed, recognise
from threadline.core.stitching import Model, Stories, stitch
from threadline.core.touch import Touch
from threadline.core.understanding import NumberShape, Understanding, understand
from threadline.core.understanding.encoder import Encoder
from threadline.core.understanding.intents import IntentModel
from threadline.core.understanding.meaning import with_intents, with_vectors

Key = tuple[str, str]
MEANT_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Known:
    """What holds for the whole history.

    Args:
        products: lower-case names of everything that was ever sold.
        common: the words of our brands, as `words_of` cuts them.
        shapes: what the numbers look like that this house gives out.
        regions: channel to the country whose telephone numbers are written without a prefix.
        apart: pairs of customers that a human said are two.
        merges: (touch after which it was said, loser, survivor): pairs that a human said are one.
    """

    products: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    shapes: tuple[NumberShape, ...] = ()
    regions: Mapping[int, str] = field(default_factory=dict)
    apart: frozenset[tuple[int, int]] = frozenset()
    merges: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Models:
    """What was learned; each may be missing: rules have to do then, and the weights that come with Threadline."""

    encoder: Encoder | None = None
    intents: IntentModel | None = None
    stitching: Model | None = None


@dataclass(frozen=True, slots=True)
class Concluded:
    """Where one touch stands in the end: merged customers and joined journeys are followed to what remains."""

    touch: int
    customer: int | None
    journey: int | None
    confidence: float
    reason: str


def conclude(touches: Sequence[Touch], known: Known, models: Models) -> list[Concluded]:
    """Recognise and stitch `touches`, given in the order of the ledger. Cost: 1 ms a touch, and the encoder."""
    people = People(persons=kept_apart(known))
    stories = Stories()
    found: list[tuple[int, int | None, int | None, float, str]] = []
    said = sorted(known.merges)
    for touch, understanding in zip(touches, understood(touches, known, models), strict=True):
        while said and said[0][0] < touch.id:
            _after, loser, survivor = said.pop(0)
            merge(people, loser, survivor)
        recognition = recognise(touch, understanding, people, common=known.common)
        people.apply(recognition)
        placed = stitch(touch, understanding, recognition, stories, common=known.common, model=models.stitching)
        stories.apply(placed)
        reason = f"{recognition.decision.reason} {placed.decision.reason}"
        found.append((touch.id, recognition.customer, placed.journey, placed.confidence, reason))
    return [
        Concluded(
            touch,
            None if customer is None else people.survivor(customer),
            None if journey is None else stories.standing(journey),
            confidence,
            reason,
        )
        for touch, customer, journey, confidence, reason in found
    ]


def understood(touches: Sequence[Touch], known: Known, models: Models) -> Iterator[Understanding]:
    """What each touch says, and where there is an encoder, what it means; a few hundred at a time."""
    for start in range(0, len(touches), MEANT_AT_ONCE):
        some = touches[start : start + MEANT_AT_ONCE]
        read = [read_alone(touch, known) for touch in some]
        if models.encoder:
            read = with_vectors(some, read, models.encoder)
        if models.encoder and models.intents:
            read = with_intents(some, read, models.intents, encoder=models.encoder.name)
        yield from read


def read_alone(touch: Touch, known: Known) -> Understanding:
    return understand(
        touch, products=known.products, region=known.regions.get(touch.channel, "GB"), shapes=known.shapes
    )


def links(touches: Iterable[Touch], known: Known) -> Iterator[tuple[int, Key]]:
    """Touch and every key that may tie it to others. Touches that no chain of keys connects never meet."""
    for touch in touches:
        for key in sorted(needed(touch, read_alone(touch, known))):
            yield touch.id, key


def kept_apart(known: Known) -> list[Person]:
    others: dict[int, set[int]] = {}
    for one, other in known.apart:
        others.setdefault(one, set()).add(other)
        others.setdefault(other, set()).add(one)
    return [Person(customer, apart=frozenset(apart)) for customer, apart in sorted(others.items())]


def merge(people: People, loser: int, survivor: int) -> None:
    """A human said so; if both became one in the meantime, nothing is left to do."""
    loser, survivor = people.survivor(loser), people.survivor(survivor)
    if loser != survivor:
        people.merge(Merge(loser, survivor, 0.0, "An agent said that they are one.", ()))
