"""How long it takes to recognise who a touch comes from among a million identities, stage by stage."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import _house
from _results import Results

PEOPLE, EACH = 500_000, 2  # a million identities
TOUCHES, WARM_UP = 500, 50
MOST = 15.0  # three times the promise of 5 ms, for a machine that has other guests
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STAGES = ("keys", "look-up", "conclude", "all")


def main() -> None:
    results = Results(f"Recognising among {PEOPLE * EACH:,} identities")
    with _house.house():
        began = time.monotonic()
        settle()
        results.one("a million identities, generated", time.monotonic() - began, "s")
        waits: dict[str, list[float]] = {stage: [] for stage in STAGES}
        for number, touch in enumerate(touches()):
            measured = recognised(touch)
            if number >= WARM_UP:
                for stage, wait in zip(STAGES, measured, strict=True):
                    waits[stage].append(wait)
        for stage in STAGES[:-1]:
            results.time(f"recognise: {stage}, p95", waits[stage], percentile=95)
        results.time("recognise, p50", waits["all"], percentile=50)
        results.time("recognise, p95", waits["all"], percentile=95, most=MOST, beside="promise 5")
    results.close()


def recognised(touch: object) -> tuple[float, ...]:
    """Milliseconds of each stage and of all."""
    from threadline.core.identity import needed, recognise
    from threadline.core.understanding import understand
    from threadline.customers.recognition import load

    understanding = understand(touch)
    moments = [time.perf_counter()]
    keys = needed(touch, understanding)
    moments.append(time.perf_counter())
    register = load(keys)
    moments.append(time.perf_counter())
    recognise(touch, understanding, register.people)
    moments.append(time.perf_counter())
    steps = [1000 * (b - a) for a, b in pairwise(moments)]
    return (*steps, sum(steps))


def settle() -> None:
    """Customers with a mail address and a number each, copied in. One in fifty may be somebody else as well."""
    from django.db import connection

    from threadline.accounts.models import Decision

    reason = Decision.objects.create(
        kind="recognise", reason="Generated.", confidence=1.0, version="bench", at=NOW, by="rule"
    )
    with connection.cursor() as cursor:
        copy(cursor, "customers_customer (id, name, since, names, anchored, seen, about)", customers())
        columns = "id, customer_id, scheme, value, level, shared, name, first_seen_at, last_seen_at, decision_id"
        copy(cursor, f"customers_identity ({columns})", identities(reason.pk))
        columns = "left_id, right_id, standing, bits, decision_id, at"
        copy(cursor, f"customers_identitylink ({columns})", links(reason.pk))
        cursor.execute("analyze")


def copy(cursor: object, table: str, rows: Iterator[tuple[object, ...]]) -> None:
    with cursor.copy(f"copy {table} from stdin") as into:
        for row in rows:
            into.write_row(row)


def customers() -> Iterator[tuple[object, ...]]:
    for number in range(1, PEOPLE + 1):
        seen = f'{{"1": "{(NOW - timedelta(hours=number % 9000)).isoformat()}"}}'
        yield number, name_of(number), NOW, [name_of(number)], True, seen, '{"1": ["kettle", "leak"]}'


def identities(reason: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, PEOPLE + 1):
        for place, (scheme, value) in enumerate((("email", address(number)), ("tel", phone(number)))):
            yield EACH * number + place, number, scheme, value, "observed", False, "", NOW, NOW, reason


def links(reason: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, PEOPLE - 50, 50):
        yield EACH * number, EACH * (number + 7), "suggested", 9.0, reason, NOW


def name_of(number: int) -> str:
    return f"Ana{number % 700} Roe{number % 9000}"


def address(number: int) -> str:
    return f"ana{number}@example.com"


def phone(number: int) -> str:
    return f"+4479{number:08}"


def touches() -> Iterator[object]:
    """Mails, calls and chats: mostly from somebody known, many with a second handle in the text."""
    from threadline.core.touch import Direction, Handle, Level, Touch

    dice = Random(5)
    for place in range(TOUCHES + WARM_UP):
        who, other = dice.randint(1, PEOPLE), dice.randint(1, PEOPLE)
        handles, kind = dice.choice(
            [
                ((Handle("email", address(who)),), "email"),
                ((Handle("tel", phone(who)),), "phone"),
                ((Handle("visitor", f"v{place}"), Handle("email", address(who), Level.CLAIMED)), "chat"),
                ((Handle("email", f"new{place}@example.org"),), "email"),
            ]
        )
        text = f"The kettle leaks. My e-mail is {address(other)}." if place % 3 == 0 else "The kettle still leaks."
        yield Touch(
            PEOPLE + place + 1,
            NOW,
            kind,
            Direction.IN,
            1,
            place,
            brand=1,
            handles=handles,
            name=name_of(who),
            text=text,
        )


if __name__ == "__main__":
    main()
