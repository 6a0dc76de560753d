"""Who gets what: promises that hold for any work and any people, and the sentences that say why."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from threadline.core.routing import Given, Person, Presence, Work, give, lacking
from threadline.core.routing.giving import need, turn
from threadline.core.routing.skills import level, needs_of, possible, score

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
KITCHEN, HOME = 1, 2
BO, CY, DI = 1, 2, 3
LANGUAGES, TOPICS, KINDS = ("", "en", "de"), ("", "refund", "repair"), ("email", "chat", "phone")


def ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def works() -> st.SearchStrategy[list[Work]]:
    moments = st.integers(0, 90).map(ago)
    later = st.none() | st.integers(-60, 60).map(ago)
    work = st.builds(
        Work,
        id=st.integers(1, 10_000),
        team=st.sampled_from([KITCHEN, HOME]),
        waiting_since=moments,
        kind=st.sampled_from(KINDS),
        language=st.sampled_from(LANGUAGES),
        topics=st.sampled_from(TOPICS).map(lambda topic: frozenset({topic} - {""})),
        weight=st.sampled_from([1, 2, 6]),
        urgency=st.integers(0, 1),
        owner=st.none() | st.integers(1, 5),
        held_until=later,
        knows=st.none() | st.integers(1, 5),
        declined=st.frozensets(st.integers(1, 5), max_size=1),
        overflow=st.sampled_from([None, HOME]),
        overflows_at=later,
    )
    return st.lists(work, max_size=12, unique_by=lambda each: each.id)


def people() -> st.SearchStrategy[list[Person]]:
    level = st.integers(1, 3)
    skills = st.fixed_dictionaries(
        {},
        optional={
            "language": st.dictionaries(st.sampled_from(["en", "de"]), level, max_size=2),
            "topic": st.dictionaries(st.just("refund"), level, max_size=1),
            "channel": st.dictionaries(st.just("phone"), level, max_size=1),
        },
    )
    person = st.builds(
        Person,
        id=st.integers(1, 5),
        name=st.just("Bo"),
        teams=st.frozensets(st.sampled_from([KITCHEN, HOME]), min_size=1),
        presence=st.sampled_from(list(Presence)),
        capacity=st.integers(0, 8),
        load=st.integers(0, 8),
        skills=skills,
    )
    return st.lists(person, max_size=4, unique_by=lambda each: each.id)


class After:
    """How everybody stands once the decisions are carried out, told independently of how they were reached."""

    def __init__(self, work: list[Work], team: list[Person], decided: list[Given]) -> None:
        self.gave = {each.work: each.person for each in decided}
        self.load = {person.id: person.load for person in team}
        self.people = {person.id: person for person in team}
        self.waiting: list[Work] = []
        for item in sorted(work, key=turn):
            self._put(item)

    def _put(self, item: Work) -> None:
        """Owners keep what fits, oldest first; what is given adds to it; all else waits."""
        owner = self.people.get(item.owner or 0)
        here = owner is not None and owner.presence is not Presence.AWAY
        if owner is not None and here and self.load[owner.id] + need(item, owner) <= owner.capacity:
            self.load[owner.id] += need(item, owner)
        elif item.id not in self.gave and not (item.owner and item.held_until and item.held_until > NOW):
            self.waiting.append(item)

    def carry_out(self, work: list[Work]) -> None:
        sizes = {item.id: item for item in work}
        for number, person in self.gave.items():
            self.load[person] += need(sizes[number], self.people[person])

    def fits(self, item: Work, person: Person) -> bool:
        late = item.overflows_at is not None and item.overflows_at <= NOW
        teams = {item.team, item.overflow} if late else {item.team}
        team = [each for each in self.people.values() if each.teams & teams]
        needs = needs_of(item)
        if late:
            needs.pop("topic", None)
        able = person in team and score(person, possible(needs, team)) is not None
        return able and person.presence is Presence.AVAILABLE and person.id not in item.declined

    def free_for(self, item: Work) -> list[Person]:
        return [
            person
            for person in self.people.values()
            if self.fits(item, person) and self.load[person.id] + need(item, person) <= person.capacity
        ]


@settings(max_examples=50, deadline=None)
@given(works(), people())
def test_nobody_is_given_more_than_fits(work: list[Work], team: list[Person]):
    decided = give(work, team, now=NOW)

    after = After(work, team, decided)
    before = dict(after.load)
    after.carry_out(work)
    for each in decided:
        person = after.people[each.person]
        assert person.presence is Presence.AVAILABLE
        assert before[person.id] < after.load[person.id] <= person.capacity


@settings(max_examples=50, deadline=None)
@given(works(), people())
def test_nobody_waits_while_a_fitting_colleague_is_free_unless_it_is_for_somebody_before_them(
    work: list[Work], team: list[Person]
):
    after = After(work, team, give(work, team, now=NOW))
    after.carry_out(work)

    for item in after.waiting:
        for person in after.free_for(item):
            earlier = [other for other in after.waiting if turn(other) < turn(item) and after.fits(other, person)]
            assert earlier, f"{item} waits although {person} is free"


@settings(max_examples=50, deadline=None)
@given(works(), people())
def test_of_two_alike_the_one_that_waited_longer_goes_first(work: list[Work], team: list[Person]):
    decided = give(work, team, now=NOW)
    gave = {each.work for each in decided}
    after = After(work, team, decided)

    alike = ("team", "kind", "language", "topics", "weight", "urgency", "declined", "overflow", "overflows_at")
    for later in (item for item in work if item.id in gave):
        same = [item for item in after.waiting if all(getattr(item, name) == getattr(later, name) for name in alike)]
        assert [item for item in same if turn(item) < turn(later) and item.owner is None] == []


@settings(max_examples=25, deadline=None)
@given(works(), people(), st.integers(0, 9))
def test_the_order_of_what_it_is_told_changes_nothing(work: list[Work], team: list[Person], seed: int):
    decided = give(work, team, now=NOW)
    Random(seed).shuffle(work)
    Random(seed).shuffle(team)

    assert give(work, team, now=NOW) == decided


# ---- one by one ------------------------------------------------------------------------------------------------


def person(number: int, name: str, *, team: int = KITCHEN, **more: object) -> Person:
    return Person(number, name, frozenset({team}), **more)  # type: ignore[arg-type]


def kettle(number: int = 1, **more: object) -> Work:
    return Work(number, KITCHEN, ago(20), team_name="Kitchen", **more)  # type: ignore[arg-type]


def test_whoever_has_it_keeps_it_until_their_time_is_over():
    bo, cy = person(BO, "Bo", presence=Presence.AWAY), person(CY, "Cy")

    held = give([kettle(owner=BO, held_until=ago(-5))], [bo, cy], now=NOW)
    over = give([kettle(owner=BO, held_until=ago(5))], [bo, cy], now=NOW)

    assert held == []
    assert [each.person for each in over] == [CY]
    assert over[0].decision.reason.startswith("Bo had it and is away, and the time it was kept for them is over.")


def test_somebody_who_is_here_keeps_what_is_theirs_however_long_it_takes():
    bo, cy = person(BO, "Bo", presence=Presence.BUSY), person(CY, "Cy")

    assert give([kettle(owner=BO, held_until=ago(500))], [bo, cy], now=NOW) == []


def test_the_best_at_it_goes_first_and_the_reason_says_so():
    bo = person(BO, "Bo", skills={"language": {"en": 3}, "topic": {"refund": 1}})
    cy = person(CY, "Cy", skills={"language": {"de": 2, "en": 3}, "topic": {"refund": 3}})

    (given_,) = give([kettle(language="de", topics=frozenset({"refund"}))], [bo, cy], now=NOW)

    assert given_.person == CY
    assert given_.decision.reason == "Cy knows “refund” and speaks German, and nobody else who fits has room."


def test_whoever_spoke_with_them_last_comes_before_the_best():
    bo, cy = person(BO, "Bo", skills={"topic": {"refund": 3}}), person(CY, "Cy", skills={"topic": {"refund": 1}})

    (given_,) = give([kettle(topics=frozenset({"refund"}), knows=CY)], [bo, cy], now=NOW)

    assert given_.decision.reason == "Cy spoke with them last; 2 colleagues who fit had room."


def test_a_language_that_nobody_speaks_keeps_nobody_waiting():
    bo = person(BO, "Bo", skills={"language": {"en": 3}})

    assert [each.person for each in give([kettle(language="fi")], [bo], now=NOW)] == [BO]
    assert lacking(kettle(language="fi"), [bo]) == ["language"]


def test_another_team_helps_out_after_its_time_and_not_before():
    cy = person(CY, "Cy", team=HOME)
    soon = kettle(overflow=HOME, overflow_name="Home", overflows_at=ago(-1))
    late = kettle(overflow=HOME, overflow_name="Home", overflows_at=ago(1))

    assert give([soon], [cy], now=NOW) == []
    (given_,) = give([late], [cy], now=NOW)
    assert given_.decision.reason == (
        "Nobody of Kitchen had room for 20 m, so Home helps out. Only Cy fits and has room."
    )


def test_room_is_kept_for_a_heavy_one_that_waited_longer():
    bo = person(BO, "Bo", load=5)
    call, mail = kettle(1, weight=6), Work(2, KITCHEN, ago(1))

    assert give([call, mail], [bo], now=NOW) == []
    assert [each.work for each in give([call, mail], [person(BO, "Bo")], now=NOW)] == [1]


def test_nobody_gets_back_at_once_what_they_gave_away():
    assert give([kettle(declined=frozenset({BO}))], [person(BO, "Bo")], now=NOW) == []


def test_work_is_shared_by_how_full_everybody_is():
    team = [person(BO, "Bo"), person(CY, "Cy"), person(DI, "Di", capacity=12)]

    decided = give([kettle(number) for number in range(1, 13)], team, now=NOW)

    assert sorted(each.person for each in decided) == [BO] * 3 + [CY] * 3 + [DI] * 6


def test_skills_count_by_level_and_those_without_any_take_whatever_there_is():
    anybody, expert = person(BO, "Bo"), person(CY, "Cy", skills={"topic": {"refund": 2}})

    assert level(anybody, "topic", frozenset({"refund"})) == 0
    assert level(expert, "topic", frozenset({"refund"})) == 2
    assert level(expert, "topic", frozenset({"repair"})) is None
