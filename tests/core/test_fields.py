"""What may stand in a field of each kind, and in which spelling it is kept."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadline.core.fields import LONGEST, Kind, as_seen, key_of, listed, number_of, read

CHOICES = ["Gold", "Silver & more"]


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("text", "  two   words ", "two words"),
        ("number", "1 200.50", "1200.5"),
        ("number", "-0", "0"),
        ("number", "100", "100"),
        ("date", "2027-03-31", "2027-03-31"),
        ("choice", "gold", "Gold"),
        ("yes_no", "TRUE", "yes"),
        ("yes_no", "0", "no"),
        ("link", "https://crm.example.com/7?a=b", "https://crm.example.com/7?a=b"),
        ("date", "", ""),
    ],
)
def test_a_value_is_kept_in_one_spelling(kind: str, said: str, kept: str):
    assert read(kind, said, CHOICES) == kept


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("number", "1,200", "no number"),
        ("number", "1e5", "no number"),
        ("number", "nan", "no number"),
        ("number", "9" * 16, "no number"),
        ("date", "31.3.2027", "no date"),
        ("date", "2027-02-30", "no date"),
        ("choice", "Bronze", "none of the choices"),
        ("yes_no", "perhaps", "neither yes nor no"),
        ("link", "javascript:alert(1)", "no address"),
        ("link", "https://", "no address"),
        ("link", "http://[oops", "no address"),
        ("text", "x" * (LONGEST + 1), "Write it shorter"),
    ],
)
def test_what_is_none_of_its_kind_is_refused_in_words(kind: str, said: str, words: str):
    with pytest.raises(ValueError, match=words):
        read(kind, said, CHOICES)


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=6))
def test_a_number_survives_and_reads_the_same_again(number: Decimal):
    kept = read("number", f"{number:f}")

    assert number_of(kept) == number
    assert read("number", kept) == kept
    assert as_seen("number", kept) == float(number)


@given(st.dates())
def test_a_date_survives_and_dates_stand_in_their_order_as_texts(day: date):
    assert date.fromisoformat(read("date", day.isoformat())) == day
    assert (read("date", day.isoformat()) < "2027-03-31") == (day < date(2027, 3, 31))


@given(st.sampled_from(list(Kind)), st.text(max_size=80))
@settings(max_examples=60)
def test_nothing_that_is_typed_breaks_it(kind: Kind, text: str):
    with suppress(ValueError):
        kept = read(kind, text, CHOICES)
        assert read(kind, kept, CHOICES) == kept


@given(st.text(max_size=60))
def test_every_name_gives_a_key_that_conditions_can_use(name: str):
    key = key_of(name)

    assert key.isidentifier()
    assert key.isascii()
    assert 0 < len(key) <= 40


def test_choices_are_lines_each_once():
    assert listed("Gold\n gold \n\nSilver  plate\r\n") == ["Gold", "Silver plate"]
