"""Which channel for what: the grid in the settings, the order in the composer, the step to private and back."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Event
from threadline.channels.models import Channel
from threadline.interactions.models import Delivery, Interaction
from threadline.journeys.models import ChannelPlan, Draft, Journey

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}
REFUND, MISUSE = "Where is my refund", "Somebody misuses my account"


@pytest.fixture
def bo():
    return make.agent("Bo Lindqvist", make.team("Kitchen"))


@pytest.fixture
def desk(bo) -> Client:
    return signed_in(bo)


@pytest.fixture
def di() -> Client:
    return signed_in(make.agent("Di Moreau", is_admin=True))


def signed_in(agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def said(answer) -> str:
    return html.unescape(answer.content.decode())


def on_x() -> Channel:
    """An account that we can write from, in public and in private."""
    secrets = {"access_token": "t", "access_token_secret": "s", "consumer_secret": "c", "bearer_token": "b"}
    settings = {"user_id": "11", "consumer_key": "k"}
    return make.channel("x", provider="api", settings=settings, secrets=secrets)


def tweeted(text: str = "@harbourpine my kettle leaks, nobody answers!", **more) -> Interaction:
    on_x()
    ana = {"handle": "ana_k", "user_id": "22", "display_name": "Ana Karlsson"}
    return make.received(ana, text, kind="x", public=True, at=timezone.now() - timedelta(hours=2), **more)


def story(desk: Client, touch: Interaction) -> str:
    return said(desk.get(reverse("story", args=[make.journey_of(touch).pk])))


def step(desk: Client, touch: Interaction, name: str, text: str = ""):
    url = reverse("story-side", args=[make.journey_of(touch).pk])
    return desk.post(url, {"step": name, "text": text}, headers=FRAGMENT)


# ---- the grid ------------------------------------------------------------------------------------------------------


def test_an_admin_says_which_channel_is_for_what_and_takes_it_back(di):
    for kind in ("email", "phone", "sms"):
        make.channel(kind)
    url = f"{reverse('channel-matrix')}?group=Orders+and+returns"
    page = said(di.get(url))

    saved = di.post(url, {"group": "Orders and returns", "seen": "0", f"cell:{REFUND}:email": "no"}, follow=True)

    row = ChannelPlan.objects.get()
    assert f'name="cell:{REFUND}:email"' in page
    assert "Saved. It counts from now on." in said(saved)
    assert row.plan["cells"] == [[REFUND, "email", "no"]]
    assert Event.objects.get(verb="channel_plan_set").facts["words"] == "Which channel for “Orders and returns”"

    di.post(reverse("channel-plan-undo"))

    newest = ChannelPlan.objects.order_by("-pk").first()
    assert newest is not None
    assert newest.plan["cells"] == []
    assert newest.undoes == row
    assert "Taken back: Which channel for" in said(di.get(url))


def test_two_admins_do_not_overwrite_each_other(di):
    url = reverse("channel-matrix")
    first = {"levels": "1", "seen": "0", "level:email": "1"}
    make.channel("email")
    di.post(url, first)
    version = ChannelPlan.objects.get().pk
    di.post(url, {"levels": "1", "seen": str(version), "level:email": "0"})

    late = di.post(url, {"levels": "1", "seen": str(version), "level:email": "2"})

    assert late.status_code == 422
    assert "Somebody has changed this since you opened it" in said(late)


def test_what_was_left_as_it_was_is_not_kept_as_the_houses_own_word(di):
    make.channel("email")
    page = said(di.get(reverse("channel-matrix")))
    shown = dict(re.findall(r'<select name="(cell:[^"]+)".*?<option value="(\w+)" selected', page))

    answer = di.post(reverse("channel-matrix"), {**shown, "seen": "0", "group": "Account and payment"}, follow=True)

    assert shown
    assert "Nothing was different." in said(answer)
    assert not ChannelPlan.objects.exists()


def test_words_for_the_public_may_not_say_who_they_are(di):
    url = reverse("channel-words", args=["x"])
    texts = {"out": "{first name}, write to us", "private": "Hello", "back": "Thanks", "seen": "0"}

    refused = di.post(url, texts)
    kept = di.post(url, {**texts, "out": "Write to us: {link}"}, follow=True)

    assert refused.status_code == 422
    assert "would tell everybody who they are" in said(refused)
    assert "“Write to us: {link}”" in said(di.get(reverse("channel-matrix"))) or kept.status_code == 200
    assert ChannelPlan.objects.get().plan["words"]["x"]["out"] == "Write to us: {link}"


def test_the_grid_costs_few_queries(di, django_assert_max_num_queries):
    for kind in ("email", "phone", "sms", "x", "chat", "whatsapp"):
        make.channel(kind)
    di.get(reverse("channel-matrix"))

    with django_assert_max_num_queries(12):
        di.get(reverse("channel-matrix"))


# ---- the composer --------------------------------------------------------------------------------------------------


def test_the_composer_offers_ways_in_the_order_in_which_they_fit_and_says_why(desk):
    touch = tweeted("@harbourpine somebody misuses my account, order HP-4711")
    make.received("ana@example.com", "Order HP-4711, it is me", at=timezone.now() - timedelta(days=2))
    Journey.objects.filter(pk=make.journey_of(touch).pk).update(intent=REFUND)

    page = story(desk, touch)

    assert "This is personal, and anyone can read it there." in page
    assert "Why in this order" in page


def test_a_way_that_the_plan_rules_out_is_not_the_one_chosen(desk, di):
    make.channel("sms", provider="twilio")
    mail = make.received("ana@example.com", "Where is my refund for order HP-4711?", at=timezone.now())
    Journey.objects.update(intent=REFUND)
    di.post(reverse("channel-matrix"), {"group": "Orders and returns", "seen": "0", f"cell:{REFUND}:email": "no"})

    page = story(desk, mail)

    assert f"Not for “{REFUND}”, as your company says." in page


def test_an_order_number_does_not_go_out_in_public_without_a_word(desk):
    touch = tweeted()
    journey = make.journey_of(touch).pk
    written = {"way": f"thread-{touch.thread_id}", "text": "Your order HP-4711 is on its way.", "seen": touch.pk}

    typing = said(desk.post(reverse("draft-save", args=[journey]), written, headers=FRAGMENT))
    first = desk.post(reverse("story-reply", args=[journey]), written, headers=FRAGMENT)
    meant = {**written, "warned": "level-HP-4711"}

    for shown in (typing, said(first)):
        assert "This holds a order number, and X post is not the place for it:" in shown or "order number" in shown
        assert 'data-instead="HP-4711"' in shown
    assert first.status_code == 422
    assert desk.post(reverse("story-reply", args=[journey]), meant, headers=FRAGMENT).status_code == 200


def test_our_own_address_may_stand_in_public(desk):
    make.channel("email")
    touch = tweeted()
    written = {"way": f"thread-{touch.thread_id}", "text": f"Write to {make.ADDRESSES['email']}, please."}

    shown = said(desk.post(reverse("draft-save", args=[make.journey_of(touch).pk]), written, headers=FRAGMENT))

    assert "not the place for it" not in shown


# ---- public and private --------------------------------------------------------------------------------------------


def test_one_press_asks_in_public_to_go_private_without_saying_who_they_are(desk, bo):
    touch = tweeted()
    page = story(desk, touch)

    answer = said(step(desk, touch, "out", text="Dear Ana"))

    draft = Draft.objects.get(agent=bo)
    assert "They wrote where anyone reads along (X post)." in page
    assert draft.way == f"thread-{touch.thread_id}"
    assert "https://x.com/messages/compose?recipient_id=11" in draft.text
    assert draft.text.endswith("Dear Ana")
    assert "Karlsson" not in draft.text
    assert "The words are in your draft" in answer


def test_the_private_side_begins_with_a_message_to_the_same_person(desk, bo):
    touch = tweeted()
    found = re.search(r'value="(private:identity-\d+-x)"', story(desk, touch))
    assert found is not None

    step(desk, touch, found[1])

    draft = Draft.objects.get(agent=bo)
    assert draft.way == found[1].removeprefix("private:")
    assert draft.text.startswith("Hello Ana, this is Bo of Harbour & Pine.")


def test_when_it_is_settled_in_private_they_are_thanked_in_public(desk, bo):
    touch = tweeted()
    journey = make.journey_of(touch)
    ana = {"handle": "ana_k", "user_id": "22"}
    make.received(ana, "Here I am: order HP-4711.", kind="x", thread={"dm": "d-1"}, at=timezone.now())
    assert "Thank them in public" not in story(desk, touch)
    Journey.objects.filter(pk=journey.pk).update(status="done", waiting_since=None)

    page = story(desk, touch)
    step(desk, touch, "back")

    draft = Draft.objects.get(agent=bo)
    assert "Thank them in public" in page
    assert draft.way == f"thread-{touch.thread_id}"
    assert draft.text.startswith("Thank you for telling us openly")


def test_a_step_that_is_over_is_refused_and_other_teams_find_nothing(desk):
    mail = make.received("ana@example.com", "It leaks.")
    assert step(desk, mail, "out").status_code == 422
    Journey.objects.update(team=make.team("Trust", restricted=True))

    assert step(desk, mail, "out").status_code == 404


def test_whoever_came_out_in_public_after_waiting_in_private_is_told_of(desk):
    make.received("ana@example.com", "My kettle leaks. Order HP-4711.", at=timezone.now() - timedelta(hours=8))
    on_x()
    ana = {"handle": "ana_k", "user_id": "22"}
    text = "@harbourpine still no answer about my leaking kettle, order HP-4711!"
    touch = make.received(ana, text, kind="x", public=True, at=timezone.now() - timedelta(hours=2))

    assert "came out in public after waiting 6 h" in story(desk, touch)


# ---- what did not arrive -------------------------------------------------------------------------------------------


def test_an_answer_that_failed_goes_another_way_with_one_press(desk, bo):
    make.channel("sms", provider="twilio")
    mail = make.received("ana@example.com", "It leaks. Order HP-4711.", at=timezone.now())
    make.received("+447700900123", "Order HP-4711, a call", kind="phone", at=timezone.now())
    journey = make.journey_of(mail)
    url = reverse("story-reply", args=[journey.pk])
    desk.post(url, {"way": f"thread-{mail.thread_id}", "text": "A new one leaves today."}, headers=FRAGMENT)
    sent = Interaction.objects.get(direction="out")
    Delivery.objects.update(state="failed", reason="Her mailbox is full.", due_at=None)

    page = story(desk, mail)
    found = re.search(r'name="way" value="(identity-\d+-sms)"', page)
    assert found is not None, "the text message is offered"
    answer = desk.post(reverse("delivery-elsewhere", args=[sent.pk]), {"way": found[1]}, headers=FRAGMENT)

    draft = Draft.objects.get(agent=bo)
    assert "Instead: Text message +447700900123" in page
    assert (draft.text, draft.way) == ("A new one leaves today.", found[1])
    assert "Its words are in your draft" in said(answer)
    assert Interaction.objects.filter(direction="out").count() == 1
