"""Chats side by side: mine, those that wait, and none that are not mine to see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent
from threadline.interactions.models import Interaction
from threadline.journeys.models import Journey
from threadline.portal.actions import chatting
from threadline.portal.actions.chatting import Visitor
from threadline.portal.chat.tokens import Session, fresh
from threadline.portal.models import Chat

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo(client: Client) -> Agent:
    agent = make.agent("Bo Lindqvist", make.team("Kitchen"))
    client.force_login(agent)
    return agent


def chat(text: str = "My kettle leaks.", *, owner: Agent | None = None, **journey: object) -> Chat:
    """Somebody new who wrote in the chat a moment ago."""
    channel = make.channel("chat")
    session = fresh(channel)
    chatting.say(Visitor(channel, session), text=text, once="first-message", now=timezone.now())
    make.process()
    touch = Interaction.objects.order_by("-pk")[0]
    Journey.objects.filter(pk=make.journey_of(touch).pk).update(owner=owner, **journey)
    return Chat.objects.get(session=session.session)


def test_mine_stand_side_by_side_and_above_them_those_that_wait(client: Client, bo: Agent):
    mine, free = chat("Mine leaks", owner=bo), chat("Nobody has this")
    chat("Somebody else has this", owner=make.agent("Fay Okafor"))

    page = client.get(reverse("chats")).content.decode()

    assert f'id="chat-{mine.pk}"' in page
    assert f'data-waits="{free.pk}"' in page
    assert "Somebody else has this" not in page


def test_who_takes_a_chat_has_it_and_answers_in_its_own_thread(client: Client, bo: Agent):
    taken = chat()

    client.post(reverse("chat-take", args=[taken.pk]))
    answer = client.post(reverse("chat-reply", args=[taken.pk]), {"text": "We mend it."})

    assert answer.status_code == 302
    reply = Interaction.objects.get(direction="out")
    assert (reply.thread.key, reply.author, reply.kind) == (taken.thread_key, bo, "chat")
    assert make.journey_of(reply).owner == bo
    taken.refresh_from_db()
    assert taken.seen_upto > 0


@pytest.mark.parametrize("name", ["chat", "chat-reply", "chat-take", "chat-typing", "chat-seen"])
def test_chats_of_a_team_that_is_not_mine_are_not_there(client: Client, bo: Agent, name: str):
    foreign = chat("A matter of trust", team=make.team("Trust", restricted=True))

    address = reverse(name, args=[foreign.pk])
    answer = client.get(address) if name == "chat" else client.post(address, {"text": "Hello", "upto": 1})

    assert answer.status_code == 404
    assert "A matter of trust" not in client.get(reverse("chats")).content.decode()
    assert not Interaction.objects.filter(direction="out").exists()


def test_what_somebody_took_a_moment_ago_is_not_taken_again(client: Client, bo: Agent):
    taken = chat(owner=make.agent("Fay Okafor"))

    answer = client.post(reverse("chat-take", args=[taken.pk]))

    assert "Fay Okafor took it a moment ago" in answer.content.decode()


@pytest.mark.parametrize(("text", "words"), [("", "Nothing is written yet"), ("x" * 4001, "holds 4000 characters")])
def test_an_answer_that_can_not_go_comes_back_with_the_reason(client: Client, bo: Agent, text: str, words: str):
    mine = chat(owner=bo)

    answer = client.post(reverse("chat-reply", args=[mine.pk]), {"text": text})

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_newer_touch_is_read_first_or_answered_all_the_same(client: Client, bo: Agent):
    mine = chat(owner=bo)
    first = Interaction.objects.get()
    session = Session(mine.channel_id, mine.visitor, mine.session)
    who = Visitor(make.channel("chat"), session)
    chatting.say(who, text="And it is hot.", once="second-one", now=timezone.now())
    make.process()

    answer = client.post(reverse("chat-reply", args=[mine.pk]), {"text": "Hello", "seen": first.pk})
    sent = client.post(reverse("chat-reply", args=[mine.pk]), {"text": "Hello", "seen": first.pk, "stale": "1"})

    assert answer.status_code == 422
    assert "Something newer arrived" in answer.content.decode()
    assert sent.status_code == 302


def test_many_chats_cost_as_many_queries_as_few(client: Client, bo: Agent):
    chat(owner=bo)
    few = queries(client)
    for n in range(4):
        chat(f"Number {n}", owner=bo if n % 2 else None)

    assert queries(client) == few <= 14


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("chats"))
    return len(asked)


def test_a_chat_of_yesterday_is_in_the_queue_and_no_longer_side_by_side(client: Client, bo: Agent):
    old = chat(owner=bo)
    Chat.objects.update(active_at=timezone.now() - timedelta(days=2))

    assert f'id="chat-{old.pk}"' not in client.get(reverse("chats")).content.decode()
