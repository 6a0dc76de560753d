"""What somebody said at a brand is remembered in the order it was said, so that the oldest is forgotten first."""

import pytest

from tests import make
from threadline.customers.models import Customer
from threadline.customers.recognition import load

pytestmark = pytest.mark.django_db


def test_the_oldest_words_come_first_also_after_they_were_stored() -> None:
    make.received("ana@example.com", "My umbrella broke.")
    make.received("ana@example.com", "My kettle leaks.")
    make.received("ana@example.com", "The apron tore.")

    customer = Customer.objects.get()
    (words,) = load([], also=[customer.pk]).people.person(customer.pk).about.values()

    assert words.index("umbrel") < words.index("kettle") < words.index("apron")
