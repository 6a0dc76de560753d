"""What does it belong to? Ana's kettle and other matters, all invented."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.engines import START, Desk, all_at_once, in_batches, observed, touch, verified
from threadline.core.stitching import recalled, remembered, turn_after
from threadline.core.touch import Direction, Touch

ANA = (observed("email", "ana@example.com"),)
TWEETS = (observed("x", "ana_k"),)
DAY = 24.0


def desk_with_a_leaking_kettle() -> Desk:
    desk = Desk()
    desk.receive(touch(1, "The kettle I bought leaks. Order 4711009.", handles=ANA, name="Ana Kovač", thread=10))
    return desk


def test_a_tweet_about_the_emailed_kettle_joins_the_same_journey():
    desk = desk_with_a_leaking_kettle()

    tweet = touch(2, "still no answer about my leaking kettle, order 4711009!!", hours=20, kind="x", handles=TWEETS)
    _, placed = desk.receive(tweet)

    assert placed.journey == 1
    assert "4711009" in placed.decision.reason


def test_switching_the_channel_does_not_restart_the_clock():
    desk = desk_with_a_leaking_kettle()

    _, placed = desk.receive(touch(2, "Any news? Order 4711009", hours=30, kind="x", handles=TWEETS))

    assert placed.state is not None
    assert (placed.state.status, placed.state.waiting_since) == ("open", START)


def test_our_reply_belongs_to_the_journey_it_answers_and_passes_the_turn():
    desk = desk_with_a_leaking_kettle()

    reply = touch(2, "Could you send us a photo?", hours=3, direction=Direction.OUT, handles=ANA, thread=10)
    _, placed = desk.receive(reply)

    assert placed.journey == 1
    assert placed.state is not None
    assert (placed.state.status, placed.state.waiting_since, placed.state.asked) == ("waiting", None, True)


def test_brands_never_mix():
    desk = desk_with_a_leaking_kettle()

    _, placed = desk.receive(touch(2, "Any news about the kettle?", hours=2, handles=ANA, brand=2))

    assert (placed.journey, placed.is_new) == (2, True)


def test_praise_for_something_else_is_a_journey_of_its_own():
    desk = desk_with_a_leaking_kettle()

    praise = "Just wanted to say that Maria in your Leeds shop was fantastic today, lovely person"
    _, placed = desk.receive(touch(2, praise, hours=10 * DAY, kind="x", handles=TWEETS))

    assert placed.is_new


def test_a_new_matter_in_an_old_mail_thread_is_a_new_journey():
    desk = desk_with_a_leaking_kettle()
    desk.receive(touch(2, "It is fixed now, many thanks", hours=DAY, handles=ANA, thread=10))

    fresh = "Hello, do you also sell garden furniture for balconies? I would like a bench in oak."
    _, placed = desk.receive(touch(3, fresh, hours=40 * DAY, handles=ANA, thread=10))

    assert placed.is_new


def test_the_same_fault_after_half_a_year_is_new_but_a_broken_promise_continues():
    desk = desk_with_a_leaking_kettle()
    again = touch(2, "My kettle leaks again, same as in March", hours=150 * DAY, handles=ANA, thread=11)
    promise = touch(2, "You promised me a new kettle and never sent it", hours=80 * DAY, handles=ANA, thread=11)

    assert desk.receive(again)[1].is_new
    assert desk_with_a_leaking_kettle().receive(promise)[1].journey == 1


def test_a_purchase_is_its_own_story():
    desk = desk_with_a_leaking_kettle()
    bought = (*ANA, observed("order", "5822117"))

    _, placed = desk.receive(touch(2, "toaster", hours=30, kind="purchase", direction=Direction.EVENT, handles=bought))

    assert placed.is_new


def test_a_purchase_at_a_partner_shop_is_found_by_its_number():
    desk = Desk()
    bought = (*ANA, observed("order", "5822117"))
    desk.receive(touch(1, "toaster", kind="purchase", direction=Direction.EVENT, handles=bought, brand=None))

    _, placed = desk.receive(touch(2, "Order 5822117 arrived broken", hours=50, handles=ANA))

    assert placed.journey == 1
    assert placed.state is not None
    assert placed.state.brand == 1


def test_stories_of_two_who_turn_out_to_be_one_are_joined_when_they_are_about_one_matter():
    desk = Desk()
    desk.receive(touch(1, "my new kettle leaks all over the kitchen", kind="x", handles=TWEETS, name="Ana Kovač"))
    desk.receive(touch(2, "The kettle leaks all over my kitchen", hours=2, handles=ANA, name="Ana Kovač", thread=10))

    proof = touch(3, "I am @ana_k on Twitter, any news?", hours=5, handles=ANA, name="Ana Kovač", thread=10)
    _, placed = desk.receive(proof)

    assert [(join.loser, join.survivor) for join in placed.joins] == [(2, 1)]
    assert placed.journey == 1
    assert desk.stories.standing(2) == 1


@pytest.mark.parametrize("handles", [ANA, (observed("email", "news@example.org"),)])
def test_noise_joins_nothing_and_starts_nothing(handles: tuple[object, ...]):
    desk = desk_with_a_leaking_kettle()

    _, placed = desk.receive(touch(2, "Cheap followers, link in bio", hours=1, handles=handles))

    assert (placed.journey, placed.state) == (None, None)


def test_events_leave_the_turn_as_it_is():
    viewed = touch(2, kind="web", direction=Direction.EVENT, hours=1)

    assert turn_after(viewed, status="open", waiting_since=START) == ("open", START)


@given(st.lists(st.tuples(st.sampled_from(list(Direction)), st.integers(0, 50)), min_size=1, max_size=20))
def test_the_clock_runs_from_the_earliest_unanswered_touch(steps: list[tuple[Direction, int]]):
    status, since = "waiting", None
    unanswered = None
    for number, (direction, hours) in enumerate(steps):
        item = touch(number + 1, direction=direction, hours=hours)
        status, since = turn_after(item, status=status, waiting_since=since)
        unanswered = item.at if direction == Direction.IN and unanswered is None else unanswered
        if direction == Direction.IN and unanswered is not None:
            unanswered = min(unanswered, item.at)
        unanswered = None if direction == Direction.OUT else unanswered

        assert since == unanswered
        assert (status == "open") == (since is not None)


CAST = {
    "ana": ((ANA[0],), (observed("x", "ana_k"),), (observed("tel", "+447700900123"),)),
    "bo": (
        (observed("email", "bo@example.org"),),
        (observed("tel", "+441632960123"),),
        (verified("account", "330912847"),),
    ),
}
SAID = [
    "My kettle leaks. Order 4711009.",
    "any news?",
    "Thanks, that worked",
    "I am @ana_k on Twitter",
    "my e-mail is ana@example.com",
    "You can reach me on 07700 900123",
    "Do you sell oak benches for balconies?",
    "Account 330912847. The invoice is wrong again.",
    "Cheap followers, link in bio",
    "You promised a refund for order 4711009",
]
KINDS = ["email", "x", "phone", "chat"]


@st.composite
def histories(draw: st.DrawFn) -> list[Touch]:
    """A few dozen touches of two people over some weeks, in the order of their arrival."""
    steps = draw(st.lists(st.tuples(st.sampled_from(SAID), st.integers(0, 400), st.integers(0, 5)), max_size=24))
    history: list[Touch] = []
    at = 0.0
    for number, (text, hours, who) in enumerate(steps):
        at += hours
        person = "ana" if who < 3 else "bo"
        direction = Direction.OUT if hours % 5 == 0 and number else Direction.IN
        name = {"ana": "Ana Kovač", "bo": "Bo Lindqvist"}[person] if hours % 3 else ""
        kind = KINDS[(who + hours) % 4]
        more = {"handles": CAST[person][who % 3], "name": name, "direction": direction, "thread": 100 + who}
        history.append(touch(number + 1, text, hours=at, kind=kind, **more))
    return history


@settings(max_examples=60, deadline=None)
@given(histories(), st.integers(1, 9))
def test_batches_with_partial_loading_conclude_what_touch_by_touch_concludes(history: list[Touch], size: int):
    assert in_batches(history, size) == all_at_once(history)


CALLS, WORK = (observed("tel", "+447700900123"),), (observed("tel", "+447700900456"),)
ACCOUNT = (verified("account", "330912847"),)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_somebody_whom_the_speaker_was_thought_to_be_is_part_of_the_batch(size: int):
    history = [
        touch(1, "You can reach me on 07700 900123", kind="x", handles=ACCOUNT),
        touch(2, "My kettle leaks. Order 4711009.", hours=92, handles=ANA, name="Ana Kovač"),
        touch(3, "any news?", hours=720, kind="phone", handles=CALLS),
        touch(4, "My kettle leaks. Order 4711009.", hours=721, kind="phone", handles=ACCOUNT),
    ]

    concluded = all_at_once(history)

    assert [merge.loser for merge in concluded[-1][0].merges] == [2, 3]
    assert in_batches(history, size) == concluded


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_so_is_whoever_that_one_was_thought_to_be(size: int):
    history = [
        touch(1, "You can reach me on 07700 900123", kind="x", handles=ACCOUNT),
        touch(2, "The grinder squeaks. You can reach me on 07700 900456", hours=740, kind="phone", handles=CALLS),
        touch(3, "My kettle leaks. Order 4711009.", hours=1500, kind="phone", handles=WORK),
        touch(4, "The grinder squeaks.", hours=760, kind="web", handles=ACCOUNT),
        touch(5, "My kettle leaks. Still.", hours=1510, kind="web", handles=ACCOUNT),
    ]

    concluded = all_at_once(history)

    assert [[merge.loser for merge in recognition.merges] for recognition, _ in concluded[3:]] == [[2], [3]]
    assert in_batches(history, size) == concluded


@settings(max_examples=40, deadline=None)
@given(histories())
def test_every_proven_handle_has_one_owner_and_every_journey_one_brand(history: list[Touch]):
    desk = Desk()
    for item in history:
        _, placed = desk.receive(item)
        assert placed.journey is None or placed.state is not None
        assert placed.journey is None or placed.state.brand == item.brand  # type: ignore[union-attr]

    for key in desk.people.by_key:
        proven = [c for c, identity in desk.people.holders(key).items() if identity.level != "claimed"]
        assert len(proven) <= 1


@given(histories())
@settings(max_examples=20, deadline=None)
def test_a_journey_survives_being_stored_as_json(history: list[Touch]):
    states = [placed.state for _, placed in all_at_once(history) if placed.state]

    assert [recalled(remembered(state)) for state in states] == states
    assert all(state.last_at - state.opened_at >= timedelta(0) for state in states)
