"""Conditions: refused at their place, never more than yes or no, the same in words and in CEL; rules survive JSON."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.rules import (
    EVENTS,
    NAMES,
    NOBODY,
    SPANS,
    Book,
    Failed,
    Refused,
    Rule,
    Step,
    Story,
    blank,
    check,
    clauses,
    holds,
    in_cel,
    look,
    read_book,
    written,
)
from threadline.core.rules.clauses import Clause

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
WORDS = st.lists(TEXTS.map(lambda text: " ".join(text.split())).filter(bool), max_size=3, unique=True).map(tuple)
STORIES = st.builds(Story, intents=WORDS, words=WORDS, teams=WORDS, owner=st.sampled_from(["", NOBODY]))


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    on = draw(st.sampled_from([*EVENTS, *SPANS]))
    after = timedelta(minutes=draw(st.integers(1, 10_000))) if on in SPANS else None
    cel = draw(st.sampled_from(["", "story.touches > 2", 'touch.says == "complaint" || story.public']))
    return Rule("k", "A rule", on, (Step("sleep", {"hours": 3}),), draw(STORIES), cel, after, draw(st.booleans()))


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.path)
def test_every_name_has_an_example_that_is_a_condition(name):
    check(name.example)
    assert name.path in name.example


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ('true && story.intnt == "x"', 8, "Do you mean “story.intent”?"),
        ("storry.public", 0, "Do you mean “story"),
        ("story.touches >", 15, "It ends too early"),
        ('touch.says == "complaint" story.public', 26, "Is && or || missing before it"),
        ('touch.text.matches("(")', 0, "The regular expression can not be read"),
        ("touch.text.shout()", 11, "There is no “shout()”"),
        ("story.intent", 0, "It gives “”, not yes or no"),
        ("story.touches > '3'", 0, "Put a text in quotation marks, and a number without"),
        ("(" * 30 + "true" + ")" * 30, 20, "Too many brackets"),
        ("true || " * 200 + "true", 1_000, "1,000 fit"),
    ],
)
def test_a_mistake_is_found_at_its_place_with_what_to_do(text, at, words):
    with pytest.raises(Refused) as refused:
        check(text)

    assert words in str(refused.value)
    assert refused.value.at == at


def test_nobody_can_keep_the_worker_busy_with_a_condition():
    many = "[" + ",".join("1" * 50) + "]"

    with pytest.raises(Refused, match="goes through lists 3 times"):
        check(f"{many}.all(a, {many}.all(b, {many}.all(c, a + b + c > 0)))")


@given(st.text(max_size=40))
def test_whatever_is_written_is_a_condition_or_is_refused(text):
    found = verdict(text)

    assert 0 <= found.at <= len(text) if isinstance(found, Refused) else holds(text, blank()) in (True, False)


def verdict(text: str) -> Refused | None:
    try:
        check(text)
    except Refused as refused:
        return refused
    return None


@given(rules())
def test_rules_survive_json(rule):
    assert read_book(written(Book((rule,)))) == Book((rule,))


@given(rules(), TEXTS, TEXTS, st.booleans())
def test_the_reasons_and_the_whole_condition_say_the_same(rule, intent, said, public):
    seen = blank()
    seen["story"] |= {"intent": intent, "public": public, "touches": 3}
    seen["touch"] |= {"text": said, "says": "complaint"}

    found = look(rule, seen)

    whole = in_cel(rule)
    assert found.runs == (holds(whole, seen) if whole else True)
    assert found.reason


@given(TEXTS.filter(lambda text: text.strip()))
def test_a_word_is_found_where_it_stands_by_itself(word):
    word = " ".join(word.split())
    seen = blank()
    seen["touch"]["text"] = f"so {word} it is"

    assert all(holds(clause.cel, seen) for clause in clauses(Rule("k", "r", "received", (), Story(words=(word,)))))


def test_a_company_is_no_pan_and_capitals_do_not_matter():
    (clause,) = clauses(Rule("k", "r", "received", (), Story(words=("pan",))))

    assert isinstance(clause, Clause)
    assert not holds(clause.cel, blank() | {"touch": blank()["touch"] | {"text": "a company"}})
    assert holds(clause.cel, blank() | {"touch": blank()["touch"] | {"text": "Two PANS"}})


def test_what_can_not_be_worked_out_is_said_in_words():
    with pytest.raises(Failed, match="divides by zero"):
        holds("1 / size(touch.text) > 0", blank())
