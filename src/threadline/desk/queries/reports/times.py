"""The first report: what came, how long people waited, what was brought to an end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from threadline.core.waiting import Spread
from threadline.desk.queries.reports.naming import Choice, Names, choices, names_in
from threadline.desk.templatetags.times import duration
from threadline.insights.report import By, Counted, Figures, Report

SHOWN = 30  # lines of a table; the file has all


@dataclass(frozen=True, slots=True)
class Tile:
    """One number with what it means, and the same of the period before."""

    name: str
    value: str
    beside: str
    before: str


@dataclass(frozen=True, slots=True)
class Point:
    day: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class TimesPage:
    report: Report
    names: Names
    choices: dict[str, list[Choice]]
    now: Figures
    tiles: list[Tile]
    points: list[Point]
    by: By
    groups: list[Group]
    left_out: int


def page(report: Report, by: By) -> TimesPage:
    """Cost: three queries beyond those of the report."""
    names = names_in(report)
    found = groups(report.counted, by, names)
    return TimesPage(
        report=report,
        names=names,
        choices=choices(report, names),
        now=report.counted.figures,
        tiles=tiles(report.counted.figures, report.before.figures),
        points=points(report),
        by=by,
        groups=found[:SHOWN],
        left_out=len(found[SHOWN:]),
    )


def points(report: Report) -> list[Point]:
    return [Point(day, figures) for day, figures in zip(report.wanted.period.starts(), report.series, strict=True)]


def groups(counted: Counted, by: By, names: Names) -> list[Group]:
    """The fullest first; people of ours by name, because they are not to be ranked."""
    found = [(key, Group(names.of(by, key), part.figures)) for key, part in counted.by(by).items()]
    found = [(key, group) for key, group in found if not group.figures.silent]

    def place(one: tuple[int, Group]) -> tuple[object, ...]:
        key, group = one
        return (key == 0 if by == "agent" else -group.figures.touches, group.name.casefold())

    return [group for _key, group in sorted(found, key=place)]


def tiles(now: Figures, before: Figures) -> list[Tile]:
    return [
        _count(_("People"), now, before, lambda one: one.people, _("%(n)s touches") % {"n": f"{now.touches:,}"}),
        _count(_("Stories begun"), now, before, lambda one: one.begun, ""),
        _spread(_("First response"), now.first, before.first),
        _spread(_("Next response"), now.later, before.later),
        _spread(_("Done after"), now.resolved, before.resolved),
    ]


def _count(name: str, now: Figures, before: Figures, of: Callable[[Figures], int], beside: str) -> Tile:
    return Tile(name, f"{of(now):,}", beside, _("%(value)s before") % {"value": f"{of(before):,}"})


def _spread(name: str, now: Spread, before: Spread) -> Tile:
    """The median, with how many were measured and what nine of ten stayed below."""
    if now.median is None:
        return Tile(name, "–", _("nothing to measure"), _before(before))
    beside = _("nine of ten within %(ninth)s; %(n)s counted") % {"ninth": duration(now.ninth), "n": f"{now.count:,}"}
    return Tile(name, duration(now.median), beside, _before(before))


def _before(before: Spread) -> str:
    return _("%(value)s before") % {"value": duration(before.median) if before.median is not None else "–"}
