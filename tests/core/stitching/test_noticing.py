"""What a further touch means for a story, and what is likely to come next."""

from datetime import timedelta

import pytest

from tests.core.engines import START, Desk, observed, touch
from threadline.core.stitching.expecting import EDGES, Returned, counted, expected, shipped
from threadline.core.stitching.shapes import Journey
from threadline.core.stitching.training.choices import Placed
from threadline.core.stitching.training.returns import returns
from threadline.core.touch import Direction
from threadline.core.understanding import understand

ANA, TWEETS = (observed("email", "ana@example.com"),), (observed("x", "ana_k"),)
ORDER = "order 4711009"


def after(*touches: object) -> tuple[str, ...]:
    """What is noticed about the last of these touches."""
    desk = Desk()
    found = [desk.receive(each) for each in touches]  # type: ignore[arg-type]
    return found[-1][1].noticed


MAIL = touch(1, f"The kettle I bought leaks, {ORDER}.", handles=ANA, thread=10)
ANSWER = touch(2, "Could you send us a photo?", hours=3, direction=Direction.OUT, handles=ANA, thread=10)
FIXED = touch(2, "This is fixed now.", hours=3, direction=Direction.OUT, handles=ANA, thread=10)


@pytest.mark.parametrize(
    ("touches", "meaning"),
    [
        ([MAIL], ()),
        ([MAIL, touch(2, f"I forgot the photo, {ORDER}", hours=0.1, handles=ANA, thread=10)], ()),
        ([MAIL, touch(2, f"Any news, {ORDER}?", hours=30, handles=ANA, thread=10)], ("asked_again",)),
        ([MAIL, ANSWER, touch(3, f"Here is the photo, {ORDER}", hours=30, handles=ANA, thread=10)], ()),
        ([MAIL, FIXED, touch(3, f"It leaks again, {ORDER}", hours=60, handles=ANA, thread=10)], ("asked_again",)),
        (
            [MAIL, touch(2, f"still no answer, {ORDER}!", hours=30, kind="x", public=True, handles=TWEETS)],
            ("switched_channel", "asked_again", "escaped_to_public"),
        ),
        (
            [MAIL, ANSWER, touch(3, f"thanks, {ORDER}", hours=9, kind="x", public=True, handles=TWEETS)],
            ("switched_channel",),
        ),
    ],
)
def test_a_further_touch_means_something_for_the_story(touches: list[object], meaning: tuple[str, ...]):
    assert after(*touches) == meaning


# ---- what comes next -------------------------------------------------------------------------------------------


def waiting(**more: object) -> Journey:
    known = {"status": "open", "events_only": False, "heard_at": START, "heard_on": "email", "triage": "complaint"}
    return Journey(id=1, customer=1, brand=1, opened_at=START, last_at=START, **(known | more))  # type: ignore[arg-type]


def test_who_came_back_within_a_day_is_expected_within_a_day():
    situation = ("open", "email", "complaint")
    table = counted([Returned(situation, 20.0, "phone")] * 60 + [Returned(situation, EDGES[-1], "")] * 40)

    found = expected(waiting(), START + timedelta(hours=1), table)

    assert found is not None
    assert (found.channel, found.probability) == ("phone", pytest.approx(0.6, abs=0.02))
    assert START + timedelta(hours=12) < found.at < START + timedelta(hours=24)
    assert found.reason == "Of 100 customers 60 come back while they wait for us, most often by phone."


def test_the_longer_nothing_comes_the_less_it_is_expected():
    chances = [expected(waiting(), START + timedelta(days=days)) for days in (0, 2, 7, 13)]

    probabilities = [each.probability for each in chances if each]
    assert probabilities == sorted(probabilities, reverse=True)
    assert expected(waiting(), START + timedelta(days=15)) is None


def test_a_situation_nobody_has_seen_is_judged_by_the_wider_one():
    odd = waiting(heard_on="carrier pigeon", triage="question")

    assert expected(odd, START) is not None
    assert "open|carrier pigeon" not in shipped()


def test_an_answer_of_ours_ends_the_waiting_without_telling_whether_they_would_have_come_back():
    told = [Placed(each, understand(each), 1, "kettle") for each in (MAIL, ANSWER)]

    first, last = returns(told)

    assert (first.situation, first.hours, first.channel) == (("open", "email", "complaint"), 3.0, "")
    assert (last.situation[0], last.channel) == ("waiting asked", "")
