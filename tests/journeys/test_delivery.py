"""Replies leave through a real mail server, arrive once, and the answer to them finds back into the story."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message

import pytest
from django.utils import timezone

from tests import make
from tests.channels.mails import mail
from tests.mail_server import MailServer
from threadline.accounts.models import Event
from threadline.channels import reply_address
from threadline.channels.models import Channel, ChannelLog
from threadline.interactions.actions.intake import Item, receive
from threadline.interactions.models import Delivery, Interaction
from threadline.interactions.reading import endpoint_of
from threadline.journeys import actions
from threadline.journeys.actions.delivery import deliver_due, retry
from threadline.journeys.actions.reply import Way
from threadline.journeys.replay import replay
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
OURS = make.ADDRESSES["email"]


@pytest.fixture
def channel(mail_server: MailServer) -> Channel:
    way_out = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.smtp_port, "smtp_security": "none"}
    mail_server.mailbox("ana@example.com")
    return make.channel("email", settings=way_out)


@pytest.fixture
def asked(channel: Channel) -> Interaction:
    """What Ana wrote."""
    make.mail_entry(mail("The kettle leaks. Order HP-4711.", to=OURS, message_id="<kettle@example.com>"))
    make.process()
    return Interaction.objects.get()


def reply(asked: Interaction, text: str = "A new one is on its way.", now: datetime | None = None) -> Interaction:
    way = Way(asked.channel, asked.thread.reply_address, asked.thread)
    later = now or asked.at + timedelta(hours=1)
    return actions.reply(journey=make.journey_of(asked), text=text, way=way, by=make.agent(), now=later)


def arrived(mail_server: MailServer, count: int = 1) -> list[Message]:
    return [message_from_bytes(raw) for raw in mail_server.received("ana@example.com", count=count)]


def test_a_reply_arrives_once_however_often_the_job_runs(mail_server, asked):
    sent = reply(asked)

    deliver_due()
    deliver_due()
    reply(asked, "It left the house.")
    deliver_due()

    first, second = arrived(mail_server, count=2)
    assert first["Message-ID"] == f"<{sent.external_id}>"
    assert first["Message-ID"] != second["Message-ID"]
    assert Delivery.objects.get(pk=sent.pk).state == "sent"
    event = Event.objects.get(verb="sent", interaction_id=sent.pk)
    assert event.journey_id == make.journey_of(asked).pk


def test_a_reply_stands_below_what_it_answers_and_its_answers_come_to_a_signed_address(mail_server, asked):
    reply(asked)
    deliver_due()

    (letter,) = arrived(mail_server)
    assert letter["In-Reply-To"] == "<kettle@example.com>"
    assert letter["To"] == "ana@example.com"
    assert letter["Subject"] == "Re: Leaking kettle"
    secret = endpoint_of(asked.channel).secret
    assert reply_address.read(letter["Reply-To"], secret) == asked.thread_id


def test_the_answer_to_the_signed_address_finds_the_story_even_without_references(mail_server, asked):
    reply(asked)
    deliver_due()
    (letter,) = arrived(mail_server)
    address = letter["Reply-To"].rpartition("<")[2].rstrip(">")

    make.mail_entry(mail("Thank you, when?", to=address, subject="Something else", message_id="<n2@example.com>"))
    make.process()

    answer = Interaction.objects.get(external_id="n2@example.com")
    assert answer.thread_id == asked.thread_id
    assert make.journey_of(answer) == make.journey_of(asked)
    assert "signed reply address" in answer.attributes["thread_because"]


def test_an_answer_from_a_slow_clock_still_comes_after_what_it_answers_and_is_ours_to_answer(mail_server, asked):
    sent = reply(asked)
    answered = f"<{sent.external_id}>"

    early = mail("No, it is the lid.", to=OURS, message_id="<n2@example.com>", in_reply_to=answered)
    make.mail_entry(early)
    make.process()

    answer = Interaction.objects.get(external_id="n2@example.com")
    journey = make.journey_of(asked)
    assert answer.at > sent.at
    assert (journey.status, journey.waiting_since) == ("open", answer.at)


@pytest.mark.django_db(transaction=True)
def test_what_was_on_its_way_while_we_wrote_is_not_answered_by_it_and_is_ours_to_answer(mail_server, asked):
    sent = reply(asked, now=timezone.now())

    early = mail("And the lid?", to=OURS, message_id="<n2@a.example>", in_reply_to="<kettle@example.com>")
    make.mail_entry(early)
    make.process()

    late = Interaction.objects.get(external_id="n2@a.example")
    journey = make.journey_of(asked)
    assert late.thread == asked.thread
    assert sent.at < late.at <= late.received_at
    assert (journey.status, journey.waiting_since) == ("open", late.at)
    replay()
    assert Interaction.objects.get(pk=late.pk).at == late.at


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("mail_server")
def test_what_was_on_its_way_in_another_thread_while_we_wrote_is_ours_to_answer_too(asked):
    sent = reply(asked, now=timezone.now())

    make.mail_entry(mail("Order HP-4711: and the lid?", to=OURS, message_id="<n2@a.example>"))
    make.process()

    late = Interaction.objects.get(external_id="n2@a.example")
    journey = make.journey_of(late)
    assert late.thread != asked.thread
    assert journey == make.journey_of(asked)
    assert sent.at < late.at <= late.received_at
    assert (journey.status, journey.waiting_since) == ("open", late.at)
    replay()
    assert Interaction.objects.get(pk=late.pk).at == late.at


@pytest.mark.usefixtures("mail_server")
def test_what_was_told_of_a_past_that_was_answered_elsewhere_keeps_its_moment(asked):
    reply(asked, now=timezone.now())

    told = mail("Order HP-4711: and the lid?", to=OURS, message_id="<n2@a.example>")
    receive([Item(raw=told)], source="import", channel=asked.channel)
    make.process()

    assert make.journey_of(asked).status == "waiting"


def test_a_server_that_is_away_is_tried_again_later_and_the_reason_is_kept(asked):
    Channel.objects.update(settings={"smtp_host": "127.0.0.1", "smtp_port": 1, "smtp_security": "none"})
    reply(asked)

    deliver_due()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("queued", 1)
    assert "can not be reached" in delivery.reason
    assert delivery.due_at > delivery.changed_at
    assert ChannelLog.objects.get().ok is False


def test_a_channel_set_up_wrongly_fails_with_what_to_do_and_the_reply_can_be_sent_again(mail_server, asked):
    right = asked.channel.settings
    Channel.objects.update(settings={})
    sent = reply(asked)
    deliver_due()
    failed = Delivery.objects.get()
    assert (failed.state, failed.reason) == ("failed", Channel.objects.get().trouble)
    assert "“Outgoing server (SMTP)”" in failed.reason
    Channel.objects.update(settings=right)

    retry(delivery=failed)
    deliver_due()

    failed.refresh_from_db()
    assert (failed.state, failed.reason, Channel.objects.get().trouble) == ("sent", "", "")
    assert arrived(mail_server)[0]["Message-ID"] == f"<{sent.external_id}>"


def test_what_did_not_fail_is_not_sent_again(asked):
    reply(asked)

    with pytest.raises(ThreadlineError, match="Only a message that failed"):
        retry(delivery=Delivery.objects.get())
