"""The invented customers: drawn from the names in `texts/people.toml`, with addresses that belong to nobody."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import cycle
from random import Random
from typing import Any

from threadline.config.sample.script import scenarios, table

ABROAD = 9  # people per language other than English
ENGLISH = 345
AREA_CODES = ("212", "303", "415", "617")  # with 555 01xx: never given to anybody


@dataclass(frozen=True, slots=True)
class Person:
    """One customer with every handle; `prefers` limits the channels, `form_email` is what they type into forms."""

    first: str
    last: str
    language: str
    email: str
    phone: str
    handle: str
    user_id: str
    psid: str
    visitor: str
    card: str
    account: str
    device: str
    town: str
    postcode: str
    street: str
    mails_from: str = "desktop"
    signs: bool = False
    signed_in: bool = False
    withheld: bool = False
    prefers: tuple[str, ...] = ()
    form_email: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


class Casting:
    """Draws people so that no two share a handle unless they are meant to."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.people = table("people")
        self.emails: set[str] = set()
        self.serial = 0
        taken = {scene.person["phone"] for scene in scenarios()}
        british = [f"+447700900{n}" for n in range(100, 1000) if f"+447700900{n}" not in taken]
        self.british = dice.sample(british, len(british))
        american = [f"+1{area}55501{n:02}" for area in AREA_CODES for n in range(100)]
        self.american = dice.sample(american, len(american))

    def person(self, first: str, last: str, language: str = "en") -> Person:
        dice, n = self.dice, self.count()
        return Person(
            first, last, language, self.email(first, last), self.phone(), self.handle(first, n),
            user_id=f"{710000000 + 7919 * n}", psid=f"{5200000000000 + 104729 * n}",
            visitor=f"v{dice.getrandbits(40):010x}",
            card=f"HP 2207 {n:03}", account=f"A{30000 + n}", device=f"d{dice.getrandbits(32):08x}",
            town=dice.choice(self.people["towns"]), postcode=postcode(dice),
            street=f"{dice.randint(1, 88)} {dice.choice(self.people['streets'])}",
            mails_from=dice.choice(["phone", "phone", "desktop", "desktop", "tablet"]),
            signs=dice.random() < 0.6, signed_in=dice.random() < 0.5, withheld=dice.random() < 0.03,
        )  # fmt: skip

    def count(self) -> int:
        self.serial += 1
        return self.serial

    def email(self, first: str, last: str) -> str:
        first, last = plain(first), plain(last)
        forms = [f"{first}.{last}", f"{first[0]}.{last}", f"{last}.{first}", f"{first}{last}", f"{first}_{last}"]
        free = [f"{form}@example.{end}" for form in forms for end in ("com", "org", "net")]
        weights = [1 / (1 + n // 3) for n in range(len(free))]
        address = self.dice.choices(free, weights)[0]
        while address in self.emails:
            address = address.replace("@", f"{self.dice.randint(2, 9)}@", 1)
        self.emails.add(address)
        return address

    def phone(self) -> str:
        return self.american.pop() if self.dice.random() < 0.06 else self.british.pop()

    def handle(self, first: str, n: int) -> str:
        word = self.dice.choice(self.people["handle_words"])
        return self.dice.choice([f"{plain(first)}_{word}", f"{word}{n}", f"the{word}{n}", f"{plain(first)}{n}"])


def cast(dice: Random) -> list[Person]:
    """About four hundred people: families, offices and namesakes first, then everybody else."""
    casting = Casting(dice)
    return [*families(casting), *offices(casting), *namesakes(casting), *claimants(casting), *everybody(casting)]


def leads(dice: Random) -> Iterator[Person]:
    """The people of the scenarios, in their order."""
    casting = Casting(dice)
    casting.serial = 900
    for scene in scenarios():
        fields: Mapping[str, Any] = scene.person
        yield replace(casting.person(fields["first"], fields["last"]), withheld=False, **fields)


def families(casting: Casting) -> Iterator[Person]:
    """Everybody in a family answers one telephone and gets post at one door."""
    for family in casting.people["households"]:
        members = [casting.person(first, family["last"]) for first in family["first"]]
        home = members[0]
        for member in members:
            email = f"{plain(member.first)}.{plain(member.last)}@example.com"
            yield replace(
                member, email=email, phone=home.phone, town=home.town, postcode=home.postcode, street=home.street,
                withheld=False, prefers=("phone", "email", "sms"),
            )  # fmt: skip


def offices(casting: Casting) -> Iterator[Person]:
    """Colleagues who ring through one switchboard and write from one mailbox."""
    for office in casting.people["offices"]:
        switchboard = casting.british.pop()
        for name, habit in zip(office["people"], cycle(["email", "phone", "email"]), strict=False):
            person = casting.person(*name.split(" ", 1))
            yield replace(person, email=office["mailbox"], phone=switchboard, withheld=False, prefers=(habit,))


def namesakes(casting: Casting) -> Iterator[Person]:
    for pair in casting.people["namesakes"]:
        for _ in range(pair["count"]):
            yield casting.person(*pair["name"].split(" ", 1))


def claimants(casting: Casting) -> Iterator[Person]:
    for claim in casting.people["claims"]:
        person = casting.person(*claim["name"].split(" ", 1))
        yield replace(person, form_email=claim["borrows"], signed_in=False, prefers=("chat",))


def everybody(casting: Casting) -> Iterator[Person]:
    """The crowd: no two share a full name, so that the namesakes above are the only ones."""
    for language in casting.people["first"]:
        firsts, lasts = casting.people["first"][language], casting.people["last"][language]
        pairs = [(first, last) for first in firsts for last in lasts]
        for first, last in casting.dice.sample(pairs, ENGLISH if language == "en" else ABROAD):
            yield casting.person(first, last, language)


def postcode(dice: Random) -> str:
    """Shaped like a British postcode, in areas that do not exist."""
    area, street = dice.choice(["QV", "XJ", "ZQ", "VX"]), "".join(dice.choices("ABDEFGHJ", k=2))
    return f"{area}{dice.randint(1, 19)} {dice.randint(1, 9)}{street}"


def plain(name: str) -> str:
    """A name as it may stand in an address: lower case letters without accents."""
    bare = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("ł", "l")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", bare.lower())
