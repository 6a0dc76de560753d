"""What people do to journeys: the row, its Event, the undo that puts everything back, and refusals in words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.interactions.models import Delivery, IntakeEntry, Interaction, Thread
from threadline.journeys import actions
from threadline.journeys.actions.delivery import deliver_due
from threadline.journeys.actions.reply import NewerTouch, Way
from threadline.journeys.actions.status import wake_snoozed
from threadline.journeys.models import Journey, Membership, Note
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=1)
Act = Callable[[Journey], Event]


@pytest.fixture
def bo() -> Agent:
    return make.agent()


@pytest.fixture
def kettle() -> Interaction:
    return make.received("ana@example.com", "The kettle I bought leaks. Order HP-4711.", at=make.NOW)


@pytest.fixture
def journey(kettle: Interaction) -> Journey:
    return make.journey_of(kettle)


def other_journey() -> Journey:
    return make.journey_of(make.received("zoe@example.org", "Where is my lamp? Order HP-9000.", at=make.NOW))


def shape() -> tuple[Any, ...]:
    """Every journey with all its columns, and where every touch stands."""
    return (
        list(Journey.objects.order_by("pk").values()),
        sorted(Membership.objects.filter(superseded_at=None).values_list("interaction", "journey")),
    )


def act(verb: str, journey: Journey) -> Event:
    bo = make.agent()
    match verb:
        case "assigned":
            return actions.assign(journey=journey, owner=bo, team=make.team(), by=bo, now=LATER)
        case "snoozed":
            return actions.snooze(journey=journey, until=LATER + timedelta(days=2), by=bo, now=LATER)
        case "waited":
            return actions.wait(journey=journey, by=bo, now=LATER)
        case "done":
            return actions.finish(journey=journey, outcome="replaced", by=bo, now=LATER)
        case "intent_set":
            return actions.set_intent(journey=journey, intent=" Faulty product ", by=bo, now=LATER)
        case "moved":
            return actions.move(interaction=first_touch(journey), to=other_journey(), by=bo, now=LATER)
        case "split":
            return actions.split(journey=journey, interactions=[first_touch(journey)], by=bo, now=LATER)
        case "joined":
            return actions.join(journey=journey, into=other_journey(), by=bo, now=LATER)
    raise AssertionError(f"nobody can do {verb}")


def first_touch(journey: Journey) -> Interaction:
    return Interaction.objects.filter(memberships__journey=journey, memberships__superseded_at=None).earliest("pk")


# ---- the row and its event -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "columns"),
    [
        ("snoozed", {"status": "snoozed", "wake_at": LATER + timedelta(days=2), "waiting_since": make.NOW}),
        ("waited", {"status": "waiting", "waiting_since": None, "ruled_at": LATER}),
        ("done", {"status": "done", "waiting_since": None, "closed_at": LATER, "outcome": "replaced"}),
        ("intent_set", {"intent": "Faulty product"}),
    ],
)
def test_an_action_changes_the_row_and_records_who_did_what_when(journey, bo, verb, columns):
    event = act(verb, journey)

    journey.refresh_from_db()
    assert {name: getattr(journey, name) for name in columns} == columns
    assert (event.verb, event.agent, event.at, event.journey_id) == (verb, bo, LATER, journey.pk)
    assert (event.customer_id, event.ledger_mark) == (journey.customer_id, journey.pk)


def test_assigning_gives_a_story_an_owner_and_a_team(journey, bo):
    event = act("assigned", journey)

    journey.refresh_from_db()
    assert (journey.owner, journey.team) == (bo, make.team())
    assert event.facts["owner"] == bo.pk


def test_a_done_story_reopened_waits_from_now_on(journey, bo):
    act("done", journey)

    event = actions.reopen(journey=journey, by=bo, now=LATER + timedelta(hours=1))

    journey.refresh_from_db()
    assert (journey.status, journey.waiting_since, journey.closed_at) == ("open", event.at, None)


def test_a_note_is_written_under_the_number_of_its_event_and_leaves_the_turn_where_it_is(journey, bo):
    event = actions.note(journey=journey, text=" She was very kind. ", by=bo, now=LATER)

    note = Note.objects.get(journey=journey)
    journey.refresh_from_db()
    assert (note.pk, note.text, note.agent) == (event.pk, "She was very kind.", bo)
    assert journey.status == "open"


def test_a_touch_moved_out_begins_a_story_of_its_own_and_says_who_did_it(journey, bo):
    second = make.received("ana@example.com", "Order HP-4711: it still leaks!", at=make.NOW)

    event = actions.move(interaction=second, to=None, by=bo, now=LATER)

    member = Membership.objects.get(interaction=second, superseded_at=None)
    assert member.journey_id == event.facts["to"] != journey.pk
    assert (member.decision.by, member.decision.agent) == ("agent", bo)
    assert "Bo" in member.decision.reason
    assert Membership.objects.filter(interaction=second).count() == 2


def test_a_joined_story_leads_to_the_one_it_became_part_of(journey):
    event = act("joined", journey)

    journey.refresh_from_db()
    assert journey.joined_into_id == event.facts["into"]
    assert not Membership.objects.filter(journey=journey, superseded_at=None).exists()


def test_a_call_is_a_touch_with_its_notes_and_the_story_it_was_logged_in(journey, bo):
    phone = make.channel("phone")

    call = actions.log_call(
        channel=phone,
        number="+447700900142",
        name="Ana",
        text="It leaks at the spout.",
        by=bo,
        now=LATER,
        journey=journey,
    )

    assert (call.kind, call.direction, make.journey_of(call)) == ("phone", "in", journey)
    event = Event.objects.get(verb="call_logged")
    assert (event.agent, event.interaction_id, event.journey_id) == (bo, call.pk, journey.pk)
    assert IntakeEntry.objects.get(pk=call.pk).source == "desk"


def test_a_withheld_number_is_logged_all_the_same(bo):
    call = actions.log_call(
        channel=make.channel("phone"), number="", name="", text="Asked for our hours.", by=bo, now=LATER
    )

    assert make.journey_of(call).pk == call.pk


# ---- undo ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["assigned", "snoozed", "waited", "done", "intent_set", "moved", "split", "joined"])
def test_undo_puts_everything_back_exactly(journey, bo, verb):
    make.received("ana@example.com", "Order HP-4711: it still leaks!", at=make.NOW + timedelta(hours=1))
    other_journey()
    before = undoable_shape(journey, verb)

    undone = actions.undo(event=Event.objects.get(pk=act(verb, journey).pk), by=bo, now=LATER + timedelta(hours=1))

    assert undoable_shape(journey, verb) == before
    assert (undone.verb, undone.facts["of"], undone.agent) == ("undone", verb, bo)


def undoable_shape(journey: Journey, verb: str) -> tuple[Any, ...]:
    """Only what stood there before: a story made and emptied again stays as a redirect."""
    rows, members = shape()
    return [row for row in rows if row["pk" if "pk" in row else "id"] == journey.pk], [
        member for member in members if member[1] == journey.pk
    ]


def test_undoing_done_after_the_customer_wrote_again_keeps_the_new_question(journey, bo):
    actions.wait(journey=journey, by=bo, now=make.NOW + timedelta(hours=1))
    done = actions.finish(journey=journey, by=bo, now=LATER)
    make.received("ana@example.com", "Order HP-4711 leaks again.", at=LATER + timedelta(hours=1))

    actions.undo(event=done, by=bo, now=LATER + timedelta(hours=2))

    journey.refresh_from_db()
    assert (journey.status, journey.waiting_since) == ("open", LATER + timedelta(hours=1))


def test_an_older_word_about_the_status_is_not_taken_back_over_a_newer_one(journey, bo):
    older = actions.snooze(journey=journey, until=LATER + timedelta(days=2), by=bo, now=LATER)
    newer = actions.finish(journey=journey, by=bo, now=LATER + timedelta(hours=1))

    with pytest.raises(ThreadlineError, match=f"{bo.name} has changed whose turn it is since then"):
        actions.undo(event=older, by=bo, now=LATER + timedelta(hours=2))
    actions.undo(event=newer, by=bo, now=LATER + timedelta(hours=2))
    actions.undo(event=older, by=bo, now=LATER + timedelta(hours=3))

    journey.refresh_from_db()
    assert (journey.status, journey.wake_at) == ("open", None)


def test_what_was_undone_can_not_be_undone_again(journey, bo):
    event = act("done", journey)
    actions.undo(event=event, by=bo, now=LATER)

    with pytest.raises(ThreadlineError, match="undone before"):
        actions.undo(event=event, by=bo, now=LATER)


def test_what_only_tells_what_happened_can_not_be_undone(kettle, bo):
    with pytest.raises(ThreadlineError, match="'received' can not be undone"):
        actions.undo(event=Event.objects.get(verb="received"), by=bo, now=LATER)


# ---- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda j, bo: actions.snooze(journey=j, until=LATER, by=bo, now=LATER), "lies in the past"),
        (lambda j, bo: actions.split(journey=j, interactions=[], by=bo, now=LATER), "at least one touch"),
        (lambda j, bo: actions.split(journey=j, interactions=[first_touch(j)], by=bo, now=LATER), "all touches"),
        (
            lambda j, bo: actions.split(journey=j, interactions=[first_touch(other_journey())], by=bo, now=LATER),
            "no longer in this story",
        ),
        (lambda j, bo: actions.join(journey=j, into=j, by=bo, now=LATER), "joined with itself"),
        (lambda j, bo: actions.move(interaction=first_touch(j), to=j, by=bo, now=LATER), "already in that story"),
        (lambda j, bo: actions.reopen(journey=j, by=bo, now=LATER), "already open"),
        (lambda j, bo: actions.note(journey=j, text=" \n", by=bo, now=LATER), "note is empty"),
        (lambda j, bo: actions.reply(journey=j, text=" ", way=way_to(j), by=bo, now=LATER), "reply is empty"),
        (
            lambda j, bo: actions.log_call(
                channel=make.channel("phone"), number="", name="", text="", by=bo, now=LATER
            ),
            "no notes",
        ),
        (lambda j, bo: actions.assign(journey=j, owner=gone(), team=None, by=bo, now=LATER), "no longer works here"),
    ],
)
def test_what_can_not_be_is_refused_in_words_and_leaves_nothing_behind(journey, bo, attempt, words):
    before, events = shape()[0][0], Event.objects.exclude(verb="received").count()

    with pytest.raises(ThreadlineError, match=words):
        attempt(journey, bo)

    assert shape()[0][0] == before
    assert Event.objects.exclude(verb="received").count() == events


def gone() -> Agent:
    cy = make.agent("Cy Okafor")
    cy.is_active = False
    cy.save()
    return cy


@pytest.mark.parametrize("verb", ["assigned", "snoozed", "waited", "done", "intent_set", "split", "joined"])
def test_a_story_that_was_joined_names_the_one_to_open(journey, verb):
    into = act("joined", journey).facts["into"]

    with pytest.raises(ThreadlineError, match=f"joined into story {into}"):
        act(verb, journey) if verb != "split" else actions.split(
            journey=journey, interactions=[], by=make.agent(), now=LATER
        )


def test_the_story_of_a_restricted_team_is_hidden_from_cy_and_so_are_its_events(journey, bo):
    cy, di = make.agent("Cy Okafor", make.team("Garden")), make.agent("Di Ferrara", is_admin=True)
    dora = make.agent("Dora Lind", make.team("Payments", restricted=True))

    actions.assign(journey=journey, owner=None, team=make.team("Payments"), by=bo, now=LATER)
    journey.refresh_from_db()
    waited = actions.wait(journey=journey, by=dora, now=LATER)

    assert not Journey.objects.visible_to(cy).filter(pk=journey.pk).exists()
    assert all(Journey.objects.visible_to(agent).filter(pk=journey.pk).exists() for agent in (dora, di))
    assert not Event.objects.visible_to(cy).filter(pk=waited.pk).exists()
    assert Event.objects.visible_to(dora).filter(pk=waited.pk).exists()


def test_an_owner_sees_her_story_whatever_its_team(journey, bo):
    cy = make.agent("Cy Okafor")
    actions.assign(journey=journey, owner=cy, team=make.team("Payments", restricted=True), by=bo, now=LATER)

    assert Journey.objects.visible_to(cy).filter(pk=journey.pk).exists()
    assert not Journey.objects.visible_to(gone()).exists()


# ---- timers ----------------------------------------------------------------------------------------------------


def test_a_snoozed_story_wakes_when_its_time_has_come_once_and_says_so(journey, bo):
    actions.snooze(journey=journey, until=LATER, by=bo, now=LATER - timedelta(hours=1))

    wake_snoozed(timestamp=0)
    wake_snoozed(timestamp=0)

    journey.refresh_from_db()
    assert (journey.status, journey.wake_at, journey.waiting_since) == ("open", None, make.NOW)
    assert Event.objects.filter(verb="woken", journey_id=journey.pk).count() == 1


def test_a_story_sleeps_on_until_its_time_has_come(journey, bo):
    actions.snooze(journey=journey, until=make.NOW + timedelta(days=36500), by=bo, now=LATER)

    wake_snoozed(timestamp=0)

    journey.refresh_from_db()
    assert journey.status == "snoozed"
    assert not Event.objects.filter(verb="woken").exists()


# ---- replies ---------------------------------------------------------------------------------------------------


def way_to(journey: Journey) -> Way:
    thread = Thread.objects.filter(interactions__memberships__journey=journey).earliest("pk")
    return Way(thread.channel, thread.reply_address, thread)


def test_a_reply_is_a_touch_an_event_and_a_delivery_and_it_is_the_customers_turn(journey, bo):
    sent = actions.reply(journey=journey, text=" A new one is coming. ", way=way_to(journey), by=bo, now=LATER)

    journey.refresh_from_db()
    assert (sent.text, sent.direction, sent.author, make.journey_of(sent)) == (
        "A new one is coming.",
        "out",
        bo,
        journey,
    )
    assert (journey.status, journey.waiting_since) == ("waiting", None)
    assert (Delivery.objects.get().state, Delivery.objects.get().due_at) == ("queued", LATER)
    assert Event.objects.get(verb="replied").agent == bo


def test_nobody_answers_what_they_have_not_read_unless_they_say_so(journey, bo, kettle):
    make.received("ana@example.com", "Order HP-4711: forget it, I found the receipt.", at=make.NOW)
    way = way_to(journey)

    with pytest.raises(NewerTouch, match="Something newer arrived"):
        actions.reply(journey=journey, text="On its way.", way=way, by=bo, now=LATER, seen=kettle.pk)
    assert not Interaction.objects.filter(direction="out").exists()

    actions.reply(journey=journey, text="On its way.", way=way, by=bo, now=LATER, seen=kettle.pk, even_if_stale=True)
    assert Interaction.objects.filter(direction="out").count() == 1


def test_a_kind_without_a_connector_fails_in_words_that_name_it(bo):
    tweet = make.received("@ana_k", "my kettle leaks", public=True)
    journey = make.journey_of(tweet)
    actions.reply(journey=journey, text="Sorry!", way=way_to(journey), by=bo, now=make.NOW)

    deliver_due()

    delivery = Delivery.objects.get()
    assert delivery.state == "failed"
    assert "can not send over X yet" in delivery.reason
    assert Event.objects.get(verb="failed").facts["reason"] == delivery.reason
