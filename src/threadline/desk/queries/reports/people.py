"""The second report: who had to come back, on another channel, or in public."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from threadline.customers.models import Customer
from threadline.desk.queries.queue.rows import people as called
from threadline.desk.queries.reports.naming import Choice, choices, names_in
from threadline.desk.queries.reports.times import Tile
from threadline.insights.people import Comebacks, Counted, Person, comebacks, persons
from threadline.insights.report import Report
from threadline.lib.columns import ticks

SHOWN = 25


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    person: Person


@dataclass(frozen=True, slots=True)
class Point:
    day: date
    counted: Counted


@dataclass(frozen=True, slots=True)
class PeoplePage:
    report: Report
    choices: dict[str, list[Choice]]
    found: Comebacks
    share: float | None
    tiles: list[Tile]
    points: list[Point]
    people: list[Named]
    left_out: int


def page(report: Report) -> PeoplePage:
    """Cost: five queries beyond those of the report, six when somebody has no name."""
    found = comebacks(report)
    came = [each for each in persons(found.counted, SHOWN) if each.again or each.switched or each.escaped]
    names = names_of([each.id for each in came])
    now = found.counted
    return PeoplePage(
        report=report,
        choices=choices(report, names_in(report)),
        found=found,
        share=now.again / now.people if now.people else None,
        tiles=tiles(found),
        points=points(found, report),
        people=[Named(names[each.id], each) for each in came],
        left_out=max(0, now.people - len(came)),
    )


def points(found: Comebacks, report: Report) -> list[Point]:
    edges = [ticks(edge) for edge in report.wanted.period.edges(report.zone)]
    starts = report.wanted.period.starts()
    return [Point(day, counted) for day, counted in zip(starts, found.counted.series(edges), strict=True)]


def names_of(numbers: list[int]) -> dict[int, str]:
    """What to call them. Cost: one query, one more when somebody has no name."""
    return called(Customer.objects.filter(pk__in=numbers).only("name"))


def tiles(found: Comebacks) -> list[Tile]:
    now, before = found.counted, found.before
    return [
        Tile(_("People"), f"{now.people:,}", _("who said something to us"), _was(before.people)),
        Tile(_("Asked again"), f"{now.again:,}", _of(now.again, now), _was(before.again)),
        Tile(_("Switched channel"), f"{now.switched:,}", _of(now.switched, now), _was(before.switched)),
        Tile(_("Went public"), f"{now.escaped:,}", _of(now.escaped, now), _was(before.escaped)),
    ]


def _was(value: int) -> str:
    return _("%(value)s before") % {"value": f"{value:,}"}


def _of(some: int, counted: Counted) -> str:
    if not counted.people:
        return _("nobody wrote")
    return _("%(share)s of them") % {"share": f"{some / counted.people:.0%}".replace("%", " %")}
