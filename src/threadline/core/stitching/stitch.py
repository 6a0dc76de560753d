"""Which journey does a touch belong to? All clues are weighed; the best fit wins, or a new journey begins."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from threadline.core.decision import Decision
from threadline.core.identity import Recognition
from threadline.core.stitching.clues import Clues, Fit, clues_of, fits, later_of, when_joined
from threadline.core.stitching.shapes import Alternative, Join, Journey, Stitch
from threadline.core.stitching.stories import Stories, combined, grown, opened
from threadline.core.touch import Direction, Touch
from threadline.core.understanding import Understanding

VERSION = "stitching-rules-1"
BELONGS = 0.0  # bits from which a touch belongs to a journey rather than to a new one
JOINS = 0.5
ALTERNATIVES = 3
WEIGHTY = 0.5  # bits from which a clue is worth saying


@dataclass(frozen=True, slots=True)
class Fitting:
    """A journey, and everything that spoke for or against it."""

    journey: Journey
    bits: float
    clues: tuple[Fit, ...]


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
) -> Stitch:
    """Conclude where the touch belongs, and what became one because its customers did.

    Args:
        common: words that tell nothing here, as `words_of` cuts them: the names of our brands.
    """
    customer = recognition.customer
    moved, joins, joined, journeys = gathered(recognition, stories)
    if customer is None or understanding.triage == "noise":
        return noise(understanding, moved, joins, joined)
    clues = clues_of(touch, understanding, common)
    ranked = rank(clues, journeys)
    alternatives = tuple(told_alternative(fitting) for fitting in ranked[:ALTERNATIVES])
    if ranked and ranked[0].bits >= BELONGS:
        chosen = ranked[0]
        state, sure = grown(chosen.journey, clues), confidence(ranked)
        decision = decided(chosen, sure)
        return Stitch(state.id, sure, decision, False, state, joins, joined, moved, alternatives[1:])
    state, sure = opened(clues, customer), 1 - odds(ranked[0].bits if ranked else -4.0)
    return Stitch(state.id, sure, began(ranked, sure, touch), True, state, joins, joined, moved, alternatives)


def rank(clues: Clues, journeys: Iterable[Journey]) -> list[Fitting]:
    """The journeys the touch may belong to, best first; of equals the one with the latest touch."""
    fitting = [weighed(clues, journey) for journey in journeys if possible(clues, journey)]
    return sorted(fitting, key=lambda f: (f.bits, f.journey.last_at, f.journey.id), reverse=True)


def possible(clues: Clues, journey: Journey) -> bool:
    """Brands never mix; where one side has none, a shared reference must speak."""
    if clues.touch.brand == journey.brand and journey.brand is not None:
        return True
    if clues.touch.brand is not None and journey.brand is not None:
        return False
    return bool(clues.references & journey.references) or (clues.touch.brand == journey.brand)


def weighed(clues: Clues, journey: Journey) -> Fitting:
    found = tuple(fits(clues, journey))
    return Fitting(journey, sum(fit.bits for fit in found), found)


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


def together(one: Journey, other: Journey) -> float:
    return when_joined(*later_of(one, other))


def odds(bits: float) -> float:
    """Probability from bits of log odds."""
    return float(1 / (1 + 2**-bits))


def confidence(ranked: list[Fitting]) -> float:
    """How sure the best is, against opening a new journey and against the second best."""
    first = ranked[0].bits
    rival = ranked[1].bits if len(ranked) > 1 else -20.0
    return round(odds(first) * odds(first - rival), 3)


def decided(chosen: Fitting, sure: float) -> Decision:
    said = [fit.reason for fit in sorted(chosen.clues, key=lambda fit: -fit.bits) if fit.bits >= WEIGHTY and fit.reason]
    sentence = "; ".join(said[:3]) or "the only open matter"
    evidence = {fit.reason: round(fit.bits, 1) for fit in chosen.clues if fit.reason}
    return Decision("stitch", f"{sentence[0].upper()}{sentence[1:]}.", sure, VERSION, evidence=evidence)


def began(ranked: list[Fitting], sure: float, touch: Touch) -> Decision:
    if not ranked:
        reason = "The first we hear of this customer here."
    else:
        against = min(ranked[0].clues, key=lambda fit: fit.bits).reason
        reason = f"A new matter: {against}." if against else "A new matter."
    if touch.direction == Direction.OUT and not ranked:
        reason = "We spoke first."
    return Decision("stitch", reason, round(sure, 3), VERSION)


def told_alternative(fitting: Fitting) -> Alternative:
    best = max(fitting.clues, key=lambda fit: fit.bits)
    return Alternative(fitting.journey.id, round(odds(fitting.bits), 3), best.reason)


def noise(
    understanding: Understanding,
    moved: tuple[tuple[int, int], ...],
    joins: tuple[Join, ...],
    joined: tuple[Journey, ...],
) -> Stitch:
    decision = Decision("stitch", f"Belongs to no story. {understanding.decision.reason}", 0.9, VERSION)
    return Stitch(None, 0.9, decision, joins=joins, joined=joined, moved=moved)
