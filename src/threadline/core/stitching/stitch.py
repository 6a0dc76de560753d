"""Which journey does a touch belong to? All clues are weighed; the best fit wins, or a new journey begins."""

from collections.abc import Iterable
from dataclasses import dataclass

from threadline.core.decision import Decision
from threadline.core.identity import Recognition
from threadline.core.stitching.arrivals import Gathered, gathered
from threadline.core.stitching.clues import Clues, clues_of
from threadline.core.stitching.features import Features, features
from threadline.core.stitching.model import Model, chances, shipped
from threadline.core.stitching.noticing import noticed
from threadline.core.stitching.said import USUAL, Fit, told
from threadline.core.stitching.shapes import Alternative, Journey, Stitch
from threadline.core.stitching.stories import Stories, grown, opened, possible
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
    at_hand = gathered(recognition, stories, model)
    if customer is None or understanding.triage == "noise":
        return placed(noise(understanding, model), at_hand)
    clues = clues_of(touch, understanding, common)
    ranked = rank(clues, at_hand.journeys, model)
    new = 1 - sum(fitting.chance for fitting in ranked)
    others = tuple(told_alternative(fitting, clues) for fitting in ranked[:ALTERNATIVES])
    if ranked and ranked[0].chance >= new:
        state = grown(ranked[0].journey, clues)
        seen = noticed(ranked[0].journey, clues)
        return placed(decided(ranked[0], clues, model), at_hand, state=state, others=others[1:], seen=seen)
    state = opened(clues, customer)
    return placed(began(ranked, new, clues, model), at_hand, state=state, new=True, others=others)


def placed(
    decision: Decision,
    at_hand: Gathered,
    *,
    state: Journey | None = None,
    new: bool = False,
    others: tuple[Alternative, ...] = (),
    seen: tuple[str, ...] = (),
) -> Stitch:
    return Stitch(
        journey=state.id if state else None,
        confidence=decision.confidence,
        decision=decision,
        is_new=new,
        state=state,
        joins=at_hand.joins,
        joined=at_hand.joined,
        moved=at_hand.moved,
        alternatives=others,
        noticed=seen,
    )


def rank(clues: Clues, journeys: Iterable[Journey], model: Model) -> list[Fitting]:
    """The journeys the touch may belong to, best first; of equals the one with the latest touch."""
    options = [journey for journey in journeys if possible(clues, journey)]
    found = features(clues, options)
    weights = model.weights_for(clues.touch.direction.value, read=clues.vector is not None)
    weighed = [weights.weigh(each) for each in found]
    likely = chances([sum(each.values()) for each in weighed])
    fitting = list(map(Fitting, options, found, weighed, likely))
    return sorted(fitting, key=lambda f: (f.chance, f.journey.last_at, f.journey.id), reverse=True)


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


def noise(understanding: Understanding, model: Model) -> Decision:
    return Decision("stitch", f"Belongs to no story. {understanding.decision.reason}", 0.9, model.version)
