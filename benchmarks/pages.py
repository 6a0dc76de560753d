"""How fast queue, story, person, search and wallboard are with 1,000, 10,000 and 100,000 open stories, and then with a
million touches, for one reader and for eight.

BENCH_SIZES and BENCH_TOUCHES choose smaller companies. The pages come from the real front door with its threads; the
baseline is the smallest page that it serves, in the same run.
"""

import http.client
import math
import os
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from urllib.parse import quote

import _big
import _house
from _results import Results, at_percent

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "1000,10000,100000").split(",")]
TOUCHES = int(os.environ.get("BENCH_TOUCHES", "1000000"))
WARM_UP, ALONE, TOGETHER, READERS = 3, 30, 6, 8
AIMS = {"queue": 50, "story": 100, "person": 100, "search": 150, "wallboard": 100, "baseline": 0}
SLACK = 6  # a shared machine may be this many times slower than the aim, before we call it broken


def main() -> None:
    from threadline.config.web import doors

    results = Results("Pages")
    with _house.house(*doors()) as house:
        reader, cookie = _house.sign_in()
        stories = _big.found(reader)
        _house.supervise(reader)
        each, copies = _big.opened(), 0
        for size in SIZES:
            wanted = math.ceil(size / each) - 1
            grow(results, range(copies + 1, wanted + 1), (wanted + 1) * each)
            copies = max(copies, wanted)
            everything(results, house, f"{size:,} open", stories, reader, cookie)
        remember(results, copies)
        where = f"{_big.touches():,} touches, {size:,} open"
        everything(results, house, where, stories, reader, cookie)
    results.close()


def everything(
    results: Results, house: _house.House, where: str, stories: dict[str, int], reader: object, cookie: str
) -> None:
    for name, path in pages(stories).items():
        measure(results, house, where, name, path, cookie)
    bare(results, where, reader)


def remember(results: Results, copies: int) -> None:
    """As much history, all of it answered, as makes so many touches."""
    began, more = time.perf_counter(), math.ceil((TOUCHES - _big.touches()) / _big.TOUCHES)
    if more > 0:
        _big.grow(range(copies + 1, copies + 1 + more), done=True)
        results.one(f"made {_big.touches():,} touches", time.perf_counter() - began, "s", most=1800)


def grow(results: Results, copies: range, opened: int) -> None:
    began = time.perf_counter()
    if copies:
        _big.grow(copies)
        results.one(f"made {opened:,} open stories", time.perf_counter() - began, "s", most=600)


def pages(stories: dict[str, int]) -> dict[str, str]:
    rare, number, name, person = examples()
    return {
        "baseline, the smallest page": "/sign-in/forgotten",
        "queue, my turn": "/queue?view=mine",
        "queue, our turn": "/queue?view=ours",
        "queue, done": "/queue?view=done",
        "story of 12 touches": f"/stories/{stories['short']}",
        "story of 300 touches": f"/stories/{stories['long']}",
        "person": f"/people/{person}",
        "wallboard": "/wallboard/now",
        "search, a rare word": f"/search?q={rare}",
        "search, a frequent word": "/search?q=order",
        "search, a name": f"/search?q={quote(name)}",
        "search, a number": f"/search?q={number}",
    }


def examples() -> tuple[str, str, str, int]:
    """The rare word and the order number of some touch, and its person's name. Few others have them."""
    from threadline.interactions.models import Fact

    newest = Fact.objects.filter(name="order").order_by("-interaction", "-pk")
    fact = newest.select_related("interaction__identity__customer")[20]
    words = fact.interaction.text.split()
    customer = fact.interaction.identity.customer
    return words[-1].strip(".?!"), fact.value, customer.name, customer.pk


def measure(results: Results, house: _house.House, where: str, name: str, path: str, cookie: str) -> None:
    read(path, cookie, WARM_UP)
    aim = AIMS[name.split(",")[0].split()[0]] if "frequent" not in name else 0
    before = house.cpu()
    alone = read(path, cookie, ALONE)
    used = {part: (after - before[part]) / ALONE * 1000 for part, after in house.cpu().items()}
    cpu = " + ".join(f"{part} {share:.0f}" for part, share in used.items())
    beside = f"p50 {median(alone):.0f}, CPU {cpu} ms" + (f", aim {aim}" if aim else "")
    results.time(f"{where}, {name}, 1 reader, p95", alone, most=aim * SLACK, beside=beside)
    with ThreadPoolExecutor(READERS) as pool:
        parts = list(pool.map(lambda _: read(path, cookie, TOGETHER), range(READERS)))
    together = [wait for part in parts for wait in part]
    results.time(f"{where}, {name}, {READERS} readers, p95", together, beside=f"p50 {median(together):.0f}")


def read(path: str, cookie: str, times: int) -> list[float]:
    """Milliseconds until the last byte, over one open connection."""
    connection = http.client.HTTPConnection("127.0.0.1", _house.PORTS["WEB"], timeout=120)
    waits = []
    for _ in range(times):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "identity"})
        answer = connection.getresponse()
        page = answer.read()
        waits.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}: {page[:300]!r}\n{_house.last_words()}")
    connection.close()
    return waits


def bare(results: Results, where: str, reader: object) -> None:
    """The list's query without the page around it: made and read by Django, and as bare SQL by psycopg."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from threadline.desk.queries.queue import rows
    from threadline.desk.queries.queue.filters import Filters

    ours = Filters(view="ours")

    def asked() -> None:
        rows.listed(ours, agent=reader, start="", shown=rows.STEP, now=timezone.now())

    with CaptureQueriesContext(connection) as caught:
        asked()
    statement = caught[0]["sql"]

    def plain() -> None:
        connection.connection.execute(statement).fetchall()

    for name, ask in (("the queue's query alone", asked), ("the same as bare SQL", plain)):
        waits = []
        for _ in range(ALONE):
            began = time.perf_counter()
            ask()
            waits.append((time.perf_counter() - began) * 1000)
        results.time(f"{where}, {name}, p95", waits, beside=f"p50 {at_percent(waits, 50):.1f}")


if __name__ == "__main__":
    main()
