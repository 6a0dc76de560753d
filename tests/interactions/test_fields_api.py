"""Programs read and fill in the fields of stories and people."""

import httpx
import pytest

from tests import make
from threadline.accounts.models import Event
from threadline.journeys import actions
from threadline.journeys.models import Field, FieldValue

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kettle() -> int:
    Field.objects.create(of="story", key="contract", name="Contract", kind="choice", choices=["Gold", "Silver"])
    Field.objects.create(of="story", key="paid", name="Paid", kind="number")
    Field.objects.create(of="person", key="vip", name="VIP", kind="yes_no")
    return make.journey_of(make.received()).pk


def test_fields_are_filled_in_by_key_told_back_and_undone(client: httpx.Client, kettle: int):
    answer = client.put(f"/stories/{kettle}/fields", json={"fields": {"contract": "gold", "paid": 12.5}})

    assert answer.json() == {"number": kettle, "fields": {"contract": "Gold", "paid": 12.5}}
    assert client.get(f"/stories/{kettle}/fields").json() == answer.json()
    event = Event.objects.filter(verb="field_set").latest("pk")
    assert event.agent is None
    assert event.facts["by_key"]["name"]
    actions.undo(event=event, by=make.agent(), now=make.NOW)
    assert client.get(f"/stories/{kettle}/fields").json()["fields"]["paid"] is None


def test_those_of_people_too(client: httpx.Client, kettle: int):
    person = Event.objects.filter(verb="received").latest("pk").customer_id

    answer = client.put(f"/people/{person}/fields", json={"fields": {"vip": True}})

    assert answer.json() == {"number": person, "fields": {"vip": True}}
    assert client.put(f"/people/{person}/fields", json={"fields": {"vip": None}}).json()["fields"] == {"vip": None}


@pytest.mark.parametrize(
    ("path", "fields", "status", "words"),
    [
        ("stories/{}", {"paid": 1, "contract": "Bronze"}, 422, "none of the choices"),
        ("stories/{}", {"vip": True}, 422, "There is no field “vip” of a story. There are: contract, paid."),
        ("stories/999999", {"paid": 1}, 404, "There is no story 999999"),
        ("people/999999", {"vip": True}, 404, "There is no person 999999"),
    ],
    ids=["no-value", "no-field", "no-story", "no-person"],
)
def test_a_mistake_is_named_and_nothing_is_filled_in(
    client: httpx.Client, kettle: int, path: str, fields: dict[str, object], status: int, words: str
):
    answer = client.put(f"/{path.format(kettle)}/fields", json={"fields": fields})

    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert not FieldValue.objects.exists()
