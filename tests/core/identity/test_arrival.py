"""Whoever proves who they are is one person in the end, in whatever order their touches came in, and however often."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tests.core.engines import Desk, observed, touch, verified
from threadline.core.touch import Direction, Handle, Touch

PEOPLE = 3
# Handles of somebody's own, by person. Any two of one person may be shown by one touch: a purchase, a sign-in.
OWN: list[list[Handle]] = [
    [
        observed("email", f"person{who}@example.com"),
        observed("email", f"person{who}@example.org"),
        observed("x_id", f"77{who}"),
        observed("loyalty", f"44000{who}"),
        verified("account", f"33091{who}"),
    ]
    for who in range(PEOPLE)
]


@st.composite
def touches(draw: st.DrawFn) -> list[Touch]:
    shown = draw(
        st.lists(
            st.integers(0, PEOPLE - 1).flatmap(
                lambda who: st.lists(st.sampled_from(OWN[who]), min_size=1, max_size=2, unique=True)
            ),
            min_size=2,
            max_size=9,
        )
    )
    return [
        touch(number, "hello there", kind="purchase", direction=Direction.EVENT, handles=tuple(handles))
        for number, handles in enumerate(shown, start=1)
    ]


def together(arrived: Sequence[Touch]) -> set[frozenset[int]]:
    """Which touches are of one person, once everything is in."""
    desk = Desk()
    found = {item.id: desk.receive(item)[0].customer for item in arrived}
    people: dict[int, set[int]] = {}
    for number, customer in found.items():
        assert customer is not None
        people.setdefault(desk.people.survivor(customer), set()).add(number)
    return {frozenset(group) for group in people.values()}


@given(touches(), st.randoms(use_true_random=False))
def test_who_is_one_person_in_the_end_does_not_depend_on_the_order_of_arrival(items: list[Touch], random) -> None:
    mixed = random.sample(items, len(items))

    assert together(mixed) == together(items)


@given(touches())
def test_touches_that_no_handle_ties_stay_those_of_two_people(items: list[Touch]) -> None:
    owner = {handle: who for who, handles in enumerate(OWN) for handle in handles}

    for group in together(items):
        assert len({owner[items[number - 1].handles[0]] for number in group}) == 1
