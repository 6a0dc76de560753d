"""A telephone line: what callers hear and may press, who takes the call, what we promise, and what stays in the story.

The stand-in follows our TwiML as Twilio does, with signed requests, and refuses what Twilio would refuse.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from starlette.applications import Starlette
from starlette.routing import Mount

from tests import make
from tests.channels import at_the_door
from tests.providers.kit import PUBLIC
from tests.providers.twilio import ANA
from tests.providers.twilio_voice import SOUND, FakeTwilioVoice, Phone
from threadline.accounts.models import Agent, Event
from threadline.channels import twiml
from threadline.channels.contract import Hook
from threadline.channels.models import Channel
from threadline.core.calendars import Calendar, Slot
from threadline.core.phone import Does, Key, Line, written
from threadline.core.promises import Book, Promise
from threadline.interactions.actions.media import fetch_media
from threadline.interactions.hooks import routes, taking
from threadline.interactions.models import Attachment, Interaction
from threadline.journeys.actions import connecting
from threadline.journeys.actions.promises import use_book
from threadline.journeys.models import Journey
from threadline.portal.actions import callbacks, phoning
from threadline.portal.actions.call_keeping import keep_calls
from threadline.portal.models import Callback, PhoneCall, PhoneLeg
from threadline.portal.phone import door, provider
from threadline.portal.phone.routes import routes as phone_routes

pytestmark = pytest.mark.django_db
BOS, CYS = "+447700900501", "+447700900502"
app = Starlette(routes=[Mount("/in", routes=[*routes, *phone_routes])])


@pytest.fixture(autouse=True)
def fresh(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLIC_URL = PUBLIC
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    monkeypatch.setattr(at_the_door, "app", app)


@pytest.fixture
def net() -> Iterator[FakeTwilioVoice]:
    with FakeTwilioVoice().running() as net:
        assert isinstance(net, FakeTwilioVoice)
        net.channel(brand=make.brand())
        net.door = within
        assert "Harbour & Pine" in connecting.connect(channel=Channel.objects.get())
        yield net
        assert net.wrong == []


def within(hook: Hook) -> httpx.Response:
    """As the front door does it, in this very transaction: the door itself is tried in one test, for it takes long."""
    channel = Channel.objects.select_related("brand").get()
    connector = provider.connector(channel)
    connector.verify(hook)
    place = urlsplit(hook.url).path.removeprefix(f"/in/{channel.pk}").strip("/")
    if not place:
        taking.write([(channel, connector.split(hook), {})])
        return httpx.Response(200)
    what, _slash, rest = place.partition("/")
    leg, _slash, name = rest.partition("/")
    path = {"leg": int(leg), "place": name} if what == "leg" else {"place": rest}
    told = twiml.document(door.next_of(channel, path, hook.form()))
    return httpx.Response(200, content=told, headers={"content-type": twiml.CONTENT_TYPE})


def at_door(hook: Hook) -> httpx.Response:
    return at_the_door.call(hook)[0]


@pytest.fixture
def bo() -> Agent:
    return with_phone(make.agent("Bo Lindqvist", make.team("Kitchen")), BOS)


def with_phone(agent: Agent, number: str) -> Agent:
    phoning.set_handset(agent=agent, number=number, now=timezone.now())
    return agent


def answers(**values: Any) -> None:
    """How the line answers."""
    channel = Channel.objects.get()
    channel.settings = {**channel.settings, "line": written(Line(**values))}
    channel.save()


def ana(text: str = "The kettle leaks. Order HP-4711.") -> Journey:
    """She has called from her own number before, and waits for us."""
    before = timezone.now() - timedelta(minutes=5)
    return make.journey_of(make.received(ANA, text, at=before, name="Ana Karlsson"))


def desk(client: Client, agent: Agent) -> Callable[..., Any]:
    client.force_login(agent)

    def do(name: str, number: int, **said: str) -> Any:
        answer = client.post(reverse(name, args=[number]), said)
        assert answer.status_code in (204, 302), answer.content.decode()
        return answer

    return do


def taken(net: FakeTwilioVoice, caller: Phone, do: Callable[..., Any], at: str = BOS) -> Phone:
    """Somebody of ours takes the call and presses a key."""
    call = PhoneCall.objects.get(sid=caller.sid)
    do("phone-take", call.pk)
    ours = net.to(at)
    ours.answer()
    ours.press("5")
    return ours


def kept() -> Interaction:
    keep_calls()
    return Interaction.objects.latest("pk")


def test_a_call_is_greeted_with_the_true_wait_taken_with_a_whisper_recorded_with_consent_and_is_one_touch(
    net: FakeTwilioVoice, client: Client, bo: Agent
):
    story, do = ana(), desk(client, bo)
    answers(records=True, transcribes=True)
    caller = net.ring()
    assert "Welcome to Harbour & Pine. Nobody waits before you." in caller.last
    assert "minutes" not in caller.last, "too few calls: nothing is claimed"
    assert caller.last.index("press 0") < caller.last.index("press 1"), "the person comes first"

    caller.press("0")
    assert "May we record" in caller.last
    caller.press("1")
    assert "Nobody waits before you." in caller.last
    ours = taken(net, caller, do)
    ours.say_to_them("It is on its way.", track="inbound_track", number=1)
    ours.say_to_them("Thank you so much.", track="outbound_track", number=2)
    do("phone-notes", PhoneCall.objects.get().pk, notes="The new kettle comes on Friday.")
    caller.hang_up()
    touch = kept()
    fetch_media()

    assert "Ana Karlsson, known by the number. About: " in ours.heard[0]
    assert "they agreed. Press any key to talk." in ours.heard[0]
    assert "You speak with Bo. Thank you. The call is recorded." in caller.heard
    assert ours.over == "completed"
    assert (touch.kind, touch.direction, touch.external_id) == ("phone", "in", caller.sid)
    assert touch.text == "The new kettle comes on Friday.\n\nBo: It is on its way.\nThey: Thank you so much."
    assert touch.attributes["agreed"] is True
    assert touch.attributes["talked_with"] == "Bo Lindqvist"
    assert make.journey_of(touch) == story
    (file,) = Attachment.objects.filter(interaction=touch)
    played = client.get(reverse("phone-heard", args=[file.pk]), headers={"Range": "bytes=0-2"})
    assert (played.status_code, b"".join(played.streaming_content)) == (206, SOUND[:3])
    shown = client.get(reverse("story", args=[story.pk])).content.decode()
    assert reverse("phone-heard", args=[file.pk]) in shown
    assert set(Event.objects.filter(journey_id=story.pk).values_list("verb", flat=True)) >= {
        "phone_waits",
        "phone_taken",
        "phone_joined",
        "phone_ended",
    }


def test_nobody_is_recorded_who_did_not_say_yes(net: FakeTwilioVoice, client: Client, bo: Agent):
    answers(records=True)
    caller = net.ring()
    caller.press("0")
    caller.press_nothing()
    ours = taken(net, caller, desk(client, bo))
    caller.hang_up()

    assert "Nothing is recorded." in caller.heard
    assert ours.recorded == ""
    assert kept().attributes["recordings"] == 0


@pytest.mark.parametrize("digits", ["0", "", "9", "*"], ids=["zero", "nothing", "unknown", "star"])
def test_a_person_is_one_key_away_and_pressing_nothing_leads_to_one(net: FakeTwilioVoice, digits: str):
    answers(keys=(Key("4", Does.TEXT, "To hear where we are", "At the harbour."),))
    caller = net.ring()
    caller.press("4")
    assert caller.last.startswith("At the harbour. For a person, stay on the line or press 0.")

    caller.press(digits) if digits else caller.press_nothing()

    assert PhoneCall.objects.get().state == "waiting"


def test_the_wait_is_measured_and_told_again(net: FakeTwilioVoice):
    now, line = timezone.now(), Channel.objects.get()
    for minutes in (1, 2, 4, 6, 9):
        ended = now - timedelta(hours=minutes)
        PhoneCall.objects.create(
            channel=line,
            rang_at=ended - timedelta(minutes=20),
            ended_at=ended,
            why="talked",
            kept_at=ended,
            waited=timedelta(minutes=minutes),
        )
    first, second = net.ring("+447700900301"), net.ring("+447700900302")
    first.press("0")
    second.press("0")

    assert "half of the callers waited less than 4 minutes, nine in ten less than 9 minutes" in first.heard[0]
    assert "One caller waits before you." in second.last
    first.hang_up()
    second.press_nothing()
    assert "Nobody waits before you." in second.last


def test_how_the_story_stands_is_told_to_who_is_known_and_proves_it(net: FakeTwilioVoice):
    ana()
    unknown = net.ring("+447700900399")
    assert "how your matter stands" not in unknown.last
    unknown.press("1")
    assert PhoneCall.objects.get(sid=unknown.sid).state == "waiting", "a key that was not offered leads to a person"

    caller = net.ring()
    caller.press("1")
    assert "order number" in caller.last
    caller.press("4711#")

    told = r"We have what you told us (today|yesterday) at \d\d:\d\d\."
    assert re.search(told, caller.last)
    assert "kettle" not in " ".join(caller.heard)
    guesser = net.ring()
    guesser.press("1")
    guesser.press("4712#")
    assert "A person helps you with that." in guesser.heard
    assert PhoneCall.objects.get(sid=guesser.sid).state == "waiting"
    vouched = net.ring(StirVerstat="TN-Validation-Passed-A")
    vouched.press("1")
    assert re.search(told, vouched.last)


def test_a_callback_is_a_promise_with_a_moment_kept_from_the_desk_with_one_button(
    net: FakeTwilioVoice, client: Client, bo: Agent
):
    story, do = ana(), desk(client, bo)
    caller = net.ring()
    caller.press("0")
    caller.press_while_waiting("2")
    assert "no later than" in caller.last
    assert "ending in 0 1 2 3" in caller.last
    caller.press("1")
    assert "That is a promise." in caller.last
    assert caller.over == "completed"
    asked = kept()
    owed = Callback.objects.get()

    assert asked.text == "Called and asked to be called back."
    assert make.journey_of(asked) == story
    assert owed.journey == story.pk
    assert owed.due_at - owed.asked_at == timedelta(hours=1)
    page = client.get(reverse("story", args=[story.pk])).content.decode()
    assert reverse("callback-now", args=[owed.pk]) in page
    do("callback-now", owed.pk)
    ours = net.to(BOS)
    ours.answer()
    assert "We promised to call back." in ours.last
    ours.press("1")
    theirs = net.to(ANA)
    theirs.answer()
    assert theirs.heard == ["This is Harbour & Pine. We call you back, as promised."]
    theirs.hang_up()
    touch = kept()

    owed.refresh_from_db()
    assert owed.kept_at is not None
    assert owed.broken_at is None
    assert (touch.direction, touch.author) == ("out", bo)
    assert touch.text.startswith("Bo called back as promised")
    assert make.journey_of(touch) == story
    do("callback-owe", owed.pk)
    owed.refresh_from_db()
    assert owed.kept_at is None, "it was their machine: it is owed again"
    do("callback-drop", owed.pk)
    do("callback-owe", owed.pk)
    verbs = list(Event.objects.filter(verb__startswith="callback").order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "callback_promised",
        "callback_tried",
        "callback_kept",
        "callback_owed_again",
        "callback_dropped",
        "callback_owed_again",
    ]


def test_a_promised_call_is_told_of_before_and_when_it_breaks(net: FakeTwilioVoice, bo: Agent):
    story = ana()
    Journey.objects.filter(pk=story.pk).update(owner=bo)
    caller = net.ring()
    caller.press("2")
    caller.press("1")
    kept()
    due = Callback.objects.get().due_at

    callbacks.tell_due(due - timedelta(minutes=10))
    callbacks.tell_due(due + timedelta(minutes=1))
    callbacks.tell_due(due + timedelta(minutes=2))

    assert Callback.objects.get().broken_at == due
    assert Event.objects.filter(verb="callback_due").count() == 1
    assert Event.objects.filter(verb="callback_broken").count() == 1


def test_a_message_comes_in_through_the_door_with_its_words_and_its_sound(net: FakeTwilioVoice):
    story = ana()
    answers(transcribes=True)
    caller = net.ring()
    caller.press("3")
    caller.speak("My kettle still leaks, order HP-4711.")
    make.process()
    keep_calls()
    fetch_media()

    touch = Interaction.objects.latest("pk")
    assert touch.text == "My kettle still leaks, order HP-4711."
    assert make.journey_of(touch) == story
    assert PhoneCall.objects.get().touch == touch.pk
    assert Interaction.objects.filter(kind="phone").count() == 2, "one touch, though it was told twice"
    assert "Thank you. We have it" in caller.last


def test_a_message_without_words_is_kept_when_the_call_is_over(net: FakeTwilioVoice):
    caller = net.ring()
    caller.press("3")
    caller.speak("hm", seconds=4)

    touch = kept()

    assert (touch.text, touch.attributes["voicemail"]) == ("", True)
    assert Journey.objects.get().waiting_since is not None


def test_a_call_is_handed_over_with_a_brief_that_the_next_hears_first(net: FakeTwilioVoice, client: Client, bo: Agent):
    ana()
    cy, do = with_phone(make.agent("Cy Okafor", make.team("Garden")), CYS), desk(client, bo)
    caller = net.ring()
    caller.press("0")
    ours = taken(net, caller, do)
    call = PhoneCall.objects.get()
    refused = client.post(reverse("phone-hand-over", args=[call.pk]), {"to": f"agent-{cy.pk}", "brief": " "})
    assert refused.status_code == 422

    do("phone-hand-over", call.pk, to=f"agent-{cy.pk}", brief="She wants the money back.")
    net.settle()

    assert "Cy goes on with you, and knows what it is about." in caller.heard
    assert ours.over == "completed"
    theirs = taken(net, caller, desk(client, cy), CYS)
    assert "Bo says: She wants the money back." in theirs.last
    caller.hang_up()
    assert kept().attributes["talked_with"] == "Cy Okafor"


def test_a_telephone_that_nobody_picks_up_loses_nobody(net: FakeTwilioVoice, client: Client, bo: Agent):
    do = desk(client, bo)
    caller = net.ring()
    caller.press("0")
    call = PhoneCall.objects.get()
    do("phone-take", call.pk)
    net.to(BOS).hang_up("no-answer")

    call.refresh_from_db()
    assert (call.state, call.agent) == ("waiting", None)
    do("phone-take", call.pk)
    net.to(BOS).answer()
    net.to(BOS).press_nothing()  # a machine presses no key
    call.refresh_from_db()
    assert (call.state, call.agent) == ("waiting", None)
    net.misbehave("reject")
    assert client.post(reverse("phone-take", args=[call.pk])).status_code == 422
    call.refresh_from_db()
    assert call.agent is None
    taken(net, caller, do)
    do("phone-end", call.pk)
    net.settle()
    assert caller.over == "completed"


def test_two_can_not_take_one_call_and_one_can_not_take_two(net: FakeTwilioVoice, client: Client, bo: Agent):
    first, second = net.ring("+447700900301"), net.ring("+447700900302")
    first.press("0")
    second.press("0")
    do = desk(client, bo)
    one, two = PhoneCall.objects.order_by("pk")
    do("phone-take", one.pk)

    assert client.post(reverse("phone-take", args=[two.pk])).status_code == 422
    client.force_login(with_phone(make.agent("Cy Okafor"), CYS))
    assert client.post(reverse("phone-take", args=[one.pk])).status_code == 422
    assert PhoneLeg.objects.count() == 1


def test_who_gives_up_stays_in_the_story_and_who_only_listens_does_not(net: FakeTwilioVoice):
    caller = net.ring()
    caller.press("0")
    caller.hang_up()
    listener = net.ring("+447700900302")
    listener.hang_up()
    withheld = net.ring("anonymous")
    withheld.press("0")
    withheld.hang_up()

    keep_calls()

    (touch,) = Interaction.objects.all()
    assert touch.text.startswith("Called, waited ")
    assert PhoneCall.objects.filter(kept_at=None).count() == 0


def test_while_we_are_closed_a_person_calls_back_and_nobody_waits_in_vain(net: FakeTwilioVoice):
    soon = timezone.now() + timedelta(days=2)
    week = tuple((Slot(540, 1020),) if day == soon.weekday() else () for day in range(7))
    hours = Calendar("UTC", week, name="Hours")
    book = Book({"hours": hours}, {"all": Promise("Everybody", "hours", first=timedelta(hours=1))})
    use_book(book=book, words="When we work", by=None, now=timezone.now() - timedelta(days=1))
    answers(calendar="hours", callback_minutes=30)
    caller = net.ring()

    assert "We are back" in caller.last
    caller.press_nothing()
    assert "at 09:30" in caller.last
    caller.press("1")
    due = Callback.objects.get().due_at
    assert (due.weekday(), due.hour, due.minute) == (soon.weekday(), 9, 30)


@pytest.mark.django_db(transaction=True)
def test_the_door_answers_twilio_and_nobody_else(net: FakeTwilioVoice):
    net.door = at_door
    caller = net.ring()
    caller.press_nothing()
    assert "Nobody waits before you." in caller.last
    caller.hang_up()
    PhoneCall.objects.all().delete()
    good = net.signed_to(f"{net.hook_url}/call", {"CallSid": "CA9", "From": ANA})
    forged = Hook("POST", good.url, good.body.replace(b"CA9", b"CA8"), good.received_at, good.headers)

    assert at_door(forged).status_code == 401
    assert not PhoneCall.objects.exists()
    assert at_door(good).status_code == 200
    Channel.objects.update(active=False)
    assert b"<Reject" in at_door(good).content


def test_a_call_of_a_story_that_is_hidden_is_hidden(net: FakeTwilioVoice, client: Client, bo: Agent):
    story = ana()
    Journey.objects.filter(pk=story.pk).update(team=make.team("Law", restricted=True))
    caller = net.ring()
    caller.press("0")
    client.force_login(bo)

    assert "Ana" not in client.get(reverse("phone")).content.decode()
    assert client.post(reverse("phone-take", args=[PhoneCall.objects.get().pk])).status_code == 404
    event = Event.objects.filter(verb="phone_waits").latest("pk")
    assert client.get(reverse("phone-rings", args=[event.pk])).status_code == 204


def test_the_board_asks_the_same_number_of_queries_however_many_call(
    net: FakeTwilioVoice, client: Client, bo: Agent, django_assert_max_num_queries: Any
):
    ana()
    for number in range(4):
        net.ring(net.somebody(310 + number)).press("0")
    client.force_login(bo)
    client.get(reverse("phone"))

    with django_assert_max_num_queries(16):
        page = client.get(reverse("phone-board")).content.decode()

    assert page.count("Take it") == 4
    event = Event.objects.filter(verb="phone_waits").latest("pk")
    assert "is on the line" in client.get(reverse("phone-rings", args=[event.pk])).content.decode()


def test_an_admin_hears_what_callers_would_hear_keeps_it_and_takes_it_back(net: FakeTwilioVoice, client: Client):
    client.force_login(make.agent("Di Moreau", is_admin=True))
    address = reverse("settings-line", args=[Channel.objects.get().pk])
    said = {"language": "en-GB", "greeting": "Hello, this is the mill.", "callback_minutes": "45", "does_4": "text"}

    wrong = client.post(address, said)
    assert wrong.status_code == 422
    assert "Key 4 has no text" in wrong.content.decode()
    said |= {"words_4": "To hear when we are open", "text_4": "From nine to five."}
    tried = client.post(address, {**said, "try": "1"}).content.decode()
    assert "Hello, this is the mill." in tried
    assert "To hear when we are open, press 4." in tried
    assert "Hello" not in net.ring().last, "nothing is kept by trying"

    assert client.post(address, said).status_code == 302
    assert net.ring("+447700900303").last.startswith("Hello, this is the mill. ")
    change = Event.objects.filter(verb="channel_changed").latest("pk")
    client.post(reverse("settings-undo", args=[change.pk]))
    assert net.ring("+447700900304").last.startswith("Welcome to Harbour & Pine.")
