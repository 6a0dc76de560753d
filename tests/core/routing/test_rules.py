"""Which team: the first rule that fits. And how long people really wait."""

from datetime import timedelta

import pytest

from threadline.core.routing import Policy, Rule, Story, measured, place, read_policy, written

PAYMENTS, KITCHEN, ANYBODY = 1, 2, 3
POLICY = Policy(
    rules=(
        Rule("Money", PAYMENTS, intents=("Charged wrongly", "Where is my refund"), urgency=1),
        Rule("Things for the kitchen", KITCHEN, words=("kettle", "toaster"), languages=("en", "de")),
        Rule("The rest", ANYBODY, kinds=("email",)),
    )
)


def test_the_first_rule_that_fits_counts_and_says_why():
    story = Story("email", intent="Charged wrongly", text="Charged twice for the kettle", language="en")

    found = place(story, POLICY)

    assert found is not None
    assert (found.team, found.rule.urgency) == (PAYMENTS, 1)
    assert found.decision.reason == "Rule 1, “Money”: it is about “Charged wrongly”."


@pytest.mark.parametrize(
    ("story", "team"),
    [
        (Story("chat", text="The Tern KETTLE leaks", language="en"), KITCHEN),
        (Story("chat", text="Two toasters burn", language="de"), KITCHEN),
        (Story("chat", text="I toastered it", language="de"), None),
        (Story("chat", text="The kettle leaks", language="fr"), None),
        (Story("email", text="The kettle leaks", language="fr"), ANYBODY),
        (Story("chat", group="Where is my refund"), PAYMENTS),
        (Story("chat"), None),
    ],
    ids=["words", "a plural", "part of a word", "another language", "the rest", "by its group", "no rule"],
)
def test_every_list_that_is_not_empty_must_fit(story: Story, team: int | None):
    found = place(story, POLICY)

    assert (found.team if found else None) == team


def test_a_policy_is_the_same_after_it_was_written_and_read():
    assert read_policy(written(POLICY)) == POLICY


def test_a_policy_that_is_none_says_what_is_wrong():
    with pytest.raises(ValueError, match="has no name"):
        read_policy({"rules": [{"name": " ", "team": 1}]})
    with pytest.raises(ValueError, match="can not help out itself"):
        read_policy({"rules": [{"name": "Money", "team": 1, "overflow": 1}]})


def test_a_wait_is_measured_from_enough_answers_or_not_said():
    assert measured(timedelta(minutes=n) for n in range(4)) is None
    found = measured(timedelta(minutes=n) for n in range(1, 11))
    assert found is not None
    assert (found.answers, found.median, found.most) == (10, timedelta(minutes=5), timedelta(minutes=9))
