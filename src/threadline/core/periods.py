"""Spans of whole days, as a report counts them: in the days of one time zone, whatever its summer time does."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

MOST_DAYS = 366
DAILY_DAYS = 62  # a longer period is told in weeks


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both inclusive."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not self.first <= self.last:
            raise ValueError(f"{self.first} is after {self.last}")
        if self.days > MOST_DAYS:
            raise ValueError(f"{self.days} days are more than {MOST_DAYS}")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def step(self) -> int:
        """How many days one point of a series holds."""
        return 1 if self.days <= DAILY_DAYS else 7

    def before(self) -> "Period":
        """As many days, ending on the day before."""
        return Period(self.first - timedelta(self.days), self.first - timedelta(1))

    def starts(self) -> list[date]:
        """The first day of each point of a series; the last point may be shorter."""
        return [self.first + timedelta(day) for day in range(0, self.days, self.step)]

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The moment it begins, and the first moment after it."""
        return midnight(self.first, zone), midnight(self.last + timedelta(1), zone)

    def edges(self, zone: tzinfo) -> list[datetime]:
        """The moments between which the points of a series lie: one more than there are points."""
        return [*(midnight(day, zone) for day in self.starts()), self.bounds(zone)[1]]


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins. Where summer time skips midnight, the first moment after the gap counts the same."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
