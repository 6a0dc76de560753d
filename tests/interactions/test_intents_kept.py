"""Trees of intents in versions: learned, refused, taken back; and what they say of a touch. All texts are invented."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.engines import touch
from threadline.config.training.intents import told
from threadline.core.touch import Direction
from threadline.core.understanding import understand
from threadline.core.understanding.intents import Example, IntentNode, default_tree, shipped_model
from threadline.interactions import intents
from threadline.interactions.meaning import with_meaning
from threadline.interactions.models import Intent, IntentTree
from threadline.journeys.routing.seen import groups
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PARCEL = ("Where is my parcel?", "My parcel is late", "No parcel yet", "When does the parcel come?", "Parcel status?")
HOURS = ("When do you open?", "Opening hours?", "Open on Sunday?", "When do you close?", "Are you open today?")
TREE = (
    IntentNode("Parcel", "Delivery", PARCEL),
    IntentNode("Hours", "Service", HOURS),
    IntentNode("", "", ("Tell me a joke", "Nice weather", "Who won?", "Sing a song", "I like turtles")),
)


def learned(now: datetime = NOW, corrections: tuple[Example, ...] = ()) -> IntentTree:
    return intents.learn(TREE, corrections, now=now, note="a try")


def test_at_first_the_tree_that_comes_along_is_in_use():
    assert intents.in_use() is shipped_model()
    assert intents.tree_in_use() == default_tree()


def test_what_was_learned_is_in_use_until_it_is_taken_back():
    first, second = learned(), learned(NOW + timedelta(days=1))

    assert intents.in_use().version == second.version

    assert intents.go_back(now=NOW) == first.version
    assert intents.go_back(now=NOW) == shipped_model().version
    with pytest.raises(ThreadlineError, match="Nothing was learned here"):
        intents.go_back(now=NOW)
    assert IntentTree.objects.count() == 2, "none is deleted"


def test_the_groups_that_routing_and_rules_know_are_those_of_the_tree_in_use():
    usual = groups()
    learned()

    assert groups() == {"Parcel": "Delivery", "Hours": "Service", "": ""}

    intents.go_back(now=NOW)
    assert groups() == usual


def test_too_little_is_refused_and_the_tree_in_use_stays():
    learned()

    with pytest.raises(ThreadlineError, match=r"“Hours” has 2.*The tree in use stays"):
        intents.learn((TREE[0], IntentNode("Hours", "Service", HOURS[:2])), now=NOW + timedelta(days=1))

    assert IntentTree.objects.count() == 1


def test_what_agents_corrected_becomes_an_example():
    version = learned(corrections=(Example("The courier never rang", "Parcel"), Example("No such intent", "Weather")))

    parcel = Intent.objects.get(tree=version, name="Parcel")
    assert parcel.examples == [*PARCEL, "The courier never rang"]
    assert not Intent.objects.filter(tree=version, name="Weather").exists()
    assert intents.tree_in_use()[0] == IntentNode("Parcel", "Delivery", (*PARCEL, "The courier never rang"))


def test_the_report_names_every_intent_and_how_to_go_back():
    lines = list(told(learned()))

    assert "is in use" in lines[0]
    assert "--back" in lines[1]
    assert {line.split(":")[0] for line in lines[2:]} == {"Parcel", "Hours"}


def test_a_touch_is_told_its_intent_with_the_reason():
    items = [
        touch(1, "The app keeps crashing when I open it."),
        touch(2, "Lovely weather today, is it not?"),
        touch(3, "We have mended the app.", direction=Direction.OUT),
    ]

    sure, unsure, ours = with_meaning(items, [understand(item) for item in items])

    assert sure.intent == "Website or app does not work"
    assert sure.intent_confidence > 0.8
    assert "It is about “Website or app does not work”" in sure.decision.reason
    assert "The app crashes when I open it." in sure.decision.reason
    assert unsure.intent == ""
    assert "can not be said for sure" in unsure.decision.reason
    assert (ours.intent, ours.intent_confidence) == ("", 0.0)
    assert ours.vector is not None


def test_a_model_of_other_vectors_is_not_asked(monkeypatch: pytest.MonkeyPatch):
    version = learned()
    IntentTree.objects.filter(pk=version.pk).update(version="other")
    model = intents.in_use()
    monkeypatch.setattr(intents, "in_use", lambda: type(model)(**{**vars_of(model), "encoder": "another"}))
    item = touch(1, "Where is my parcel?")

    [read] = with_meaning([item], [understand(item)])

    assert read.vector is not None
    assert read.intent == ""


def vars_of(model) -> dict[str, object]:
    return {name: getattr(model, name) for name in model.__dataclass_fields__}
