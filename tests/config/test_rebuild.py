"""The whole history concluded anew gives what the pipeline gave touch by touch, and overrules nobody."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from threadline.config.rebuild import history, ledger
from threadline.config.rebuild.run import moved, rebuild
from threadline.core.touch import Direction, Handle, Level, Touch
from threadline.journeys import actions
from threadline.lib.errors import ThreadlineError

LATER = make.NOW + timedelta(days=1)


def some_history() -> None:
    make.received("ana@example.com", "The kettle I bought leaks. Order HP-4711.", at=make.NOW)
    make.received({"handle": "ana_k"}, "Still nobody answers me about order HP-4711!", at=make.NOW + timedelta(hours=3))
    make.received("ana@example.com", "When do you open on Sunday?", at=make.NOW + timedelta(days=40))
    make.received("nils@example.org", "Where is my lamp? Order HP-9000.", at=make.NOW + timedelta(days=1))


@pytest.mark.django_db
def test_concluded_anew_every_touch_stands_where_the_pipeline_put_it(tmp_path):
    some_history()

    said = rebuild(on="here", to=tmp_path / "answer.parquet")

    answer = history.read_answer(tmp_path / "answer.parquet")
    assert {one.touch: one.journey for one in answer} == ledger.standing()
    assert "4 touches concluded; 0 would stand in another story than today." in said


@pytest.mark.django_db
def test_what_an_agent_moved_stays_where_the_agent_put_it(tmp_path):
    bo = make.agent()
    kettle = make.received("ana@example.com", "The kettle I bought leaks. Order HP-4711.", at=make.NOW)
    again = make.received("ana@example.com", "Order HP-4711 leaks.", at=make.NOW + timedelta(hours=1))
    actions.move(interaction=again, to=None, by=bo, now=LATER)

    rebuild(on="here", to=tmp_path / "answer.parquet")

    answer = {one.touch: one for one in history.read_answer(tmp_path / "answer.parquet")}
    assert answer[again.pk].journey != answer[kettle.pk].journey
    assert answer[again.pk].reason == "An agent put it there."


@pytest.mark.django_db
def test_people_kept_apart_by_an_agent_stay_two(tmp_path):
    bo = make.agent()
    some_history()
    ana, nils = (
        make.received(who, "Hello, about my order", at=LATER) for who in ("ana@example.com", "nils@example.org")
    )
    actions.keep_apart(customer=ana.identity.customer, other=nils.identity.customer, by=bo, now=LATER)

    assert ledger.known().apart == {tuple(sorted((ana.identity.customer_id, nils.identity.customer_id)))}


@pytest.mark.django_db
def test_an_empty_ledger_is_refused_with_the_reason(tmp_path):
    with pytest.raises(ThreadlineError, match="holds no touch yet"):
        rebuild(on="here", to=tmp_path / "answer.parquet")
    assert not (tmp_path / "answer.parquet").exists()


def test_the_command_says_what_it_needs():
    from threadline.config.cli import main

    answer = CliRunner().invoke(main, ["rebuild", "--on", "here"])

    assert answer.exit_code == 2
    assert "--to" in answer.output


TOUCH = st.builds(
    Touch,
    id=st.integers(1, 2**60),
    at=st.datetimes().map(lambda at: at.replace(tzinfo=make.NOW.tzinfo)),
    kind=st.sampled_from(["email", "x", "phone"]),
    direction=st.sampled_from(Direction),
    channel=st.integers(1, 9),
    thread=st.integers(1, 2**60),
    public=st.booleans(),
    brand=st.none() | st.integers(1, 9),
    handles=st.tuples(st.builds(Handle, st.text(max_size=9), st.text(max_size=9), st.sampled_from(Level))),
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    attributes=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.integers(0, 9)),
)


@given(touches=st.lists(TOUCH, min_size=1, max_size=5))
def test_a_touch_comes_back_from_parquet_as_it_went(tmp_path_factory, touches):
    folder: Path = tmp_path_factory.mktemp("history")

    history.write_touches(folder, [touches])

    assert list(history.read_touches(folder)) == touches


def test_who_stands_together_counts_not_the_number_of_the_story():
    assert moved({1: 10, 2: 10, 3: 30}, {1: 5, 2: 5, 3: 6}) == set()
    assert moved({1: 10, 2: 20, 3: 20}, {1: 5, 2: 5, 3: 5}) == {1}
