"""The picture that shows whether something was as sure as it was right."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.picture.calibration import bins, calibration, off_by

DECISIONS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60)


@given(DECISIONS)
def test_every_decision_counts_once(decisions):
    assert sum(each.count for each in bins(decisions)) == len(decisions)


@given(DECISIONS)
def test_one_dot_for_each_bin_inside_the_frame(decisions):
    found = bins(decisions)
    tree = ElementTree.fromstring(calibration(found, words="Said and stood."))

    dots = [node for node in tree.iter("circle") if node.get("class") == "dot"]
    assert len(dots) == len(found)
    assert all(0 <= float(dot.get("cx")) <= float(tree.get("width")) for dot in dots)
    assert all(0 <= float(dot.get("cy")) <= float(tree.get("height")) for dot in dots)


def test_who_says_nine_in_ten_and_is_right_nine_times_is_off_by_nothing():
    assert off_by(bins([(0.9, number > 0) for number in range(10)])) == pytest.approx(0.0)


def test_who_is_always_sure_and_right_half_the_time_is_off_by_half():
    assert off_by(bins([(1.0, number % 2 == 0) for number in range(10)])) == pytest.approx(0.5)
