"""`threadline train stitching`: learned from what agents judged, refused where that is too little, and reversible."""

from datetime import datetime, timedelta

import pytest

from tests import make
from threadline.config.training import stitching
from threadline.core.stitching import shipped
from threadline.core.stitching.training import Placed
from threadline.customers.models import Customer
from threadline.interactions.models import Interaction
from threadline.journeys import actions
from threadline.journeys.history import history
from threadline.journeys.models import Journey, StitchingModel
from threadline.journeys.weights import go_back, in_use, keep
from threadline.lib.errors import ThreadlineError

pytestmark = pytest.mark.django_db


def nothing(done: int, total: int) -> None:
    """Whom to tell how far it got."""


def lived(stories: int = 3) -> None:
    """Each customer writes about a kettle, asks again, and has another question two months later."""
    for number in range(stories):
        sender, at = f"c{number}@example.com", make.NOW + timedelta(hours=number)
        make.received(sender, f"The kettle I bought leaks. Order HP-{4000 + number}.", at=at)
        make.received(sender, f"Any news about the kettle, order HP-{4000 + number}?", at=at + timedelta(days=2))
        make.received(sender, "Do you sell oven gloves in red?", at=at + timedelta(days=70))


def test_too_little_to_learn_from_is_refused_with_what_is_missing_and_the_weights_stay():
    lived()

    with pytest.raises(ThreadlineError, match="Learning needs 200"):
        stitching.learn(now=make.NOW, progress=nothing)

    assert in_use().version == shipped().version
    assert not StitchingModel.objects.exists()


def test_what_agents_judged_becomes_a_version_and_going_back_is_possible(monkeypatch):
    monkeypatch.setattr(stitching, "CHOICES_NEEDED", 10)
    monkeypatch.setattr(stitching, "EACH_NEEDED", 0)
    lived(stories=6)
    everything_is_one_story(now=make.NOW + timedelta(days=90))

    learned = stitching.learn(now=make.NOW, progress=nothing)

    assert learned.after.bits < learned.before.bits
    assert in_use().version == learned.row.version
    assert in_use().about["choices"] == learned.after.choices == 12
    assert "is in use" in next(stitching.told(learned))
    late = make.received("c0@example.com", "Still no news about order HP-4000?", at=make.NOW + timedelta(days=3))
    assert make.journey_of(late).memory["touches"] == 4
    assert go_back(now=make.NOW) == shipped().version
    with pytest.raises(ThreadlineError, match="Nothing was learned here"):
        go_back(now=make.NOW)


def everything_is_one_story(*, now: datetime) -> None:
    """An agent puts all that a customer ever said into their first story, and keeps there what is there."""
    for touch in Interaction.objects.order_by("pk"):
        first = Journey.objects.standing().filter(customer=touch.identity.customer_id).earliest("pk")
        if make.journey_of(touch) == first:
            actions.keep_here(interaction=touch, by=make.agent(), now=now)
        else:
            actions.accept_suggestion(interaction=touch, to=first, by=make.agent(), now=now)


def test_a_touch_counts_when_an_agent_placed_it_or_went_on_working_where_it_stood():
    first = make.received("ana@example.com", "The kettle leaks. Order HP-4711.")
    second = make.received("zoe@example.org", "Where is my lamp? Order HP-9000.")

    assert stitching.judged() == frozenset()

    actions.finish(journey=make.journey_of(first), outcome="", by=make.agent(), now=make.NOW + timedelta(days=1))
    actions.keep_here(interaction=second, by=make.agent(), now=make.NOW + timedelta(days=1))
    assert stitching.judged() == {first.pk, second.pk}


def test_a_history_tells_whose_a_touch_was_before_people_were_merged():
    ana = make.received("ana@example.com", "The Tern kettle I bought leaks. Order HP-4711.")
    tweet = make.received({"handle": "ana_k", "user_id": "7"}, "my kettle leaks", kind="x", public=True)
    before, kept = make.customer_of(tweet), make.customer_of(ana)
    gone, into = Customer.objects.get(pk=before), Customer.objects.get(pk=kept)
    actions.merge_customers(customer=gone, into=into, by=make.agent(), now=make.NOW)
    later = make.received({"handle": "ana_k", "user_id": "7"}, "any news?", kind="x", public=True)

    told: list[Placed] = list(history(stitching.labels()))

    assert [(each.touch.id, each.customer) for each in told] == [(ana.pk, kept), (tweet.pk, before), (later.pk, kept)]
    assert [each.merges for each in told] == [(), (), ((before, kept),)]


def test_the_newest_learned_weights_are_in_use():
    for version in ("a", "b"):
        keep(type(shipped())(version, shipped().weights, {}), now=make.NOW)

    assert in_use().version == "b"
    assert go_back(now=make.NOW) == "a"
