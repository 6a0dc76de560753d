"""One thing done to many stories: each with its own Event, refusals row by row, and one undo for all."""

from datetime import timedelta
from itertools import count

import pytest

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.journeys import actions
from threadline.journeys.actions import bulk
from threadline.journeys.actions.bulk import take_back
from threadline.journeys.models import BulkRun, Journey
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
people = count(1)


@pytest.fixture
def bo() -> Agent:
    return make.agent("Bo Lindqvist")


def stories(number: int) -> list[Journey]:
    return [make.journey_of(make.received(f"many{next(people)}@example.com", "Hello?")) for _each in range(number)]


def done(what: str, journeys: list[Journey], by: Agent, **how: object) -> BulkRun:
    now = make.NOW + timedelta(days=1)
    return actions.do_to_many(what=what, how=how, stories=[each.pk for each in journeys], by=by, now=now)


def now_are(journeys: list[Journey], field: str) -> set[object]:
    return set(Journey.objects.filter(pk__in=[each.pk for each in journeys]).values_list(field, flat=True))


def test_each_story_is_done_with_an_event_of_its_own_and_one_undo_brings_all_back(bo: Agent):
    both = stories(2)

    run = done("done", both, bo)

    assert now_are(both, "status") == {"done"}
    assert Event.objects.filter(verb="done", agent=bo).count() == 2
    back = take_back(run=run, by=bo, now=make.NOW + timedelta(days=1, minutes=1))
    assert now_are(both, "status") == {"open"}
    assert (back.changed, back.refused) == (2, [])
    with pytest.raises(ThreadlineError, match="taken back before"):
        take_back(run=run, by=bo, now=make.NOW + timedelta(days=2))


@pytest.mark.parametrize(
    ("what", "how", "field", "value"),
    [
        ("assign", {"owner": "bo"}, "owner__name", "Bo Lindqvist"),
        ("assign", {"team": "kitchen"}, "team__name", "Kitchen"),
        ("snooze", {"until": (make.NOW + timedelta(days=9)).isoformat()}, "status", "snoozed"),
        ("wait", {}, "status", "waiting"),
        ("intent", {"intent": "Refund"}, "intent", "Refund"),
        ("macro", {"macro": "macro"}, "status", "done"),
    ],
    ids=["to a colleague", "to a team", "asleep", "their turn", "about", "what a text does"],
)
def test_whatever_one_story_can_be_told_many_can(bo: Agent, what: str, how: dict[str, object], field: str, value: str):
    macro = {"intent": "Closed", "then": "done"}
    known = {
        "bo": bo.pk,
        "kitchen": make.team("Kitchen").pk,
        "macro": actions.write_macro(name="Close", text="", actions=macro, by=bo, owner=bo, now=make.NOW).pk,
    }
    both = stories(2)
    before = {name: now_are(both, name) for name in ("owner", "team", "status", "intent")}

    run = done(what, both, bo, **{name: known.get(str(said), said) for name, said in how.items()})

    assert run.refused == []
    assert now_are(both, field) == {value}
    take_back(run=run, by=bo, now=make.NOW + timedelta(days=1, minutes=1))
    assert {name: now_are(both, name) for name in before} == before


def test_what_cy_may_not_see_is_left_alone_and_told(bo: Agent):
    open_one, secret = stories(2)
    Journey.objects.filter(pk=secret.pk).update(team=make.team("Legal", restricted=True))

    run = done("done", [open_one, secret], make.agent("Cy Okafor"))

    assert now_are([open_one], "status") == {"done"}
    assert now_are([secret], "status") == {"open"}
    assert run.refused == [[secret.pk, "It is not there any more, or you may no longer see it."]]
    assert run.changed == 1


def test_what_a_colleague_changed_since_then_stays_and_is_told(bo: Agent):
    mine, theirs = stories(2)
    run = done("wait", [mine, theirs], bo)
    actions.finish(journey=theirs, by=make.agent("Femi Adeyemi"), now=make.NOW + timedelta(days=2))

    back = take_back(run=run, by=bo, now=make.NOW + timedelta(days=3))

    assert now_are([mine], "status") == {"open"}
    assert now_are([theirs], "status") == {"done"}
    assert "Femi Adeyemi has changed whose turn it is" in back.refused[0][1]


def test_more_than_a_page_is_a_job_that_goes_on_where_it_was_cut_off(bo: Agent, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    monkeypatch.setattr(bulk, "PIECE", 2)
    five = stories(5)

    run = done("done", five, bo)
    assert (run.handled, run.ended_at) == (0, None)
    bulk._piece(run.pk, make.NOW + timedelta(days=1))
    assert len(Journey.objects.filter(status="done")) == 2
    bulk.go_on(run=run.pk)
    bulk.go_on(run=run.pk)

    run.refresh_from_db()
    assert (run.handled, len(run.events), run.ended_at is not None) == (5, 5, True)
    assert Event.objects.filter(verb="done").count() == 5


def test_one_story_that_breaks_does_not_stop_the_others(bo: Agent, monkeypatch: pytest.MonkeyPatch):
    broken, fine = stories(2)
    finish = bulk.finish

    def breaks(*, journey: Journey, **more: object) -> Event:
        if journey.pk == broken.pk:
            raise ZeroDivisionError
        return finish(journey=journey, **more)

    monkeypatch.setattr(bulk, "finish", breaks)

    run = done("done", [broken, fine], bo)

    assert now_are([fine], "status") == {"done"}
    assert run.refused[0][0] == broken.pk


@pytest.mark.parametrize(
    ("what", "how", "words"),
    [
        ("explode", {}, "nothing that can be done"),
        ("undo", {}, "nothing that can be done"),
        ("assign", {}, "Choose a colleague"),
        ("assign", {"owner": 10**8}, "Nobody like that"),
        ("snooze", {"until": make.NOW.isoformat()}, "moment in the future"),
        ("intent", {"intent": " "}, "what they are about"),
        ("macro", {"macro": 10**8}, "Choose another one"),
    ],
    ids=["unknown", "undo", "nobody named", "nobody there", "past", "about nothing", "no text"],
)
def test_what_would_fail_for_all_is_refused_at_once(bo: Agent, what: str, how: dict[str, object], words: str):
    with pytest.raises(ThreadlineError, match=words):
        done(what, stories(1), bo, **how)
    with pytest.raises(ThreadlineError, match="No story is chosen"):
        done("done", [], bo)
    assert not BulkRun.objects.exists()


def test_only_who_did_it_takes_it_back(bo: Agent):
    run = done("done", stories(1), bo)

    with pytest.raises(ThreadlineError, match="Whoever did this"):
        take_back(run=run, by=make.agent("Cy Okafor"), now=make.NOW + timedelta(days=2))
