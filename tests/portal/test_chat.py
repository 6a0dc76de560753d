"""A chat: durable before it is acknowledged, complete after a reconnect, continued by mail when the visitor left."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from tests.portal.conftest import Visitor
from threadline.accounts.models import Event
from threadline.channels.models import Channel
from threadline.interactions.actions.intake import Item, receive
from threadline.interactions.models import Delivery, IntakeEntry, Interaction
from threadline.journeys import actions
from threadline.journeys.actions.delivery import deliver_due
from threadline.journeys.actions.reply import Way
from threadline.journeys.models import Journey
from threadline.portal.actions import mailing, seen_by_us
from threadline.portal.models import Chat

Visit = Callable[..., Visitor]


def answer(touch: int, text: str) -> Interaction:
    """Bo answers in the thread of a touch."""
    found = Interaction.objects.select_related("thread__channel").get(pk=touch)
    way = Way(found.thread.channel, found.thread.reply_address, found.thread)
    journey, bo = make.journey_of(found), make.agent("Bo Lindqvist")
    return actions.reply(journey=journey, text=text, way=way, by=bo, now=timezone.now())


def answers(touch: int, count: int) -> list[int]:
    """So many of ours in the thread of a touch, written by another program."""
    thread = Interaction.objects.select_related("thread").get(pk=touch).thread
    more = {"direction": "out", "to": {"visitor_id": thread.reply_address}}
    items = [
        make.payload({"agent": "bo"}, f"Answer {n}", kind="chat", **more, thread={"session": thread.key[8:]})
        for n in range(count)
    ]
    numbers = receive(
        [Item(payload=item, external_id=item["id"]) for item in items], source="api", channel=thread.channel
    )
    make.process()
    return numbers


def test_a_message_is_in_the_ledger_before_it_is_acknowledged(visit: Visit):
    ana = visit()

    number = ana.say("Did my email arrive? Order HP-4711.", once="window-name-1")

    entry = IntakeEntry.objects.get(pk=number)
    assert (entry.source, entry.verdict) == ("chat", "pending")
    make.process()
    (message,) = ana.messages(1)
    assert (message["number"], message["once"], message["ours"]) == (number, "window-name-1", False)
    assert make.journey_of(Interaction.objects.get(pk=number)).status == Journey.Status.OPEN


def test_a_message_that_is_sent_again_is_there_once(visit: Visit):
    ana = visit()
    first = ana.say("Hello, my kettle leaks.", once="the-same-name")

    ana.say("Hello, my kettle leaks.", once="the-same-name")
    make.process()

    assert [touch.pk for touch in Interaction.objects.all()] == [first]


def test_an_answer_is_there_at_once_and_stands_as_delivered_when_it_was_read(visit: Visit):
    ana = visit()
    number = ana.say("My kettle leaks. Order HP-4711.")
    make.process()
    ana.messages(1)

    reply = answer(number, "It will be mended, Ana.")

    (message,) = ana.messages(1)
    assert (message["text"], message["by"], message["ours"]) == ("It will be mended, Ana.", "Bo", True)
    deliver_due()
    ana.do("read", upto=reply.pk)
    ana.do("end")
    ana.wait("ended")
    assert Delivery.objects.get(pk=reply.pk).state == Delivery.State.DELIVERED
    assert Event.objects.filter(verb="delivered", interaction_id=reply.pk).exists()


def test_who_was_cut_off_while_fifty_messages_came_sees_all_of_them_once_and_in_order(visit: Visit):
    ana = visit()
    number = ana.say("My kettle leaks. Order HP-4711.")
    make.process()
    (own,) = ana.messages(1)
    ana.socket.close()
    written = answers(number, 50)

    back = visit(token=ana.token, since=own["number"])
    late = answer(number, "And one more").pk
    heard = [*back.welcome["messages"], *back.messages(1)]

    fresh = [message["number"] for message in heard if message["number"] > own["number"]]
    assert fresh == [*written, late]


def test_a_window_hears_when_we_type_and_what_we_have_read(visit: Visit):
    ana = visit()
    number = ana.say("My kettle leaks.")
    make.process()

    seen_by_us(chat=Chat.objects.get(), upto=number)

    assert ana.wait("seen")["upto"] == number
    assert visit(token=ana.token).welcome["seen"] == number


def test_the_wait_shown_is_the_middle_of_the_last_answers_and_nothing_before_there_are_some(visit: Visit):
    ana = visit()
    assert ana.welcome["wait"] is None

    for n, minutes in enumerate((2, 4, 30)):
        asked = make.NOW + timedelta(hours=n)
        at = timezone.now() - timedelta(days=1) + (asked - make.NOW)
        session = {"thread": {"session": f"s{n}"}, "kind": "chat"}
        make.received({"visitor_id": f"v{n}"}, "Where is it?", at=at, **session)
        make.received(
            {"agent": "bo"},
            "On its way.",
            at=at + timedelta(minutes=minutes),
            direction="out",
            to={"visitor_id": f"v{n}"},
            **session,
        )

    assert visit().welcome["wait"] == {"seconds": 240, "answers": 3}


def test_a_window_says_how_many_wait_before_them_and_hears_when_that_changes(visit: Visit):
    ben, ana = visit(), visit()
    first = ben.say("Where is my kettle?")
    second = ana.say("My mug is broken.")
    make.process()
    place = ana.until_placed(2)
    assert place is not None
    again = visit(token=ana.token).welcome["place"]

    answer(first, "It comes tomorrow.")
    next_one = ana.until_placed(1)
    assert next_one is not None
    answer(second, "A new one is on its way.")

    assert (place["waiting"], place["by"], place["seconds"]) == (2, "", None)
    assert again == place
    assert next_one["waiting"] == 1
    assert ana.until_placed(0) is None


def test_an_answer_that_nobody_is_there_to_read_goes_to_the_address_they_gave(
    visit: Visit, shop: Channel, monkeypatch: pytest.MonkeyPatch
):
    sent = []
    monkeypatch.setattr(
        "threadline.channels.adapters.email.adapter.Exit.send",
        lambda self, content, *, sender, to, cc=(): sent.append((to, sender, content.decode())),
    )
    mailbox = make.channel("email", settings={"smtp_host": "127.0.0.1", "smtp_security": "none"})
    ana = visit()
    number = ana.say("My kettle leaks. Order HP-4711.")
    ana.do("address", email="Ana@example.com", name="Ana")
    ana.wait("address")
    make.process()
    answer(number, "A new seal is on its way.")
    chat = Chat.objects.get()

    assert not mailing.mail_answers(chat.pk, now=timezone.now()), "she is still there"
    later = timezone.now() + timedelta(minutes=5)
    assert mailing.mail_answers(chat.pk, now=later)
    assert not mailing.mail_answers(chat.pk, now=later), "once is enough"

    ((to, sender, content),) = sent
    assert to == "ana@example.com"
    assert "A new seal is on its way." in content
    assert sender.startswith("hello+t")
    comes_back(sender, mailbox.address)
    assert [m["text"] for m in visit(token=ana.token).welcome["messages"]][-1] == "Thank you, that is fine."


def comes_back(reply_address: str, mailbox: str) -> None:
    """Ana answers the mail: it stands in the same thread."""
    raw = (
        f"From: Ana <ana@example.com>\r\nTo: {reply_address}\r\nSubject: Re: Your chat\r\n"
        "Message-ID: <answer-1@example.com>\r\n\r\nThank you, that is fine.\r\n"
    )
    make.mail_entry(raw.encode(), address=mailbox)
    make.process()


def test_after_the_end_a_new_chat_begins_and_the_rating_stands_in_the_story(visit: Visit):
    ana = visit()
    number = ana.say("My kettle leaks. Order HP-4711.")
    make.process()
    ana.do("end")
    ana.wait("ended")
    ana.do("rate", stars=4, text="Quick.")
    ana.wait("rated")
    ana.do("say", text="One more thing", once="another-one")
    refused = ana.wait("refused")
    make.process()

    assert "ended" in refused["reason"]
    rating = Interaction.objects.get(kind="survey")
    assert rating.attributes["rating"] == 4
    assert rating.thread_id == Interaction.objects.get(pk=number).thread_id
