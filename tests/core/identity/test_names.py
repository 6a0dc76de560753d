"""Are two names one person's? All invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.identity.names import Match, compare, hinted, parts


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        ("Ana Kovač", "Kovac, Ana", Match.SAME),
        ("Robert Lindqvist", "Bob Lindqvist", Match.SAME),
        ("A Kovač", "Ana Kovač", Match.SAME),
        ("Stephanie Okafor", "Stefanie Okafr", Match.SAME),
        ("Юлия Орлова", "Yuliya Orlova", Match.SAME),
        ("Søren Ærlig", "Soren Aerlig", Match.SAME),
        ("Ana", "Ana Kovač", Match.PART),
        ("Ana Kovač", "Ana Lindqvist", Match.PART),
        ("Ana Kovač", "Peter Kovač", Match.FAMILY),
        ("Ana Kovač", "Peter Lindqvist", Match.DIFFERENT),
        ("Pam", "Orla", Match.DIFFERENT),
        ("Mail Delivery", "Ana Kovač", Match.UNKNOWN),
        ("", "Ana Kovač", Match.UNKNOWN),
    ],
)
def test_two_names_compare_as_people_would_say(one: str, other: str, match: Match):
    assert compare(one, other) == match


@given(st.text(max_size=40), st.text(max_size=40))
def test_whether_two_names_agree_does_not_depend_on_their_order(one: str, other: str):
    assert (compare(one, other) > 0) == (compare(other, one) > 0)


@given(st.text(max_size=40))
def test_a_name_never_differs_from_itself(name: str):
    assert compare(name, name) == Match.UNKNOWN if not parts(name) else compare(name, name) > 0


def test_an_address_may_spell_a_name():
    assert hinted("Ana Kovač", "akovac@example.com") == 2
    assert hinted("Ana Kovač", "moonriver@example.com") == 0
