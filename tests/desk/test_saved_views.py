"""Views kept under a name: what they filter by, who has them, in which order, and how many stories lie in them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.desk.queries.queue import counts
from threadline.desk.queries.queue.filters import narrowed, read
from threadline.desk.queries.queue.kept import kept_by
from threadline.desk.queries.queue.views import visible
from threadline.journeys import actions
from threadline.journeys.models import Journey, SavedView
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo(client: Client) -> Agent:
    agent = make.agent("Bo Lindqvist", make.team("Kitchen"))
    client.force_login(agent)
    return agent


def waits(who: str, text: str = "The kettle leaks.", **values: object) -> Journey:
    journey = make.journey_of(make.received(f"{who}@example.com", text, at=make.NOW))
    Journey.objects.filter(pk=journey.pk).update(**values)
    journey.refresh_from_db()
    return journey


def found(agent: Agent, **given: str) -> set[int]:
    filters = read({"view": "ours", **given})
    stories = narrowed(visible(agent), filters, agent=agent, now=make.NOW + timedelta(hours=5))
    return set(stories.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"owner": "me"}, {"owner_id": "bo"}),
        ({"intent": "Refund"}, {"intent": "Refund"}),
        ({"channel": "x"}, {"channels": ["email", "x+public"]}),
        ({"public": "1"}, {"channels": ["email", "x+public"]}),
        ({"language": "de"}, {"language": "de"}),
        ({"mood": "complaint"}, {"mood": "complaint"}),
        ({"waits": "8"}, {"waiting_since": make.NOW - timedelta(hours=4)}),
        ({"due": "soon"}, {"due_at": make.NOW + timedelta(hours=6)}),
        ({"due": "broken"}, {"due_at": make.NOW + timedelta(hours=4)}),
    ],
    ids=lambda value: next(iter(value.items()))[0] if isinstance(value, dict) else str(value),
)
def test_each_filter_leaves_the_story_that_fits(bo: Agent, given: dict[str, str], values: dict[str, object]):
    values = {name: bo.pk if value == "bo" else value for name, value in values.items()}
    fits = waits("ana", **{"mood": "", "language": "en", **values})
    waits("ben", mood="", language="en")

    assert found(bo, **given) == {fits.pk}


def test_how_and_in_which_language_they_last_spoke_is_kept_with_the_story():
    journey = waits("ana", "This is the third time the kettle leaks. I am very disappointed and want my money back.")

    assert (journey.language, journey.mood) == ("en", "complaint")


@pytest.mark.parametrize("given", [{"mood": "furious"}, {"waits": "-1"}, {"channel": "pigeon"}, {"owner": "1;drop"}])
def test_a_filter_that_means_nothing_is_refused_in_words(client: Client, bo: Agent, given: dict[str, str]):
    response = client.get(reverse("queue"), given)

    assert response.status_code == 422
    assert "Choose the filters anew" in response.content.decode()


def test_a_view_is_kept_opened_changed_put_away_and_put_back(client: Client, bo: Agent):
    fits = waits("ana", intent="Refund")
    waits("ben", intent="Delivery")

    client.post(reverse("settings-view-new"), {"name": "Refunds", "whose": "own", "view": "ours", "intent": "Refund"})
    view = SavedView.objects.get()
    page = client.get(reverse("queue"), {"saved": view.pk}).content.decode()

    assert f'id="row-{fits.pk}"' in page
    assert page.count('class="row"') == 1
    client.post(reverse("settings-view", args=[view.pk]), {"name": "Money", "whose": "own", "view": "ours"})
    client.post(reverse("settings-view-withdraw", args=[view.pk]))
    assert client.get(reverse("queue"), {"saved": view.pk}).status_code == 404
    client.post(reverse("settings-view-back", args=[view.pk]))
    assert [each.name for each in kept_by(bo)] == ["Money"]
    verbs = Event.objects.filter(verb__startswith="view_").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["view_saved", "view_saved", "view_withdrawn", "view_put_back"]


def test_what_a_team_shares_its_members_have_and_cy_has_not(client: Client, bo: Agent):
    kitchen = make.team("Kitchen")
    view = actions.save_view(name="Ours", filters={"view": "ours"}, by=bo, now=make.NOW, team=kitchen)
    own = actions.save_view(name="Mine", filters={"view": "mine"}, by=bo, now=make.NOW, owner=bo)
    cy, femi = make.agent("Cy Okafor", make.team("Garden")), make.agent("Femi Adeyemi", kitchen)

    assert [each.pk for each in kept_by(femi)] == [view.pk]
    assert kept_by(cy) == []
    client.force_login(cy)
    assert client.get(reverse("queue"), {"saved": view.pk}).status_code == 404
    assert client.post(reverse("settings-view-withdraw", args=[own.pk])).status_code == 404
    with pytest.raises(ThreadlineError, match="keeps no views for everybody"):
        actions.save_view(name="All", filters={}, by=cy, now=make.NOW)


def test_the_order_is_each_agents_own(client: Client, bo: Agent):
    femi = make.agent("Femi Adeyemi", make.team("Kitchen"))
    team = {"by": bo, "now": make.NOW, "team": make.team("Kitchen")}
    first, second = (actions.save_view(name=name, filters={"view": "ours"}, **team) for name in ("A", "B"))

    client.post(reverse("settings-view-up", args=[second.pk]))

    assert [each.pk for each in kept_by(bo)] == [second.pk, first.pk]
    assert [each.pk for each in kept_by(femi)] == [first.pk, second.pk]


def test_a_name_stands_once(bo: Agent):
    actions.save_view(name="Refunds", filters={"view": "ours"}, by=bo, now=make.NOW, owner=bo)

    with pytest.raises(ThreadlineError, match="Choose another name"):
        actions.save_view(name="Refunds ", filters={"view": "ours"}, by=bo, now=make.NOW, owner=bo)


def test_kept_views_are_counted_together_and_see_only_what_the_agent_sees(
    client: Client, bo: Agent, django_assert_max_num_queries
):
    waits("ana", intent="Refund")
    waits("ben", intent="Refund", team=make.team("Legal", restricted=True))
    for name in "ABC":
        actions.save_view(name=name, filters={"view": "ours", "intent": "Refund"}, by=bo, now=make.NOW, owner=bo)

    found = counts.of_kept(kept_by(bo), agent=bo, now=timezone.now())

    assert set(found.values()) == {"1"}
    with django_assert_max_num_queries(5):
        client.get(reverse("queue-saved"))


def test_rows_are_close_for_the_agent_in_every_browser(client: Client, bo: Agent):
    client.post(reverse("me-density"))
    elsewhere = Client()
    elsewhere.force_login(bo)

    assert 'data-density="compact"' in elsewhere.get(reverse("queue")).content.decode()
    client.post(reverse("me-density"))
    assert 'data-density="compact"' not in elsewhere.get(reverse("queue")).content.decode()
