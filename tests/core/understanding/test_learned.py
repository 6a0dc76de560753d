"""Shapes of numbers, learned from those that were given out. All numbers are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.engines import touch
from threadline.core.understanding import understand
from threadline.core.understanding.learned import NumberShape, found_shapes, learned_shapes

ORDERS = [("order", f"KT-{204_000 + 37 * number}") for number in range(60)]
CARDS = [("loyalty", f"6034{100_000 + 7_919 * number:08d}") for number in range(60)]


def test_a_prefix_and_the_number_of_digits_are_learned():
    [shape] = learned_shapes(ORDERS)

    assert shape == NumberShape("order", r"KT[-/ ]?20\d{4}", 60)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("KT-204118 still has not come", "204118"),
        ("what about kt 204118?", "204118"),
        ("It concerns KT204118.", "204118"),
        ("call KT-2041189 please", ""),
        ("KTX-204118", ""),
        ("XX-204118", ""),
    ],
)
def test_a_number_of_a_known_shape_is_found_without_a_word_before_it(text: str, found: str):
    assert "".join(fact.key for fact in found_shapes(text, learned_shapes(ORDERS))) == found


def test_bare_digits_are_learned_where_they_begin_alike():
    [shape] = learned_shapes(CARDS)

    assert [fact.key for fact in found_shapes("mine is 603400107919, thanks", [shape])] == ["603400107919"]
    assert list(found_shapes("my phone is 017700900123", [shape])) == []


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        ORDERS[:19],
        [("order", f"{number}") for number in range(1950, 2030)],
        [("order", f"{(number * 157_919 + 1_000_003) % 9_000_000 + 1_000_000}") for number in range(60)],
        [*ORDERS, *(("loyalty", number) for _, number in ORDERS)],
        [("order", "?" * 80)] * 30,
    ],
    ids=["nothing", "too few", "years", "any seven digits", "two names of one shape", "no number at all"],
)
def test_what_tells_nothing_is_not_learned(numbers: list[tuple[str, str]]):
    assert learned_shapes(numbers) == ()


def test_a_touch_is_understood_with_the_shapes_of_the_house():
    item = touch(1, "KT 204118 leaks, my case number is 884412")

    plain, learned = understand(item), understand(item, shapes=learned_shapes(ORDERS))

    assert plain.keys("order") == ()
    assert learned.keys("order") == ("204118",)
    assert learned.keys("case") == ("884412",)


def test_what_a_word_has_named_keeps_its_name():
    item = touch(1, "my case number is KT-204118")

    assert understand(item, shapes=learned_shapes(ORDERS)).keys("order") == ()


@given(st.lists(st.tuples(st.sampled_from(["order", "loyalty"]), st.text(max_size=20)), max_size=60))
def test_whatever_numbers_look_like_the_patterns_can_be_used(numbers: list[tuple[str, str]]):
    shapes = learned_shapes(numbers * 20)

    assert list(found_shapes(" ".join(number for _, number in numbers), shapes)) is not None


@given(st.integers(min_value=0, max_value=9_999))
def test_every_number_of_the_shape_is_found_again(number: int):
    written = f"KT-20{number:04d}"

    assert [fact.value for fact in found_shapes(f"about {written} again", learned_shapes(ORDERS))] == [written]
