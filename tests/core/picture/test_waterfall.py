"""The picture of how evidence adds up."""

import re
from functools import reduce
from operator import add
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from threadline.core.picture.waterfall import Clue, signed, waterfall

BITS = st.floats(-60, 60, allow_nan=False)


def drawn(clues, start=0.0):
    return waterfall(clues, start=Clue("Before looking", start), asks=8.0, joins=15.0, words="In all.")


@given(st.lists(st.builds(Clue, st.text(max_size=80), BITS), max_size=12), BITS)
def test_whatever_the_evidence_it_is_well_formed_and_ends_at_the_sum(clues, start):
    tree = ElementTree.fromstring(drawn(clues, start))

    said = [node.text for node in tree.iter("text") if node.get("class", "").startswith("bits")]
    assert said[-1] == signed(reduce(add, (clue.bits for clue in clues), start))
    assert (
        len([node for node in tree.iter("rect") if node.get("class") in ("for", "against", "start")]) == len(clues) + 1
    )


@given(st.lists(st.builds(Clue, st.just("x"), BITS), max_size=12), BITS)
def test_nothing_lies_outside_the_frame(clues, start):
    tree = ElementTree.fromstring(drawn(clues, start))

    for node in tree.iter("rect"):
        assert float(node.get("x")) >= 0
        assert float(node.get("x")) + float(node.get("width")) <= 762


def test_next_to_nothing_has_no_minus():
    assert [signed(-0.04), signed(-0.06), signed(0.04)] == ["+0.0", "−0.1", "+0.0"]


def test_what_somebody_wrote_can_not_become_part_of_the_page():
    assert "<script" not in drawn([Clue("<script>alert(1)</script>", 3.0)])


def test_what_speaks_against_is_told_apart_by_shape_sign_and_class():
    picture = drawn([Clue("Same phone", 11.6), Clue("Another first name", -2.9)])

    assert re.search(r'class="against"', picture)
    assert "−2.9" in picture
    assert "+11.6" in picture
