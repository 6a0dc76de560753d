"""Calls in the chat window: who may ring whom, what passes between the browsers, and what becomes of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.portal.conftest import Visitor
from threadline.accounts.models import Agent, Event
from threadline.interactions.models import Interaction, Upload
from threadline.journeys import replay
from threadline.journeys.models import Journey
from threadline.lib.errors import ThreadlineError
from threadline.portal.actions import calling, recording
from threadline.portal.chat import limits
from threadline.portal.models import Call, CallPiece, Chat
from threadline.portal.queries import calls as queries

Visit = Callable[..., Visitor]
OFFER = {"type": "offer", "sdp": "v=0 offer"}
ANSWER = {"type": "answer", "sdp": "v=0 answer"}
WEBM = b"\x1aE\xdf\xa3"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits.calls.known.clear()


@pytest.fixture
def bo() -> Agent:
    return make.agent("Bo Lindqvist", make.team("Kitchen"))


def taken(visitor: Visitor, by: Agent | None, text: str = "My kettle leaks.") -> Chat:
    """The visitor's chat, in a story that this agent holds."""
    number = visitor.say(text)
    make.process()
    visitor.messages(1)
    touch = Interaction.objects.get(pk=number)
    Journey.objects.filter(pk=make.journey_of(touch).pk).update(owner=by)
    return Chat.objects.get(session=touch.thread.key.removeprefix("session:"))


def does(client: Client, chat: Chat, what: str, **more: object) -> int:
    said = {"does": what, **more}
    return client.post(reverse("talk-do", args=[chat.pk]), said, content_type="application/json").status_code


def test_two_browsers_find_each_other_through_us_agree_to_record_and_the_call_stands_in_the_story(
    visit: Visit, client: Client, bo: Agent
):
    ana = visit()
    chat = taken(ana, bo)
    client.force_login(bo)

    assert does(client, chat, "ring") == 200
    rings = ana.wait("call", state="ringing")
    assert (rings["from_us"], rings["by"]) == (True, "Bo")
    call = {"call": rings["call"]}
    ana.do("call", does="accept", **call)
    ana.wait("call", state="talking")
    does(client, chat, "say", data=OFFER, **call)
    assert ana.wait("call_said")["data"] == OFFER
    ana.do("call", does="say", data=ANSWER, **call)
    ana.do("call", does="agree", topic="record", yes=True, **call)
    ana.wait("call", record={"ours": False, "theirs": True})
    now = client.get(reverse("talk-now", args=[chat.pk])).json()
    assert [data for _number, data in now["said"]] == [ANSWER]

    piece = reverse("talk-piece", args=[chat.pk])
    kind = "application/octet-stream"
    assert client.post(f"{piece}?part=1&number=0", WEBM + b"1", content_type=kind).status_code == 422
    does(client, chat, "agree", topic="record", yes=True, **call)
    for number, data in enumerate((WEBM + b"1", b"2", b"2")):
        answer = client.post(f"{piece}?part=1&number={min(number, 1)}", data, content_type=kind)
        assert answer.status_code == 204
    ana.do("call", does="hang_up", **call)
    ana.wait("call", state="ended", why="hung up")
    assert not Interaction.objects.filter(kind="phone").exists()
    does(client, chat, "recorded", **call)

    touch = Interaction.objects.get(kind="phone")
    assert (touch.direction, touch.author, touch.thread.key) == ("out", bo, chat.thread_key)
    assert make.journey_of(touch).owner == bo
    assert touch.attributes["recorded"] is True
    assert [(each["topic"], each["by"]) for each in touch.attributes["agreed"]] == [
        ("record", "theirs"),
        ("record", "ours"),
    ]
    assert bytes(Upload.objects.get(pk=touch.attachments.get().part).data) == WEBM + b"12"
    assert not CallPiece.objects.exists()
    played = client.get(
        reverse("attachment", args=[touch.attachments.get().pk]) + "?play", headers={"range": "bytes=4-"}
    )
    assert (played.status_code, b"".join(played), played["Content-Type"]) == (206, b"12", "video/webm")
    verbs = list(Event.objects.filter(verb__startswith="call_").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["call_rang", "call_answered", "call_agreed", "call_agreed", "call_ended"]


def test_a_visitor_rings_only_who_holds_their_own_chat(visit: Visit, client: Client, bo: Agent):
    ana, ben = visit(), visit()
    anas, bens = taken(ana, bo), taken(ben, None, "My lamp flickers.")

    ben.do("ring")
    assert "Nobody has this chat yet" in ben.wait("call_refused")["reason"]
    ana.do("ring")
    ringing = ana.wait("call", state="ringing")
    ben.do("call", does="hang_up", call=ringing["call"])
    assert ben.wait("call_refused")["reason"] == "The call is over."
    ben.do("call", does="say", call=ringing["call"], data=OFFER)
    ben.wait("call_refused")

    assert Call.objects.get().chat == anas
    assert Call.objects.get().state == "ringing"
    assert not any(said["is"].startswith("call") and said["is"] != "call_refused" for said in ben.heard)
    client.force_login(bo)
    assert "Bo" not in client.get(reverse("talk-rings", args=[anas.pk])).content.decode()
    assert client.get(reverse("talk-rings", args=[anas.pk])).status_code == 200
    client.force_login(make.agent("Fay Okafor"))
    assert client.get(reverse("talk-rings", args=[anas.pk])).status_code == 204
    assert does(client, anas, "accept", call=ringing["call"]) == 422
    assert does(client, bens, "ring") == 422


def test_a_call_that_nobody_answers_is_no_touch_and_says_so_in_the_story(visit: Visit, client: Client, bo: Agent):
    ana = visit()
    chat = taken(ana, bo)
    ana.do("ring")
    ana.wait("call", state="ringing")
    Call.objects.update(asked_at=timezone.now() - timedelta(minutes=1))

    calling.end_silent_calls()

    assert ana.wait("call", state="ended")["why"] == "no answer"
    event = Event.objects.get(verb="call_missed")
    assert event.journey_id is not None
    client.force_login(bo)
    page = client.get(reverse("story", args=[event.journey_id])).content.decode()
    assert "saw them ring in the chat; nobody answered" in page
    assert not Interaction.objects.filter(kind="phone").exists()
    assert queries.open_call(chat) is None


def test_whoever_leaves_ends_the_call_and_a_replay_keeps_it(visit: Visit, bo: Agent):
    ana = visit()
    chat = taken(ana, bo)
    call = calling.ring(chat=chat, by=bo, now=timezone.now())
    with pytest.raises(ThreadlineError, match="in a call right now"):
        calling.ring(chat=chat, by=bo, now=timezone.now())
    calling.accept(call=call, ours=False, now=timezone.now())

    calling.they_left(chat.session, now=timezone.now() + timedelta(seconds=75))

    touch = Interaction.objects.get(kind="phone")
    assert (touch.attributes["seconds"], touch.attributes["ended"]) == (75, "left")
    assert touch.identity is not None
    assert touch.identity.scheme == "visitor"
    assert make.journey_of(touch).customer_id == make.customer_of(touch)
    before = (touch.text, make.journey_of(touch).pk)
    replay.replay()
    again = Interaction.objects.get(kind="phone")
    assert (again.text, make.journey_of(again).pk) == before


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"type": "offer"},
        {"type": "offer", "sdp": "x" * 16_001},
        {"candidate": "x" * 1001, "line": 0},
        {"x": 1},
        [],
    ],
    ids=["nothing", "empty", "long", "long way", "else", "list"],
)
def test_nothing_but_offers_answers_and_ways_passes_between_the_browsers(data: object):
    with pytest.raises(ThreadlineError):
        calling.sound(data)


