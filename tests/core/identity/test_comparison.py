"""Two people side by side: what holds, what is loose, what is cut, and what only one side shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.identity.comparison import Says, Side, compare, holding, odds

ANA = Side(("Ana Karlsson",), {"email": ("ana@example.com",), "tel": ("+447700900142",), "order": ("4711", "4001")})


def says(what: str, left: tuple[str, ...], right: tuple[str, ...]) -> Says:
    sides = [Side(values, {}) if what == "name" else Side((), {what: values}) for values in (left, right)]
    (strand,) = compare(*sides)
    return strand.says


@pytest.mark.parametrize(
    ("what", "left", "right", "expected"),
    [
        ("tel", "+447700900142", "+447700900142", Says.FOR),
        ("tel", "+447700900142", "+4917700900142", Says.CLOSE),
        ("tel", "+447700900142", "+447700900555", Says.AGAINST),
        ("email", "ana.karlsson@example.com", "ana.karlson@example.org", Says.CLOSE),
        ("email", "ana@example.com", "nils@example.com", Says.AGAINST),
        ("postcode", "ZZ99QQ", "ZZ99QX", Says.CLOSE),
        ("order", "4711", "4711", Says.FOR),
        ("order", "4711", "9000", Says.SILENT),
        ("loyalty", "HP 2207 001", "HP 2207 002", Says.AGAINST),
        ("name", "Ana Karlsson", "Ana Karlsson", Says.FOR),
        ("name", "Ana Karlsson", "A. Karlson", Says.CLOSE),
        ("name", "Ana Karlsson", "Nils Karlsson", Says.AGAINST),
        ("name", "Ana Karlsson", "Zoe Abara", Says.AGAINST),
        ("name", "~Ana Karlsson", "Ana Karlsson", Says.FOR),
        ("name", "Ana Karlsson", "~xx11", Says.SILENT),
    ],
)
def test_a_strand_says_what_its_values_say(what, left, right, expected):
    assert says(what, (left,), (right,)) == expected
    assert says(what, (right,), (left,)) == expected


def test_two_addresses_say_nothing_against_somebody_who_has_several():
    assert says("email", ("ana@example.com", "ana@example.net"), ("nils@example.com",)) == Says.SILENT


def test_what_only_one_side_shows_is_silent():
    assert says("loyalty", ("2207118",), ()) == Says.SILENT


def test_what_holds_comes_first_and_agreeing_values_lead():
    other = Side(("Nils Karlsson",), {"order": ("9000", "4711"), "email": ("nils@example.org",)})

    strands = compare(ANA, other)

    assert [strand.says for strand in strands] == [Says.FOR, Says.AGAINST, Says.AGAINST, Says.SILENT]
    assert strands[0].right[0] == "4711"
    assert holding(strands) == (1, 2)


def test_two_blank_people_have_no_strand():
    assert compare(Side(), Side()) == ()


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        (0, (1, True)),
        (3.7, (13, True)),
        (4, (16, True)),
        (-3, (8, False)),
        (10, (1000, True)),
        (999, (1_000_000, True)),
    ],
)
def test_bits_are_told_as_round_odds(bits, expected):
    assert odds(bits) == expected


@given(bits=st.floats(-2000, 2000))
def test_odds_are_never_below_one_to_one_and_grow_with_the_bits(bits):
    number, in_favour = odds(bits)

    assert 1 <= number <= 1_000_000
    assert in_favour == (bits >= 0)


names = st.text(max_size=30)
handles = st.dictionaries(
    st.sampled_from(["email", "tel", "x", "order", "postcode", "loyalty", "community"]),
    st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=3).map(tuple),
)
sides = st.builds(Side, st.lists(names, max_size=3).map(tuple), handles)


@given(left=sides, right=sides)
def test_any_two_people_can_be_compared_and_the_order_makes_no_difference(left, right):
    there = {(strand.what, strand.says) for strand in compare(left, right)}
    back = {(strand.what, strand.says) for strand in compare(right, left)}

    assert there == back
