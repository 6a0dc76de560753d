"""A stream of touches as a shop sees it: people with several handles, stories over several channels, some noise."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import _words as words

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ADDRESSES = {
    "email": "hello@shop.example",
    "phone": "+447700900000",
    "sms": "+447700900001",
    "whatsapp": "+447700900002",
    "x": "@shop",
    "chat": "www.shop.example",
    "web": "www.shop.example",
    "store": "store-12",
    "purchase": "shop.example",
    "review": "reviews/shop",
    "community": "community.shop.example",
    "facebook": "fb.com/shop",
    "app": "app/shop",
}
SPOKEN = {
    "email": 38,
    "chat": 16,
    "phone": 14,
    "x": 9,
    "whatsapp": 8,
    "sms": 4,
    "review": 4,
    "community": 4,
    "facebook": 3,
}
FIELDS = {
    "email": "email",
    "phone": "number",
    "sms": "number",
    "whatsapp": "number",
    "x": "handle",
    "chat": "visitor_id",
    "web": "visitor_id",
    "review": "nickname",
    "community": "username",
    "facebook": "psid",
}
GROUPS = {"chat": "session", "review": "review_id", "community": "topic_id", "facebook": "post_id", "phone": "call_id"}
Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    number: int
    name: str

    def handle(self, kind: str) -> str:
        slug = f"{self.name.lower().replace(' ', '.')}.{self.number}"
        return {
            "email": f"{slug}@example.com",
            "x": f"@{slug.replace('.', '_')[:15]}",
            "whatsapp": self.phone,
            "sms": self.phone,
            "phone": self.phone,
        }.get(kind, f"{kind}-{self.number}")

    @property
    def phone(self) -> str:
        """Numbers that are kept free for fiction, made longer by a country's worth of exchanges."""
        return f"+1{200 + self.number // 100 % 700}55501{self.number % 100:02}"


class Traffic:
    """An endless, repeatable stream in order of time.

    Args:
        going_on: how many of the touches go on with a story of before.
    """

    def __init__(self, seed: int = 1, *, going_on: float = 0.38) -> None:
        self.dice, self.numbers, self.seed, self.going_on = Random(seed), count(1), seed, going_on
        self.stories: list[tuple[Person, dict[str, str], str, Object]] = []

    def touches(self, many: int) -> Iterator[Object]:
        for _ in range(many):
            number = next(self.numbers)
            yield self._next(number, START + timedelta(seconds=12 * number))

    def _next(self, number: int, at: datetime) -> Object:
        chance = self.dice.random()
        if chance < 0.07:
            return self._event(number, at)
        if chance < 0.07 + self.going_on and self.stories:
            return self._go_on(number, at)
        person, slots = self._somebody(number)
        kind = self._kind()
        told = words.NOISE if chance > 0.97 else words.OPENINGS
        made = self._object(number, at, kind, person, self._say(told, slots))
        if told is words.OPENINGS:
            self.stories = [*self.stories[-400:], (person, slots, kind, made)]
        return made

    def _go_on(self, number: int, at: datetime) -> Object:
        """The same channel answering the same thread, another channel, or our own answer."""
        person, slots, kind, first = self.dice.choice(self.stories)
        chance = self.dice.random()
        if chance < 0.35:
            made = self._object(number, at, kind, person, self._say(words.ANSWERS, slots), direction="out")
        else:
            told = words.THANKS if chance > 0.9 else words.FOLLOW_UPS
            kind = kind if chance < 0.7 else self._kind()
            made = self._object(number, at, kind, person, self._say(told, slots))
        if kind == first["channel"]:
            made["thread"] |= answering(first)
        return made

    def _event(self, number: int, at: datetime) -> Object:
        person, slots = self._somebody(number)
        if self.dice.random() < 0.5:
            made = self._object(number, at, "web", person, "", direction="event")
            return made | {"attributes": {"page": f"/{slots['product'].replace(' ', '-')}", "title": slots["product"]}}
        made = self._object(number, at, "purchase", person, "", direction="event")
        made["sender"] = {"email": person.handle("email"), "name": person.name, "order_number": slots["order"]}
        bought = {"items": [slots["product"]], "order_number": slots["order"], "total": slots["amount"]}
        return made | {"attributes": bought}

    def _somebody(self, number: int) -> tuple[Person, dict[str, str]]:
        """Two in three are new, the others come back with something else."""
        dice = self.dice
        who = number if dice.random() < 0.66 else dice.randrange(1, number + 1)
        name = f"{words.FIRST[who * 7 % len(words.FIRST)]} {words.LAST[who * 11 % len(words.LAST)]}"
        person = Person(self.seed * 1_000_000 + who, name)
        return person, {
            "name": name.split()[0],
            "product": dice.choice(words.PRODUCTS),
            "town": dice.choice(words.TOWNS),
            "day": dice.choice(words.DAYS),
            "order": f"HP-{self.seed}{number:06}",
            "amount": str(dice.randrange(9, 240)),
            "phone": person.phone,
        }

    def _kind(self) -> str:
        return self.dice.choices(list(SPOKEN), list(SPOKEN.values()))[0]

    def _say(self, texts: tuple[str, ...], slots: dict[str, str]) -> str:
        return self.dice.choice(texts).format(**slots)

    def _object(
        self, number: int, at: datetime, kind: str, person: Person, text: str, *, direction: str = "in"
    ) -> Object:
        own = f"t{self.seed}-{number}"
        them = {FIELDS.get(kind, "email"): person.handle(kind), "display_name": person.name}
        made: Object = {
            "id": own,
            "at": at.isoformat(),
            "channel": kind,
            "endpoint": ADDRESSES[kind],
            "direction": direction,
            "sender": them if direction != "out" else {"agent": "sara"},
            "thread": {},
            "text": text,
        }
        if direction == "out":
            made["to"] = them
        if kind == "email":
            made |= {"subject": text[:40], "thread": {"message_id": f"{own}@example.com"}}
        elif kind == "x":
            made["thread"] = {"tweet_id": own}
        elif kind in GROUPS:
            made["thread"] = {GROUPS[kind]: own}
        return made


def answering(first: Object) -> Object:
    """How a touch says that it belongs to an earlier one of the same channel."""
    thread = first["thread"]
    own = thread.get("message_id") or thread.get("tweet_id")
    if own:
        return {"in_reply_to": own, "references": [own]}
    return {name: value for name, value in thread.items() if name != "call_id"}


def build_channels() -> None:
    """Every channel of the stream, of one brand."""
    from threadline.channels.models import Brand, Channel

    brand = Brand.objects.create(name="Harbour & Pine")
    for kind, address in ADDRESSES.items():
        Channel.objects.create(kind=kind, address=address, name="Harbour & Pine", brand=brand)
