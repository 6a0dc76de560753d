"""How fast wallboard and reports are with 100,000 open stories, and with touches spread over most of a year."""

import math
import os
from datetime import UTC, datetime, timedelta

import _big
import _house
import pages
from _results import Results
from _traffic import START

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "100000").split(",")]
SPANS = (7, 30, 90)
pages.AIMS |= {"wallboard": 100, "reports": 300, "people": 1000}
pages.ALONE, pages.TOGETHER = 12, 2


def main() -> None:
    results = Results("Wallboard and reports")
    with _house.house("web") as house:
        reader, cookie = _house.sign_in()
        _house.supervise(reader)
        _big.found(reader)
        answered_by_colleagues()
        for size in SIZES:
            spread(results, size)
            where = f"{size:,} open, {_big.touches():,} touches"
            for name, path in looked_at():
                pages.measure(results, house, where, name, path, cookie)
    results.close()


def looked_at() -> list[tuple[str, str]]:
    today = datetime.now(UTC).date()
    found = [("wallboard", "/wallboard/now")]
    for days in SPANS:
        found.append((f"reports, {days} days", f"/reports?from={today - timedelta(days - 1)}"))
    return [*found, ("people who came back, 30 days", f"/reports/people?from={today - timedelta(29)}")]


def answered_by_colleagues() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "update interactions_interaction set author_id = (select min(id) from accounts_agent) + id % 20"
            " where direction = 'out'"
        )


def spread(results: Results, size: int) -> None:
    """As many copies as make so many open stories, the newest of today."""
    copies = math.ceil(size / _big.opened()) - 1
    hours = (datetime.now(UTC) - START - timedelta(hours=14)) / timedelta(hours=1) / copies
    _big.grow(range(1, copies + 1), apart=f"{hours:.3f} hours")
    results.one(f"{size:,} open stories, one copy of the traffic every", hours, "h")


if __name__ == "__main__":
    main()
