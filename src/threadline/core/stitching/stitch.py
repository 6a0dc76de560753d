"""Which journey does a touch belong to? All clues are weighed; the best fit wins, or a new journey begins."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from threadline.core.decision import Decision
from threadline.core.identity import Recognition
from threadline.core.stitching.clues import Clues, clues_of
from threadline.core.stitching.features import Features, features
from threadline.core.stitching.model import Model, chances, shipped
from threadline.core.stitching.said import USUAL, Fit, told
from threadline.core.stitching.shapes import Alternative, Join, Journey, Stitch
from threadline.core.stitching.stories import Stories, combined, grown, opened, possible
from threadline.core.stitching.together import JOINS, together
from threadline.core.touch import Direction, Touch
from threadline.core.understanding import Understanding

ALTERNATIVES = 3
WEIGHTY = 0.4  # bits from which a clue is worth saying
SAID = 3


@dataclass(frozen=True, slots=True)
class Fitting:
    """A journey, what the touch has in common with it, what each of that weighs, and how likely it is the one."""

    journey: Journey
    found: Features
    weights: dict[str, float]
    chance: float

    @property
    def bits(self) -> float:
        return sum(self.weights.values())


def customers_needed(recognition: Recognition) -> frozenset[int]:
    """The customers whose journeys must be in the working set before this touch is stitched."""
    losers = {merge.loser for merge in recognition.merges}
    return frozenset(losers | ({recognition.customer} if recognition.customer else set()))


def stitch(
    touch: Touch,
    understanding: Understanding,
    recognition: Recognition,
    stories: Stories,
    *,
    common: frozenset[str] = frozenset(),
    model: Model | None = None,
) -> Stitch:
    """Conclude where the touch belongs, and what became one because its customers did.

    Args:
        common: words that tell nothing here, as `words_of` cuts them: the names of our brands.
        model: the weights; by default those that come with Threadline.
    """
    model = model or shipped()
    customer = recognition.customer
    moved, joins, joined, journeys = gathered(recognition, stories)
    if customer is None or understanding.triage == "noise":
        return noise(understanding, model, moved, joins, joined)
    clues = clues_of(touch, understanding, common)
    ranked = rank(clues, journeys, model)
    new = 1 - sum(fitting.chance for fitting in ranked)
    others = tuple(told_alternative(fitting, clues) for fitting in ranked[:ALTERNATIVES])
    if ranked and ranked[0].chance >= new:
        state = grown(ranked[0].journey, clues)
        decision = decided(ranked[0], clues, model)
        return Stitch(state.id, decision.confidence, decision, False, state, joins, joined, moved, others[1:])
    state, decision = opened(clues, customer), began(ranked, new, clues, model)
    return Stitch(state.id, decision.confidence, decision, True, state, joins, joined, moved, others)


def rank(clues: Clues, journeys: Iterable[Journey], model: Model) -> list[Fitting]:
    """The journeys the touch may belong to, best first; of equals the one with the latest touch."""
    options = [journey for journey in journeys if possible(clues, journey)]
    found = features(clues, options)
    weights = model.weights[clues.touch.direction.value]
    weighed = [weights.weigh(each) for each in found]
    likely = chances([sum(each.values()) for each in weighed])
    fitting = list(map(Fitting, options, found, weighed, likely))
    return sorted(fitting, key=lambda f: (f.chance, f.journey.last_at, f.journey.id), reverse=True)


def gathered(
    recognition: Recognition, stories: Stories
) -> tuple[tuple[tuple[int, int], ...], tuple[Join, ...], tuple[Journey, ...], list[Journey]]:
    """The customer's journeys after their merges: those that move, those that turn out to be one, and what remains."""
    customer = recognition.customer
    if customer is None:
        return (), (), (), []
    own = stories.of(customer)
    moved = [journey for merge in recognition.merges for journey in stories.of(merge.loser)]
    if not moved:
        return (), (), (), own
    arrived = [replace(journey, customer=customer) for journey in sorted(moved, key=lambda journey: journey.id)]
    joins: list[Join] = []
    states: list[Journey] = []
    standing = {journey.id: journey for journey in [*own, *arrived]}
    for journey in arrived:
        join_best(standing, journey.id, {other.id for other in own}, joins, states)
    return tuple((j.id, customer) for j in arrived), tuple(joins), tuple(states), list(standing.values())


def join_best(
    standing: dict[int, Journey], id: int, partners: set[int], joins: list[Join], states: list[Journey]
) -> None:
    """Join one arrived journey with the best fitting of the customer's own, if any fits."""
    journey = standing[id]
    options = [(together(journey, standing[other]), other) for other in sorted(partners & standing.keys())]
    options = [option for option in options if standing[option[1]].brand == journey.brand is not None]
    if not options or max(options)[0] < JOINS:
        return
    bits, other = max(options)
    survivor, loser = min(id, other), max(id, other)
    state = combined(standing[survivor], standing.pop(loser))
    standing[survivor] = state
    partners.add(survivor)
    reason = "Two stories of one customer about one matter."
    joins.append(Join(loser, survivor, round(odds(bits), 3), reason))
    states.append(state)


def odds(bits: float) -> float:
    """Probability from bits of log odds."""
    return float(1 / (1 + 2**-bits))


# ---- in words --------------------------------------------------------------------------------------------------


def decided(chosen: Fitting, clues: Clues, model: Model) -> Decision:
    fits = told(chosen.weights, chosen.found, clues, chosen.journey)
    said = [fit.reason for fit in fits if fit.bits >= WEIGHTY and fit.topic != "base"][:SAID]
    sentence = "; ".join(said) or "their only story that fits"
    return concluded(f"{sentence[0].upper()}{sentence[1:]}.", chosen.chance, fits, model)


def began(ranked: list[Fitting], chance: float, clues: Clues, model: Model) -> Decision:
    if not ranked:
        reason = (
            "We spoke first." if clues.touch.direction == Direction.OUT else "The first we hear of this customer here."
        )
        return concluded(reason, 1.0, (), model)
    fits = told(ranked[0].weights, ranked[0].found, clues, ranked[0].journey)
    against = [fit.reason for fit in fits if fit.bits <= -WEIGHTY and fit.topic != "base"][:SAID]
    reason = f"A new matter: {'; '.join(against)}." if against else "A new matter: nothing ties it to an earlier story."
    return concluded(reason, chance, fits, model)


def concluded(reason: str, chance: float, fits: tuple[Fit, ...], model: Model) -> Decision:
    """`evidence` holds the bits of every clue that spoke, by its words; together they are the log odds against new."""
    evidence: dict[str, object] = {}
    for fit in fits:
        if fit.topic == "base" or abs(fit.bits) >= 0.1:
            evidence[fit.reason] = round(float(str(evidence.get(fit.reason, 0.0))) + fit.bits, 1)
    return Decision("stitch", reason, round(chance, 3), model.version, evidence=evidence)


def told_alternative(fitting: Fitting, clues: Clues) -> Alternative:
    fits = told(fitting.weights, fitting.found, clues, fitting.journey)
    best = max(fits, key=lambda fit: fit.bits if fit.reason != USUAL else -100.0)
    return Alternative(fitting.journey.id, round(fitting.chance, 3), best.reason)


def noise(
    understanding: Understanding,
    model: Model,
    moved: tuple[tuple[int, int], ...],
    joins: tuple[Join, ...],
    joined: tuple[Journey, ...],
) -> Stitch:
    decision = Decision("stitch", f"Belongs to no story. {understanding.decision.reason}", 0.9, model.version)
    return Stitch(None, 0.9, decision, joins=joins, joined=joined, moved=moved)
