"""The contract, the other half: what comes in over each adapter is a story, answers go out once and in order."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from tests import make
from tests.channels.at_the_door import call
from tests.channels.test_contract import NAMES
from tests.providers.kit import PUBLIC, Fake
from tests.providers.registry import fakes
from threadline.channels.models import Channel
from threadline.interactions.actions.media import fetch_media
from threadline.interactions.models import Delivery, IntakeEntry, Interaction, Media, OptOut
from threadline.journeys import actions
from threadline.journeys.actions import connecting
from threadline.journeys.actions.delivery import deliver_due
from threadline.journeys.actions.reply import Way

pytestmark = pytest.mark.django_db(transaction=True)
CHATTING = [name for name in NAMES if fakes()[name].adapter.hooked and fakes()[name].adapter.sends()]
each = pytest.mark.parametrize("fake", CHATTING, indirect=True)
TELLING = [name for name in CHATTING if fakes()[name].adapter.can.delivered or fakes()[name].adapter.can.read]
telling = pytest.mark.parametrize("fake", TELLING, indirect=True)


@pytest.fixture(autouse=True)
def fresh(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLIC_URL = PUBLIC
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


@pytest.fixture
def fake(request: pytest.FixtureRequest) -> Iterator[Fake]:
    with fakes()[request.param]().running() as fake:
        fake.channel()
        yield fake
        assert fake.wrong == []


def answer(to: Interaction, text: str) -> Interaction:
    way = Way(to.channel, to.thread.reply_address, to.thread)
    return actions.reply(journey=make.journey_of(to), text=text, way=way, by=make.agent(), now=timezone.now())


def asked(fake: Fake, text: str = "The kettle leaks. Order HP-4711.") -> Interaction:
    (told,) = call(fake.said(text, number=1))
    assert told.status_code == 200, told.text
    make.process()
    return Interaction.objects.get(direction="in")


def tell(fake: Fake, state: str) -> None:
    sent = Delivery.objects.get()
    hook = fake.told(sent.provider_id, state, key=str(sent.pk))
    assert hook is not None
    (told,) = call(hook)
    assert told.status_code == 200, told.text
    make.process()


@each
def test_a_question_becomes_a_story_and_its_answer_goes_where_it_came_from(fake: Fake):
    first = asked(fake)

    answer(first, "A new one is on its way.")
    deliver_due()

    (sent,) = fake.sent
    assert (sent.to, sent.text) == (fake.person, "A new one is on its way.")
    ours = Interaction.objects.get(direction="out")
    assert ours.thread_id == first.thread_id
    assert ours.delivery.state == "sent"
    assert make.journey_of(ours) == make.journey_of(first)


@each
def test_what_comes_twice_or_unsigned_or_too_large_is_one_touch(fake: Fake):
    once = fake.said("The kettle leaks.", number=1)
    unsigned = dataclasses.replace(once, headers={"content-type": "application/json"})
    large = dataclasses.replace(once, body=b"x" * (fake.adapter.max_hook_bytes + 1))

    told = call(once, once, unsigned, large)
    make.process()

    assert [each.status_code for each in told] == [200, 200, 401, 413]
    assert sorted(IntakeEntry.objects.values_list("verdict", flat=True)) == ["accepted", "duplicate"]
    assert Interaction.objects.count() == 1


@each
def test_messages_of_one_thread_arrive_in_the_order_they_were_written_whatever_the_provider_does(fake: Fake):
    first = asked(fake)
    texts = [f"Answer {number}" for number in range(4)]
    for text in texts:
        answer(first, text)
    fake.misbehave("500")
    fake.misbehave("429")
    fake.misbehave("slow")

    for _minute in range(4):
        deliver_due()
        Delivery.objects.filter(state="queued").update(due_at=timezone.now())
        Channel.objects.update(send_after=None)

    assert [sent.text for sent in fake.sent] == texts
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


@each
def test_a_message_whose_answer_was_lost_is_not_sent_twice(fake: Fake):
    answer(asked(fake), "A new one is on its way.")
    fake.misbehave("drop")

    for _minute in range(3):
        deliver_due()
        Delivery.objects.filter(state="queued").update(due_at=timezone.now())

    delivery = Delivery.objects.get()
    assert len(fake.sent) == 1
    assert delivery.state == ("sent" if fake.adapter.idempotent else "unsure")


@each
def test_a_channel_with_bad_credentials_waits_and_goes_on_after_repair(fake: Fake):
    first = asked(fake)
    answer(first, "One")
    answer(first, "Two")
    fake.misbehave("expired")
    deliver_due()
    channel = Channel.objects.get()
    assert channel.halted_at
    assert channel.trouble
    assert fake.sent == []

    connecting.connect(channel=channel)
    deliver_due()

    channel.refresh_from_db()
    assert (channel.halted_at, channel.trouble) == (None, "")
    assert sorted(sent.text for sent in fake.sent) == ["One", "Two"]


@telling
def test_receipts_move_a_message_forward_only_and_are_its_proof(fake: Fake):
    states = [state for state in ("delivered", "read") if getattr(fake.adapter.can, state)]
    answer(asked(fake), "A new one is on its way.")
    deliver_due()

    for state in [*reversed(states), *states]:
        tell(fake, state)

    delivery = Delivery.objects.get()
    assert delivery.state == states[-1]
    assert IntakeEntry.objects.filter(verdict="noted").count() == len(states)
    assert IntakeEntry.objects.filter(verdict="duplicate").count() == len(states)
    assert delivery.interaction.told.exists()


def test_a_file_is_fetched_and_kept_and_one_that_is_gone_says_why():
    with fakes()["telegram"]().running() as fake:
        fake.channel()
        call(fake.signed({"update_id": 7, "message": PHOTO}))
        make.process()
        fetch_media()

        media = Media.objects.get()
        assert (media.state, bytes(media.data or b"")) == ("here", b"a photo")


PHOTO = {
    "message_id": 9,
    "from": {"id": 1001, "first_name": "Ana"},
    "chat": {"id": 1001, "type": "private"},
    "date": 1_790_000_000,
    "photo": [{"file_id": "file-1", "width": 800, "height": 800, "file_size": 7}],
}


def test_who_blocked_us_is_not_written_to_any_more():
    with fakes()["telegram"]().running() as fake:
        fake.channel()
        first = asked(fake)
        gone = {"chat": {"id": 1001, "type": "private"}, "from": {"id": 1001, "first_name": "Ana"}, "date": 1}
        call(fake.signed({"update_id": 8, "my_chat_member": {**gone, "new_chat_member": {"status": "kicked"}}}))
        make.process()

        answer(first, "Hello?")
        deliver_due()

        assert OptOut.objects.get().address == "1001"
        assert fake.sent == []
        assert "asked not to be written to" in Delivery.objects.get().reason


def test_a_paused_channel_has_its_provider_try_again_and_one_without_adapter_is_nobody():
    with fakes()["telegram"]().running() as fake:
        channel = fake.channel(active=False)
        (paused,) = call(fake.said("Hello?", number=1))
        Channel.objects.filter(pk=channel.pk).update(kind="pigeon", active=True)
        (retired,) = call(fake.said("Hello?", number=1))

        assert (paused.status_code, retired.status_code) == (503, 404)
        assert paused.headers["retry-after"]
        assert not IntakeEntry.objects.exists()


def test_an_old_signature_is_refused():
    from threadline.channels.contract import Broken
    from threadline.interactions.hooks.door import check_fresh

    now = timezone.now()
    check_fresh(now - timedelta(minutes=4), now)
    for away in (timedelta(minutes=6), -timedelta(minutes=6)):
        with pytest.raises(Broken, match="more than 5 minutes away"):
            check_fresh(now - away, now)
