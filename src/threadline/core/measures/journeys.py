"""How well touches were given to customers and journeys, in the order in which they came."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from threadline.core.measures.grouping import bcubed_f1, mean, pairwise

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true. `order` holds every touch in time order; our own replies (`ours`) are context and not scored.

    `apart` lists, by kind of trap, pairs of true customers that must never be taken for one.
    """

    order: Sequence[str]
    ours: frozenset[str]
    customer: Mapping[str, str]  # empty where the customer is nobody's business
    journey: Mapping[str, str]
    noise: frozenset[str]
    apart: Mapping[str, Sequence[Pair]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was concluded: touch to customer, and touch to journey. Missing or empty: none."""

    customer: Mapping[str, str]
    journey: Mapping[str, str]

    def complete(self, order: Sequence[str]) -> "Answer":
        """The same, with a group of its own for every touch that has none."""
        return Answer(
            {touch: self.customer.get(touch) or f"~{touch}" for touch in order},
            {touch: self.journey.get(touch) or f"~{touch}" for touch in order},
        )


def judge(truth: Truth, answer: Answer) -> dict[str, float]:
    """All measures. Headline ones are over what customers did, without noise."""
    found = answer.complete(truth.order)
    scored = [touch for touch in truth.order if touch not in truth.noise and touch not in truth.ours]
    known = [touch for touch in scored if truth.customer.get(touch)]
    new, right = _as_they_came(truth, found)
    continued = [touch for touch in scored if touch in right]
    return {
        "journey_bcubed_f1": bcubed_f1(scored, truth.journey, found.journey),
        "journey_pairwise_f1": pairwise(scored, truth.journey, found.journey)[2],
        "right_journey_given_continue": mean(right[touch] for touch in continued),
        "new_vs_continue_accuracy": mean(new[touch] for touch in scored),
        "customer_pairwise_f1": pairwise(known, truth.customer, found.customer)[2],
        "customer_bcubed_f1": bcubed_f1(known, truth.customer, found.customer),
        **_noise(truth, answer),
        **breaches(truth, found),
    }


def _as_they_came(truth: Truth, found: Answer) -> tuple[dict[str, bool], dict[str, bool]]:
    """For each touch, was it rightly called new or continuing; for each continuing one, did most of what stood in
    its found journey until then belong to its true one. Our replies count for what is first."""
    begun: set[str] = set()
    standing: defaultdict[str, Counter[str]] = defaultdict(Counter)
    new: dict[str, bool] = {}
    right: dict[str, bool] = {}
    for touch in truth.order:
        if touch in truth.noise:
            continue
        journey, before = truth.journey[touch], standing[found.journey[touch]]
        total = before.total()
        new[touch] = (total == 0) == (journey not in begun)
        if journey in begun:
            right[touch] = total > 0 and before[journey] * 2 > total
        begun.add(journey)
        before[journey] += 1
    return new, right


def _noise(truth: Truth, answer: Answer) -> dict[str, float]:
    """Noise is found where a touch was given to no journey."""
    homeless = {touch for touch in truth.order if not answer.journey.get(touch)}
    hits = len(truth.noise & homeless)
    return {
        "noise_recall": hits / len(truth.noise) if truth.noise else 1.0,
        "noise_precision": hits / len(homeless) if homeless else 1.0,
    }


def breaches(truth: Truth, found: Answer) -> dict[str, float]:
    """How many pairs that must stay apart share a found customer: in all, and by kind of trap."""
    homes: defaultdict[str, set[str]] = defaultdict(set)
    for touch in truth.order:
        if touch not in truth.noise and truth.customer.get(touch):
            homes[truth.customer[touch]].add(found.customer[touch])
    counts = {
        f"must_not_merge_{kind}_breaches": float(sum(not homes[one].isdisjoint(homes[other]) for one, other in pairs))
        for kind, pairs in sorted(truth.apart.items())
    }
    return {"must_not_merge_breaches": sum(counts.values()), **counts}
