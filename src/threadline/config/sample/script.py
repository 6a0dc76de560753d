"""Reads the words of the sample company: scripts made of touches, as `texts/README.md` describes them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

DURATION = re.compile(r"(\d+)([dhm])")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True, slots=True)
class Via:
    """What a channel word stands for. `endpoint` may name the slot {store}; `pace` is the usual gap in minutes."""

    kind: str
    endpoint: str
    pace: int
    direction: str = "in"
    public: bool = False


VIAS = {
    "email": Via("email", "hello@harbourpine.example", 210),
    "chat": Via("chat", "www.harbourpine.example", 2),
    "phone": Via("phone", "+447700900000", 4),
    "sms": Via("sms", "+447700900001", 18),
    "whatsapp": Via("whatsapp", "+447700900002", 16),
    "x": Via("x", "@harbourpine", 35, public=True),
    "dm": Via("x", "@harbourpine", 14),
    "facebook": Via("facebook", "fb.com/harbourpine", 80, public=True),
    "messenger": Via("facebook", "fb.com/harbourpine", 25),
    "review": Via("review", "reviews/harbourpine", 700, public=True),
    "community": Via("community", "community.harbourpine.example", 500, public=True),
    "counter": Via("store", "store-{store}", 6),
    "in-app": Via("app", "app/harbourpine", 30),
    "web": Via("web", "www.harbourpine.example", 10, "event"),
    "store": Via("store", "store-{store}", 60, "event"),
    "app": Via("app", "app/harbourpine", 60, "event"),
    "survey": Via("survey", "survey/harbourpine", 2000, "event"),
    "signal": Via("signal", "signal/deliveries", 60, "event"),
    "alert": Via("signal", "signal/quality", 60, "event"),
    "purchase": Via("purchase", "shop.harbourpine.example", 60, "event"),
    "till": Via("purchase", "till-{store}", 60, "event"),
    "partner": Via("purchase", "partner-hobb", 60, "event"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One touch as written: who speaks, the channels to choose from, when, and the texts to choose from."""

    ours: bool
    agent: str
    vias: tuple[str, ...]
    gap: timedelta | None
    before_now: timedelta | None
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """A story to tell. `ago`, `sleeps` and `owner` matter to open stories; the rest to scenarios."""

    team: str
    items: tuple[str, ...]
    touches: tuple[Step, ...]
    name: str = ""
    number: int = 0
    title: str = ""
    language: str = "en"
    subject: str = ""
    rating: int = 4
    score: int = 9
    paid: int = 0
    owner: str = ""
    state: str = "done"
    ago: timedelta = timedelta()
    sleeps: timedelta = timedelta()
    order: str = ""
    store: str = ""
    person: Mapping[str, Any] = field(default_factory=dict)

    def speaks_on(self, vias: tuple[str, ...]) -> bool:
        return any(via in vias for step in self.touches for via in step.vias)


@cache
def table(name: str) -> dict[str, Any]:
    """One file of `texts/`, parsed."""
    return tomllib.loads((files(__package__) / "texts" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def scripts() -> tuple[Script, ...]:
    """All short stories, in the order of the files."""
    rooms = ("kitchen", "home", "delivery", "payments", "praise", "languages")
    return tuple(script(fields) for room in rooms for fields in table(f"scripts_{room}")["script"])


@cache
def scenarios() -> tuple[Script, ...]:
    return tuple(script(fields) for fields in table("scenarios")["scenario"])


@cache
def unfinished() -> tuple[Script, ...]:
    return tuple(script(fields) for fields in table("open")["open"])


def script(fields: Mapping[str, Any]) -> Script:
    durations = {name: duration(fields[name]) for name in ("ago", "sleeps") if name in fields}
    touches = tuple(step(touch) for touch in fields["touches"])
    return Script(**{**fields, **durations, "items": tuple(fields["items"]), "touches": touches})


def step(touch: list[str]) -> Step:
    """Parse `["us:bo phone +3h", "a text", "or another"]`."""
    words = touch[0].split()
    gap = next((duration(word) for word in words if word[0] == "+"), None)
    before_now = next((duration(word) for word in words if word[0] == "-"), None)
    speaker = words[0].partition(":") if words[0].split(":")[0] == "us" else ("", "", "")
    via = [word for word in words if word[0] not in "+-" and word.split(":")[0] != "us"]
    vias = tuple(via[0].split("|")) if via else ("same",)
    return Step(bool(speaker[0]), speaker[2], vias, gap, before_now, tuple(touch[1:]))


def duration(text: str) -> timedelta:
    """`1d4h30m` as a span; a leading sign is ignored."""
    return timedelta(**{UNITS[unit]: int(number) for number, unit in DURATION.findall(text)})
