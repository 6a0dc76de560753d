"""Learning weights from invented people: what it finds, and what it refuses."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from threadline.config.sample.crowd import crowd
from threadline.core.identity.model import score
from threadline.core.identity.names import Match
from threadline.core.identity.training import Labels, Record, TooLittle, Trained, prepared, train
from threadline.core.identity.weights import Weights, shipped

pytestmark = pytest.mark.filterwarnings("ignore")


def nothing(done: int, total: int) -> None:
    assert done <= total


@pytest.fixture(scope="module")
def people() -> Sequence[Record]:
    return list(crowd(1200))


@pytest.fixture(scope="module")
def trained(people: Sequence[Record]) -> Trained:
    return train(people, progress=nothing)


def test_records_of_one_person_outweigh_those_of_strangers(people: Sequence[Record], trained: Trained) -> None:
    rows = prepared(people)
    same = [(a, a + 1) for a in range(len(people) - 1) if people[a].person == people[a + 1].person]
    strangers = [(a, a + 7) for a in range(0, len(people) - 7, 5) if people[a].person != people[a + 7].person]

    def weigh(pairs: Sequence[tuple[int, int]]) -> float:
        return sum(score(rows[a], rows[b], trained.model, trained.frequencies).bits > 0 for a, b in pairs) / len(pairs)

    assert weigh(same) > 0.6
    assert weigh(strangers) < 0.01


def test_better_agreement_never_says_less_in_what_was_learned(trained: Trained) -> None:
    for comparison in trained.model.comparisons:
        bits = [level.bits for level in comparison.levels if not level.is_null]
        assert all(better >= worse - 1e-9 for better, worse in pairwise(bits)), comparison.name


def test_what_agents_said_of_pairs_moves_the_weights(people: Sequence[Record], trained: Trained) -> None:
    rows = prepared(people)
    differ = [
        (a, b)
        for a in range(200)
        for b in range(a + 1, 200)
        if rows[a]["given"] and rows[b]["given"] and rows[a]["given"] != rows[b]["given"]
    ][:400]

    told = train(people, labels=Labels(same=differ), progress=nothing)

    assert told.model.comparisons[0].levels[-1].bits > trained.model.comparisons[0].levels[-1].bits
    assert told.numbers["labels_same"] == 400


def test_people_whose_records_always_agree_can_be_learned_from() -> None:
    first = list({record.person: record for record in crowd(800)}.values())
    strangers = [replace(record, email="info@shared.example") for record in first[:40]]

    told = train([*first, *first, *strangers], progress=nothing)

    assert all(each.levels[1].bits > 5 and each.levels[-1].bits < -3 for each in told.model.comparisons)


def test_too_few_records_are_refused_with_the_reason(people: Sequence[Record]) -> None:
    with pytest.raises(TooLittle, match="There are 20 records"):
        train(people[:20], progress=nothing)


def test_records_without_names_are_refused_with_the_reason() -> None:
    with pytest.raises(TooLittle, match="too few have names"):
        train([Record(email=f"n{n}@example.com") for n in range(500)], progress=nothing)


def test_records_of_people_who_never_came_twice_are_refused() -> None:
    once = [record for n, record in enumerate(crowd(3000)) if n % 20 == 0]
    alone = [
        Record(person=r.person, name=r.name, email=f"{n}@example.com", tel=f"+4477009{n:05}")
        for n, r in enumerate(once)
    ]

    with pytest.raises(TooLittle, match="introduced themselves twice"):
        train(alone, progress=nothing)


def test_weights_are_written_and_read_back(trained: Trained) -> None:
    weights = Weights("people-test", trained.model, trained.frequencies, trained.numbers)

    again = Weights.read(weights.written())

    assert again.of_names(Match.SAME, "ana kovac", "ana kovac") == weights.of_names(
        Match.SAME, "ana kovac", "ana kovac"
    )
    assert again.numbers == weights.numbers


def test_a_rare_family_name_says_more_than_a_frequent_one(trained: Trained) -> None:
    weights = Weights("people-test", trained.model, trained.frequencies)
    frequent = max(trained.frequencies.tables["family"], key=trained.frequencies.tables["family"].__getitem__)

    rare = weights.of_names(Match.SAME, "ana zyxwander", "ana zyxwander")

    assert rare >= weights.of_names(Match.SAME, f"ana {frequent}", f"ana {frequent}")


def test_the_weights_that_come_along_know_names() -> None:
    assert shipped().of_names(Match.SAME, "Ana Kovač", "Ana Kovac") > shipped().of_names(Match.PART, "Ana", "Ana Kovač")
