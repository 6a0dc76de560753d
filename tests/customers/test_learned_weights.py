"""Weights of recognition: kept in versions, withdrawn, and refused when there is nothing to learn from."""

from datetime import timedelta

import pytest

from tests import make
from threadline.config.sample.crowd import crowd
from threadline.config.training import identity
from threadline.core.identity.weights import Weights, shipped
from threadline.customers.learned import go_back, in_use, keep
from threadline.customers.models import IdentityLink, IdentityModel
from threadline.lib.errors import ThreadlineError

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]


def nothing(done: int, total: int) -> None:
    assert done <= total


def version(name: str) -> Weights:
    return Weights(name, shipped().model, shipped().frequencies, {"records": 1.0})


def test_the_newest_learned_is_in_use_and_the_one_before_comes_back() -> None:
    keep(version("people-a"), now=make.NOW)
    keep(version("people-b"), now=make.NOW + timedelta(hours=1))

    assert in_use().version == "people-b"
    assert go_back(now=make.NOW + timedelta(hours=2)) == "people-a"
    assert go_back(now=make.NOW + timedelta(hours=3)) == shipped().version
    assert IdentityModel.objects.count() == 2


def test_going_back_from_nothing_says_so() -> None:
    with pytest.raises(ThreadlineError, match="Nothing was learned here"):
        go_back(now=make.NOW)


def test_too_few_customers_leave_the_old_weights_in_use() -> None:
    keep(version("people-a"), now=make.NOW)
    make.received("ana@example.com", "It leaks.", name="Ana Kovač")

    with pytest.raises(ThreadlineError, match=r"There are 1 records of customers.*people-a stays in use"):
        identity.learn(now=make.NOW, progress=nothing)
    assert in_use().version == "people-a"


def test_what_was_learned_is_in_use_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "records_here", lambda: crowd(800))

    row = identity.learn(now=make.NOW, progress=nothing)

    assert in_use().version == row.version
    assert "introductions of customers" in next(identity.told(row))


def test_a_customer_who_named_themselves_on_two_channels_gives_two_records() -> None:
    make.received("ana@example.com", "It leaks.", name="Ana Kovač")
    make.received("ana@example.com", "Still leaks.", name="A. Kovač")

    records = list(identity.records_here())

    assert [(record.name, record.email) for record in records] == [
        ("Ana Kovač", "ana@example.com"),
        ("A. Kovač", "ana@example.com"),
    ]


def test_a_link_lists_its_clues_for_the_screen() -> None:
    make.received("ana@example.com", "It leaks.", name="Ana Kovač")
    make.received("ana.k@example.org", "Where is my parcel?")
    make.received("ana.k@example.org", "It still leaks. My e-mail is ana@example.com")

    link = IdentityLink.objects.select_related("decision").get()

    by = link.decision.evidence["by"]
    assert link.standing == "same"
    assert [what for what, _, _ in by] == ["email", "time"]
    assert sum(bits for _, _, bits in by) == pytest.approx(link.bits, abs=0.1)
    assert all(words for _, words, _ in by)
