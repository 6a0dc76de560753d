"""Weights are learned from histories, add up, read out in words, and grow with the evidence."""

import json
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.engines import START, Desk, observed, touch
from threadline.core.stitching import Model, shipped
from threadline.core.stitching.clues import clues_of
from threadline.core.stitching.features import features
from threadline.core.stitching.model import Steps, Weights, chances
from threadline.core.stitching.said import TOPICS
from threadline.core.stitching.shapes import Journey
from threadline.core.stitching.stories import Stories, combined, grown, opened
from threadline.core.stitching.training import Choice, Placed, choices, fit, quality
from threadline.core.stitching.vectors import mean_of, mean_with, packed, rounded, unpacked
from threadline.core.touch import Direction
from threadline.core.understanding import understand

ANA = (observed("email", "ana@example.com"),)


def placed(number: int, text: str, hours: float, journey: str, **more: object) -> Placed:
    customer = int(more.pop("customer", 1))
    item = touch(number, text, hours=hours, handles=ANA, **more)
    return Placed(item, understand(item), customer, journey)


def history(customers: int = 40) -> list[Placed]:
    """Everybody writes twice on one day about one thing, and months later about another."""
    told = []
    for number in range(customers):
        told += [
            placed(number * 10 + 1, "my kettle leaks", number, f"{number} kettle", customer=number),
            placed(number * 10 + 2, "any news about the kettle?", number + 2, f"{number} kettle", customer=number),
            placed(number * 10 + 3, "do you sell oak benches", number + 3000, f"{number} bench", customer=number),
        ]
    return sorted(told, key=lambda each: each.touch.at)


def learned() -> tuple[Model, list[Choice]]:
    seen = list(choices(history()))
    return fit(seen, version="test", about={}), seen


def test_what_is_learned_is_right_about_customers_never_seen():
    model, _ = learned()
    fresh = list(choices(history(customers=7)))

    assert quality(model, fresh).right == 1
    assert quality(model, fresh).bits < 0.3


def test_a_model_is_the_same_after_being_stored_as_json():
    written = shipped().written()

    assert Model.read(json.loads(json.dumps(written))).written() == written


def test_few_choices_move_an_earlier_model_only_where_they_speak():
    earlier, seen = learned()

    later = fit(seen[:3], version="later", about={}, ridge=1.0, prior=earlier)

    assert quality(later, seen).right == 1
    assert later.weights["in"].clues.keys() >= earlier.weights["in"].clues.keys()


def test_learning_without_choices_gives_a_model_without_opinions():
    assert fit([], version="empty", about={}).weights == {}


def test_every_learned_clue_has_its_topic_to_be_said_in():
    names = {name for way, weights in shipped().weights.items() if way != "join" for name in weights.clues}

    assert names <= TOPICS.keys()


def test_the_evidence_of_a_decision_adds_up_to_its_odds():
    desk = Desk()
    desk.receive(touch(1, "The kettle I bought leaks. Order 4711009.", handles=ANA, thread=10))

    _, found = desk.receive(touch(2, "Any news? Order 4711009", hours=30, handles=ANA, thread=10))

    bits = sum(float(str(each)) for each in found.decision.evidence.values())
    assert found.confidence == pytest.approx(1 / (1 + 2**-bits), abs=0.05)
    assert found.decision.reason.startswith("Same order 4711009;")


@given(st.integers(1, 90), st.sampled_from(["email", "x", "chat", "phone", "whatsapp"]))
def test_naming_the_same_order_never_makes_it_less_likely_that_a_touch_belongs(days: int, kind: str):
    desk = Desk()
    desk.receive(touch(1, "The kettle I bought leaks. Order 4711009.", handles=ANA, thread=10))
    (journey,) = desk.stories.journeys.values()
    silent = touch(2, "what is going on with it", hours=24.0 * days, kind=kind, handles=ANA)
    plain = clues_of(silent, understand(silent))
    proof = clues_of(silent, understand(silent), frozenset())
    proof = type(proof)(**{name: getattr(proof, name) for name in proof.__slots__} | {"references": journey.references})
    weights = shipped().weights_for("in", read=False)

    without, with_it = (sum(weights.weigh(features(each, [journey])[0]).values()) for each in (plain, proof))

    assert with_it > without


