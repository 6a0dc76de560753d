"""Journeys that arrive because two customers turned out to be one: which of them are one experience with an own one?"""

from dataclasses import dataclass, replace

from threadline.core.identity import Recognition
from threadline.core.stitching.model import Model, chances
from threadline.core.stitching.said import told_join
from threadline.core.stitching.shapes import Join, Journey
from threadline.core.stitching.stories import Stories, combined
from threadline.core.stitching.together import JOIN, join_features


@dataclass(frozen=True, slots=True)
class Gathered:
    """The customer's journeys after their merges: what moved, what turned out to be one, and what remains."""

    journeys: list[Journey]
    moved: tuple[tuple[int, int], ...] = ()
    joins: tuple[Join, ...] = ()
    joined: tuple[Journey, ...] = ()


def gathered(recognition: Recognition, stories: Stories, model: Model) -> Gathered:
    customer = recognition.customer
    if customer is None:
        return Gathered([])
    own = stories.of(customer)
    moved = [journey for merge in recognition.merges for journey in stories.of(merge.loser)]
    if not moved:
        return Gathered(own)
    arrived = [replace(journey, customer=customer) for journey in sorted(moved, key=lambda journey: journey.id)]
    standing = {journey.id: journey for journey in [*own, *arrived]}
    partners = {journey.id for journey in own}
    joins: list[Join] = []
    states: list[Journey] = []
    for journey in arrived:
        found = best_partner(journey, [standing[id] for id in sorted(partners & standing.keys())], model)
        if found is None:
            continue
        join, state = found
        standing.pop(join.loser)
        standing[join.survivor] = state
        partners.add(join.survivor)
        joins.append(join)
        states.append(state)
    return Gathered(list(standing.values()), tuple((j.id, customer) for j in arrived), tuple(joins), tuple(states))


def best_partner(journey: Journey, others: list[Journey], model: Model) -> tuple[Join, Journey] | None:
    """The join with the likeliest of the others, and what it gives; None where staying alone is likelier."""
    options = [other for other in others if other.brand == journey.brand is not None]
    weights = model.weights.get(JOIN)
    if not options or weights is None:
        return None
    found = join_features(journey, options)
    weighed = [weights.weigh(each) for each in found]
    likely = chances([sum(each.values()) for each in weighed])
    best = max(range(len(options)), key=lambda number: (likely[number], options[number].id))
    if likely[best] < 1 - sum(likely):
        return None
    survivor, loser = sorted((journey, options[best]), key=lambda each: each.id)
    reason = told_join(weighed[best], survivor, loser)
    return Join(loser.id, survivor.id, round(likely[best], 3), reason), combined(survivor, loser)
