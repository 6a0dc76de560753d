"""What somebody wants: learned from examples, sure or not, and kept as numbers. All texts are invented."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadline.core.understanding.encoder import default_encoder
from threadline.core.understanding.intents import Example, IntentModel, default_tree, examples_of, shipped_model
from threadline.core.understanding.intents.features import BUCKETS, rarity, spelling
from threadline.core.understanding.intents.kernel import Postings
from threadline.core.understanding.intents.training import TooLittle, Trained, folds, landmarks, train

DELIVERY = [
    "Where is my parcel?",
    "My parcel has not come",
    "When does my parcel arrive?",
    "The parcel is late",
    "Still no parcel here",
    "Has my parcel been sent?",
]
HOURS = [
    "When do you open?",
    "Are you open on Sunday?",
    "Opening hours please",
    "What time do you close?",
    "Is the shop open today?",
    "Until when are you open?",
]
NEITHER = [
    "Tell me a joke",
    "How old is the moon?",
    "I like turtles",
    "Cook me a risotto",
    "Who won the match?",
    "Sing a song for me",
]


def labelled(**texts: list[str]) -> list[Example]:
    return [Example(text, "" if name == "none" else name) for name, many in texts.items() for text in many]


@cache
def small() -> Trained:
    examples = labelled(delivery=DELIVERY, hours=HOURS, none=NEITHER)
    vectors = default_encoder().encode([each.text for each in examples])
    return train(examples, vectors, version="test-1", encoder="minilm-l6-v2-int8")


def test_a_new_wording_finds_its_intent_and_the_example_it_is_like():
    texts = ["My parcel still has not arrived", "Is the shop open on Sunday?"]

    found = small().model.guess(texts, default_encoder().encode(texts))

    assert [guess.name for guess in found] == ["delivery", "hours"]
    assert found[0].like in DELIVERY
    assert found[0].second == "hours"


def test_what_belongs_to_no_intent_is_not_answered():
    texts = ["Tell me a story about turtles"]

    [guess] = small().model.guess(texts, default_encoder().encode(texts))

    assert not guess.sure
    assert guess.confidence < 0.5


def test_the_report_tells_of_each_intent_how_it_fared():
    trained = small()

    assert {each.name: each.texts for each in trained.measured} == {"delivery": 6, "hours": 6}
    assert trained.accuracy > 0.8
    assert all(0 <= each.precision <= 1 and 0 <= each.recall <= 1 for each in trained.measured)


def test_a_model_is_the_same_after_it_was_kept():
    model, texts = small().model, [*DELIVERY, *HOURS, "something else"]
    vectors = default_encoder().encode(texts)

    again = IntentModel.from_bytes(model.to_bytes())

    assert again.names == model.names
    assert again.version == "test-1"
    before, after = model.guess(texts, vectors), again.guess(texts, vectors)
    assert [guess.name for guess in after] == [guess.name for guess in before]
    assert [g.confidence for g in after] == pytest.approx([g.confidence for g in before], abs=0.02)


@pytest.mark.parametrize(
    ("examples", "words"),
    [
        ([], "Only 0 intents have examples"),
        (labelled(delivery=DELIVERY), "Only 1 intents have examples"),
        (labelled(delivery=DELIVERY, hours=HOURS[:3]), "“hours” has 3"),
    ],
)
def test_too_little_is_refused_with_the_reason(examples: list[Example], words: str):
    with pytest.raises(TooLittle, match=words):
        train(examples, np.zeros((len(examples), 4), np.float32), version="x", encoder="y")


def test_the_tree_that_comes_along_can_be_learned_from():
    tree = default_tree()
    named = [node for node in tree if node.name]

    assert len(named) >= 40
    assert len({node.name for node in named}) == len(named)
    assert all(node.parent and len(node.examples) >= 24 for node in named)
    texts = [each.text for each in examples_of(tree)]
    assert len(texts) - len(set(texts)) <= 4, "few texts stand twice (hello, in two languages)"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The parcel tracking says nothing new for days, where is my order?", "Where is my order"),
        ("is this covered by warranty", "Warranty"),
        ("The app keeps crashing when I open it", "Website or app does not work"),
        ("Why was I charged two times???", "Charged wrongly"),
        ("what are your opening hours on bank holidays", "Opening hours and stores"),
        ("Wo bleibt mein Paket denn?", "Where is my order"),
    ],
)
def test_the_model_that_comes_along_knows_everyday_wishes(text: str, name: str):
    [guess] = shipped_model().guess([text], default_encoder().encode([text]))

    assert (guess.name, guess.sure) == (name, True)


def test_the_model_that_comes_along_leaves_other_matters_alone():
    texts = ["what a nice day", "how do I make pancakes", "My cat has learned to open doors"]

    assert not any(guess.sure for guess in shipped_model().guess(texts, default_encoder().encode(texts)))


def test_every_fold_holds_its_share_of_each_intent():
    truth = np.array([0] * 10 + [1] * 7 + [-1] * 5)

    fold = folds(truth, 5)

    assert [int((fold[:10] == number).sum()) for number in range(5)] == [2] * 5
    assert {int((fold[10:17] == number).sum()) for number in range(5)} == {1, 2}


def test_of_very_many_texts_an_even_sample_is_kept():
    truth = np.array([0] * 900 + [1] * 100)

    known = landmarks(truth, most=100)

    assert len(known) == 100
    assert int((truth[known] == 1).sum()) == 10


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="abcd e!", max_size=30), min_size=1, max_size=8), st.text(alphabet="abcd e!"))
def test_cosines_by_postings_are_those_by_hand(known: list[str], asked: str):
    weights = rarity(known)
    spelled = [spelling(text, weights) for text in known]

    found = Postings.of(spelled).cosines(spelling(asked, weights))

    assert found == pytest.approx([by_hand(each, spelling(asked, weights)) for each in spelled], abs=1e-5)
    assert (found <= 1.00001).all()


def by_hand(one, other) -> float:
    wide = np.zeros((2, BUCKETS), np.float32)
    wide[0, one[0]], wide[1, other[0]] = one[1], other[1]
    return float(wide[0] @ wide[1])