def test_steps_hold_from_their_edge_on():
    steps = Steps((1.0, 5.0), {"": [3.0, 1.0, -2.0], "email": [0.0, 0.5, 0.5]})

    assert [steps.at(hours) for hours in (0.0, 1.0, 4.9, 5.0)] == [3.0, 1.0, 1.0, -2.0]
    assert (steps.at(("email", 2.0)), steps.at(("fax", 2.0)), steps.at("fax")) == (0.5, 0.0, 0.0)
    assert Weights(-1.0, {"silence": steps}).weigh({"silence": 9.0, "unheard": 1.0}) == {"": -1.0, "silence": -2.0}


@given(st.lists(st.floats(-60, 60), max_size=8))
def test_chances_of_all_journeys_and_a_new_one_make_one(bits: list[float]):
    found = chances(bits)

    assert 0 <= sum(found) <= 1 + 1e-9
    by_bits = [chance for _, chance in sorted(zip(bits, found, strict=True))]
    assert by_bits == sorted(by_bits)


# ---- meanings --------------------------------------------------------------------------------------------------


def vector(seed: int, size: int = 8) -> np.ndarray:
    each = np.random.default_rng(seed).normal(size=size).astype(np.float32)
    return each / np.linalg.norm(each)


def meant(number: int, seed: int, **more: object) -> object:
    item = touch(number, f"text {number}", hours=number, handles=ANA, **more)
    known = understand(item)
    return clues_of(item, type(known)(**{n: getattr(known, n) for n in known.__slots__} | {"vector": vector(seed)}))


def test_a_journey_keeps_the_first_the_last_and_the_mean_of_what_was_meant():
    journey = opened(meant(1, 1), 1)
    for number in (2, 3):
        journey = grown(journey, meant(number, number))
    journey = grown(journey, meant(4, 4, direction=Direction.OUT))

    kept = {name: unpacked(each) for name, each in journey.vectors.items()}
    assert np.allclose(kept["first"], vector(1), atol=1e-3)
    assert np.allclose(kept["heard"], vector(3), atol=1e-3)
    assert np.allclose(kept["said"], vector(4), atol=1e-3)
    assert np.allclose(kept["mean"], np.mean([vector(1), vector(2), vector(3)], axis=0), atol=3e-3)
    assert journey.weighed == 3


def test_two_journeys_that_become_one_mean_what_both_meant():
    one, other = opened(meant(1, 1), 1), grown(opened(meant(2, 2), 1), meant(3, 3))

    both = combined(one, other)

    assert np.allclose(unpacked(both.vectors["mean"]), np.mean([vector(n) for n in (1, 2, 3)], axis=0), atol=3e-3)
    assert (both.vectors["first"], both.vectors["heard"]) == (one.vectors["first"], other.vectors["heard"])


def test_meanings_of_another_encoder_are_not_compared():
    journey = opened(meant(1, 1), 1)
    other = rounded(vector(2, size=4))
    assert other is not None

    assert mean_with(journey.vectors["mean"], 1, other) == packed(other)
    assert mean_of(None, 0, journey.vectors["mean"], 1) == journey.vectors["mean"]


def test_journeys_of_merged_customers_are_choices_too():
    told = [
        placed(1, "my kettle leaks", 0, "kettle", customer=1, kind="x"),
        placed(2, "my kettle leaks all over", 2, "kettle", customer=2),
    ]
    proof = placed(3, "any news?", 5, "kettle", customer=1)
    told.append(Placed(proof.touch, proof.understanding, 1, "kettle", merges=((2, 1),)))

    found = list(choices(told))

    assert [(choice.direction, choice.right) for choice in found] == [("join", 0), ("in", 0)]


def test_a_customer_with_many_stories_is_asked_about_the_latest_of_them():
    stories = Stories(
        Journey(id=n, customer=1, brand=1, opened_at=START, last_at=START + timedelta(days=n)) for n in range(1, 90)
    )

    assert [journey.id for journey in stories.of(1)][:3] == [89, 88, 87]
