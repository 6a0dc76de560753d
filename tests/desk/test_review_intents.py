"""Intents as people teach them: read by all, changed by admins in a draft, tried, then used or dropped."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from threadline.accounts.models import Agent, Event
from threadline.core.stitching.vectors import packed
from threadline.core.understanding.encoder import Vectors, unit
from threadline.core.understanding.intents import IntentNode, default_tree, shipped_model
from threadline.interactions import intents
from threadline.interactions.actions import intents as actions
from threadline.interactions.models import Intent, IntentTree
from threadline.journeys.actions import set_intent, trial
from threadline.journeys.corrections import corrections
from threadline.journeys.models import Journey, Meaning
from threadline.journeys.replay import replay

pytestmark = pytest.mark.django_db
TREE = (
    IntentNode("Parcel", "Delivery", tuple(f"Where is parcel {n} of mine?" for n in range(8))),
    IntentNode("Damage", "Delivery", tuple(f"Box {n} arrived broken and damaged" for n in range(8))),
    IntentNode("Hours", "Service", tuple(f"When do you open on day {n}?" for n in range(8))),
    IntentNode("", "", tuple(f"A poem about cloud {n}" for n in range(8))),
)
TOPICS = ("parcel", "broken", "open", "cloud", "lamp")


class ByTopic:
    """Vectors that follow from the words: one direction for each topic, a little of each letter."""

    name, dimensions = "by-topic", 16

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [[3.0 * (topic in text) for topic in TOPICS] + letters(text, 11) for text in texts]
        return unit(np.array(rows, dtype=np.float32))


def letters(text: str, number: int) -> list[float]:
    return [sum(ord(letter) % number == at for letter in text) / max(len(text), 1) for at in range(number)]


@pytest.fixture(autouse=True)
def encoder(monkeypatch: pytest.MonkeyPatch) -> ByTopic:
    taken = ByTopic()
    monkeypatch.setattr(intents, "chosen_encoder", lambda: taken)
    monkeypatch.setattr("threadline.interactions.meaning.chosen_encoder", lambda: taken)
    return taken


@pytest.fixture
def di() -> Agent:
    return make.agent("Di Okafor", is_admin=True)


@pytest.fixture
def desk(client: Client, di: Agent) -> Client:
    client.force_login(di)
    return client


@pytest.fixture
def known() -> IntentTree:
    return intents.learn(TREE, now=make.NOW, note="the first")


def read(desk: Client, name: str, *args: Any, **query: str) -> str:
    answer = desk.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return words_of(answer.content.decode())


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", html)


def send(desk: Client, route: str, /, **said: Any) -> Any:
    return desk.post(reverse(route), said)


def drafted() -> dict[str, list[str]]:
    return {each.name: each.examples for each in Intent.objects.filter(tree=actions.draft())}


def tried(desk: Client) -> IntentTree:
    """Ask for it, then do what the worker does."""
    assert send(desk, "intents-try").status_code == 302
    waiting = actions.draft()
    assert waiting is not None
    trial.learn_draft(tree=waiting.pk, trial=waiting.report["trial"])
    waiting.refresh_from_db()
    return waiting


# ---- reading -----------------------------------------------------------------------------------------------------


def test_at_first_the_tree_that_comes_along_is_shown_with_how_right_it_is(desk):
    html = read(desk, "review-intents")

    assert "the tree that comes with Threadline; nothing was learned here yet" in html
    assert all(node.name in html for node in default_tree() if "’" not in node.name and "," not in node.name)
    assert re.search(r"<dt>Right</dt><dd>\d+ %</dd>", html)


def test_the_list_tells_the_groups_the_numbers_and_the_versions(desk, known):
    html = read(desk, "review-intents")

    table = html.partition("<table")[2]
    assert table.index("<h2>Delivery</h2>") < table.index(">Parcel</a>") < table.index("<h2>Service</h2>")
    assert "the first" in html
    assert "Go back" in html


def test_an_intent_is_shown_with_its_examples_page_by_page(desk, known):
    send(desk, "intent-add", intent="Hours", examples="\n".join(f"Are you open at hour {n}?" for n in range(60)))

    first, second = read(desk, "review-intent", "Hours"), read(desk, "review-intent", "Hours", page="2")

    assert "68 examples" in first
    assert "Page 1 of 2" in first
    assert "Are you open at hour 59?" not in first
    assert "Are you open at hour 59?" in second


def test_examples_are_found_by_their_words(desk, known):
    html = read(desk, "review-intent", "Parcel", q="PARCEL 3")

    assert "Where is parcel 3 of mine?" in html
    assert "Where is parcel 4 of mine?" not in html


def test_the_pages_cost_few_queries_however_large_the_tree_is(desk, known, django_assert_max_num_queries):
    send(desk, "intent-add", intent="Parcel", examples="Is the parcel lost?")

    with django_assert_max_num_queries(8):
        read(desk, "review-intents")
    with django_assert_max_num_queries(8):
        read(desk, "review-intent", "Parcel")


def test_a_name_with_any_signs_in_it_has_an_address_of_its_own(desk, known):
    send(desk, "intent-open", name="Price/offer? 100 %", group="Shop & co", examples="What does the lamp cost?")

    assert "What does the lamp cost?" in read(desk, "review-intent", "Price/offer? 100 %")


def test_what_is_no_intent_is_404(desk, known):
    assert desk.get(reverse("review-intent", args=["Weather"])).status_code == 404


# ---- who may -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("intent-open", {"name": "Lamps", "group": "Shop", "examples": "A lamp"}),
        ("intent-add", {"intent": "Parcel", "examples": "A parcel"}),
        ("intent-choose", {"intent": "Parcel", "example": TREE[0].examples[0]}),
        ("intent-rename", {"intent": "Parcel", "name": "Post", "group": "Delivery"}),
        ("intent-merge", {"intent": "Parcel", "into": "Hours"}),
        ("intents-undo", {}),
        ("intents-drop", {}),
        ("intents-try", {}),
        ("intents-use", {"version": 1}),
        ("intents-back", {}),
    ],
)
def test_only_admins_change_anything(client, known, name, said):
    client.force_login(make.agent())

    assert send(client, name, **said).status_code == 403
    assert actions.draft() is None
    assert intents.in_use().version == known.version


def test_all_agents_may_read_and_see_nothing_to_change_it_with(client, known):
    client.force_login(make.agent())

    assert "Go back" not in read(client, "review-intents")
    assert "Where is parcel 3 of mine?" in (html := read(client, "review-intent", "Parcel"))
    assert "Merge into another" not in html


# ---- changing the draft ------------------------------------------------------------------------------------------


def test_a_change_opens_a_draft_and_leaves_what_is_in_use_alone(desk, di, known):
    send(desk, "intent-add", intent="Parcel", examples="Is the parcel lost?\n\n Is the parcel lost? \nNo parcel came")

    assert drafted()["Parcel"][-2:] == ["Is the parcel lost?", "No parcel came"]
    assert intents.in_use().version == known.version
    assert intents.tree_in_use() == TREE
    assert "1 change not tried yet" in read(desk, "review-intents")
    event = Event.objects.get(verb="intents_changed")
    assert (event.agent, event.facts["words"]) == (di, "2 examples added to “Parcel”")


def test_an_example_of_another_intent_moves(desk, known):
    moved = TREE[1].examples[0]

    send(desk, "intent-add", intent="Parcel", examples=moved)

    assert moved in drafted()["Parcel"]
    assert moved not in drafted()["Damage"]


def test_chosen_examples_are_removed_or_become_an_intent(desk, known):
    chosen = list(TREE[0].examples[:3])
    send(desk, "intent-choose", intent="Parcel", example=TREE[0].examples[7], do="take")

    answer = send(desk, "intent-choose", intent="Parcel", example=chosen, do="split", name="Lost", group="Delivery")

    assert answer.url == reverse("review-intent", args=["Lost"])
    assert drafted()["Lost"] == chosen
    assert drafted()["Parcel"] == list(TREE[0].examples[3:7])


def test_renamed_and_merged_intents_keep_their_examples(desk, known):
    send(desk, "intent-rename", intent="Parcel", name="Where is it", group="Post")
    send(desk, "intent-merge", intent="Damage", into="Where is it")

    assert set(drafted()) == {"Where is it", "Hours", ""}
    assert drafted()["Where is it"] == [*TREE[0].examples, *TREE[1].examples]


def test_changes_are_taken_back_one_by_one_in_reverse(desk, known):
    began = {node.name: list(node.examples) for node in TREE}
    send(desk, "intent-rename", intent="Parcel", name="Post", group="Delivery")
    after_one = drafted() or began
    send(desk, "intent-merge", intent="Damage", into="Post")

    send(desk, "intents-undo")
    assert drafted() == after_one
    send(desk, "intents-undo")
    assert drafted() == began

    assert "There is no change to take back" in send(desk, "intents-undo").content.decode()


def test_a_toast_that_takes_back_sends_the_browser_to_the_list(desk, known):
    send(desk, "intent-rename", intent="Parcel", name="Post", group="Delivery")

    answer = desk.post(reverse("intents-undo"), headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == reverse("review-intents")


def test_a_dropped_draft_stays_among_the_versions_and_a_new_one_begins_from_what_is_in_use(desk, known):
    send(desk, "intent-merge", intent="Damage", into="Parcel")
    send(desk, "intents-drop")
    assert actions.draft() is None

    send(desk, "intent-add", intent="Hours", examples="Open late?")

    assert "Damage" in drafted()
    assert IntentTree.objects.count() == 3


LONG = "a" * 1_001
REFUSED = [
    ("intent-add", {"intent": "Parcel", "examples": " \n "}, "No example is written"),
    ("intent-add", {"intent": "Parcel", "examples": LONG}, "has 1,001 characters"),
    ("intent-add", {"intent": "Parcel", "examples": TREE[0].examples[0]}, "has these examples already"),
    ("intent-choose", {"intent": "Parcel", "do": "take"}, "No example is chosen"),
    (
        "intent-choose",
        {"intent": "Parcel", "do": "split", "example": TREE[0].examples[0], "name": "hours", "group": "G"},
        "There is an intent “Hours” already",
    ),
    (
        "intent-choose",
        {"intent": "Parcel", "do": "split", "example": list(TREE[0].examples), "name": "All", "group": "G"},
        "These are all examples",
    ),
    ("intent-rename", {"intent": "Parcel", "name": " ", "group": "Delivery"}, "The name is empty"),
    ("intent-rename", {"intent": "Parcel", "name": "Parcel", "group": ""}, "The group is empty"),
    ("intent-rename", {"intent": "Parcel", "name": "HOURS", "group": "G"}, "There is an intent “Hours” already"),
    ("intent-rename", {"intent": "Parcel", "name": "b" * 121, "group": "G"}, "has 121 characters; 120 fit"),
    ("intent-rename", {"intent": "Parcel", "name": "Parcel", "group": "Delivery"}, "called already"),
    ("intent-merge", {"intent": "Parcel", "into": "Parcel"}, "merged into itself"),
    ("intent-merge", {"intent": "Parcel", "into": ""}, "No intent is chosen"),
    ("intent-merge", {"intent": "Parcel", "into": "Weather"}, "There is no intent “Weather”"),
    ("intent-open", {"name": "parcel", "group": "G", "examples": "A lamp"}, "There is an intent “Parcel” already"),
]


@pytest.mark.parametrize(("name", "said", "words"), REFUSED)
def test_what_can_not_be_is_refused_in_words_and_opens_no_draft(desk, known, name, said, words):
    answer = send(desk, name, **said)

    assert answer.status_code == 422
    assert words in words_of(answer.content.decode())
    assert actions.draft() is None


def test_an_intent_can_not_be_merged_into_itself_not_even_the_last_one(desk, known):
    send(desk, "intent-merge", intent="Damage", into="Parcel")
    send(desk, "intent-merge", intent="Hours", into="Parcel")

    answer = send(desk, "intent-merge", intent="Parcel", into="Parcel")

    assert answer.status_code == 422
    assert set(drafted()) == {"Parcel", ""}


# ---- trying it ---------------------------------------------------------------------------------------------------


def test_a_tried_draft_is_measured_and_still_not_in_use(desk, known):
    send(desk, "intent-merge", intent="Damage", into="Parcel")

    version = tried(desk)

    assert {each["name"] for each in version.report["intents"]} == {"Parcel", "Hours"}
    assert version.learned is not None
    assert intents.in_use().version == known.version
    assert "Use it from now on" in read(desk, "review-intents")


def test_while_it_learns_the_page_tells_how_far_it_is_and_asks_again(desk, known):
    send(desk, "intent-merge", intent="Damage", into="Parcel")
    send(desk, "intents-try")
    IntentTree.objects.filter(used_at=None).update(
        report={"trial": "t", "told_at": timezone.now().isoformat(), "progress": [2, 7]}
    )

    answer = desk.get(reverse("intents-draft"))

    assert "step 2 of 7" in answer.content.decode()
    assert 'hx-trigger="every 2s"' in answer.content.decode()
    assert "HX-Refresh" not in answer
    assert "being tried at this moment" in send(desk, "intent-add", intent="Hours", examples="x").content.decode()


def test_when_it_is_over_the_page_asks_for_itself(desk, known):
    send(desk, "intent-merge", intent="Damage", into="Parcel")
    tried(desk)

    assert desk.get(reverse("intents-draft"))["HX-Refresh"] == "true"


def test_a_worker_that_falls_silent_is_noticed(desk, known):
    send(desk, "intent-merge", intent="Damage", into="Parcel")
    long_ago = (timezone.now() - timedelta(minutes=11)).isoformat()
    IntentTree.objects.filter(used_at=None).update(report={"trial": "t", "told_at": long_ago, "progress": [2, 7]})

    assert "It was not finished." in read(desk, "review-intents")
    assert "Use it from now on" in (tried(desk) and read(desk, "review-intents"))


def test_too_little_to_learn_from_is_told_in_words(desk, known):
    send(desk, "intent-choose", intent="Hours", example=list(TREE[2].examples[:4]), do="take")

    version = tried(desk)

    assert "“Hours” has 4" in version.report["failed"]
    html = read(desk, "review-intents")
    assert "It could not be tried." in html
    assert "Use it from now on" not in html
    assert intents.in_use().version == known.version


def test_an_encoder_that_fails_is_told_too(desk, known, encoder, monkeypatch, caplog):
    send(desk, "intent-merge", intent="Damage", into="Parcel")
    monkeypatch.setattr(encoder, "encode", lambda texts: 1 / 0, raising=False)

    assert "Something went wrong" in tried(desk).report["failed"]
    assert "could not be tried" in caplog.text


def test_a_change_after_trying_asks_for_another_try(desk, known):
    send(desk, "intent-merge", intent="Damage", into="Parcel")
    version = tried(desk)

    send(desk, "intent-add", intent="Hours", examples="Open late?")

    assert send(desk, "intents-use", version=version.pk).status_code == 422
    assert "2 changes not tried yet" in read(desk, "review-intents")
    assert intents.in_use().version == known.version


def test_a_job_that_comes_too_late_writes_nothing(desk, known):
    send(desk, "intent-merge", intent="Damage", into="Parcel")
    send(desk, "intents-try")
    waiting = actions.draft()
    send(desk, "intents-drop")

    trial.learn_draft(tree=waiting.pk, trial=waiting.report["trial"])

    waiting.refresh_from_db()
    assert waiting.learned is None


# ---- what would change -------------------------------------------------------------------------------------------


def said_by(number: int, text: str, encoder: ByTopic) -> Journey:
    touch = make.received(f"p{number}@example.com", text, name=f"Person No{number}")
    vector = packed(encoder.encode([text])[0])
    Meaning.objects.update_or_create(interaction=touch, defaults={"vector": vector})
    return make.journey_of(touch)


def test_the_preview_tells_what_would_be_read_differently_with_examples(desk, known, encoder):
    said_by(1, "My box arrived broken and damaged", encoder)
    said_by(2, "When do you open on day 2?", encoder)
    send(desk, "intent-rename", intent="Damage", name="Broken things", group="Delivery")

    version = tried(desk)

    assert version.report["preview"]["asked"] == 2
    assert version.report["preview"]["changed"] == 1
    html = read(desk, "review-intents")
    assert '<span class="from">Damage</span>' in html
    assert "<b>Broken things</b>" in html
    assert "My box arrived broken and damaged" in html


def test_examples_come_only_from_stories_that_one_may_see(desk, client, known, encoder):
    story = said_by(1, "My box arrived broken and damaged", encoder)
    Journey.objects.filter(pk=story.pk).update(team=make.team("Fraud", restricted=True))
    send(desk, "intent-rename", intent="Damage", name="Broken things", group="Delivery")
    tried(desk)

    other = Client()
    other.force_login(make.agent("Cy Adeyemi"))
    html = read(other, "review-intents")

    assert "<b>Broken things</b>" in html
    assert "My box arrived broken" not in html
    assert "not open to you" in html


# ---- using it ----------------------------------------------------------------------------------------------------


def test_a_tried_draft_is_used_when_an_admin_says_so_and_taken_back_when_it_was_wrong(desk, di, known):
    send(desk, "intent-merge", intent="Damage", into="Parcel")
    version = tried(desk)

    send(desk, "intents-use", version=version.pk)
    assert intents.in_use().version == version.version
    assert intents.in_use().names == ("Parcel", "Hours")
    assert actions.draft() is None

    send(desk, "intents-back")
    assert intents.in_use().version == known.version

    send(desk, "intents-use", version=version.pk)
    assert intents.in_use().version == version.version
    assert set(Event.objects.filter(agent=di).values_list("verb", flat=True)) == {
        "intents_changed", "intents_tried", "intents_used", "intents_renamed", "intents_went_back",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_stories_follow_when_an_intent_is_renamed_or_merged_and_come_back_as_far_as_one_can_tell(
    desk, di, known, encoder
):
    late = said_by(1, "Where is my parcel?", encoder)
    broken = said_by(2, "The lid is broken.", encoder)
    for story, intent in ((late, "Parcel"), (broken, "Damage")):
        set_intent(journey=story, intent=intent, by=di, now=timezone.now())
    send(desk, "intent-rename", intent="Parcel", name="Parcel is late", group="Delivery")
    send(desk, "intent-rename", intent="Damage", name="Parcel", group="Delivery")

    send(desk, "intents-use", version=tried(desk).pk)
    assert [about(late), about(broken)] == ["Parcel is late", "Parcel"]
    assert {example.name for example in corrections()} == {"Parcel is late", "Parcel"}

    send(desk, "intents-back")
    assert [about(late), about(broken)] == ["Parcel", "Damage"]

    replay()
    assert [about(late), about(broken)] == ["Parcel", "Damage"]


def about(story: Journey) -> str:
    return Journey.objects.get(pk=story.pk).intent


def test_nothing_is_left_to_go_back_to(desk):
    answer = send(desk, "intents-back")

    assert answer.status_code == 422
    assert shipped_model().version in answer.content.decode()
