"""Which channel is right: ways in order with reasons, what a text holds, where a matter stands between two sides."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threadline.core.fitness import (
    NETWORKS,
    Complexity,
    Manners,
    Need,
    Plan,
    Privacy,
    Standing,
    Way,
    Wording,
    fill,
    rank,
    read,
    usual_wording,
    with_cell,
    with_level,
    with_need,
    with_words,
    written,
)
from threadline.core.fitness.content import found_in, too_private
from threadline.core.fitness.ranking import Against
from threadline.core.fitness.sides import Stage, Word, escaped, stage
from threadline.core.fitness.usual import NEEDS
from threadline.core.sensitive import masked
from threadline.core.understanding.intents import default_tree

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
SIDES = ("email", "chat", "sms", "whatsapp", "phone", "x", "x+public", "review+public", "store")
needs = st.builds(Need, st.sampled_from(Complexity), st.sampled_from(Privacy))
ways = st.lists(
    st.builds(
        Way,
        key=st.integers(0, 99).map(str),
        side=st.sampled_from(SIDES),
        level=st.sampled_from(Privacy),
        standing=st.sampled_from(Standing),
        possible=st.booleans(),
        consent=st.booleans(),
        last=st.booleans(),
        habit=st.floats(0, 1),
        open=st.sampled_from((None, True, False)),
        checked=st.booleans(),
        by_hand=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda way: way.key,
)


@given(ways, needs, st.booleans())
def test_every_way_is_either_offered_or_ruled_out_for_a_reason(given_ways, need, urgent):
    choice = rank(given_ways, need, urgent=urgent)

    kept, out = [each.way.key for each in choice.ranked], [each.way.key for each in choice.out]
    assert sorted(kept + out) == sorted(way.key for way in given_ways)
    assert [each.points for each in choice.ranked] == sorted((each.points for each in choice.ranked), reverse=True)
    for each in choice.ranked:
        assert each.way.consent
        assert each.way.level >= need.privacy
        assert each.way.standing is not Standing.NO
    assert rank(list(reversed(given_ways)), need, urgent=urgent).of("1") == choice.of("1")


@given(ways, needs)
def test_nobody_is_written_to_where_they_asked_for_silence_whatever_speaks_for_it(given_ways, need):
    silent = [way._replace(consent=False, last=True, standing=Standing.BEST) for way in given_ways]

    assert {each.why for each in rank(silent, need).out} <= {Against.SILENCE}
    assert not rank(silent, need).ranked


def test_they_are_answered_where_they_wrote_unless_it_is_too_private_for_that():
    post = Way("post", "x+public", Privacy.PUBLIC, last=True)
    mail, phone = Way("mail", "email", Privacy.PERSONAL), Way("call", "phone", Privacy.VERY_PRIVATE, Standing.BEST)

    opening = rank([mail, phone, post], Need(Complexity.SIMPLE, Privacy.PUBLIC))
    fraud = rank([mail, phone, post], Need(Complexity.DIFFICULT, Privacy.VERY_PRIVATE))

    assert opening.ranked[0].way.key == "post"
    assert [each.way.key for each in fraud.ranked] == ["call"]
    assert {each.why for each in fraud.out} == {Against.TOO_OPEN}


def test_simple_things_are_written_and_hard_things_are_talked_about():
    both = [Way("mail", "email", Privacy.PERSONAL), Way("call", "phone", Privacy.VERY_PRIVATE)]

    first = {how: rank(both, Need(how)).ranked[0].way.key for how in Complexity}

    assert first == {"simple": "mail", "more": "call", "difficult": "call"}


def test_every_intent_that_comes_with_the_product_is_known_by_its_name():
    assert set(NEEDS) <= {node.name for node in default_tree()}


edits = st.lists(
    st.one_of(
        st.tuples(st.just("need"), st.sampled_from(("A", "", "Warranty")), needs),
        st.tuples(st.just("level"), st.sampled_from(("email", "sms", "x")), st.sampled_from(Privacy)),
        st.tuples(st.just("cell"), st.sampled_from(("A", "Warranty")), st.sampled_from(Standing)),
    ),
    max_size=8,
)


@given(edits)
def test_a_plan_outlives_being_written_down_and_says_what_was_said_last(given_edits):
    plan, said = Plan(), {}
    for what, about, value in given_edits:
        change = {"need": with_need, "level": with_level}.get(what)
        plan = change(plan, about, value) if change else with_cell(plan, about, "sms", value)
        said[what, about] = value

    again = read(written(plan))

    assert again == plan
    for (what, about), value in said.items():
        if what == "need":
            assert again.need(about) == value
        elif what == "level":
            assert again.level(about) == value
    last = given_edits[-1] if given_edits else None
    if last and last[0] == "cell":
        assert again.standing(last[1], "sms") == last[2]


def test_what_nobody_may_say_in_public_can_not_be_put_into_the_words_for_it():
    for network in NETWORKS:
        assert with_words(Plan(), network, usual_wording(network)) == Plan()
    with pytest.raises(ValueError, match="would tell everybody"):
        Wording("Hello {first name}, write to us", "Hello", "Thanks")
    with pytest.raises(ValueError, match="Nothing fills"):
        Wording("Write to us", "Hello {order number}", "Thanks")
    assert fill("Hello {first name}, write here: {link}", {"link": "/contact"}) == "Hello, write here: /contact"


SECRETS = "4111 1111 1111 1111", "GB82 WEST 1234 5698 7654 32", "123-45-6789", "AB123456C", "12345678Z", "811218-9876"
SAFE = "HP-4711", "4111 1111 1111 1112", "GB83 WEST 1234 5698 7654 32", "000-45-6789", "12345678A", "811218-9875"


@given(st.permutations([*SECRETS, *SAFE]), st.lists(st.sampled_from([" and ", ", ", "\n"]), min_size=12, max_size=12))
def test_numbers_of_cards_and_persons_are_hidden_and_all_others_stay(values, between):
    text = "".join(f"it is {value}{mark}" for value, mark in zip(values, between, strict=True))

    hidden, what = masked(text)

    assert len(what) == len(SECRETS)
    assert not [value for value in SECRETS if value in hidden]
    assert not [value for value in SAFE if value not in hidden]
    assert masked(hidden) == (hidden, [])


@given(st.text(max_size=200))
def test_a_text_without_such_numbers_stays_as_it_is(text):
    hidden, what = masked(text)

    assert (hidden == text) == (not what)


def test_what_a_channel_may_carry_depends_on_its_level():
    text = "Order HP-4711, card 4111 1111 1111 1111, write to ana@example.com."

    kinds = {level: [each.what for each in too_private(text, level)] for level in Privacy}

    assert kinds[Privacy.PUBLIC] == ["order", "card", "email"]
    assert kinds[Privacy.ORDINARY] == ["card", "email"]
    assert kinds[Privacy.PERSONAL] == ["card"]
    assert kinds[Privacy.VERY_PRIVATE] == []
    assert found_in("It leaks.") == []


def words(said: str) -> list[Word]:
    """`P` they in public, `p` they in private, `A` we in public, `a` we in private; an hour apart."""
    return [Word(AT + timedelta(hours=number), ours=one in "Aa", public=one in "PA") for number, one in enumerate(said)]


@pytest.mark.parametrize(
    ("said", "settled", "where"),
    [
        ("pa", False, Stage.NONE),
        ("P", False, Stage.OPEN),
        ("PA", True, Stage.ASKED),
        ("PAp", False, Stage.PRIVATE),
        ("PApa", True, Stage.SETTLED),
        ("PApaA", True, Stage.BACK),
        ("PApaAP", False, Stage.OPEN),
    ],
    ids=["private", "public", "asked", "moved", "settled", "thanked", "again"],
)
def test_a_matter_goes_from_public_to_private_and_back(said, settled, where):
    assert stage(words(said), settled=settled) is where


@given(st.text(alphabet="PpAa", max_size=12))
def test_whoever_came_out_in_public_had_spoken_in_private_before(said):
    found = escaped(words(said))

    first = said.find("P")
    assert (found is not None) == (first > 0 and "p" in said[:first])
    if found and found.waited is not None:
        assert found.waited > timedelta()


def test_quiet_hours_have_a_beginning_and_an_end():
    assert Manners().most == 3
    with pytest.raises(ValueError, match="both"):
        Manners(since=60, until=None)
