"""Fields on their pages: defined, filled in, hidden, filtered by; and a story that is muted where it stands."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.interactions.models import Interaction
from threadline.journeys.models import Field, FieldValue, Mute, SavedView

pytestmark = pytest.mark.django_db


@pytest.fixture
def di(client: Client) -> Client:
    client.force_login(make.agent("Di Moreau", is_admin=True))
    return client


@pytest.fixture
def bo() -> Client:
    client = Client()
    client.force_login(make.agent("Bo Lindqvist"))
    return client


@pytest.fixture
def kettle() -> Interaction:
    return make.received("ana@example.com", "The kettle I bought leaks. Order HP-4711.", name="Ana Karlsson")


@pytest.fixture
def contract() -> Field:
    return Field.objects.create(of="person", key="contract", name="Contract", kind="choice", choices=["Gold", "Silver"])


@pytest.fixture
def shelf() -> Field:
    return Field.objects.create(of="story", key="shelf", name="Shelf", kind="number", help="Where it lies.", place=2)


def story(touch: Interaction) -> int:
    return make.journey_of(touch).pk


def shown(client: Client, name: str, *args: object, **query: object) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def fill(client: Client, touch: Interaction, field: Field, value: str, status: int = 302) -> Event | None:
    answer = client.post(reverse("story-field", args=[story(touch), field.pk]), {"value": value})
    assert answer.status_code == status
    return Event.objects.filter(verb="field_set").last()


def rows(client: Client, **query: object) -> list[int]:
    return [int(number) for number in re.findall(r'id="row-(\d+)"', shown(client, "queue", **query))]


def test_a_field_is_defined_changed_put_in_order_switched_off_and_back_with_its_values(di, bo, kettle):
    page = di.post(reverse("settings-field-new"), {"name": "Contract", "of": "story", "kind": "choice"}, follow=True)
    assert "at least one choice" in page.content.decode()
    asked = {"name": "Contract", "of": "story", "kind": "choice", "choices": "Gold\nSilver", "in_brief": "on"}
    di.post(reverse("settings-field-new"), asked)
    di.post(reverse("settings-field-new"), {"name": "Shelf", "of": "story", "kind": "text", "in_brief": "on"})
    contract, shelf = Field.objects.order_by("pk")
    fill(bo, kettle, contract, "Gold")

    di.post(reverse("settings-field", args=[contract.pk]), {"name": "Agreement", "choices": "Silver", "in_brief": "on"})
    di.post(reverse("settings-field-up", args=[shelf.pk]))

    contract.refresh_from_db()
    assert (contract.name, contract.key, contract.kind) == ("Agreement", "contract", "choice")
    assert [each.name for each in Field.objects.all()] == ["Shelf", "Agreement"]
    assert "no longer a choice" in shown(bo, "story", story(kettle))
    said = di.post(reverse("settings-field-switch", args=[contract.pk]), follow=True).content.decode()
    assert f"{reverse('settings-field-switch', args=[contract.pk])}?on=1" in said
    assert "Agreement" not in shown(bo, "story", story(kettle))
    di.post(f"{reverse('settings-field-switch', args=[contract.pk])}?on=1")
    assert "Agreement" in shown(bo, "story", story(kettle))
    assert FieldValue.objects.get().value == "Gold"


def test_it_is_filled_in_on_the_story_and_on_the_person_told_there_and_undone(bo, kettle, contract, shelf):
    event = fill(bo, kettle, shelf, "12")
    fill(bo, kettle, contract, "gold")

    page = shown(bo, "story", story(kettle))
    person = shown(bo, "person", make.customer_of(kettle))

    assert "filled in Shelf: 12" in page
    assert "<bdi>Gold</bdi>" in page
    assert "<bdi>Gold</bdi>" in person
    assert "Contract: Gold" in person
    assert "Where it lies." in page
    bo.post(reverse("event-undo", args=[event.pk]))
    assert "undone since" in shown(bo, "story", story(kettle))
    bo.post(reverse("person-field", args=[make.customer_of(kettle), contract.pk]), {"value": ""})
    assert not FieldValue.objects.exclude(value="").exists()


def test_a_value_that_is_none_is_refused_in_words_and_htmx_gets_them_as_a_message(bo, kettle, shelf):
    address = reverse("story-field", args=[story(kettle), shelf.pk])

    answer = bo.post(address, {"value": "<b>much</b>"}, headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "data-refused" in answer.content.decode()
    assert "“&lt;b&gt;much&lt;/b&gt;” is no number" in answer.content.decode()


def test_what_is_for_others_is_hidden_everywhere_and_the_page_says_so(bo, di, kettle):
    legal = make.team("Legal")
    risk = Field.objects.create(of="story", key="risk", name="Risk", kind="text", team=legal)
    fill(di, kettle, risk, "Lawsuit pending")
    event = Event.objects.get(verb="field_set")

    page = shown(bo, "story", story(kettle))

    assert "1 field is hidden here" in page
    assert "Lawsuit" not in page + shown(bo, "search", q="lawsuit") + shown(bo, "person", make.customer_of(kettle))
    assert rows(bo, view="ours", **{f"story{risk.pk}": "Lawsuit pending"}) == []
    assert rows(bo, view="ours", **{f"story{risk.pk}": "-"}) == []
    fill(bo, kettle, risk, "None", status=404)
    assert bo.post(reverse("event-undo", args=[event.pk])).status_code == 404
    assert "Lawsuit pending" in shown(di, "story", story(kettle))


class TestFilter:
    @pytest.fixture
    def lamp(self) -> Interaction:
        return make.received("zoe@example.org", "Where is my lamp?", name="Zoe Abara")

    def test_the_queue_is_narrowed_by_what_stands_in_a_field(self, bo, kettle, lamp, contract, shelf):
        fill(bo, kettle, shelf, "12")
        fill(bo, lamp, contract, "Silver")
        of_story, of_person = f"story{shelf.pk}", f"person{contract.pk}"

        found = {
            asked: rows(bo, view="ours", **{name: asked.partition(" ")[2]})
            for name, asked in [
                (of_story, "is 12.0"),
                (of_story, "over > 10"),
                (of_story, "under < 10"),
                (of_story, "any *"),
                (of_story, "none -"),
                (of_person, "is Silver"),
                (of_person, "is Gold"),
            ]
        }

        assert found == {
            "is 12.0": [story(kettle)],
            "over > 10": [story(kettle)],
            "under < 10": [],
            "any *": [story(kettle)],
            "none -": [story(lamp)],
            "is Silver": [story(lamp)],
            "is Gold": [],
        }

    def test_it_is_kept_as_a_view_with_its_count_and_said_in_words(self, bo, kettle, lamp, shelf):
        fill(bo, kettle, shelf, "12")
        name = f"story{shelf.pk}"
        bo.post(reverse("settings-view-new"), {"name": "On shelf 12", "whose": "own", "view": "ours", name: "12"})
        kept = SavedView.objects.get()

        page = shown(bo, "queue", saved=kept.pk)

        assert kept.filters == {"view": "ours", name: "12"}
        assert rows(bo, saved=kept.pk) == [story(kettle)]
        assert "On shelf 12" in page
        assert re.search(r'On shelf 12</span> <span class="count"[^>]*>1<', shown(bo, "queue-saved"))
        assert "Shelf: 12" in shown(bo, "settings-views")
        assert f'name="{name}"' in shown(bo, "queue-filters")

    def test_pages_with_fields_cost_few_queries(self, bo, kettle, contract, shelf, django_assert_max_num_queries):
        fill(bo, kettle, shelf, "12")
        fill(bo, kettle, contract, "Gold")

        with django_assert_max_num_queries(9):
            shown(bo, "queue", view="ours", **{f"story{shelf.pk}": "12", f"person{contract.pk}": "Gold"})
        with django_assert_max_num_queries(36):
            shown(bo, "story", story(kettle))


class TestMuted:
    def test_a_story_is_muted_where_it_stands_shown_so_and_speaks_again(self, bo, kettle):
        number = story(kettle)
        answer = bo.post(reverse("story-mute", args=[number]), headers={"HX-Request": "true"})

        assert reverse("story-unmute", args=[number]) in answer.content.decode()
        assert Mute.objects.get().journey_id == number
        assert 'id="hear-again"' in shown(bo, "story", number)
        bo.post(reverse("story-unmute", args=[number]))
        assert not Mute.objects.exists()
        assert 'id="mute"' in shown(bo, "story", number)

    def test_it_is_muted_for_one_agent_alone(self, bo, di, kettle):
        bo.post(reverse("story-mute", args=[story(kettle)]))
        di.post(reverse("story-unmute", args=[story(kettle)]))

        assert Mute.objects.get().agent == Agent.objects.get(name="Bo Lindqvist")
