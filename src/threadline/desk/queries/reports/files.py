"""The tables of the reports as files to keep. Durations are whole seconds, so that one can go on counting."""

from collections.abc import Callable, Iterator, Sequence

from threadline.core.waiting import Facts, Spread
from threadline.desk.queries.reports.naming import names_in
from threadline.desk.queries.reports.people import names_of
from threadline.desk.queries.reports.times import groups, points
from threadline.insights.people import comebacks, persons
from threadline.insights.report import By, Figures, Report
from threadline.insights.stories import channel_name
from threadline.lib.columns import moment
from threadline.lib.sheets import Cell

Rows = Iterator[Sequence[Cell]]
FIGURES = (
    "people",
    "touches",
    "stories begun",
    "answers",
    "first responses",
    "first response median s",
    "first response 90 % s",
    "next responses",
    "next response median s",
    "next response 90 % s",
    "done",
    "done after median s",
    "done after 90 % s",
    "ended without an answer",
)
NAMES_AT_ONCE = 1000


def days(report: Report, by: By) -> Rows:
    yield ("from", *FIGURES)
    for point in points(report):
        yield (point.day, *_cells(point.figures))


def lines(report: Report, by: By) -> Rows:
    yield (by, *FIGURES)
    for group in groups(report.counted, by, names_in(report)):
        yield (group.name, *_cells(group.figures))


def people(report: Report, by: By) -> Rows:
    """Everybody who said something in the period."""
    yield ("person", "name", "touches", "stories", "channels", "asked again", "switched channel", "went public")
    found = persons(comebacks(report).counted)
    for start in range(0, len(found), NAMES_AT_ONCE):
        some = found[start : start + NAMES_AT_ONCE]
        names = names_of([each.id for each in some])
        for one in some:
            counts = (one.touches, one.stories, one.channels, one.again, one.switched, one.escaped)
            yield (one.id, names.get(one.id, ""), *counts)


def answers(report: Report, by: By) -> Rows:
    """Every wait that ended in the period, one by one."""
    names = names_in(report)
    yield ("story", "which", "channel", "intent", "team", "answered by", "ended at", "waited s")
    parts: tuple[tuple[str, Facts], ...] = (
        ("first response", report.counted.first),
        ("next response", report.counted.later),
        ("ended without an answer", report.counted.unanswered),
    )
    for which, facts in parts:
        for row in range(facts.total):
            yield (
                int(facts.story[row]),
                which,
                channel_name(int(facts.channel[row])),
                names.of("intent", int(facts.intent[row])),
                names.of("team", int(facts.team[row])),
                names.of("agent", int(facts.agent[row])),
                moment(facts.at[row]),
                round(float(facts.seconds[row])),
            )


TABLES: dict[str, Callable[[Report, By], Rows]] = {"days": days, "lines": lines, "people": people, "answers": answers}


def _cells(figures: Figures) -> Iterator[Cell]:
    yield from (figures.people, figures.touches, figures.begun, figures.answers)
    for found in (figures.first, figures.later, figures.resolved):
        yield from _spread(found)
    yield figures.unanswered


def _spread(found: Spread) -> tuple[Cell, Cell, Cell]:
    median, ninth = (None if value is None else round(value) for value in (found.median, found.ninth))
    return found.count, median, ninth
