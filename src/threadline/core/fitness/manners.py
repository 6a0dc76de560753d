"""When we may write to people by ourselves: hours in which they are left alone, and how often in a week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from phonenumbers import timezone

from threadline.core.quiet import Quiet

WEEK = timedelta(days=7)
DAY = 24 * 60
MOST_A_WEEK = 50


@dataclass(frozen=True, slots=True)
class Manners:
    """`since` and `until` are minutes of the person's own day, both or none; `most` automatic messages in seven days.

    What people ask is answered whatever stands here: it holds back only what we begin by ourselves.
    """

    since: int | None = 21 * 60
    until: int | None = 8 * 60
    most: int | None = 3

    def __post_init__(self) -> None:
        if (self.since is None) != (self.until is None):
            raise ValueError("Say both when the quiet hours begin and when they end, or neither.")
        if self.since is not None and self.since == self.until:
            raise ValueError("Quiet hours that end when they begin are none. Choose another end.")
        for minute in (self.since, self.until):
            if minute is not None and not 0 <= minute < DAY:
                raise ValueError(f"{minute} is no minute of a day.")
        if self.most is not None and not 0 <= self.most <= MOST_A_WEEK:
            raise ValueError(f"Choose a number of messages a week from 0 to {MOST_A_WEEK}, or none.")


class Held(NamedTuple):
    """Why a message waits: `quiet` or `often`; and until when. None: for as long as this holds."""

    why: str
    until: datetime | None


def held(manners: Manners, now: datetime, *, zone: str, sent: Sequence[datetime] = ()) -> Held | None:
    """Whether a message that nobody asked for just now has to wait.

    Args:
        zone: of the person, or of the house where it is not known.
        sent: when they had automatic messages of ours.
    """
    lately = sorted(at for at in sent if at > now - WEEK)
    if manners.most is not None and len(lately) >= manners.most:
        return Held("often", lately[-manners.most] + WEEK if manners.most else None)
    until = Quiet(zone, manners.since, manners.until).ends(now)
    return Held("quiet", until) if until > now else None


def zone_of(number: str) -> str:
    """The time zone of a telephone number in E.164; empty where it may be one of several with other clocks."""
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ""
    zones = [str(zone) for zone in found if zone in available_timezones()]
    return zones[0] if zones and len({_offsets(zone) for zone in zones}) == 1 else ""


def _offsets(zone: str) -> tuple[timedelta | None, ...]:
    """What its clocks show in winter and in summer."""
    return tuple(datetime(2026, month, 1, tzinfo=ZoneInfo(zone)).utcoffset() for month in (1, 7))


def manners_written(manners: Manners) -> dict[str, Any]:
    return {"since": manners.since, "until": manners.until, "most": manners.most}


def read_manners(plain: Mapping[str, Any]) -> Manners:
    return Manners(**plain) if plain else Manners()
