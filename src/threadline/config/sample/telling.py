"""Tells one story: a script, a person and a start become entries in the shape of the JSON Lines import."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from threadline.config.sample import handles
from threadline.config.sample.cast import Person
from threadline.config.sample.script import VIAS, Script, Step, Via, table

Entry = dict[str, Any]
CHOICE = re.compile(r"\[([^\[\]]+/[^\[\]]+)\]")
WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "es": ("el lunes", "el martes", "el miércoles", "el jueves", "el viernes", "el sábado", "el domingo"),
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """A step with its channel word and its moment decided."""

    step: Step
    word: str
    at: datetime

    @property
    def via(self) -> Via:
        return VIAS[self.word]


@dataclass(slots=True)
class Telling:
    """One story while it is told: what has been said so far decides threads, quotes and answers."""

    id: str
    script: Script
    person: Person
    owner: str
    order: str
    dice: Random
    item: str = field(init=False)
    store: str = field(init=False)
    said: list[Entry] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    mails: list[Entry] = field(default_factory=list)  # of the mail thread that is open

    def __post_init__(self) -> None:
        self.item = self.dice.choice(self.script.items)
        self.store = self.script.store or self.dice.choice(("4", "7", "12"))

    def tell(self, turns: list[Turn]) -> list[Entry]:
        for turn in turns:
            entry = self.entry(turn)
            self.said.append(entry)
            self.mails += [entry] if turn.word == "email" else []
            self.words.append(turn.word)
        return self.said

    def entry(self, turn: Turn) -> Entry:
        id = f"{self.id}-{len(self.said) + 1:02}"
        opens, text = new_mail(self.text(turn))
        self.mails = [] if opens else self.mails
        entry: Entry = {
            "id": id,
            "at": stamp(turn.at),
            "channel": turn.via.kind,
            "direction": "out" if turn.step.ours else turn.via.direction,
            "public": turn.via.public,
            "endpoint": self.endpoint(turn),
            "sender": self.sender(turn),
            "thread": self.thread(id, turn),
            "subject": self.subject(turn, opens),
            "text": self.mail(text, turn) if turn.word == "email" else text,
            "attributes": self.attributes(turn),
        }
        return entry | self.extras(turn)

    @property
    def price(self) -> int:
        return self.script.paid or int(table("company")["prices"][self.item])

    def sender(self, turn: Turn) -> dict[str, Any]:
        if turn.step.ours:
            return {"agent": turn.step.agent or self.owner}
        return handles.sender(turn.word, self.person, order=self.order, item=self.item)

    def extras(self, turn: Turn) -> Entry:
        """`to` on our replies, `device` where the channel tells it."""
        if turn.step.ours:
            return {"to": handles.recipient(turn.word, self.person, session=self.session)}
        device = handles.device(turn.word, self.person)
        return {"device": device} if device else {}

    def endpoint(self, turn: Turn) -> str:
        if turn.word == "email" and self.script.team == "Payments":
            return "payments@harbourpine.example"
        return turn.via.endpoint.format(store=self.store)

    # What is said

    def text(self, turn: Turn) -> str:
        if turn.via.kind in ("web", "purchase"):
            return ""
        chosen = self.choose(self.dice.choice(turn.step.texts))
        return addressed(chosen.format_map(self.slots(turn)), turn, self.person)

    def slots(self, turn: Turn) -> dict[str, object]:
        days = WEEKDAYS[self.script.language]
        coming = {f"in{n}": days[(turn.at + timedelta(days=n)).weekday()] for n in range(1, 7)}
        person = self.person
        return coming | {
            "item": self.item, "price": self.price, "order": self.order, "store": self.store,
            "first": person.first, "last": person.last, "name": person.name,
            "partner": self.dice.choice(table("people")["first"]["en"]),
            "phone": spoken(person.phone), "email": person.email, "card": person.card, "street": person.street,
            "town": person.town, "postcode": person.postcode, "agent": turn.step.agent.title() or self.owner.title(),
        }  # fmt: skip

    def subject(self, turn: Turn, opens: str) -> str | None:
        if turn.word != "email":
            return None
        if self.mails:
            return f"Re: {self.mails[0]['subject']}"
        return opens or self.choose(self.script.subject or "{item}").format_map(self.slots(turn))

    def choose(self, text: str) -> str:
        """Draw one of every [this/that]."""
        return CHOICE.sub(lambda match: self.dice.choice(match[1].split("/")), text)

    def mail(self, text: str, turn: Turn) -> str:
        manners = table("people")["manners"][self.script.language]
        if turn.step.ours:
            hello, end = (
                manners["our_hello"].format(first=self.person.first, last=self.person.last),
                self.our_end(turn, manners),
            )
        else:
            hello, end = self.dice.choice(manners["hello"]), self.their_end(manners)
        return "\n\n".join(part for part in (hello, text, end, self.quote(manners)) if part)

    def our_end(self, turn: Turn, manners: Mapping[str, Any]) -> str:
        agent = turn.step.agent or self.owner
        name = next(row["name"] for row in table("company")["agents"] if row["key"] == agent)
        return f"{manners['our_bye']}\n{name}\nHarbour & Pine"

    def their_end(self, manners: Mapping[str, Any]) -> str:
        """A full signature in the first mail, a first name later; mail from a phone often says so."""
        end = f"{self.dice.choice(manners['bye'])}\n"
        first_mail = not any("email" in mail["sender"] for mail in self.mails)
        if first_mail and self.person.signs:
            end += f"{self.person.name}\n\n-- \n{self.signature()}"
        else:
            end += self.person.name if first_mail else self.person.first
        return end + (f"\n\n{manners['from_phone']}" if self.person.mails_from == "phone" else "")

    def signature(self) -> str:
        person = self.person
        return f"{person.name}\n{person.street}, {person.town}\n{spoken(person.phone)}"

    def quote(self, manners: Mapping[str, Any]) -> str:
        """Half of all answers carry the mail they answer."""
        if not self.mails or self.dice.random() < 0.5:
            return ""
        before = self.mails[-1]
        at = datetime.fromisoformat(before["at"])
        who = "Harbour & Pine" if before["direction"] == "out" else self.person.name
        line = manners["wrote"].format(date=f"{at:{manners['date']}}", time=f"{at:%H:%M}", who=who)
        return "\n".join([line, *(f"> {row}".rstrip() for row in before["text"].split("\n"))])

    # Where it belongs on its channel

    @property
    def session(self) -> str:
        return f"c-{self.id}"

    def thread(self, id: str, turn: Turn) -> dict[str, Any] | None:
        person = self.person
        makers: dict[str, Callable[[str, Turn], dict[str, Any]]] = {
            "email": self.mail_thread,
            "phone": self.call,
            "chat": lambda id, turn: {"session": self.session},
            "whatsapp": lambda id, turn: {"conversation": f"w-{person.phone.lstrip('+')}"},
            "x": self.post,
            "dm": lambda id, turn: {"dm_conversation": f"dm-{person.user_id}", "tweet_id": number(id)},
            "facebook": lambda id, turn: {"post_id": f"p-{self.id}", "comment_id": f"fc-{id}"},
            "messenger": lambda id, turn: {"conversation": f"m-{person.psid}"},
            "review": lambda id, turn: {"review_id": f"r-{self.id}"},
            "community": lambda id, turn: {"topic_id": f"t-{self.id}"},
        }
        return makers[turn.word](id, turn) if turn.word in makers else None

    def mail_thread(self, id: str, turn: Turn) -> dict[str, Any]:
        host = "mail.harbourpine.example" if turn.step.ours else self.person.email.split("@")[1]
        earlier = [mail["thread"]["message_id"] for mail in self.mails]
        answers = {"in_reply_to": earlier[-1], "references": earlier} if earlier else {}
        return {"message_id": f"{id}@{host}"} | answers

    def call(self, id: str, turn: Turn) -> dict[str, Any]:
        """What we said belongs to the call that just came in; anything else is a call of its own."""
        if turn.step.ours and self.words and self.words[-1] == "phone":
            return dict(self.said[-1]["thread"])
        return {"call_id": f"call-{id}"}

    def post(self, id: str, turn: Turn) -> dict[str, Any]:
        """An answer hangs under the other side's last post; a person's new post after silence stands alone."""
        posts = [entry for entry, word in zip(self.said, self.words, strict=True) if word == "x"]
        answers = posts and (posts[-1]["direction"] == "out") != turn.step.ours
        return {"tweet_id": number(id)} | ({"in_reply_to": posts[-1]["thread"]["tweet_id"]} if answers else {})

    def attributes(self, turn: Turn) -> dict[str, Any]:
        if turn.step.ours:
            return {}
        dice, word = self.dice, turn.word
        if word in ("purchase", "till", "partner"):
            return {"order_number": self.order, "items": [self.item], "total": self.price}
        makers: dict[str, dict[str, Any]] = {
            "web": {"page": dice.choice(turn.step.texts or ("/",)), "seconds": dice.randint(20, 400)},
            "phone": {"duration_s": dice.randint(70, 540), "taken_by": self.owner},
            "review": {"rating": self.script.rating},
            "survey": {"score": self.script.score, "question": "How likely are you to recommend us?"},
            "signal": {"signal": "delivery_late", "order_number": self.order},
            "alert": {"signal": "faulty_batch", "order_number": self.order},
            "app": {"order_number": self.order},
        }
        return makers.get(word, {})


def new_mail(text: str) -> tuple[str, str]:
    """Split `Subject: … | text`, which opens a new mail thread; otherwise the subject is empty."""
    if not text.startswith("Subject: "):
        return "", text
    subject, _, body = text.removeprefix("Subject: ").partition(" | ")
    return subject, body


def addressed(text: str, turn: Turn, person: Person) -> str:
    """Public posts on X name the other side; nowhere else does anybody say @harbourpine."""
    mention = f"@{person.handle} " if turn.step.ours else "@harbourpine "
    if turn.word == "x":
        return text if mention.strip() in text else mention + text
    bare = text.removeprefix("@harbourpine ")
    return bare[0].upper() + bare[1:] if bare != text else text


def spoken(phone: str) -> str:
    """A number as people write it in a signature."""
    if phone.startswith("+44"):
        return f"0{phone[3:7]} {phone[7:]}"
    return f"+1 {phone[2:5]} {phone[5:8]} {phone[8:]}"


def number(id: str) -> str:
    """A post's number on the network: digits, the same for the same entry."""
    return str(int.from_bytes(id.encode()[-7:], "big"))


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
