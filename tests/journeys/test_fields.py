"""Fields of a house: filled in, undone, kept through joins and merges, seen by whom they are for, used by rules."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.accounts.rights import AGENT, Right
from threadline.core.rules import Book, Refused, Rule, Step, check
from threadline.customers.models import Customer
from threadline.journeys import actions
from threadline.journeys.actions.macros import carry_out
from threadline.journeys.fields import keeping
from threadline.journeys.fields.seen import sorts, told
from threadline.journeys.models import Field, FieldValue, Journey, RuleRun
from threadline.journeys.replay import replay
from threadline.journeys.rules import books
from threadline.journeys.rules.run import run
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=1)


def di() -> Agent:
    return make.agent("Di Moreau", is_admin=True)


def field(name: str = "Contract", of: str = "story", kind: str = "text", **more: object) -> Field:
    values = {"name": name, "of": of, "kind": kind, "help": "", "choices": [], "in_brief": True, "right": ""}
    return keeping.write_field(values={**values, "team_id": None, **more}, by=di(), now=make.NOW)


def fill(what: Field, value: str, subject: Journey | Customer, *, by: Agent | None = None) -> Event | None:
    whose = {"journey": subject} if isinstance(subject, Journey) else {"customer": subject}
    return actions.set_field(field=what, value=value, by=by or make.agent(), now=LATER, **whose)


def stands(what: Field, subject: Journey | Customer) -> str:
    whose = {"journey": subject.pk} if isinstance(subject, Journey) else {"customer": subject.pk}
    found = told(agent=di(), **whose)
    return dict(found.story + found.person)[what]


def story(sender: str = "ana@example.com", text: str = "The kettle leaks. Order HP-4711.") -> Journey:
    return make.journey_of(make.received(sender, text))


def person(sender: str) -> Customer:
    return Customer.objects.get(pk=make.customer_of(make.received(sender, f"Hello from {sender}.")))


class TestFilling:
    def test_a_value_is_written_down_with_its_event_and_undone_to_what_stood_before(self):
        kettle, contract = story(), field(kind="choice", choices=["Gold", "Silver"])
        first = fill(contract, "gold", kettle)
        second = fill(contract, "Silver", kettle)

        assert stands(contract, kettle) == "Silver"
        assert (second.verb, second.journey_id, second.facts["was"]) == ("field_set", kettle.pk, "Gold")
        actions.undo(event=second, by=make.agent(), now=LATER)
        assert stands(contract, kettle) == "Gold"
        actions.undo(event=first, by=make.agent(), now=LATER)
        assert stands(contract, kettle) == ""
        assert not FieldValue.objects.exists()

    def test_the_same_value_again_is_no_event_and_what_is_none_is_refused_in_words(self):
        kettle, ends = story(), field("Warranty until", kind="date")
        fill(ends, "2027-03-31", kettle)

        assert fill(ends, "2027-03-31", kettle) is None
        with pytest.raises(ThreadlineError, match="Warranty until: “soon” is no date"):
            fill(ends, "soon", kettle)

    def test_an_older_word_is_not_taken_back_over_a_newer_one(self):
        kettle, contract = story(), field()
        first = fill(contract, "Gold", kettle)
        fill(contract, "Silver", kettle)

        with pytest.raises(ThreadlineError, match="has filled in “Contract” anew"):
            actions.undo(event=first, by=make.agent(), now=LATER)

    def test_a_field_of_people_is_none_of_stories_and_one_switched_off_takes_nothing_and_loses_nothing(self):
        ana, segment = person("ana@example.com"), field("Segment", of="person")
        fill(segment, "Hotels", ana)
        with pytest.raises(ThreadlineError, match="a field of a person"):
            fill(segment, "Hotels", story())
        keeping.switch_field(field=segment, on=False, by=di(), now=LATER)

        with pytest.raises(ThreadlineError, match="switched off"):
            fill(segment, "Shops", ana)
        keeping.switch_field(field=segment, on=True, by=di(), now=LATER)
        assert stands(segment, ana) == "Hotels"

    @pytest.mark.django_db(transaction=True)
    def test_a_replay_gives_the_same_values(self):
        kettle, contract = story(), field()
        fill(contract, "Gold", kettle)
        undone = fill(contract, "Silver", kettle)
        actions.undo(event=undone, by=make.agent(), now=LATER)
        columns = ("field", "on_journey", "journey", "value", "event_id", "at")
        before = list(FieldValue.objects.values_list(*columns))

        replay()

        assert list(FieldValue.objects.values_list(*columns)) == before


class TestWhatBecomesOne:
    def test_of_two_stories_the_newest_word_counts_and_taking_apart_brings_back_both(self):
        kettle, lamp, contract, note = story(), story("zoe@example.org", "My lamp?"), field(), field("Shelf")
        fill(contract, "Gold", kettle)
        fill(note, "A7", lamp)
        fill(contract, "Silver", lamp)

        joined = actions.join(journey=lamp, into=kettle, by=make.agent(), now=LATER)

        assert (stands(contract, kettle), stands(note, kettle)) == ("Silver", "A7")
        actions.undo(event=joined, by=make.agent(), now=LATER)
        assert (stands(contract, kettle), stands(note, kettle)) == ("Gold", "")
        assert (stands(contract, lamp), stands(note, lamp)) == ("Silver", "A7")

    def test_what_is_said_after_a_join_stays_with_the_story_that_stands(self):
        kettle, lamp, contract = story(), story("zoe@example.org", "My lamp?"), field()
        fill(contract, "Silver", lamp)
        joined = actions.join(journey=lamp, into=kettle, by=make.agent(), now=LATER)
        said = fill(contract, "Gold", kettle)
        actions.undo(event=said, by=make.agent(), now=LATER)

        assert stands(contract, kettle) == "Silver"
        fill(contract, "", kettle)
        assert stands(contract, kettle) == ""
        actions.undo(event=joined, by=make.agent(), now=LATER)
        assert (stands(contract, kettle), stands(contract, lamp)) == ("", "Silver")

    def test_of_two_people_too_also_when_merged_twice_and_taken_apart_in_the_other_order(self):
        people = [person(f"{name}@example.com") for name in ("ana", "nils", "zoe")]
        segment = field("Segment", of="person")
        for one, value in zip(people, ("Hotels", "Shops", "Homes"), strict=True):
            fill(segment, value, one)
        ana, nils, zoe = people
        first = actions.merge_customers(customer=zoe, into=nils, by=make.agent(), now=LATER)
        second = actions.merge_customers(customer=nils, into=ana, by=make.agent(), now=LATER)

        assert stands(segment, ana) == "Homes"
        actions.undo(event=first, by=make.agent(), now=LATER)
        assert (stands(segment, ana), stands(segment, zoe)) == ("Shops", "Homes")
        actions.undo(event=second, by=make.agent(), now=LATER)
        assert [stands(segment, one) for one in people] == ["Hotels", "Shops", "Homes"]

    @pytest.mark.django_db(transaction=True)
    def test_a_merge_that_rules_concluded_counts_as_well_and_survives_a_replay(self):
        card = make.received({"loyalty_card": "440001"}, "She asks about oven gloves.", kind="store")
        mail = make.received("ana@example.com", "My kettle leaks.")
        segment = field("Segment", of="person")
        for touch, value in ((card, "Hotels"), (mail, "Shops")):
            fill(segment, value, Customer.objects.get(pk=make.customer_of(touch)))

        make.received(
            {"loyalty_card": "440001", "email": "ana@example.com"}, "A kettle", kind="purchase", direction="event"
        )

        gone = Customer.objects.exclude(merged_into=None).get()
        assert stands(segment, gone.merged_into) == "Shops"
        replay()
        assert stands(segment, Customer.objects.get(merged_into=None)) == "Shops"


class TestWhoSees:
    def test_a_field_for_a_right_or_a_team_is_seen_and_filled_in_by_those_alone(self):
        kettle, legal = story(), make.team("Legal")
        credit, risk = field("Credit", right="amounts"), field("Risk", team_id=legal.pk)
        cy, lea = make.agent("Cy Okafor"), make.agent("Lea Ortiz", legal)
        fill(risk, "High", kettle, by=lea)

        seen = told(agent=cy, journey=kettle.pk)

        assert ([each.name for each, _ in seen.story], seen.hidden) == (["Credit"], 1)
        assert [value for _, value in told(agent=lea, journey=kettle.pk).story] == ["", "High"]
        with pytest.raises(ThreadlineError, match="no such field for you"):
            fill(risk, "Low", kettle, by=cy)
        assert Right.AMOUNTS in AGENT
        assert credit in Field.objects.visible_to(cy)

    def test_only_who_sets_up_the_work_defines_fields_and_nothing_that_would_not_work(self):
        values = {
            "name": "X",
            "of": "story",
            "kind": "choice",
            "help": "",
            "choices": [],
            "in_brief": True,
            "right": "",
        }

        with pytest.raises(ThreadlineError, match="defines no fields"):
            keeping.write_field(values={**values, "team_id": None}, by=make.agent(), now=make.NOW)
        with pytest.raises(ThreadlineError, match="at least one choice"):
            keeping.write_field(values={**values, "team_id": None}, by=di(), now=make.NOW)
        field("Contract")
        with pytest.raises(ThreadlineError, match="already"):
            field("Contract")


class TestRules:
    def use(self, rule: Rule) -> None:
        books.change(lambda _: Book((rule,)), words="all", by=di(), now=timezone.now())
        books.release(by=di(), now=timezone.now())

    def test_a_condition_looks_at_fields_and_a_step_fills_one_in_with_undo(self):
        contract, shelf = field(of="person"), field("Shelf", kind="number")
        step = Step("field", {"field": shelf.pk, "value": "7"})
        own = 'customer.fields.contract == "Gold" && story.fields.shelf == 0.0'
        ana = person("ana@example.com")
        fill(contract, "Gold", ana)
        self.use(Rule("a", "Gold", "received", (step,), cel=own, enabled=True))
        kettle = make.journey_of(make.received("ana@example.com", "The kettle leaks.", at=timezone.now()))

        while run(now=timezone.now()):
            continue

        event = Event.objects.filter(verb="field_set").latest("pk")
        assert stands(shelf, kettle) == "7", list(RuleRun.objects.values_list("verdict", "reason"))
        assert event.facts["by_rule"]["name"] == "Gold"
        actions.undo(event=event, by=make.agent(), now=timezone.now())
        assert stands(shelf, kettle) == ""

    @pytest.mark.parametrize(
        ("cel", "words"),
        [
            ('story.fields.contrakt == "x"', "Do you mean “story.fields.contract”"),
            ('customer.fields.contract == "x"', "There is no field “customer.fields.contract”"),
            ("story.fields.contract > 7", "text with a number"),
            ("story.fields", "There is no “story.fields”"),
            ("touch.fields.contract", "There is no “touch.fields"),
        ],
        ids=["mistyped", "of-another", "compared", "no-field", "no-area"],
    )
    def test_a_condition_on_a_field_that_is_none_is_refused_at_its_place(self, cel: str, words: str):
        field()

        with pytest.raises(Refused, match=words):
            check(cel, sorts())

    def test_a_rule_that_fills_in_what_the_field_does_not_take_is_refused(self):
        ends = field("Ends", kind="date")
        step = Step("field", {"field": ends.pk, "value": "soon"})

        with pytest.raises(ThreadlineError, match="“soon” is no date"):
            self.use(Rule("a", "Ends", "received", (step,), enabled=True))


def test_a_text_kept_ready_fills_in_a_field_when_it_is_sent():
    kettle, contract = story(), field()
    macro = actions.write_macro(
        name="Gold", text="Welcome.", actions={"field": contract.pk, "value": "Gold"}, by=di(), now=make.NOW
    )

    carry_out([macro.pk], journey=kettle, by=make.agent(), now=LATER)

    assert stands(contract, kettle) == "Gold"
