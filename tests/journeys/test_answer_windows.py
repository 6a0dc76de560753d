"""Channels that let us answer freely for a while only: said before anybody types, refused where it is too late."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from threadline.core.macros import PLACES, filled, says
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.journeys.actions.drafts import Written
from threadline.journeys.actions.reply import Way
from threadline.journeys.models import Macro
from threadline.lib.errors import ThreadlineError

STILL = "Dear {first name}, may we still help with {product}?"
WORDS = st.text(alphabet="ab .{[", max_size=12).map(str.strip)


@given(st.lists(st.tuples(WORDS, st.sampled_from(PLACES)), max_size=4), WORDS)
def test_a_kept_text_with_its_places_filled_is_that_text(parts, end):
    template = " ".join(f"{words} {{{place}}}" for words, place in parts) + f" {end} Yours, us"
    text = filled(template, dict.fromkeys(PLACES, "a (kettle) of 2 l")).text

    assert says(template, text)
    assert not says(template, f"{text} And more?")
    assert says(template, filled(template, {}).text) == (not parts)


@pytest.fixture
def bo(db):
    return make.agent("Bo Lindqvist")


@pytest.fixture
def asked(db) -> Interaction:
    """A mailbox that takes free answers for a day; they wrote an hour ago."""
    found = make.received("ana@example.com", "The kettle leaks.", at=timezone.now() - timedelta(hours=1))
    found.channel.settings = {"answer_hours": 24, "answer_afterwards": "kept texts"}
    found.channel.save()
    Macro.objects.create(name="Still there?", text=STILL)
    Macro.objects.create(name="Mine alone", text="What I please", owner=make.agent("Bo Lindqvist"))
    return found


def send(asked: Interaction, by, text: str, *, hours: float):
    way = Way(asked.channel, asked.thread.reply_address, asked.thread)
    now = asked.at + timedelta(hours=hours)
    return actions.reply(journey=make.journey_of(asked), text=text, way=way, by=by, now=now)


def test_free_words_go_out_while_it_is_open_and_kept_texts_alone_afterwards(bo, asked):
    assert send(asked, bo, "We send a new one.", hours=23.9).direction == "out"
    assert send(asked, bo, "Dear Ana, may we still help with\nthe kettle?", hours=25).direction == "out"
    for text in ("We send a new one.", "Dear [first name], may we still help with the kettle?", "What I please"):
        with pytest.raises(ThreadlineError, match="more than 24 hours before"):
            send(asked, bo, text, hours=25)


def test_nothing_goes_out_afterwards_where_the_channel_takes_nothing(bo, asked):
    asked.channel.settings = {"answer_hours": 24}

    with pytest.raises(ThreadlineError, match="Answer another way"):
        send(asked, bo, "Dear Ana, may we still help with the kettle?", hours=25)


def test_an_answer_is_not_planned_for_when_it_would_be_refused(bo, asked):
    written = Written("We send a new one.", f"thread-{asked.thread_id}")

    with pytest.raises(ThreadlineError, match="more than 24 hours"):
        actions.schedule(
            journey=make.journey_of(asked),
            written=written,
            at=asked.at + timedelta(hours=30),
            by=bo,
            now=asked.at + timedelta(hours=2),
        )


@pytest.mark.parametrize(
    ("hours", "settings", "words"),
    [
        (1, {"answer_hours": 24}, "Open until"),
        (30, {"answer_hours": 24, "answer_afterwards": "kept texts"}, "only a text kept ready goes out"),
        (30, {"answer_hours": 24}, "it is closed for answers"),
    ],
    ids=["open", "kept texts", "closed"],
)
def test_the_composer_says_it_before_anybody_types(client: Client, bo, hours, settings, words):
    touch = make.received("ana@example.com", "The kettle leaks.", at=timezone.now() - timedelta(hours=hours))
    type(touch.channel).objects.filter(pk=touch.channel_id).update(settings=settings)
    client.force_login(bo)

    page = client.get(reverse("story", args=[make.journey_of(touch).pk])).content.decode()

    assert words in page


def test_an_admin_sets_it_for_a_channel_and_can_take_it_back(client: Client, db):
    client.force_login(make.agent("Di Moreau", is_admin=True))
    chat = make.channel("chat")
    page = client.get(reverse("settings-channel", args=[chat.pk])).content.decode()
    said = {"name": "Chat", "answer_hours": "24", "answer_afterwards": "kept texts"}

    client.post(reverse("settings-channel", args=[chat.pk]), said)

    chat.refresh_from_db()
    assert "How long we may answer" in page
    assert chat.settings == {"answer_hours": 24, "answer_afterwards": "kept texts"}
