"""What the measures say of small groupings that can be reckoned by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.measures import Answer, Truth, bcubed, judge, pairwise
from threadline.core.measures.grouping import bcubed_f1

LABELS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.sampled_from("xyz"), min_size=1)


def test_each_item_has_the_precision_of_its_found_group_and_the_recall_of_its_true_one():
    true, found = {"a": 1, "b": 1, "c": 2}, {"a": 1, "b": 2, "c": 2}

    assert bcubed("abc", true, found) == {"a": (1.0, 0.5), "b": (0.5, 0.5), "c": (0.5, 1.0)}


def test_pairs_found_among_pairs_that_are_true():
    true, found = {"a": 1, "b": 1, "c": 1, "d": 2}, {"a": 1, "b": 1, "c": 2, "d": 2}

    assert pairwise("abcd", true, found) == (0.5, pytest.approx(1 / 3), pytest.approx(0.4))


@given(LABELS)
def test_a_grouping_is_equal_to_itself(grouping: dict[str, str]):
    assert bcubed_f1(list(grouping), grouping, grouping) == pytest.approx(1)
    assert pairwise(list(grouping), grouping, grouping)[0] == 1.0


@given(LABELS)
def test_names_of_groups_do_not_matter(grouping: dict[str, str]):
    renamed = {item: f"other {label}" for item, label in grouping.items()}

    assert bcubed_f1(list(grouping), grouping, renamed) == pytest.approx(1)


TRUTH = Truth(
    order=["mail", "reply", "tweet", "spam", "other"],
    ours=frozenset({"reply"}),
    customer={"mail": "ana", "reply": "ana", "tweet": "ana", "other": "ben"},
    journey={"mail": "kettle", "reply": "kettle", "tweet": "kettle", "other": "lamp"},
    noise=frozenset({"spam"}),
    apart={"same_name": [("ana", "ben")]},
)


def test_the_right_answer_is_perfect():
    measured = judge(TRUTH, Answer(TRUTH.customer, TRUTH.journey))

    assert measured["journey_bcubed_f1"] == measured["customer_pairwise_f1"] == 1.0
    assert measured["right_journey_given_continue"] == measured["new_vs_continue_accuracy"] == 1.0
    assert (measured["noise_recall"], measured["noise_precision"]) == (1.0, 1.0)
    assert measured["must_not_merge_breaches"] == 0


def test_a_touch_that_opened_a_journey_of_its_own_counts_as_wrongly_new():
    measured = judge(TRUTH, Answer(TRUTH.customer, TRUTH.journey | {"tweet": "another"}))

    assert measured["new_vs_continue_accuracy"] == pytest.approx(2 / 3)
    assert measured["right_journey_given_continue"] == 0.0


def test_two_people_taken_for_one_are_a_breach_of_their_kind():
    measured = judge(TRUTH, Answer(TRUTH.customer | {"other": "ana"}, TRUTH.journey))

    assert measured["must_not_merge_same_name_breaches"] == measured["must_not_merge_breaches"] == 1


def test_our_own_replies_are_context_and_not_scored():
    wrong_reply = TRUTH.journey | {"reply": "elsewhere"}

    assert judge(TRUTH, Answer(TRUTH.customer, wrong_reply))["journey_bcubed_f1"] == 1.0


def test_a_touch_without_an_answer_stands_alone():
    measured = judge(TRUTH, Answer({}, {}))

    assert measured["customer_pairwise_f1"] == 0.0
    assert (measured["noise_recall"], measured["noise_precision"]) == (1.0, pytest.approx(1 / 5))
