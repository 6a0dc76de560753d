"""Rules do what people wrote, once, say why, never loop, are tried on the past and undone; a replay gives the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.config.sample_company import empty
from threadline.core.rules import NOBODY, Book, Refused, Rule, Step, Story, with_rule, without_rule
from threadline.interactions.models import Delivery, Interaction
from threadline.journeys import actions
from threadline.journeys.models import Journey, Mention, Note, RuleBook, RuleFinding, RuleRun, RuleTimer
from threadline.journeys.replay import replay
from threadline.journeys.rules import books, trial
from threadline.journeys.rules.doing import DOERS
from threadline.journeys.rules.run import forget_idle, run
from threadline.journeys.rules.timers import arm_all
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
COMPLAINT = "This is unacceptable, I am very angry. The kettle leaks and nobody helps me. Order HP-4711."
NOTE = (Step("note", {"text": "Look at this.", "ask": ["supervisor"]}),)


def di() -> Agent:
    return make.agent("Di Moreau", is_admin=True)


def use(*rules: Rule) -> RuleBook:
    """These rules at work, and no others."""
    books.change(lambda _: Book(rules), words="all", by=di(), now=timezone.now())
    kept = books.release(by=di(), now=timezone.now())
    arm_all(book=kept.pk)
    return kept


def rule(key: str = "a", on: str = "received", then: tuple[Step, ...] = NOTE, **more: object) -> Rule:
    return Rule(key, f"Rule {key}", on, then, enabled=True, **more)  # type: ignore[arg-type]


def wrote(text: str = COMPLAINT, sender: str = "ana@example.com", *, ago: timedelta = timedelta(minutes=1)) -> Journey:
    return make.journey_of(make.received(sender, text, at=timezone.now() - ago))


def work(later: timedelta = timedelta(0)) -> None:
    while run(now=timezone.now() + later):
        continue


def log(**asked: object) -> list[tuple[str, str]]:
    return [(each.rule, str(each.verdict)) for each in RuleRun.objects.filter(**asked).order_by("pk")]


def test_a_rule_does_what_it_says_with_the_why_and_an_agent_undoes_it():
    kitchen, bo = make.team("Kitchen"), make.agent()
    kept = use(rule(then=(Step("give", {"team": kitchen.pk}),), when=Story(words=("kettle",))))
    story = wrote()

    work()

    story.refresh_from_db()
    event = Event.objects.get(verb="assigned")
    assert story.team == kitchen
    assert event.agent is None
    assert event.facts["by_rule"]["version"] == kept.pk
    assert event.facts["by_rule"]["because"] == "They write and they say “kettle”."
    actions.undo(event=event, by=bo, now=timezone.now())
    story.refresh_from_db()
    assert story.team is None


def test_no_rule_looks_twice_at_one_thing_and_the_log_says_why_one_did_not_run():
    use(rule("a"), rule("b", when=Story(words=("toaster",))))
    wrote()

    work()
    work()

    assert log() == [("a", "ran"), ("b", "passes")]
    assert RuleRun.objects.get(rule="b").reason == "Not so: they say “toaster”."
    assert Note.objects.count() == 1
    forget_idle()
    assert len(log()) == 2


def test_rules_look_in_their_order_and_one_can_be_the_last():
    use(rule("a", last=True), rule("b"))
    wrote()

    work()

    assert log() == [("a", "ran")]


def test_a_condition_that_goes_wrong_is_said_in_words_and_stops_nothing_else():
    use(rule("a", cel=f"1 / (size(touch.text) - {len(COMPLAINT)}) < 9"), rule("b"))
    wrote()

    work()

    assert log() == [("a", "fails"), ("b", "ran")]
    assert "divides by zero" in RuleRun.objects.get(rule="a").reason


def test_what_can_not_be_done_is_left_out_and_said_and_the_rest_is_done(monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setitem(DOERS, "intent", broken)
    use(rule("a", then=(Step("reopen"), Step("answer", {"macro": _macro("Dear {product}")}), *NOTE)),
        rule("b", then=(Step("intent", {"intent": "Refund"}),)))  # fmt: skip
    wrote()

    work()

    assert log() == [("a", "ran"), ("b", "fails")]
    assert "Could not answer with a text kept ready: Nothing fills {product}" in RuleRun.objects.get(rule="a").reason
    assert "something went wrong" in RuleRun.objects.get(rule="b").reason


def test_rules_follow_one_another_three_times_at_most():
    teams = [make.team(name) for name in ("Start", "One", "Two", "Three", "Four")]
    steps = [(f"r{n}", teams[n], teams[n + 1]) for n in range(4)]
    use(
        *(
            rule(key, "assigned", (Step("give", {"team": to.pk}),), when=Story(teams=(a.name,)))
            for key, a, to in reversed(steps)
        ),
        rule("any", "assigned", (Step("intent", {"intent": "Refund"}),)),
    )
    story = wrote()

    actions.assign(journey=story, owner=None, team=teams[0], by=make.agent(), now=timezone.now())
    work()

    story.refresh_from_db()
    stopped = "3 rules have followed one another already, so nothing more follows by itself."
    assert story.team == teams[3]
    assert RuleRun.objects.get(rule="r3", verdict="stopped").reason == stopped
    assert RuleRun.objects.filter(rule="r0").count() == 4  # the word of Bo, and what three rules did


def test_a_rule_does_not_look_at_what_it_did_itself():
    one, two = make.team("One"), make.team("Two")
    use(rule("a", "assigned", (Step("give", {"team": two.pk}),)))

    actions.assign(journey=wrote(), owner=None, team=one, by=make.agent(), now=timezone.now())
    work()

    assert log() == [("a", "ran"), ("a", "stopped")]
    assert RuleRun.objects.last().reason == "It was this rule that led to it, and no rule follows itself."


def test_two_rules_that_undo_each_other_stop_until_a_person_does_something():
    use(
        rule("a", "unanswered", (Step("wait"),), after=timedelta(minutes=5)),
        rule("b", "silent", (Step("reopen"),), after=timedelta(minutes=5)),
    )
    wrote()

    for hours in range(1, 20):
        work(later=hours * HOUR)

    assert RuleRun.objects.filter(rule="a", verdict="ran").count() == 3
    assert "since a person last did something" in RuleRun.objects.filter(verdict="stopped").first().reason


def test_a_complaint_nobody_answered_for_4_hours_goes_to_the_supervisor_once():
    then = (Step("give", {"supervisor": True}), Step("note", {"text": "4 hours.", "ask": ["supervisor"]}))
    boss = di()
    use(rule("a", "unanswered", then, when=Story(says=("complaint",), owner=NOBODY), after=4 * HOUR))
    story = wrote()
    answered = wrote("I am very angry, my lamp is broken.", "zoe@example.com")
    work()
    actions.wait(journey=answered, by=make.agent(), now=timezone.now())

    work(later=3 * HOUR)
    assert log() == []
    work(later=5 * HOUR)
    work(later=9 * HOUR)

    story.refresh_from_db()
    assert log() == [("a", "ran")]
    assert story.owner == boss
    assert Mention.objects.get().agent == boss
    assert RuleTimer.objects.filter(fired_at=None).count() == 0


def test_what_was_past_its_time_when_the_rule_was_switched_on_is_left_alone():
    old = wrote(ago=6 * HOUR)
    young = wrote("The lamp is broken, I am angry.", "zoe@example.com", ago=HOUR)

    use(rule("a", "unanswered", after=4 * HOUR))
    work(later=4 * HOUR)

    assert [each.journey_id for each in RuleRun.objects.all()] == [young.pk]
    assert old.pk != young.pk


def test_history_that_comes_in_late_is_nothing_that_happens():
    use(rule("a"), rule("b", "unanswered", after=HOUR))

    wrote(ago=timedelta(days=300))
    work(later=2 * HOUR)

    assert log() == []


def test_an_automatic_answer_goes_out_once_and_never_to_a_machine():
    use(rule(then=(Step("answer", {"macro": _macro("Dear {first name}, we have it.")}),)))
    story = make.journey_of(make.received("ana@example.com", COMPLAINT, name="Ana Silva", at=timezone.now()))
    work()
    again = make.received("ana@example.com", "Order HP-4711: are you there?", at=timezone.now())
    make.received("bot@example.com", "Out of office until Monday.", at=timezone.now(), automatic="yes")
    make.entry(make.payload("eve@example.com", "The toaster burns my bread.", at=timezone.now()), source="import")
    make.process()

    work()

    sent = Interaction.objects.get(direction="out")
    story.refresh_from_db()
    assert sent.text == "Dear Ana, we have it."
    assert sent.automatic == "By the rule “Rule a”."
    assert Delivery.objects.get(interaction=sent).state == "queued"
    assert story.status == "open"
    reasons = list(RuleRun.objects.filter(verdict="fails").values_list("reason", flat=True))
    assert make.journey_of(again) == story
    assert any("They had an automatic answer in this story within a day." in reason for reason in reasons)
    assert any("It came with an import: somebody may have answered elsewhere." in reason for reason in reasons)


@pytest.mark.django_db(transaction=True)
def test_when_everything_begins_anew_the_rules_at_work_are_the_new_ones():
    for name in ("first", "second"):
        empty()
        use(rule(name))
        wrote()

        work()

        assert log() == [(name, "ran")]


@pytest.mark.django_db(transaction=True)
def test_a_replay_gives_what_rules_did_the_same():
    kitchen = make.team("Kitchen")
    use(
        rule("a", then=(Step("give", {"team": kitchen.pk}), Step("intent", {"intent": "Refund"}), *NOTE)),
        rule("b", "unanswered", (Step("sleep", {"hours": 20}),), after=HOUR),
    )
    story = wrote()
    work()
    work(later=2 * HOUR)
    story.refresh_from_db()
    before = (story.team, story.intent, story.status, story.wake_at, Note.objects.get().rule)

    replay()
    work()

    story = Journey.objects.get(pk=story.pk)
    assert (story.team, story.intent, story.status, story.wake_at, Note.objects.get().rule) == before
    assert log(verdict="ran") == [("a", "ran"), ("b", "ran")]


def test_the_dry_run_finds_what_the_rules_did():
    wanted = (rule("a", when=Story(words=("kettle",))), rule("b", "unanswered", after=HOUR), rule("c", "done"))
    kept = use(*wanted)
    story = wrote()
    other = wrote("Where is my lamp?", "zoe@example.com")
    actions.finish(journey=other, by=make.agent(), now=timezone.now())
    work()
    work(later=2 * HOUR)

    tried = trial.try_out(book=kept, days=7, by=di(), now=timezone.now() + 3 * HOUR)
    trial.try_rules(trial=tried.pk)

    tried.refresh_from_db()
    found = {(each.rule, each.journey_id, each.reason) for each in RuleFinding.objects.all()}
    ran = {(each.rule, each.journey_id, each.reason) for each in RuleRun.objects.filter(verdict="ran")}
    assert found == ran
    assert {key for key, _, _ in ran} == {"a", "b", "c"}
    assert (tried.done, tried.stories, tried.failed) == (2, 2, "")
    assert story.pk != other.pk


def test_versions_are_tried_used_switched_off_at_once_and_gone_back_to():
    first = use(rule("a"))
    use(rule("a"), rule("b"))
    books.change(lambda book: with_rule(book, rule("c")), words="c", by=di(), now=timezone.now())

    books.switch_off(key="a", by=di(), now=timezone.now())
    assert [each.key for each in books.read(books.standing()).working] == ["b"]
    assert not books.read(books.draft()).rule("a").enabled

    back = books.go_back(to=first, by=di(), now=timezone.now())
    assert [each.key for each in books.read(books.standing()).working] == ["a"]
    assert back.note.startswith("Back to the version of")
    assert [each.verb for each in Event.objects.order_by("pk")].count("rules_released") == 4


def test_what_can_not_work_is_refused_with_its_place():
    with pytest.raises(Refused, match="Do you mean “story") as refused:
        use(rule(cel='true && story.intnt == "x"'))
    assert refused.value.at == 8
    with pytest.raises(ThreadlineError, match="a team that is no longer there"):
        use(rule(then=(Step("give", {"team": 999}),)))
    with pytest.raises(ThreadlineError, match="no longer there"):
        books.change(lambda book: without_rule(book, "zz"), words="", by=di(), now=timezone.now())


def test_a_number_that_may_still_come_is_waited_for():
    use(rule("a"))
    make.agent()
    touch = wrote()
    gap = Event.objects.latest("pk")
    Event.objects.bulk_create([Event(pk=gap.pk + 5, verb="done", at=timezone.now(), journey_id=touch.pk)])

    work()

    from threadline.journeys.models import RulePlace

    assert RulePlace.objects.get().event_id < gap.pk + 5


def _macro(text: str) -> int:
    return int(actions.write_macro(name=text[:30], text=text, actions={}, by=di(), now=timezone.now()).pk)
