"""How we reach people: numbers that are hidden or taken out, what they allow us, hours in which they are left alone."""

import html
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.channels.mails import mail
from threadline.accounts.models import Event
from threadline.core.fitness import Manners, Privacy, with_level
from threadline.core.fitness.manners import WEEK, held, zone_of
from threadline.customers.models import Identity
from threadline.interactions.models import Delivery, Fact, IntakeEntry, Interaction
from threadline.journeys import actions, replay
from threadline.journeys.actions.delivery import deliver
from threadline.journeys.actions.reply import Way
from threadline.journeys.models import Consent
from threadline.journeys.reaching import consents, plans
from threadline.lib.errors import ThreadlineError

CARD = "4111 1111 1111 1111"
TEXT = f"Please pay back to my card {CARD}. Order HP-4711."
FRAGMENT = {"HX-Request": "true"}


def signed_in(agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def bo(db):
    return make.agent("Bo Lindqvist", make.team("Kitchen"))


@pytest.fixture
def di(db):
    return make.agent("Di Moreau", is_admin=True)


# ---- numbers that should not be there ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_card_number_is_hidden_everywhere_but_in_the_ledger():
    touch = make.received("ana@example.com", TEXT)
    journey = make.journey_of(touch)

    assert touch.text == "Please pay back to my card •••• 1111. Order HP-4711."
    assert touch.attributes["hidden"] == ["card"]
    assert CARD not in f"{journey.title} {journey.last_text}"
    assert [fact.key for fact in Fact.objects.filter(name="order")] == ["4711"]
    assert CARD in str(IntakeEntry.objects.get(pk=touch.pk).payload)


@pytest.mark.django_db(transaction=True)
def test_a_replay_hides_it_again():
    touch = make.received("ana@example.com", TEXT)

    replay.replay()

    touch.refresh_from_db()
    assert "•••• 1111" in touch.text


@pytest.mark.django_db
def test_who_has_the_right_sees_it_whole_and_the_log_knows(bo, di):
    touch = make.received("ana@example.com", TEXT)
    story, whole = reverse("story", args=[make.journey_of(touch).pk]), reverse("touch-whole", args=[touch.pk])

    page = html.unescape(signed_in(bo).get(story).content.decode())
    refused = signed_in(bo).post(whole, headers=FRAGMENT)
    shown = signed_in(di).post(whole, headers=FRAGMENT)

    assert "The number of a payment card is hidden." in page
    assert "Show it whole" not in page
    assert refused.status_code == 403
    assert CARD in shown.content.decode()
    assert Event.objects.get(verb="number_shown").agent == di


@pytest.mark.django_db
def test_where_the_channel_may_carry_it_nothing_is_hidden(di):
    edit = lambda plan: with_level(plan, "email", Privacy.VERY_PRIVATE)  # noqa: E731
    plans.change(edit, words="Mail is safe", by=di, now=make.NOW)

    assert CARD in make.received("ana@example.com", TEXT).text


@pytest.mark.django_db
def test_a_channel_that_takes_them_out_never_keeps_them(bo):
    chat = make.channel("chat", settings={"card_numbers": "taken out before they are kept"})
    assert chat.settings

    touch = make.received("v-1", TEXT, kind="chat")

    entry = IntakeEntry.objects.get(pk=touch.pk)
    assert CARD not in str(entry.payload)
    assert entry.payload is not None
    assert entry.payload["sender"] == {"visitor_id": "v-1"}
    assert touch.attributes["taken_out"] == ["card"]
    page = signed_in(bo).get(reverse("story", args=[make.journey_of(touch).pk])).content.decode()
    assert "was taken out before it was kept" in page


@pytest.mark.django_db
def test_a_mailbox_that_takes_them_out_never_keeps_them(bo):
    make.channel("email", settings={"card_numbers": "taken out before they are kept"})

    entry = make.mail_entry(mail(TEXT, to=make.ADDRESSES["email"]))
    make.process()

    assert CARD.encode() not in bytes(entry.raw)
    touch = Interaction.objects.get(pk=entry.pk)
    assert (touch.text, touch.attributes["taken_out"]) == (TEXT.replace(CARD, "**** 1111"), ["card"])


# ---- what they allow us --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_who_does_not_want_to_be_written_to_there_is_not(bo):
    touch = make.received("ana@example.com", "It leaks. Order HP-4711.", at=timezone.now())
    desk, person = signed_in(bo), make.customer_of(touch)
    identity = Identity.objects.get(scheme="email")
    told = {"way": f"{identity.pk}-email", "allowed": "no", "evidence": "Said on the phone"}

    kept = desk.post(reverse("consent-say", args=[person]), told, follow=True)
    page = html.unescape(desk.get(reverse("story", args=[make.journey_of(touch).pk])).content.decode())
    refused = desk.post(reverse("consent-say", args=[person]), {**told, "evidence": " "})

    assert "Noted. Nobody writes there any more." in kept.content.decode()
    assert "They do not want to be written to here: “Said on the phone”" in page
    assert "Say how we know" in html.unescape(refused.content.decode())
    assert Event.objects.get(verb="consent_said").customer_id == person

    desk.post(reverse("consent-back", args=[person, Consent.objects.get().pk]))

    assert not consents.silent("email", "ana@example.com", "email")


@pytest.mark.django_db
def test_a_newer_wish_replaces_an_older_one_and_comes_back_when_it_is_taken_back(bo):
    make.received("ana@example.com")
    identity = Identity.objects.get(scheme="email")
    said = {"identity": identity, "kind": "email", "by": bo}
    consents.say(allowed=False, evidence="A letter", now=make.NOW, **said)
    consents.say(allowed=True, evidence="Said in the chat", now=make.NOW + timedelta(hours=1), **said)
    newest = Consent.objects.get(taken_back_at=None)
    assert newest.allowed

    consents.take_back(consent=newest, customer=identity.customer, by=bo, now=make.NOW + timedelta(hours=2))

    assert consents.silent("email", "ana@example.com", "email")
    with pytest.raises(ThreadlineError, match="already"):
        consents.take_back(consent=newest, customer=identity.customer, by=bo, now=make.NOW)


@pytest.mark.django_db
def test_what_was_on_its_way_when_they_asked_for_silence_does_not_go_out(bo):
    touch = make.received("ana@example.com")
    way = Way(touch.channel, touch.thread.reply_address, touch.thread)
    actions.reply(journey=make.journey_of(touch), text="Hello", way=way, by=bo, now=timezone.now())
    identity = Identity.objects.get(scheme="email")
    consents.say(identity=identity, kind="email", allowed=False, evidence="A letter", by=bo, now=timezone.now())

    deliver(Delivery.objects.select_related("interaction__channel", "interaction__thread").get())

    assert Delivery.objects.get().state == "failed"
    assert "why stands on their page" in Delivery.objects.get().reason


# ---- when they are left alone --------------------------------------------------------------------------------------


@given(st.integers(0, 23), st.integers(0, 23), st.integers(0, 5), st.lists(st.integers(0, 300), max_size=8))
def test_whatever_waits_may_go_out_when_its_time_has_come(hour, other, most, hours_ago):
    now = datetime(2026, 3, 10, hour, 30, tzinfo=UTC)
    sent = [now - timedelta(hours=each) for each in hours_ago]
    quiet = {"since": 22 * 60, "until": other * 60} if other != 22 else {"since": None, "until": None}
    manners = Manners(**quiet, most=most or None)

    found = held(manners, now, zone="Europe/Helsinki", sent=sent)

    for _step in range(12):
        if found is None or found.until is None:
            break
        assert found.until > now
        now = found.until
        found = held(manners, now, zone="Europe/Helsinki", sent=sent)
    assert found is None
    assert held(Manners(None, None, 0), now, zone="UTC", sent=[]) is not None


def test_how_often_is_counted_over_seven_days():
    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    sent = [now - timedelta(days=1), now - timedelta(days=3), now - timedelta(days=8)]

    assert held(Manners(None, None, 3), now, zone="UTC", sent=sent) is None
    found = held(Manners(None, None, 2), now, zone="UTC", sent=sent)
    assert found is not None
    assert found.until == sent[1] + WEEK


def test_a_number_tells_its_zone_where_its_country_has_one():
    assert zone_of("+358401234567") == "Europe/Helsinki"
    assert zone_of("nonsense") == ""
