"""A year of the sample company: who lives through which script, and when. Equal seed and `now`, equal year."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from random import Random
from typing import Any

from threadline.config.sample.cast import Person, cast, leads
from threadline.config.sample.script import VIAS, Script, Step, scenarios, scripts, table, unfinished
from threadline.config.sample.telling import Entry, Telling, Turn, number, stamp

DAYS = 364
STORIES_EACH = ((1, 2, 3, 4), (69, 22, 6, 3))  # how many stories a person has, and how often
NOISE_EACH = 3
DESK, AWAKE = (9, 19), (6, 24)  # hours in which we answer and stores are open; in which customers write
STAFFED = ("phone", "store", "counter", "till", "partner")
LIVE = timedelta(minutes=30)  # what follows within this is one conversation, at any hour


@dataclass(frozen=True, slots=True)
class Story:
    """A told story: its entries and how it stands now."""

    script: Script
    owner: str
    entries: list[Entry]

    @property
    def opener(self) -> Entry:
        """The first thing they said; without words, the first thing that happened."""
        return next((entry for entry in self.entries if entry["direction"] == "in"), self.entries[0])

    @property
    def last_at(self) -> datetime:
        return datetime.fromisoformat(self.entries[-1]["at"])

    @property
    def taken_at(self) -> datetime:
        """When the owner took it: with the first answer of theirs, else just after it was opened."""
        answers = [entry["at"] for entry in self.entries if entry["sender"] == {"agent": self.owner}]
        after_opening = datetime.fromisoformat(self.opener["at"]) + timedelta(minutes=1)
        return datetime.fromisoformat(answers[0]) if answers else after_opening

    @property
    def silent(self) -> bool:
        """Only bought or looked: nobody ever had to do anything."""
        return all(entry["direction"] == "event" for entry in self.entries)


class Year:
    """Everything that happened in the year before `now`."""

    def __init__(self, *, now: datetime, seed: int) -> None:
        self.now = now.astimezone(UTC).replace(microsecond=0)
        self.seed = seed
        self.dice = Random(seed)
        self.people = cast(self.dice)
        self.leads = list(leads(self.dice))
        self.orders = (f"HP-{number}" for number in count(5400))

    @cached_property
    def stories(self) -> list[Story]:
        return [*self.scenes(), *self.short(), *self.open()]

    @cached_property
    def entries(self) -> list[Entry]:
        told = [entry for story in self.stories for entry in story.entries]
        return sorted([*told, *self.noise], key=lambda entry: (entry["at"], entry["id"]))

    def scenes(self) -> Iterator[Story]:
        for script, person in zip(scenarios(), self.leads, strict=True):
            pairs = self.choose(script, person, self.dice)
            turns = [Turn(step, word, self.now - (step.before_now or timedelta())) for step, word in pairs]
            yield self.tell(f"scenario-{script.number:02}", script, person, turns)

    def short(self) -> Iterator[Story]:
        serial = count(1)
        for person in self.people:
            fitting = [script for script in scripts() if suits(script, person)]
            wanted = 3 if person.prefers else self.dice.choices(*STORIES_EACH)[0]
            for script in self.dice.sample(fitting, min(wanted, len(fitting))):
                id = f"story-{next(serial):04}"
                yield self.tell(id, script, person, self.finished(script, person, self.dice_of(id)))

    def open(self) -> Iterator[Story]:
        strangers = [person for person in self.people if not person.prefers and not person.withheld]
        self.dice.shuffle(strangers)
        for serial, script in enumerate(unfinished(), start=1):
            person = next(one for one in strangers if one.language == script.language)
            strangers.remove(person)
            yield self.tell(f"open-{serial:02}", script, person, self.waiting(script, person))

    def tell(self, id: str, script: Script, person: Person, turns: list[Turn]) -> Story:
        owner = script.owner or self.dice.choice(agents_of(script.team))
        telling = Telling(id, script, person, owner, script.order or next(self.orders), self.dice_of(id))
        return Story(script, owner, telling.tell(turns))

    def dice_of(self, id: str) -> Random:
        """Every story has dice of its own, so that another `now` moves it without changing its words."""
        return Random(f"{self.seed}/{id}")

    # When

    def choose(self, script: Script, person: Person, dice: Random) -> list[tuple[Step, str]]:
        """The channel word of every step. `same` is where they spoke last, and where we answer."""
        chosen: list[tuple[Step, str]] = []
        last = ""
        for step in script.touches:
            liked = [via for via in step.vias if via in person.prefers]
            word = dice.choice(liked or step.vias)
            word = last if word == "same" else word
            last = word if VIAS[word].direction == "in" else last
            chosen.append((step, word))
        return chosen

    def finished(self, script: Script, person: Person, dice: Random) -> list[Turn]:
        """A story that began some day of the year and is over by now."""
        day = self.now - timedelta(days=days_ago(dice))
        at = day.replace(hour=dice.randint(6, 20), minute=dice.randint(0, 59), second=dice.randint(0, 59))
        turns: list[Turn] = []
        for step, word in self.choose(script, person, dice):
            gap = pause(step, word, dice) if turns else timedelta(hours=1)
            at = humane(at + gap, step, word, dice) if gap >= LIVE else at + gap
            turns.append(Turn(step, word, at))
        late = turns[-1].at - (self.now - timedelta(hours=3))
        back = timedelta(days=max(0, late.days + 1))
        return [Turn(turn.step, turn.word, turn.at - back) for turn in turns]

    def waiting(self, script: Script, person: Person) -> list[Turn]:
        """A story laid backwards from the touch that waits since `ago`."""
        pairs = self.choose(script, person, self.dice)
        after: list[timedelta] = [timedelta()]
        for step, word in pairs[1:]:
            after.append(after[-1] + (step.gap or timedelta(minutes=VIAS[word].pace)))
        anchor = after[unanswered(script)] if script.state == "ours" else after[-1]
        start = self.now - script.ago - anchor
        return [Turn(step, word, start + offset) for (step, word), offset in zip(pairs, after, strict=True)]

    # Noise

    @cached_property
    def noise(self) -> list[Entry]:
        kinds = [kind for kind in table("noise")["noise"] for _ in range(NOISE_EACH)]
        ages = ((kind, timedelta(minutes=self.dice.randint(200, DAYS * 24 * 60))) for kind in kinds)
        return [self.stray(f"noise-{at:03}", kind, self.now - age) for at, (kind, age) in enumerate(ages, start=1)]

    def stray(self, id: str, kind: dict[str, Any], at: datetime) -> Entry:
        """One piece of noise from a passer-by, told like any other touch."""
        person = self.dice.choice(self.people)
        person = replace(person, email=kind["from"]) if kind.get("from", "customer") != "customer" else person
        step = Step(False, "", (kind["via"],), None, None, (kind["text"],))
        script = Script("Home", ("Plover mugs",), (step,), subject=kind.get("subject", ""))
        turn = Turn(step, kind["via"], at)
        (entry,) = Telling(id, script, person, "cy", "", self.dice).tell([turn])
        return entry | self.disguise(id, kind, person)

    def disguise(self, id: str, kind: dict[str, Any], person: Person) -> Entry:
        """Who sent it: machines have addresses of their own, passers-by handles seen nowhere else."""
        if kind["via"] == "email":
            sender = {"email": person.email, "display_name": kind.get("name", person.name)}
            return {"sender": sender, "text": kind["text"], "attributes": {"headers": kind.get("headers", {})}}
        strange: dict[str, dict[str, Any]] = {
            "sms": {"number": f"+120255501{number(id)[-2:]}"},
            "phone": {"number": None, "style": "note"},
            "x": {"handle": f"bot_{id[-3:]}", "user_id": f"99{id[-3:]}", "display_name": "✨"},
            "facebook": {"psid": f"99{id[-3:]}", "display_name": "Lucky"},
            "community": {"username": f"guest{id[-3:]}"},
            "chat": {"visitor_id": f"v{id}"},
            "review": {"nickname": "Passer-by", "place": "somewhere"},
        }
        return {"sender": strange[kind["via"]], "text": kind["text"]}

    # What the desk decided

    def decisions(self) -> list[dict[str, Any]]:
        dice = Random(self.seed)
        made = [decision for story in self.stories for decision in self.decided(story, dice)]
        return sorted([*made, *self.put_away()], key=lambda decision: (decision["at"], decision["story_of"]))

    def put_away(self) -> Iterator[dict[str, Any]]:
        """Noise that nobody answers is called done the day after."""
        for entry in self.noise:
            at = datetime.fromisoformat(entry["at"]) + timedelta(days=1)
            about = {"story_of": entry["id"], "by": "cy", "team": "Home", "touches": [entry["id"]]}
            if at < self.now:
                yield about | {"do": "done", "at": stamp(at)}

    def decided(self, story: Story, dice: Random) -> Iterator[dict[str, Any]]:
        """Hints for one story; silent ones need none, and open ones are assigned only if the script names an owner."""
        script, last = story.script, story.last_at
        about = {
            "story_of": story.opener["id"],
            "by": story.owner,
            "team": script.team,
            "touches": [entry["id"] for entry in story.entries],
        }
        if script.state == "done":
            if not story.silent:
                yield about | {"do": "done", "at": stamp(last + timedelta(minutes=dice.randint(4, 170)))}
            return
        if script.owner:
            yield about | {"do": "assign", "at": stamp(story.taken_at)}
        if script.state == "theirs":
            yield about | {"do": "wait", "at": stamp(last + timedelta(minutes=1))}
        if script.state == "snoozed":
            until = stamp(self.now + script.sleeps)
            yield about | {"do": "snooze", "at": stamp(last + timedelta(minutes=1)), "until": until}


def suits(script: Script, person: Person) -> bool:
    return script.language == person.language and (not person.prefers or script.speaks_on(person.prefers))


def unanswered(script: Script) -> int:
    """Index of the first touch of theirs that no touch of ours follows."""
    answered = max((index for index, step in enumerate(script.touches) if step.ours), default=-1)
    speaking = (index for index, step in enumerate(script.touches) if index > answered and is_speech(step))
    return next(speaking)


def is_speech(step: Step) -> bool:
    return step.vias == ("same",) or VIAS[step.vias[0]].direction == "in"


def agents_of(team: str) -> list[str]:
    return [agent["key"] for agent in table("company")["agents"] if team in agent["teams"] and agent["role"] == "agent"]


def days_ago(dice: Random) -> float:
    """When a story began: a quarter of them lie in the last two months, business is growing and winter is near."""
    return dice.uniform(1, 60) if dice.random() < 0.25 else dice.uniform(1, DAYS)


def pause(step: Step, word: str, dice: Random) -> timedelta:
    if step.gap:
        return step.gap * dice.uniform(0.85, 1.2)
    return timedelta(minutes=VIAS[word].pace) * dice.uniform(0.5, 1.9)


def humane(at: datetime, step: Step, word: str, dice: Random) -> datetime:
    """Nobody answers at night, and customers sleep too: move a moment to the next time somebody is there."""
    opens, closes = DESK if step.ours or word in STAFFED else AWAKE
    if opens <= at.hour < closes:
        return at
    morning = at + timedelta(days=1) if at.hour >= closes else at
    return morning.replace(hour=opens, minute=dice.randint(2, 58))
