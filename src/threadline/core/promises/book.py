"""The book of promises: calendars and targets as an admin sets them, one version at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from threadline.core import calendars
from threadline.core.calendars import Calendar


class Kind(StrEnum):
    """What a clock measures: the first answer in a story, every further one, and until the matter is over."""

    FIRST = "first"
    NEXT = "next"
    RESOLUTION = "resolution"


class Scope(NamedTuple):
    """Where a wait happens: the kind of the channel they asked on, and the story's team and brand."""

    channel: str = ""
    team: int | None = None
    brand: int | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """Targets in working time of one calendar. Empty `channels`, `teams` and `brands` stand for all of them."""

    name: str
    calendar: str
    first: timedelta | None = None
    next: timedelta | None = None
    resolution: timedelta | None = None
    channels: frozenset[str] = frozenset()
    teams: frozenset[int] = frozenset()
    brands: frozenset[int] = frozenset()
    tells_when_closed: bool = False

    def __post_init__(self) -> None:
        if not any((self.first, self.next, self.resolution)):
            raise ValueError("A promise needs at least one time: to the first answer, to the next, or to the end.")
        for target in (self.first, self.next, self.resolution):
            if target is not None and not timedelta() < target <= timedelta(days=365):
                raise ValueError(f"{target} can not be promised. Choose a time between a minute and a year.")

    def target(self, kind: Kind) -> timedelta | None:
        return {Kind.FIRST: self.first, Kind.NEXT: self.next, Kind.RESOLUTION: self.resolution}[kind]

    def covers(self, scope: Scope) -> bool:
        return (
            (not self.channels or scope.channel in self.channels)
            and (not self.teams or scope.team in self.teams)
            and (not self.brands or scope.brand in self.brands)
        )

    @property
    def exactness(self) -> int:
        return sum(map(bool, (self.channels, self.teams, self.brands)))


@dataclass(frozen=True, slots=True)
class Book:
    """One version of everything we promise, by keys that stay when names change."""

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    promises: Mapping[str, Promise] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for promise in self.promises.values():
            if promise.calendar not in self.calendars:
                raise ValueError(f"The calendar of “{promise.name}” does not exist. Choose one of the list.")

    def choose(self, scope: Scope) -> str | None:
        """The key of the promise that holds here: of those that cover it the most exact, then the one listed first."""
        fitting = [key for key, promise in self.promises.items() if promise.covers(scope)]
        return max(fitting, key=lambda key: self.promises[key].exactness, default=None)

    def calendar_of(self, promise: str) -> Calendar:
        return self.calendars[self.promises[promise].calendar]


def written(book: Book) -> dict[str, Any]:
    """As JSON holds it. Lists, because JSON objects in PostgreSQL forget their order."""
    return {
        "calendars": [{"key": key, **calendars.written(one)} for key, one in book.calendars.items()],
        "promises": [{"key": key, **_promise(one)} for key, one in book.promises.items()],
    }


def _promise(one: Promise) -> dict[str, Any]:
    return {
        "name": one.name,
        "calendar": one.calendar,
        **{str(kind): _minutes(one.target(kind)) for kind in Kind},
        "channels": sorted(one.channels),
        "teams": sorted(one.teams),
        "brands": sorted(one.brands),
        "tells_when_closed": one.tells_when_closed,
    }


def _minutes(target: timedelta | None) -> int | None:
    return None if target is None else target // timedelta(minutes=1)


def read(plain: Mapping[str, Any]) -> Book:
    """The book that was `written`."""
    return Book(
        {one["key"]: calendars.read(one) for one in plain.get("calendars", ())},
        {one["key"]: _read(one) for one in plain.get("promises", ())},
    )


def _read(plain: Mapping[str, Any]) -> Promise:
    targets = {str(kind): plain.get(str(kind)) for kind in Kind}
    return Promise(
        name=plain["name"],
        calendar=plain["calendar"],
        channels=frozenset(plain.get("channels", ())),
        teams=frozenset(plain.get("teams", ())),
        brands=frozenset(plain.get("brands", ())),
        tells_when_closed=bool(plain.get("tells_when_closed")),
        **{kind: None if minutes is None else timedelta(minutes=minutes) for kind, minutes in targets.items()},
    )
