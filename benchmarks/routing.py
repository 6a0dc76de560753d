"""A day of 5,000 touches, routed: waits, how full everybody is, and two promises counted by brute force.

Invented: eighty colleagues in three teams with shifts, breaks and skills; touches by the hour over channels, topics and
languages, two in five of them answers to what somebody of ours wrote. The same day is run three times: by our routing,
first come to whoever of the team is free, and at random the moment it comes. Whoever lacks a skill that was asked
for takes twice as long; that is an assumption.
"""

import heapq
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import median

from _results import Results, at_percent

from threadline.core.routing import Person, Presence, Work, give
from threadline.core.routing.giving import need, turn
from threadline.core.routing.skills import needs_of, possible, score

TOUCHES, PEOPLE, SEED = 5_000, 80, 22
DAY = datetime(2026, 3, 10, 8, tzinfo=UTC)
OPEN = timedelta(hours=10)
TEAMS = {1: "Kitchen", 2: "Home", 3: "Payments"}
OVERFLOW = {1: 2, 2: 1}
KINDS = {"email": (0.5, 1, 26), "chat": (0.28, 2, 11), "whatsapp": (0.14, 2, 14), "phone": (0.08, 4, 6)}
"""Share of the touches, weight, minutes in hand."""
TOPICS = {1: ("Repair", "Warranty", "How to use it"), 2: ("It arrived damaged", "Where is my order"), 3: ("Refund",)}
LANGUAGES = (("en", 0.82), ("de", 0.1), ("fr", 0.08))
BY_HOUR = (0.7, 1.1, 1.4, 1.2, 0.9, 1.0, 1.2, 1.1, 0.8, 0.6)
HOLD, OVERFLOW_AFTER = timedelta(minutes=6), timedelta(minutes=15)
CAN: dict[object, bool] = {}
STATES: dict[object, Person] = {}
Chooser = Callable[[list[Work], list[Person], datetime, Random], list[tuple[int, int]]]


