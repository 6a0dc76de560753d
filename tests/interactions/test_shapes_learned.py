"""The house learns what its own numbers look like, and finds them from then on. All numbers are invented."""

import pytest

from tests import make
from threadline.interactions import shapes
from threadline.interactions.models import Fact, LearnedShape

pytestmark = pytest.mark.django_db


def purchases(number: int) -> None:
    for each in range(number):
        make.received(
            {"email": f"buyer{each}@example.com", "order_number": f"ZQ{51_000 + each * 7}X"},
            "",
            kind="purchase",
            direction="event",
        )


def test_orders_are_found_without_a_word_once_their_shape_is_known():
    purchases(25)
    before = make.received(text="ZQ51014X leaks")

    assert shapes.relearn() == 1
    after = make.received(text="ZQ51021X leaks")

    assert not Fact.objects.filter(interaction=before, name="order").exists()
    assert Fact.objects.get(interaction=after, name="order").key == "51021"
    assert [(each.name, each.seen) for each in shapes.in_use()] == [("order", 25)]


def test_learning_again_changes_nothing():
    purchases(25)

    assert [shapes.relearn(), shapes.relearn()] == [1, 1]
    assert LearnedShape.objects.count() == 1


def test_few_purchases_teach_nothing():
    purchases(5)

    assert shapes.relearn() == 0
    assert shapes.in_use() == ()