@pytest.mark.django_db
def test_what_passes_and_what_is_recorded_is_bounded(bo: Agent, monkeypatch: pytest.MonkeyPatch):
    channel = make.channel("chat")
    now = timezone.now()
    chat = Chat.objects.create(
        channel=channel, session="s", visitor="v", started_at=now, active_at=now, here_until=now + timedelta(minutes=1)
    )
    call = Call.objects.create(chat=chat, agent=bo, from_us=True, asked_at=now, answered_at=now, here_at=now)
    monkeypatch.setattr(calling, "MOST_SIGNALS", 1)
    calling.pass_on(call=call, ours=True, data=OFFER, now=now)
    with pytest.raises(ThreadlineError, match="can not find each other"):
        calling.pass_on(call=call, ours=True, data=OFFER, now=now)

    for ours in (True, False):
        calling.agree(call=call, ours=ours, topic="record", yes=True, now=now)
    monkeypatch.setattr(recording, "MOST_BYTES", 10)
    recording.keep_piece(call=call, part=1, number=0, data=WEBM + b"1234", now=now)
    with pytest.raises(ThreadlineError, match="has reached"):
        recording.keep_piece(call=call, part=1, number=1, data=b"567", now=now)
    with pytest.raises(ThreadlineError, match="an hour"):
        recording.keep_piece(call=call, part=1, number=1, data=b"5", now=now + timedelta(hours=2))
    calling.agree(call=call, ours=False, topic="record", yes=False, now=now)
    with pytest.raises(ThreadlineError, match="unless both agree"):
        recording.keep_piece(call=call, part=1, number=1, data=b"5", now=now + timedelta(minutes=1))
    call.refresh_from_db()
    assert (call.record_ours, call.recording) == (False, False)


def test_turn_servers_get_a_name_and_a_password_for_this_call_only(settings):
    settings.CALL_SERVERS = ["stun:turn.example.org", "turn:turn.example.org"]
    settings.TURN_SECRET = "shared"

    stun, turn = queries.servers(Call(pk=7))

    assert stun == {"urls": ["stun:turn.example.org"]}
    assert turn["username"].endswith(":call-7")
    assert len(turn["credential"]) == 28
