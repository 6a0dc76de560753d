"""The story screen: what it shows, to whom, and what happens when an agent acts."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Event
from threadline.interactions.models import Delivery, Interaction
from threadline.journeys import actions
from threadline.journeys.actions.delivery import halt
from threadline.journeys.models import Journey, Note

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def bo():
    return make.agent("Bo Lindqvist")


@pytest.fixture
def desk(bo) -> Client:
    client = Client()
    client.force_login(bo)
    return client


@pytest.fixture
def kettle() -> Interaction:
    return make.received(
        "ana@example.com", name="Ana Karlsson", text="The kettle leaks onto the worktop. Order HP-4711."
    )


def shown(desk: Client, touch: Interaction, route: str = "story", **query: object) -> str:
    answer = desk.get(reverse(route, args=[make.journey_of(touch).pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(desk: Client, route: str, number: int, **data: object):
    return desk.post(reverse(route, args=[number]), data, headers=FRAGMENT)


def way_of(touch: Interaction) -> str:
    return f"thread-{touch.thread_id}"


def test_a_story_shows_the_person_the_words_the_clock_and_the_picture(desk, kettle):
    page = shown(desk, kettle)

    assert "Ana Karlsson" in page
    assert "“The kettle leaks onto the worktop.”" in page
    assert "ana@example.com" in page
    assert 'class="clock" data-turn="ours"' in page
    assert f'href="#touch-{kettle.pk}"' in page
    assert 'data-form="wide"' in page
    assert 'data-form="tall"' in page


def test_the_brief_tells_the_order_with_its_source_and_says_not_to_ask_again(desk, kettle):
    page = shown(desk, kettle, "story-brief")

    assert "HP-4711" in page
    assert f'<a href="#touch-{kettle.pk}">Email, ' in page
    assert "Order number" in page


def test_every_channel_stands_in_one_scroll(desk, kettle):
    post_on_x = make.received(
        {"handle": "@ana_k", "email": "ana@example.com"},
        kind="x",
        public=True,
        text="@harbourpine still leaking, HP-4711",
    )
    actions.join(
        journey=make.journey_of(post_on_x),
        into=make.journey_of(kettle),
        by=make.agent("Di Admin", is_admin=True),
        now=timezone.now(),
    ) if make.journey_of(post_on_x) != make.journey_of(kettle) else None

    page = shown(desk, kettle, "story-touches")

    assert f'id="touch-{kettle.pk}"' in page
    assert f'id="touch-{post_on_x.pk}"' in page
    assert 'data-kind="public"' in page


def test_an_agent_of_another_team_finds_nothing(kettle):
    secret = make.team("Payments", restricted=True)
    Journey.objects.update(team=secret)
    cy = Client()
    cy.force_login(make.agent("Cy Moran", make.team("Kitchen")))
    number = make.journey_of(kettle).pk

    reading = ["story", "story-head", "story-touches", "story-brief"]
    writing = ["reply", "note", "assign", "snooze", "wait", "done", "reopen", "intent", "split", "join"]

    assert {cy.get(reverse(route, args=[number])).status_code for route in reading} == {404}
    assert {post(cy, f"story-{what}", number).status_code for what in writing} == {404}
    assert cy.get(reverse("touch-why", args=[kettle.pk])).status_code == 404
    assert cy.get(reverse("touch-html", args=[kettle.pk])).status_code == 404
    assert post(cy, "touch-move", kettle.pk, story="new").status_code == 404
    assert post(cy, "delivery-retry", kettle.pk).status_code == 404


def test_nobody_reads_a_story_without_signing_in(kettle):
    answer = Client().get(reverse("story", args=[make.journey_of(kettle).pk]))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("sign-in"))


def test_a_joined_story_leads_to_the_one_it_became_part_of(desk, bo, kettle):
    other = make.received("ana@example.com", text="Do you sell toasters in Leith?")
    actions.move(interaction=other, to=None, by=bo, now=timezone.now()) if make.journey_of(other) == make.journey_of(
        kettle
    ) else None
    old, into = make.journey_of(other), make.journey_of(kettle)
    actions.join(journey=old, into=into, by=bo, now=timezone.now())

    assert desk.get(reverse("story", args=[old.pk])).url == reverse("story", args=[into.pk])
    fragment = desk.get(reverse("story-touches", args=[old.pk]), headers=FRAGMENT)
    assert fragment["HX-Redirect"] == reverse("story", args=[into.pk])


def test_an_answer_becomes_a_touch_a_delivery_and_an_event(desk, bo, kettle):
    journey = make.journey_of(kettle)

    answer = post(desk, "story-reply", journey.pk, way=way_of(kettle), text="A new one is on its way.", seen=kettle.pk)

    assert answer.status_code == 200
    assert answer["HX-Trigger"] == f"threadline:journey-{journey.pk}"
    ours = Interaction.objects.get(direction="out")
    assert (ours.text, ours.author, ours.thread) == ("A new one is on its way.", bo, kettle.thread)
    assert Delivery.objects.get(interaction=ours).state == "held"
    assert Event.objects.get(verb="replied").interaction_id == ours.pk
    journey.refresh_from_db()
    assert journey.status == Journey.Status.WAITING
    assert "ana@example.com" in answer.content.decode()


def test_an_empty_answer_is_refused_in_words_and_nothing_is_sent(desk, kettle):
    answer = post(desk, "story-reply", make.journey_of(kettle).pk, way=way_of(kettle), text="  ")

    assert answer.status_code == 422
    assert "Nothing is written yet" in answer.content.decode()
    assert not Interaction.objects.filter(direction="out").exists()


def test_an_answer_to_an_old_state_is_held_until_the_writer_says_so(desk, kettle):
    journey = make.journey_of(kettle)
    make.received(
        "ana@example.com", text="It leaks more now, order HP-4711!", thread={"message_id": "second@example.com"}
    )
    written = {"way": way_of(kettle), "text": "Does it leak?", "seen": kettle.pk}

    held = post(desk, "story-reply", journey.pk, **written)
    told_of = re.search(r'name="stale" value="(\d+)"', held.content.decode())[1]
    make.received("ana@example.com", text="Hello? HP-4711!", thread={"message_id": "third@example.com"})
    again = post(desk, "story-reply", journey.pk, **written, stale=told_of)
    told_of = re.search(r'name="stale" value="(\d+)"', again.content.decode())[1]
    sent = post(desk, "story-reply", journey.pk, **written, stale=told_of)

    assert held.status_code == 422
    assert "Something newer arrived" in held.content.decode()
    assert "Does it leak?" in held.content.decode()
    assert "Send all the same" in held.content.decode()
    assert again.status_code == 422
    assert sent.status_code == 200


def test_a_way_that_does_not_work_says_why_before_anybody_types(desk):
    post_on_x = make.received("@ana_k", text="@harbourpine my kettle leaks", public=True)

    page = shown(desk, post_on_x)
    refused = post(desk, "story-reply", make.journey_of(post_on_x).pk, way=way_of(post_on_x), text="Hello")

    assert "We can not send over X post yet" in page
    assert "Nothing can be sent to" in page
    assert refused.status_code == 422
    assert "We can not send over X post yet" in refused.content.decode()


def test_an_answer_goes_where_they_wrote_last_and_not_where_we_did(desk, bo, kettle):
    earlier = make.received("eve@example.com", "The toaster burns.", at=kettle.at - timedelta(hours=1))
    here = make.journey_of(kettle)
    actions.join(journey=make.journey_of(earlier), into=here, by=bo, now=timezone.now())
    post(desk, "story-reply", here.pk, way=way_of(earlier), text="Thank you for the photo.")

    page = shown(desk, kettle)

    assert re.search(rf'value="{way_of(kettle)}"[^>]* checked', page)


def test_the_address_of_an_answer_is_that_of_the_thread(desk, kettle):
    page = shown(desk, kettle)

    assert re.search(rf'value="{way_of(kettle)}"[^>]* checked', page)
    assert "Private. Goes to ana@example.com." in page


def test_send_and_done_ends_the_story_with_undo(desk, kettle):
    journey = make.journey_of(kettle)

    answer = post(desk, "story-reply", journey.pk, way=way_of(kettle), text="Refunded.", then="done")

    journey.refresh_from_db()
    became = journey.status
    undo = reverse("touch-take-back", args=[Interaction.objects.get(direction="out").pk])
    undone = desk.post(undo, headers=FRAGMENT)
    journey.refresh_from_db()
    assert undo in answer.content.decode()
    assert (became, journey.status) == (Journey.Status.DONE, Journey.Status.OPEN)
    assert "Refunded.</textarea>" in undone.content.decode()


def test_a_note_stays_among_us_and_asks_nobody(desk, kettle):
    journey = make.journey_of(kettle)

    answer = post(desk, "story-reply", journey.pk, way="note", text="Ring the workshop first.")

    assert answer.status_code == 200
    assert Note.objects.get().text == "Ring the workshop first."
    assert not Delivery.objects.exists()
    page = shown(desk, kettle, "story-touches")
    assert "Ring the workshop first." in page
    assert "Note by Bo" in page


@pytest.mark.parametrize(
    ("route", "data", "status"),
    [
        ("story-done", {}, "done"),
        ("story-wait", {}, "waiting"),
        ("story-snooze", {"when": "tomorrow"}, "snoozed"),
    ],
)
def test_what_an_agent_says_about_the_status_can_be_undone(desk, kettle, route, data, status):
    journey = make.journey_of(kettle)

    said = post(desk, route, journey.pk, **data)
    journey.refresh_from_db()
    became = journey.status
    undone = desk.post(re.search(r'action="(/events/\d+/undo)"', said.content.decode())[1], headers=FRAGMENT)

    journey.refresh_from_db()
    assert (said.status_code, undone.status_code) == (200, 200)
    assert (became, journey.status) == (status, "open")


def test_a_story_can_not_sleep_until_yesterday(desk, kettle):
    yesterday = timezone.localtime() - timedelta(days=1)

    answer = post(
        desk, "story-snooze", make.journey_of(kettle).pk, when="pick", until=yesterday.strftime("%Y-%m-%dT%H:%M")
    )

    assert answer.status_code == 422
    assert "lies in the past" in answer.content.decode()


def test_somebody_takes_a_story_and_hands_it_over(desk, bo, kettle):
    journey, cy = make.journey_of(kettle), make.agent("Cy Moran")
    kitchen = make.team("Kitchen")

    post(desk, "story-assign", journey.pk, owner=bo.pk)
    post(desk, "story-assign", journey.pk, team=kitchen.pk)
    post(desk, "story-assign", journey.pk, owner=cy.pk)

    journey.refresh_from_db()
    assert (journey.owner, journey.team) == (cy, kitchen)
    assert Event.objects.filter(verb="assigned").count() == 3


def test_handing_a_story_to_a_closed_team_leads_away_from_it(desk, kettle):
    secret = make.team("Payments", restricted=True)

    answer = post(desk, "story-assign", make.journey_of(kettle).pk, team=secret.pk)

    assert answer["HX-Redirect"] == reverse("queue")


def test_an_agent_says_what_a_story_is_about(desk, kettle):
    journey = make.journey_of(kettle)

    post(desk, "story-intent", journey.pk, intent="faulty product")

    journey.refresh_from_db()
    assert journey.intent == "faulty product"
    assert "faulty product" in shown(desk, kettle, "story-head")


def test_why_is_told_only_when_asked(desk, kettle):
    page = shown(desk, kettle)
    why = desk.get(reverse("touch-why", args=[kettle.pk]), headers=FRAGMENT).content.decode()

    assert make.why(kettle) not in page
    assert make.why(kettle) in why
    assert "the rule stitching" in why
    assert "Start a new story with it" in why
    assert kettle.recognised.reason in why.replace("&#x27;", "'")


def test_a_touch_moves_into_a_story_of_its_own_and_back(desk, kettle):
    second = make.received("ana@example.com", text="And the lid of order HP-4711 rattles.")
    journey = make.journey_of(second)

    moved = post(desk, "touch-move", second.pk, story="new")
    away = make.journey_of(second)
    lines = shown(desk, kettle, "story-touches")
    desk.post(re.search(r'action="(/events/\d+/undo)"', moved.content.decode())[1], headers=FRAGMENT)

    assert away.pk != journey.pk
    assert "moved a touch to story" in lines
    assert make.journey_of(second) == journey


def test_a_touch_can_not_move_into_a_story_that_its_mover_may_not_see(desk, kettle):
    other = make.received("eve@example.com", text="My card was charged twice.")
    Journey.objects.filter(pk=make.journey_of(other).pk).update(team=make.team("Payments", restricted=True))

    answer = post(desk, "touch-move", kettle.pk, story=make.journey_of(other).pk)

    assert answer.status_code == 422
    assert "There is no story" in answer.content.decode()


def test_touches_split_off_and_come_back(desk, kettle):
    second = make.received("ana@example.com", text="And the lid of order HP-4711 rattles.")
    journey = make.journey_of(kettle)

    answer = post(desk, "story-split", journey.pk, touch=[second.pk])
    away = make.journey_of(second)
    desk.post(re.search(r'action="(/events/\d+/undo)"', answer.content.decode())[1], headers=FRAGMENT)

    assert away != journey
    assert make.journey_of(second) == journey


def test_splitting_nothing_or_everything_is_refused(desk, kettle):
    number = make.journey_of(kettle).pk

    nothing = post(desk, "story-split", number)
    everything = post(desk, "story-split", number, touch=[kettle.pk])

    assert "Choose the touches" in nothing.content.decode()
    assert "Leave at least one" in everything.content.decode()
    assert {nothing.status_code, everything.status_code} == {422}


def test_another_story_joins_this_one_and_can_leave_again(desk, kettle):
    other = make.received("eve@example.com", text="The toaster burns everything it sees.")
    here, there = make.journey_of(kettle), make.journey_of(other)

    answer = post(desk, "story-join", here.pk, story=there.pk)
    joined = make.journey_of(other)
    desk.post(re.search(r'action="(/events/\d+/undo)"', answer.content.decode())[1], headers=FRAGMENT)

    assert joined == here
    assert make.journey_of(other) == there


def test_what_was_noted_on_a_story_stays_in_sight_when_it_joins_another(desk, bo, kettle):
    other = make.received("eve@example.com", text="The toaster burns everything it sees.")
    here, there = make.journey_of(kettle), make.journey_of(other)
    actions.note(journey=there, text="Eve has the first series.", by=bo, now=timezone.now())

    actions.join(journey=there, into=here, by=bo, now=timezone.now())

    assert "Eve has the first series." in desk.get(reverse("story-touches", args=[here.pk])).content.decode()


def test_what_waits_for_the_repair_of_its_channel_says_so_and_the_composer_says_it_before_anybody_types(desk, kettle):
    post(desk, "story-reply", make.journey_of(kettle).pk, way=way_of(kettle), text="A new one is on its way.")
    assert "goes out in a moment" in shown(desk, kettle)

    halt(kettle.channel, "The mail server refused the password.")

    page = shown(desk, kettle)
    assert "goes out in a moment" not in page
    assert "waits until the channel works again: The mail server refused the password." in page
    assert "what you send waits for its repair." in page


def test_a_failed_message_says_so_and_is_sent_again(desk, bo, kettle):
    journey = make.journey_of(kettle)
    post(desk, "story-reply", journey.pk, way=way_of(kettle), text="A new one is on its way.")
    Delivery.objects.update(state="failed", reason="Her mailbox is full.", due_at=None)

    page = shown(desk, kettle, "story-touches")
    again = post(desk, "delivery-retry", Delivery.objects.get().pk)

    assert "Her mailbox is full." in page
    assert again.status_code == 200
    assert Delivery.objects.get().state == "queued"


def test_without_javascript_an_action_returns_to_the_story(desk, kettle):
    number = make.journey_of(kettle).pk

    answer = desk.post(reverse("story-done", args=[number]))
    page = desk.get(answer.url).content.decode()

    assert answer.url == reverse("story", args=[number])
    assert "Done. If they write about it again, it opens." in page
    assert "/undo" in page


def test_a_mail_that_claims_to_answer_another_story_is_pointed_out(desk, kettle):
    make.received(
        "eve@example.com",
        text="Please change the delivery address.",
        thread={"message_id": "eve@example.com", "in_reply_to": kettle.external_id},
    )
    eve = Interaction.objects.get(attributes__has_key="thread_refused")

    assert "A mail claims to answer another story." in shown(desk, eve)
