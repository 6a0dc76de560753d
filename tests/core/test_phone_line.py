"""The menu of a telephone line: whatever is pressed, a person is one key away, and nobody is kept from one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.phone import PERSON, Does, Key, Line, Step, after, heard, read, written

DOES = [Does.STATUS, Does.CALLBACK, Does.VOICEMAIL, Does.TEAM, Does.TEXT]


@st.composite
def lines(draw: st.DrawFn) -> Line:
    digits = draw(st.lists(st.sampled_from("123456789"), unique=True, max_size=9))
    single = [Does.STATUS, Does.CALLBACK, Does.VOICEMAIL]
    keys = []
    for digit in digits:
        does = draw(st.sampled_from([*single, Does.TEAM, Does.TEXT]))
        if does in single:
            single.remove(does)
        keys.append(
            Key(
                digit,
                does,
                "To hear more",
                "We are at the harbour." if does == Does.TEXT else "",
                7 if does == Does.TEAM else None,
            )
        )
    return Line(keys=tuple(keys), callback_minutes=draw(st.integers(5, 10_000)), records=draw(st.booleans()))


@given(lines(), st.lists(st.text("0123456789*#", max_size=3), max_size=6), st.booleans())
def test_whatever_was_pressed_before_zero_leads_to_a_person_and_so_does_pressing_nothing(
    line: Line, before: list[str], is_open: bool
):
    for digits in before:
        after(digits, line, is_open=is_open)

    promised = Step.PERSON if is_open else Step.CALLBACK
    assert after(PERSON, line, is_open=is_open) == (promised, None)
    assert after("", line, is_open=is_open) == (promised, None)


@given(lines(), st.text("0123456789*#", max_size=3), st.booleans())
def test_every_key_helps_or_leads_to_a_person(line: Line, digits: str, is_open: bool):
    step, key = after(digits, line, is_open=is_open)

    if key is None:
        assert step == (Step.PERSON if is_open else Step.CALLBACK)
    else:
        assert step != Step.MENU
        assert (step == Step.TEXT) == (key.does == Does.TEXT)


@given(lines())
def test_what_is_written_is_read_again(line: Line):
    assert read(written(line)) == line


@given(lines(), st.booleans(), st.booleans())
def test_how_a_story_stands_is_offered_only_to_whom_it_may_be_told(line: Line, is_open: bool, knows: bool):
    offered = {key.does for key in heard(line, is_open=is_open, knows=knows)}

    assert knows or Does.STATUS not in offered
    assert is_open or Does.TEAM not in offered


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Key("0", Does.TEXT, "To wait", "Wait."), "0 always leads to a person"),
        (lambda: Key("12", Does.STATUS), "no key for a menu"),
        (lambda: Key("1", Does.TEXT, "To hear more"), "has no text"),
        (lambda: Key("1", Does.TEAM, "For sales"), "leads to no team"),
        (lambda: Line(keys=(Key("1", Does.STATUS), Key("1", Does.CALLBACK))), "on one key"),
        (lambda: Line(keys=(Key("1", Does.STATUS), Key("2", Does.STATUS))), "on two keys"),
        (lambda: Line(callback_minutes=1), "5 minutes"),
        (lambda: Line(language="English"), "no language"),
    ],
    ids=["zero", "two-digits", "no-text", "no-team", "one-key", "two-keys", "too-soon", "language"],
)
def test_a_line_that_would_keep_people_away_or_say_nothing_can_not_be_made(make, why: str):
    with pytest.raises(ValueError, match=why):
        make()
