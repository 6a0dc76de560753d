"""A crowd of invented customers, each introduced two or three times, as people are: short forms, slips, households.

For training what comes with Threadline, and for measuring how long training takes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from random import Random

from threadline.config.sample.cast import plain, postcode
from threadline.config.sample.script import table
from threadline.core.identity.nicknames import SAME_NAME
from threadline.core.identity.training import Record

BEGINNINGS = "ab al bar ber bram cald car cor dal dun ed el fair fen gar gil hal har hol in kel kin lam lin mar mel"
MIDDLES = "a e i o u an en ar er or in ing el ol"
ENDINGS = "berg bury by cott den field ford ham hurst ley man mere mont more ner sen shaw son stead ton wick wood"
FAMILIES = 6_000
HOUSEHOLD, SLIP, SHORT_FORM, INITIAL, OTHER_MAILBOX, MOVED = 0.12, 0.08, 0.15, 0.06, 0.25, 0.08


def crowd(people: int, *, seed: int = 20260302) -> Iterator[Record]:
    """Two records of each person on average, in no order that tells anything."""
    dice = Random(seed)
    given, family = given_names(), family_names(dice)
    home: Record | None = None
    for number in range(people):
        person = invented(dice, given, family, number)
        if home is not None and dice.random() < HOUSEHOLD:
            person = replace(person, name=f"{person.name.split()[0]} {home.name.split()[-1]}", postcode=home.postcode)
            person = replace(person, tel=home.tel) if dice.random() < 0.3 else person
        home = person
        for _ in range(dice.choice((1, 2, 2, 3))):
            yield introduced(person, dice)


class Names:
    """Names drawn as they are borne: few by many, many by few."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.weights = list(accumulate(1 / (place + 4) for place in range(len(names))))

    def draw(self, dice: Random) -> str:
        return dice.choices(self.names, cum_weights=self.weights)[0]


def given_names() -> Names:
    listed = [name for names in table("people")["first"].values() for name in names]
    return Names(list(dict.fromkeys([*(name for name in SAME_NAME if len(name) > 2), *map(plain, listed)])))


def family_names(dice: Random) -> Names:
    listed = [plain(name) for names in table("people")["last"].values() for name in names]
    parts = [letters.split() for letters in (BEGINNINGS, MIDDLES, ENDINGS)]
    made = {"".join(map(dice.choice, parts)) for _ in range(FAMILIES * 2)}
    names = list(dict.fromkeys([*listed, *sorted(made)]))[:FAMILIES]
    dice.shuffle(names)
    return Names(names)


def invented(dice: Random, given: Names, family: Names, number: int) -> Record:
    first, last = given.draw(dice), family.draw(dice)
    return Record(
        person=str(number),
        name=f"{first} {last}",
        email=address(dice, first, last),
        tel=f"+4477009{dice.randint(0, 99_999):05}" if dice.random() < 0.7 else "",
        postcode=postcode(dice),
        born=f"{dice.randint(1940, 2007)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
    )


def address(dice: Random, first: str, last: str) -> str:
    form = dice.choice([f"{first}.{last}", f"{first[0]}{last}", f"{first}{last}", f"{last}.{first}"])
    number = str(dice.randint(1, 99)) if dice.random() < 0.4 else ""
    return f"{form}{number}@example.{dice.choice(['com', 'org', 'net'])}"


def introduced(person: Record, dice: Random) -> Record:
    """The person as one channel shows them: some of it missing, some of it otherwise than last time."""
    first, last = person.name.split()
    if dice.random() < SHORT_FORM and first in SAME_NAME:
        first = dice.choice(sorted(SAME_NAME[first]))
    if dice.random() < INITIAL:
        first = first[0]
    name = f"{slipped(first, dice)} {slipped(last, dice)}"
    email = address(dice, *person.name.split()) if dice.random() < OTHER_MAILBOX else person.email
    code = postcode(dice) if dice.random() < MOVED else person.postcode
    shown = replace(person, name=name if dice.random() < 0.9 else first, email=email, postcode=code)
    hidden = {part: "" for part in ("email", "tel", "postcode", "born") if dice.random() < MISSING[part]}
    return replace(shown, **hidden)


MISSING = {"email": 0.3, "tel": 0.35, "postcode": 0.5, "born": 0.8}


def slipped(word: str, dice: Random) -> str:
    """Two letters swapped, one left out, or one for another."""
    if len(word) < 4 or dice.random() >= SLIP:
        return word
    at = dice.randrange(1, len(word) - 1)
    kind = dice.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + ("" if kind == 1 else dice.choice("aeiourstln")) + word[at + 1 :]