@dataclass(slots=True)
class Day:
    """What happened, by one way of choosing."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    over: int = 0
    idle_while_waiting: int = 0
    kept_free: int = 0
    skilled: int = 0
    again: int = 0
    same: int = 0
    given: int = 0
    filled: float = 0.0
    costs: list[float] = field(default_factory=list)


def main() -> None:
    results = Results(f"Routing a day of {TOUCHES:,} touches among {PEOPLE} people")
    days = {"ours": ours, "first come": first_come, "random": at_random}
    run = {name: simulated(choose) for name, choose in days.items()}
    ours_day = run["ours"]
    results.one("over capacity", ours_day.over, "times", most=0.5, beside=beside(run, lambda day: day.over))
    words = f"of these beside it, kept free for a longer wait: {ours_day.kept_free}"
    results.one(
        "waiting while a fitting colleague is free", ours_day.idle_while_waiting, "times", most=0.5, beside=words
    )
    results.time("one decision over all that waits, p95", ours_day.costs, percentile=95, most=20)
    results.table(table(run))
    results.close()


def beside(run: dict[str, Day], of: Callable[[Day], object]) -> str:
    return ", ".join(f"{name} {of(day)}" for name, day in run.items() if name != "ours")


def table(run: dict[str, Day]) -> str:
    rows = ["| | " + " | ".join(run) + " |", "|---|" + "---:|" * len(run)]
    for kind in KINDS:
        cells = [f"{median(d.waits[kind]):.1f} / {at_percent(d.waits[kind], 95):.1f}" for d in run.values()]
        rows.append(f"| wait by {kind}, minutes, median / 95 % | " + " | ".join(cells) + " |")
    facts: tuple[tuple[str, Callable[[Day], str]], ...] = (
        ("longest wait, minutes", lambda d: f"{max(max(waits) for waits in d.waits.values()):.0f}"),
        ("served by somebody with the skills", lambda d: f"{100 * d.skilled / d.given:.0f} %"),
        ("second touch: the same person again", lambda d: f"{100 * d.same / d.again:.0f} %"),
        ("how full people were", lambda d: f"{100 * d.filled:.0f} %"),
        ("moments over capacity", lambda d: str(d.over)),
        ("moments somebody waited while a fitting colleague was free", lambda d: str(d.idle_while_waiting)),
        ("served of all touches", lambda d: f"{d.given} of {TOUCHES}"),
    )
    rows += [f"| {name} | " + " | ".join(of(day) for day in run.values()) + " |" for name, of in facts]
    return "\n".join(rows)


# ---- ways of choosing ----------------------------------------------------------------------------------------------


def ours(work: list[Work], people: list[Person], now: datetime, dice: Random) -> list[tuple[int, int]]:
    """What comes back to whoever holds it is theirs where they have room: it is in hand, and nothing is decided."""
    room = {p.id: p.capacity - p.load for p in people if p.presence is not Presence.AWAY}
    by_id = {person.id: person for person in people}
    in_hand = []
    for item in sorted((item for item in work if item.owner in room), key=turn):
        size = need(item, by_id[item.owner or 0])
        if size <= room[item.owner or 0]:
            room[item.owner or 0] -= size
            in_hand.append((item.id, item.owner or 0))
    taken = {number for number, _ in in_hand}
    rest = [item for item in work if item.id not in taken]
    left = [at_work(p, p.presence, p.capacity - room.get(p.id, p.capacity - p.load)) for p in people]
    return in_hand + [(each.work, each.person) for each in give(rest, left, now=now)]


def first_come(work: list[Work], people: list[Person], now: datetime, dice: Random) -> list[tuple[int, int]]:
    """Whoever of the team has room, in turn, whatever they know."""
    room = {person.id: person.capacity - person.load for person in people if person.presence is Presence.AVAILABLE}
    found = []
    for item in sorted(work, key=turn):
        able = [p for p in people if item.team in p.teams and room.get(p.id, 0) >= need(item, p)]
        if able:
            chosen = dice.choice(able)
            room[chosen.id] -= need(item, chosen)
            found.append((item.id, chosen.id))
    return found


def at_random(work: list[Work], people: list[Person], now: datetime, dice: Random) -> list[tuple[int, int]]:
    """Anybody of the team who is here, however much they have."""
    here = [person for person in people if person.presence is Presence.AVAILABLE]
    able = {item.id: [p for p in here if item.team in p.teams] for item in work}
    return [(item.id, dice.choice(able[item.id]).id) for item in work if able[item.id]]


# ---- the day -------------------------------------------------------------------------------------------------------


def staff() -> list[Person]:
    dice, people = Random(SEED), []
    for number in range(1, PEOPLE + 1):
        team = dice.choices((1, 2, 3), (4, 4, 2))[0]
        topics = {topic.lower(): dice.choice((1, 2)) for topic in TOPICS[team]} if dice.random() < 0.8 else {}
        languages = {"en": 3} | ({dice.choice(("de", "fr")): dice.choice((2, 3))} if dice.random() < 0.35 else {})
        skills = {"language": languages, "topic": topics | {dice.choice(TOPICS[team]).lower(): 3}}
        people.append(Person(number, f"P{number}", frozenset({team}), skills=skills))
    return people


def arrivals() -> list[Work]:
    dice = Random(SEED + 1)
    hours = dice.choices(range(len(BY_HOUR)), BY_HOUR, k=TOUCHES)
    moments = sorted(DAY + timedelta(hours=hour, seconds=dice.uniform(0, 3600)) for hour in hours)
    return [arrival(number, at, dice) for number, at in enumerate(moments, 1)]


def arrival(number: int, at: datetime, dice: Random) -> Work:
    team = dice.choices((1, 2, 3), (4, 4, 2))[0]
    kind = dice.choices(list(KINDS), [share for share, _, _ in KINDS.values()])[0]
    language = dice.choices([code for code, _ in LANGUAGES], [share for _, share in LANGUAGES])[0]
    return Work(
        number, team, at, kind=kind, language=language, topics=frozenset({dice.choice(TOPICS[team])}),
        weight=KINDS[kind][1], team_name=TEAMS[team], overflow=OVERFLOW.get(team),
        overflow_name=TEAMS.get(OVERFLOW.get(team, 0), ""),
        overflows_at=at + OVERFLOW_AFTER if team in OVERFLOW else None,
    )  # fmt: skip


def presence(person: Person, now: datetime) -> Presence:
    """An early or a late shift of eight hours, with a break of half an hour that begins by their number."""
    begins = DAY + (timedelta(0) if person.id % 2 else timedelta(hours=2))
    lunch = begins + timedelta(hours=3, minutes=10 * (person.id % 9))
    here = begins <= now < begins + timedelta(hours=8) and not lunch <= now < lunch + timedelta(minutes=30)
    return Presence.AVAILABLE if here else Presence.AWAY


def at_work(person: Person, here: Presence, load: int) -> Person:
    """The same few states come again and again."""
    key = (person.id, here, load)
    if key not in STATES:
        STATES[key] = replace(person, presence=here, load=load)
    return STATES[key]


def simulated(choose: Chooser) -> Day:
    day, dice, people = Day(), Random(SEED + 2), {person.id: person for person in staff()}
    minutes = [DAY + timedelta(minutes=number) for number in range(int(OPEN.total_seconds() // 60) + 60)]
    come = arrivals()
    answers = set(Random(SEED + 3).sample(range(TOUCHES), TOUCHES * 2 // 5))
    talked: dict[int, list[int]] = defaultdict(list)
    load: Counter[int] = Counter()
    busy_until: list[tuple[datetime, int, int]] = []
    waiting: dict[int, Work] = {}
    ends: list[tuple[datetime, float, float]] = []
    for now in sorted([*(work.waiting_since for work in come), *minutes]):
        while busy_until and busy_until[0][0] <= now:
            _, person, size = heapq.heappop(busy_until)
            load[person] -= size
        while come and come[0].waiting_since <= now:
            work = come.pop(0)
            waiting[work.id] = second_touch(work, talked, people, now, dice) if work.id in answers else work
        team = [at_work(p, presence(p, now), load[p.id]) for p in people.values()]
        began = time.perf_counter()
        chosen = choose(list(waiting.values()), team, now, dice) if waiting else []
        day.costs.append(1000 * (time.perf_counter() - began))
        for number, who in chosen:
            work = waiting.pop(number)
            person = people[who]
            fits = score(person, possible(needs_of(work), [p for p in team if work.team in p.teams])) is not None
            size, minutes_in_hand = (
                need(work, person),
                KINDS[work.kind][2] * dice.uniform(0.5, 1.6) * (1 if fits else 2),
            )
            load[who] += size
            heapq.heappush(busy_until, (now + timedelta(minutes=minutes_in_hand), who, size))
            talked[work.team].append(who)
            note(day, work, who, now, fits)
        day.over += sum(load[p.id] > p.capacity for p in team)
        judge(day, waiting.values(), [at_work(people[p.id], p.presence, load[p.id]) for p in team], now)
        here = [p for p in team if p.presence is Presence.AVAILABLE]
        ends.append((now, sum(load[p.id] for p in here), sum(p.capacity for p in here)))
    day.filled = share_filled(ends)
    return day


def second_touch(
    work: Work, talked: dict[int, list[int]], people: dict[int, Person], now: datetime, dice: Random
) -> Work:
    """Somebody of ours who fits answered them before, and holds it for a while."""
    spoke = [number for number in talked[work.team][-60:] if can(work, people[number], list(people.values()), now)]
    if not spoke:
        return work
    holder = dice.choice(spoke)
    return replace(work, owner=holder, knows=holder, held_until=work.waiting_since + HOLD)


def note(day: Day, work: Work, who: int, now: datetime, fits: bool) -> None:
    day.given += 1
    day.skilled += fits
    day.again += work.knows is not None
    day.same += work.knows == who
    day.waits[work.kind].append((now - work.waiting_since).total_seconds() / 60)


def judge(day: Day, waiting: Iterable[Work], team: list[Person], now: datetime) -> None:
    """By brute force, knowing nothing of how it was decided: does anybody fit who has room? Like work is asked once."""
    free = [p for p in team if p.presence is Presence.AVAILABLE and p.load < p.capacity]
    queue = sorted((item for item in waiting if not held(item, now)), key=turn) if free else []
    first: dict[object, Work] = {}
    for item in queue:
        first.setdefault((item.team, late(item, now), item.language, item.kind, item.topics), item)
    able = {item.id: {p.id for p in free if can(item, p, team, now)} for item in first.values()}
    for place, item in enumerate(earliest := list(first.values())):
        idle = {p.id for p in free if p.id in able[item.id] and need(item, p) <= p.capacity - p.load}
        kept = {number for other in earliest[:place] for number in able[other.id]}
        day.kept_free += bool(idle & kept)
        day.idle_while_waiting += bool(idle - kept)


def held(item: Work, now: datetime) -> bool:
    return item.held_until is not None and now < item.held_until


def late(item: Work, now: datetime) -> bool:
    return item.overflows_at is not None and item.overflow is not None and now >= item.overflows_at


def can(item: Work, person: Person, team: list[Person], now: datetime) -> bool:
    """Whether they have what it asks for. Who is there does not matter, so it is worked out once."""
    key = (item.team, late(item, now), item.language, item.kind, item.topics)
    if (key, person.id) not in CAN:
        teams = {item.team, item.overflow} if late(item, now) else {item.team}
        needs = needs_of(item)
        if late(item, now):
            needs.pop("topic", None)
        fits = score(person, possible(needs, [p for p in team if p.teams & teams])) is not None
        CAN[key, person.id] = fits and bool(person.teams & teams)
    return CAN[key, person.id]


def share_filled(ends: list[tuple[datetime, float, float]]) -> float:
    """The time-weighted share of the capacity of those who were here."""
    filled = room = 0.0
    for (now, load, capacity), (then, _, _) in pairwise(ends):
        seconds = (then - now).total_seconds()
        filled, room = filled + load * seconds, room + capacity * seconds
    return filled / room if room else 0.0


if __name__ == "__main__":
    main()
