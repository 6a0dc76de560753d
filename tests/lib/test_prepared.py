"""A prepared query gives what Django would give, whatever it is filled with, and refuses what it can not keep apart."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from threadline.accounts.models import Agent
from threadline.customers.models import Identity
from threadline.interactions.models import Interaction
from threadline.journeys.models import Note
from threadline.lib.prepared import prepared

pytestmark = pytest.mark.django_db


@prepared
def touches(numbers: Sequence[int], kind: str, since: datetime):
    """With what else comes along."""
    return (
        Interaction.objects.filter(pk__any=numbers, kind=kind, at__gte=since)
        .select_related("channel", "author")
        .prefetch_related("attachments")
        .order_by("-at", "pk")
    )


@prepared
def values_of(customer: int):
    return Identity.objects.filter(customer=customer, scheme="email").order_by("pk").values_list("scheme", "value")[:2]


def usual(numbers: Sequence[int], kind: str, since: datetime) -> list[Interaction]:
    found = Interaction.objects.filter(pk__in=numbers, kind=kind, at__gte=since)
    return list(found.select_related("channel", "author").order_by("-at", "pk"))


def test_it_gives_what_django_gives_and_asks_as_often_whatever_it_is_filled_with():
    first, second = make.received(text="The kettle leaks."), make.received(text="It still leaks.")
    make.received("+447700900111", "Hello?", kind="sms")
    both, early = [first.pk, second.pk], min(first.at, second.at)
    for given in (both, "email", early), ([first.pk], "email", early), (both, "sms", early), ([], "email", early):
        assert touches(*given) == usual(*given)
    assert touches(both, "email", early + timedelta(days=9000)) == []

    with CaptureQueriesContext(connection) as asked:
        (found,) = touches([second.pk], "email", early)
        assert (found.channel.kind, found.author, list(found.attachments.all())) == ("email", None, [])
    assert len(asked) == 2


def test_rows_of_single_values_stay_rows():
    touch = make.received(text="The kettle leaks.")
    owner = touch.identity.customer_id

    assert values_of(owner) == [(touch.identity.scheme, touch.identity.value)]
    assert values_of(owner + 1) == []


def test_what_was_found_can_be_changed_and_saved():
    touch = make.received(text="The kettle leaks.")
    (found,) = touches([touch.pk], "email", touch.at)
    found.attributes = {"seen": True}
    found.save(update_fields=["attributes"])

    assert touches([touch.pk], "email", touch.at)[0].attributes == {"seen": True}


def test_an_argument_that_is_changed_on_its_way_is_refused():
    @prepared
    def half(number: int):
        return Note.objects.filter(pk=number // 2)

    @prepared
    def sliced(most: int):
        return Agent.objects.order_by("pk")[:most]

    with pytest.raises(TypeError, match="number does not get into the SQL"):
        half(4)
    with pytest.raises(TypeError, match="most does not get into the SQL"):
        sliced(4)
