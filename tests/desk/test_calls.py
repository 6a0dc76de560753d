"""Writing a call down: who it may be, which story it is, and the call that comes in right now."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.events import record
from threadline.accounts.models import Agent, Event
from threadline.customers.models import Customer, Identity
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey

pytestmark = pytest.mark.django_db

NUMBER = "+447700900142"


@pytest.fixture
def bo() -> Agent:
    return make.agent()


@pytest.fixture
def desk(client: Client, bo: Agent) -> Client:
    make.channel("phone")
    client.force_login(bo)
    return client


@pytest.fixture
def ana() -> Customer:
    """She has called from her own number before."""
    return person(NUMBER, "Ana Karlsson: the kettle leaks. Order HP-4711.", name="Ana Karlsson")


def person(sender: Any, text: str, **more: Any) -> Customer:
    return Customer.objects.get(pk=make.customer_of(make.received(sender, text, **more)))


def form(**values: object) -> dict[str, object]:
    return {
        "number": "07700 900142", "direction": "in", "channel": make.channel("phone").pk,
        "text": "She asks when the new kettle comes.", **values,
    }  # fmt: skip


def save(desk: Client, **values: object) -> Interaction:
    answer = desk.post(reverse("call-new"), form(**values))
    assert answer.status_code == 302, answer.content.decode()
    touch = Interaction.objects.latest("pk")
    home = make.journey_of(touch)
    assert answer.url == f"{reverse('story', args=[home.pk])}#touch-{touch.pk}"
    return touch


def who(desk: Client, **query: object) -> str:
    answer = desk.get(reverse("call-lookup"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def claim(customer: Customer, *, level: str = "claimed", shared: bool = False) -> Identity:
    decision = Identity.objects.filter(customer=customer).earliest("pk").decision
    return Identity.objects.create(
        customer=customer, scheme="tel", value=NUMBER, level=level, shared=shared, first_seen_at=make.NOW,
        last_seen_at=make.NOW, decision=decision,
    )  # fmt: skip


# ---- who is it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["07700 900142", "+44 7700 900142", "0044 7700-900142", "(07700) 900142"])
def test_a_number_is_known_however_it_is_written(desk, ana, written):
    shown = who(desk, number=written)

    assert "Known:" in shown
    assert "<bdi>Ana Karlsson</bdi>" in shown
    assert f'value="{ana.pk}" checked' in shown


def test_a_number_that_was_only_given_says_maybe_and_why(desk):
    zoe = person("zoe@example.com", "Where is my lamp?", name="Zoe Abara")
    claim(zoe)

    shown = who(desk, number="07700 900142")

    assert "Maybe:" in shown
    assert "never called from it" in shown
    assert f'value="{zoe.pk}" checked' not in shown


def test_a_number_of_several_people_says_maybe_and_lists_them(desk, ana):
    nils = person("nils@example.org", "Where is my lamp?", name="Nils Karlsson")
    Identity.objects.filter(customer=ana, scheme="tel").update(shared=True)
    claim(nils, shared=True)

    shown = who(desk, number=NUMBER)

    assert "Maybe:" in shown
    assert "Ana Karlsson" in shown
    assert "Nils Karlsson" in shown
    assert "Several people call from this number." in shown


def test_a_new_number_belongs_to_nobody_yet(desk):
    assert "Nobody yet:" in who(desk, number="07700 900999")


@pytest.mark.parametrize("number", ["077", "hello", "<b>1", "9" * 300])
def test_what_is_no_number_is_said_to_be_none(desk, number):
    assert "no telephone number yet" in who(desk, number=number)


def test_a_withheld_number_belongs_to_nobody(desk, ana):
    shown = who(desk, number=NUMBER, withheld="on")

    assert "A withheld number belongs to nobody" in shown
    assert "Ana Karlsson" not in shown


def test_somebody_is_found_by_name_and_their_open_stories_are_offered(desk, ana):
    story = Journey.objects.get(customer=ana)

    shown = who(desk, name="karlss", customer=ana.pk)

    assert f'value="{ana.pk}" checked' in shown
    assert f'id="story-{story.pk}"' in shown


def test_stories_this_agent_may_not_see_are_not_offered(desk, ana):
    Journey.objects.filter(customer=ana).update(team=make.team("Complaints", restricted=True))

    shown = who(desk, number=NUMBER)

    assert "Ana Karlsson" in shown
    assert "kettle" not in shown


def test_names_are_shown_as_text(desk):
    evil = "<img src=x onerror=alert(1)>"
    eve = person(NUMBER, "Hello, this is about my lamp.", name="Eve")
    Customer.objects.filter(pk=eve.pk).update(name=evil)
    Journey.objects.filter(customer=eve).update(title=evil)

    shown = who(desk, number=NUMBER) + desk.get(reverse("call-new"), {"number": evil, "name": evil}).content.decode()

    assert "<img src=x" not in shown
    assert "&lt;img src=x" in shown


def test_looking_somebody_up_costs_few_queries(desk, ana, django_assert_max_num_queries):
    for day in range(8):
        make.received(NUMBER, f"Question {day}: lamp {day}", at=make.NOW + timedelta(days=40 * day))

    with django_assert_max_num_queries(10):
        who(desk, number=NUMBER, name="karlsson")


# ---- the form --------------------------------------------------------------------------------------------------


def test_the_form_opened_from_a_story_knows_number_person_and_story(desk, ana):
    story = Journey.objects.get(customer=ana)

    shown = desk.get(reverse("call-new"), {"journey": story.pk}).content.decode()

    assert f'value="{NUMBER}"' in shown
    assert f'value="{ana.pk}" checked' in shown
    assert f'value="{story.pk}" checked' in shown


def test_the_form_opened_from_a_story_one_may_not_see_tells_nothing_of_it(desk, ana):
    story = Journey.objects.get(customer=ana)
    Journey.objects.filter(pk=story.pk).update(team=make.team("Complaints", restricted=True))

    shown = desk.get(reverse("call-new"), {"journey": story.pk}).content.decode()

    assert "Ana Karlsson" not in shown
    assert NUMBER not in shown


def test_without_scripts_a_button_asks_who_it_is_and_keeps_what_was_typed(desk, ana):
    answer = desk.post(reverse("call-new"), form(look="1", text="She is angry"))
    shown = answer.content.decode()

    assert answer.status_code == 200
    assert "Known:" in shown
    assert "She is angry" in shown
    assert Interaction.objects.filter(kind="phone").count() == 1


def test_an_office_without_a_phone_is_told_what_to_do(client, bo):
    client.force_login(bo)

    shown = client.get(reverse("call-new")).content.decode()

    assert "No telephone number of ours is set up." in shown


def test_calls_are_for_signed_in_agents_only(client):
    for address in (reverse("call-new"), reverse("call-lookup"), reverse("call-ringing", args=[1])):
        assert reverse("sign-in") in client.get(address).url


# ---- saving ----------------------------------------------------------------------------------------------------


def test_a_saved_call_opens_its_story_at_the_call(desk, ana, bo):
    story = Journey.objects.get(customer=ana)

    touch = save(desk, customer=ana.pk, journey=story.pk, seconds=160)

    assert make.journey_of(touch) == story
    assert (touch.direction, touch.author, touch.attributes["seconds"]) == ("in", bo, 160)
    assert make.customer_of(touch) == ana.pk
    assert Event.objects.get(verb="call_logged").agent == bo


def test_by_default_the_story_is_found_by_what_was_said(desk, ana):
    story = Journey.objects.get(customer=ana)

    touch = save(desk, text="Ana Karlsson asks again about her leaking kettle, order HP-4711.")

    assert make.journey_of(touch) == story


def test_a_call_may_begin_a_story_of_its_own(desk, ana):
    touch = save(desk, customer=ana.pk, journey="new", text="About order HP-4711: may she leave a review?")

    home = make.journey_of(touch)
    assert home.touches == 1
    assert home.customer == ana


def test_a_call_of_ours_is_written_down_as_ours(desk, ana):
    story = Journey.objects.get(customer=ana)

    touch = save(desk, direction="out", customer=ana.pk, journey=story.pk, text="Told her the kettle comes on Friday.")

    story.refresh_from_db()
    assert touch.direction == "out"
    assert story.status == Journey.Status.WAITING


def test_two_withheld_calls_are_two_people(desk):
    first = save(desk, number="", withheld="on", text="A man asks whether the red lamp is in stock.")
    second = save(desk, number="", withheld="on", text="A woman wants to know about oven gloves.")

    assert make.customer_of(first) != make.customer_of(second)
    assert not Identity.objects.filter(scheme="tel").exists()


def test_a_number_typed_beside_withheld_is_not_kept(desk):
    save(desk, withheld="on", text="A man asks whether the red lamp is in stock.")

    assert not Identity.objects.filter(value=NUMBER).exists()


def test_a_number_nobody_holds_is_noted_as_claimed_by_whom_the_agent_names(desk, ana):
    save(desk, number="07700 900555", customer=ana.pk, text="She calls from her office about the kettle.")

    told = Identity.objects.get(scheme="tel", value="+447700900555")
    assert (told.customer, told.level) == (ana, "claimed")
    assert "Maybe:" in who(desk, number="07700 900555")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": ""}, "Type the number, or tick"),
        ({"number": "12"}, "“12” is no telephone number"),
        ({"text": "  "}, "The call has no notes"),
        ({"direction": "out", "withheld": "on"}, "We called them, so we know the number"),
        ({"channel": "99999"}, "no longer in use"),
        ({"customer": "99999"}, "no longer there"),
        ({"journey": "99999"}, "no longer there"),
        ({"journey": "9" * 20}, "no longer there"),
    ],
)
def test_a_call_that_can_not_be_saved_says_why_and_loses_nothing(desk, wrong, words):
    answer = desk.post(reverse("call-new"), form(name="Somebody with a name", **wrong) | wrong)
    shown = answer.content.decode()

    assert answer.status_code == 422
    assert words in shown
    assert "Somebody with a name" in shown
    assert not Interaction.objects.exists()


def test_a_call_can_not_be_put_into_a_story_one_may_not_see(desk, ana):
    story = Journey.objects.get(customer=ana)
    Journey.objects.filter(pk=story.pk).update(team=make.team("Complaints", restricted=True))

    answer = desk.post(reverse("call-new"), form(journey=story.pk))

    assert answer.status_code == 422
    assert Interaction.objects.count() == 1


# ---- ringing ---------------------------------------------------------------------------------------------------


def ring(customer: Customer | None = None, *, known: bool = True, ago: int = 0) -> Event:
    facts = {"number": NUMBER, "customer": customer.pk if customer else None, "known": known}
    return record(
        "ringing", at=timezone.now() - timedelta(seconds=ago), customer_id=customer.pk if customer else None, **facts
    )


def rung(desk: Client, event: Event) -> str:
    return desk.get(reverse("call-ringing", args=[event.pk])).content.decode()


def test_a_known_caller_is_named_with_the_way_to_the_open_story(desk, ana):
    story = Journey.objects.get(customer=ana)

    shown = rung(desk, ring(ana))

    assert "<bdi>Ana Karlsson</bdi></b> is calling" in shown
    assert reverse("story", args=[story.pk]) in shown
    assert f"journey={story.pk}" in shown


def test_a_caller_who_is_not_certain_may_be_calling(desk, ana):
    assert "may be calling" in rung(desk, ring(ana, known=False))


def test_a_number_nobody_knows_is_shown_with_the_form_to_write_it_down(desk):
    shown = rung(desk, ring())

    assert "+44 7700 900142" in shown
    assert "number=%2B447700900142" in shown


def test_a_story_one_may_not_see_is_not_offered_when_its_customer_calls(desk, ana):
    Journey.objects.filter(customer=ana).update(team=make.team("Complaints", restricted=True))

    shown = rung(desk, ring(ana))

    assert "Open the story" not in shown
    assert reverse("person", args=[ana.pk]) in shown


def test_a_call_that_is_over_shows_nothing(desk, ana):
    answer = desk.get(reverse("call-ringing", args=[ring(ana, ago=600).pk]))

    assert (answer.status_code, answer.content) == (204, b"")


def test_another_event_is_no_call(desk, ana):
    event = record("received", at=timezone.now(), customer_id=ana.pk)

    assert desk.get(reverse("call-ringing", args=[event.pk])).status_code == 204
