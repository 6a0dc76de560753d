"""Stitching alone, once more in memory, on what the pipeline recognised and understood."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from threadline.core.decision import Decision
from threadline.core.identity import Recognition
from threadline.core.identity.shapes import Merge
from threadline.core.measures import Answer, Truth
from threadline.core.stitching import Model, Stories, stitch
from threadline.core.stitching.training import Choice, Placed, choices, fit
from threadline.interactions.models import IntakeEntry
from threadline.journeys.history import history
from threadline.journeys.memory import brand_words

FOLDS = 5
NOISE = "noise "
KNOWN = Decision("recognise", "Recognised before.", 1.0, "stored")


def told(truth: Truth, *, noise: bool = False) -> list[Placed]:
    """The touches of a labelled set as the pipeline left them, each with its true journey; noise only if wanted."""
    labels = {}
    for touch, name in names().items():
        journey = truth.journey.get(name)
        if journey and name not in truth.noise:
            labels[touch] = journey
        elif noise:
            labels[touch] = f"{NOISE}{name}"
    return list(history(labels))


def names() -> dict[int, str]:
    """Stored touch to its id in the set."""
    return dict(IntakeEntry.objects.filter(duplicate_of=None).values_list("pk", "external_id"))


def learn(stream: Sequence[Placed], *, common: frozenset[str]) -> Model:
    return learned_from(choices_in(stream, common))


def choices_in(stream: Sequence[Placed], common: frozenset[str]) -> list[Choice]:
    return list(choices((placed for placed in stream if not placed.journey.startswith(NOISE)), common))


def learned_from(seen: Sequence[Choice]) -> Model:
    return fit(seen, version="learned-for-this-measurement", about={"choices": len(seen)})


def with_true_customers(stream: Sequence[Placed], truth: Truth) -> list[Placed]:
    """As if everybody had always been recognised rightly."""
    called = names()
    numbers: dict[str, int] = {}
    found = []
    for placed in stream:
        person = truth.customer.get(called[placed.touch.id]) or called[placed.touch.id]
        number = numbers.setdefault(person, placed.touch.id)
        found.append(replace(placed, customer=number, merges=()))
    return found


def rerun(stream: Sequence[Placed], truth: Truth, model: Model | None) -> Answer:
    """Where stitching puts every touch: with this model, or each customer with one learned from other customers."""
    common, group = brand_words(), groups(stream, truth)
    models = [model] * FOLDS if model else learned_apart(choices_in(stream, common), group)
    stories, called = Stories(), names()
    homes: dict[str, int] = {}
    for placed in stream:
        chosen = models[group[placed.customer] % FOLDS]
        found = stitch(placed.touch, placed.understanding, recognised(placed), stories, common=common, model=chosen)
        stories.apply(found)
        if found.journey is not None:
            homes[called[placed.touch.id]] = found.journey
    return Answer({}, {touch: str(stories.standing(journey)) for touch, journey in homes.items()})


def learned_apart(seen: Sequence[Choice], group: Mapping[int, int]) -> list[Model]:
    """For each part of the customers a model learned from all others."""
    return [
        learned_from([choice for choice in seen if group[choice.customer] % FOLDS != fold]) for fold in range(FOLDS)
    ]


def recognised(placed: Placed) -> Recognition:
    merges = tuple(Merge(loser, survivor, 0.0, "", ()) for loser, survivor in placed.merges)
    return Recognition(placed.customer, KNOWN, at=placed.touch.at, brand=placed.touch.brand, merges=merges)


def groups(stream: Iterable[Placed], truth: Truth) -> dict[int, int]:
    """Customer to its group: found and true customers that touch each other are in one, so that folds share nobody."""
    called, parent = names(), dict[object, object]()

    def root(each: object) -> object:
        while parent.setdefault(each, each) != each:
            each = parent[each]
        return each

    found: set[int] = set()
    for placed in stream:
        found |= {placed.customer, *(survivor for _, survivor in placed.merges)}
        person = truth.customer.get(called[placed.touch.id])
        pairs = [*placed.merges, *([(person, placed.customer)] if person else [])]
        for one, other in pairs:
            parent[root(other)] = root(one)
    numbers: dict[object, int] = {}
    return {customer: numbers.setdefault(root(customer), len(numbers)) for customer in sorted(found)}
