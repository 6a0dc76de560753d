"""Who gets what: whoever has it first, then who fits best, then the team that helps out.

Promises, as the property tests state them:
- nobody is given more than fits their capacity;
- no work waits while somebody who fits it has room, unless that room is kept for something that waited longer;
- of two pieces of work alike, the one that waited longer goes first.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from threadline.core.decision import Decision
from threadline.core.routing.reasons import reason
from threadline.core.routing.shapes import Given, Person, Presence, Work
from threadline.core.routing.skills import Needs, needs_of, possible, score

VERSION = "routing-1"
Fitting = list[tuple[int, Person]]


def give(work: Iterable[Work], people: Iterable[Person], *, now: datetime) -> list[Given]:
    """Decide for all work at once. The same input gives the same output, whatever its order.

    Args:
        work: everything that is our turn, also what somebody has in hand: it fills their capacity.
    Returns:
        Only what changes hands, in the order it was decided.
    Cost: O(w log w) for w pieces of work while all are full; each piece that is given costs O(people) more.
    """
    desk = Desk(people, now)
    waiting = [item for item in sorted(work, key=turn) if not desk.keeps(item)]
    found = []
    for item in waiting:
        if not desk.open:
            break
        given = desk.hand_out(item)
        if given:
            found.append(given)
    return found


def turn(work: Work) -> tuple[int, datetime, int]:
    """The urgent first, then who has waited longest."""
    return (-work.urgency, work.waiting_since, work.id)


class Desk:
    """Who has how much room left while work is handed out."""

    def __init__(self, people: Iterable[Person], now: datetime) -> None:
        self.people = sorted(people, key=lambda person: person.id)
        self.by_id = {person.id: person for person in self.people}
        self.now = now
        self.room = {person.id: person.capacity - person.load for person in self.people}
        self.given: dict[int, int] = {person.id: 0 for person in self.people}
        self.open = {person.id for person in self.people if self._may_take(person)}
        self._fitting: dict[object, Fitting] = {}

    def _may_take(self, person: Person) -> bool:
        return person.presence is Presence.AVAILABLE and self.room[person.id] > 0

    def keeps(self, work: Work) -> bool:
        """Whether it stays with its owner: they are here and have room for it, or their time is not over."""
        owner = self.by_id.get(work.owner) if work.owner is not None else None
        if work.owner is None:
            return False
        if owner is not None and owner.presence is not Presence.AWAY and need(work, owner) <= self.room[owner.id]:
            self._fill(owner, work)
            return True
        return work.held_until is not None and self.now < work.held_until

    def hand_out(self, work: Work) -> Given | None:
        """Give it to whoever fits best and has room; else keep the largest room for it, since it waited longest."""
        fitting = [pair for pair in self._who_fits(work) if pair[1].id in self.open and pair[1].id not in work.declined]
        able = [pair for pair in fitting if need(work, pair[1]) <= self.room[pair[1].id]]
        if not able:
            self._keep_room(fitting)
            return None
        level, person = min(able, key=lambda pair: self._rank(work, *pair))
        if person.id == work.owner:
            self._fill(person, work)
            return None
        told = self._decision(work, person, level, len(able))
        self._fill(person, work)
        self.given[person.id] += 1
        return Given(work.id, person.id, told)

    def _rank(self, work: Work, level: int, person: Person) -> tuple[bool, int, float, bool, float, int]:
        """Who spoke with them last; the best; the least loaded; idle for longest. Numbers decide what is left."""
        busy = 1 - self.room[person.id] / max(1, person.capacity)
        idle = person.idle_since.timestamp() if person.idle_since else 0.0
        return (person.id != work.knows, -level, busy, self.given[person.id] > 0, idle, person.id)

    def _fill(self, person: Person, work: Work) -> None:
        self.room[person.id] -= need(work, person)
        if self.room[person.id] <= 0:
            self.open.discard(person.id)

    def _keep_room(self, fitting: Fitting) -> None:
        """Lighter work that came later would fill it for ever."""
        if fitting:
            _, most = max(fitting, key=lambda pair: (self.room[pair[1].id], -pair[1].id))
            self.open.discard(most.id)

    def _who_fits(self, work: Work) -> Fitting:
        """Available people of its team, and later of the team that helps out, with how well they fit."""
        late = self.overflown(work)
        key = (work.team, work.overflow if late else None, work.language, work.kind, work.topics)
        if key not in self._fitting:
            self._fitting[key] = list(self._fit(work, late))
        return self._fitting[key]

    def overflown(self, work: Work) -> bool:
        return work.overflows_at is not None and self.now >= work.overflows_at

    def _fit(self, work: Work, late: bool) -> Iterator[tuple[int, Person]]:
        teams = {work.team, work.overflow} if late else {work.team}
        team = [person for person in self.people if person.teams & teams]
        needs = wanted(work, team, late)
        for person in team:
            held = score(person, needs) if person.id in self.open else None
            if held is not None:
                yield held, person

    def _decision(self, work: Work, person: Person, level: int, among: int) -> Decision:
        holder = self.by_id.get(work.owner) if work.owner is not None else None
        evidence = {
            "free": among,
            "level": level,
            "load": person.capacity - self.room[person.id],
            "capacity": person.capacity,
        }
        late = self.overflown(work)
        said = reason(work, person, among=among, holder=holder, late=late, now=self.now)
        return Decision("route", said, 1.0, VERSION, evidence=evidence)


def need(work: Work, person: Person) -> int:
    """What it fills of this person's capacity: at most all of it, or a small desk could never take a call."""
    return min(work.weight, max(1, person.capacity))


def wanted(work: Work, team: Sequence[Person], late: bool) -> Needs:
    """What this work asks for. Once others help out, somebody who can be understood is better than nobody."""
    needs = needs_of(work)
    if late:
        needs.pop("topic", None)
    return possible(needs, team)
