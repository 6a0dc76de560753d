"""How many interactions a second go through the API and the whole pipeline, and what each stage costs."""

import http.client
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import _house
from _results import Results
from _traffic import Object, Traffic, build_channels

ROUNDS, ROUND, LEDGER_ROUND = 3, 1700, 700
BATCH, SINGLES = 100, 0.2
CLIENTS = 4
STAGED = 2000
LEAST, LEDGER_LEAST = 60, 300  # a quarter of what a quiet machine with 2 cores does
PEAK = 426


def main() -> None:
    results = Results("Ingest through the API")
    with _house.house("web") as house:
        build_channels()
        key, traffic = _house.api_key(), Traffic()
        stages(results)
        ledger = [ledger_only(list(traffic.touches(LEDGER_ROUND)), key) for _ in range(ROUNDS)]
        house.start("worker")
        _house.wait_until(_house.all_processed, "the backlog is processed", pause=0.2)
        before = house.cpu()
        rates = [through_all(list(traffic.touches(ROUND)), key) for _ in range(ROUNDS)]
        cost = _house.spent(before, house.cpu(), ROUNDS * ROUND)
        results.rate(
            "API, whole pipeline", rates, "interactions/s", least=LEAST, beside=f"peak to reach {PEAK}; {cost}"
        )
        results.rate("API, ledger only", ledger, "interactions/s", least=LEDGER_LEAST)
        check()
    results.close()


def ledger_only(touches: Sequence[Object], key: str) -> float:
    began = time.perf_counter()
    post_all(touches, key)
    return len(touches) / (time.perf_counter() - began)


def through_all(touches: Sequence[Object], key: str) -> float:
    """From the first request to the last interaction processed."""
    began = time.perf_counter()
    post_all(touches, key)
    _house.wait_until(_house.all_processed, "all are processed", pause=0.02)
    return len(touches) / (time.perf_counter() - began)


def post_all(touches: Sequence[Object], key: str) -> None:
    """A fifth one by one, the rest in batches, from a few clients with open connections."""
    single = int(len(touches) * SINGLES)
    bodies: list[Any] = list(touches[:single])
    bodies += [{"interactions": list(touches[start : start + BATCH])} for start in range(single, len(touches), BATCH)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda part: post(part, key), [bodies[start::CLIENTS] for start in range(CLIENTS)]))


def post(bodies: Sequence[Any], key: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", _house.PORTS["WEB"], timeout=60)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    for body in bodies:
        connection.request("POST", "/api/v1/interactions", json.dumps(body), headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise SystemExit(f"The API answered {answer.status}: {said[:500]!r}")
    connection.close()


def check() -> None:
    from threadline.interactions.models import IntakeEntry

    odd = IntakeEntry.objects.exclude(verdict="accepted").values_list("verdict", "reason")[:3]
    if odd:
        raise SystemExit(f"Some were not accepted: {list(odd)}")


# ---- stages ----------------------------------------------------------------------------------------------------


def stages(results: Results) -> None:
    """The same pipeline in this process, its functions timed from outside."""
    from threadline.channels.models import Channel
    from threadline.interactions.actions.intake import Item, receive_each
    from threadline.journeys import pipeline

    channels = {(channel.kind, channel.address): channel for channel in Channel.objects.all()}
    touches = list(Traffic(seed=2).touches(STAGED))
    receive_each(
        [(channels[each["channel"], each["endpoint"]], Item(payload=each, external_id=each["id"])) for each in touches],
        source="api",
    )
    spent: dict[str, tuple[float, float]] = {}
    undo = [
        timed(spent, "read", pipeline, "read"),
        timed(spent, "place and understand", pipeline, "place_and_understand"),
        timed(spent, "load people", pipeline.recognition_store, "load"),
        timed(spent, "load stories", pipeline.stitching_store, "load"),
        timed(spent, "conclude", pipeline, "conclude"),
        timed(spent, "write", pipeline, "write"),
        timed(spent, "write verdicts", pipeline, "write_verdicts"),
    ]
    began = clocks()
    while pipeline.process_pending():
        continue
    whole = since(began)
    for restore in undo:
        restore()
    results.table(as_table(spent, whole))
    results.rate("Pipeline alone, in one process", [STAGED / whole[0]], "interactions/s", least=LEAST)


def clocks() -> tuple[float, float]:
    """What the clock on the wall says, and how long this thread had a processor."""
    return time.perf_counter(), time.thread_time()


def since(began: tuple[float, float]) -> tuple[float, float]:
    now = clocks()
    return now[0] - began[0], now[1] - began[1]


def timed(spent: dict[str, tuple[float, float]], stage: str, where: object, name: str) -> Callable[[], None]:
    """Count what a function takes; gives what puts the plain one back."""
    plain = getattr(where, name)

    def counted(*arguments: Any, **more: Any) -> Any:
        began = clocks()
        try:
            return plain(*arguments, **more)
        finally:
            wall, cpu = since(began)
            known = spent.get(stage, (0.0, 0.0))
            spent[stage] = known[0] + wall, known[1] + cpu

    setattr(where, name, counted)
    return lambda: setattr(where, name, plain)


def as_table(spent: dict[str, tuple[float, float]], whole: tuple[float, float]) -> str:
    rest = whole[0] - sum(wall for wall, _ in spent.values()), whole[1] - sum(cpu for _, cpu in spent.values())
    rows = [
        f"| {stage} | {wall / STAGED * 1000:.2f} | {cpu / STAGED * 1000:.2f} | {cpu / whole[1]:.0%} |"
        for stage, (wall, cpu) in {**spent, "fetch, lock, commit and the rest": rest, "all": whole}.items()
    ]
    head = ["| stage | ms by the clock | ms of our own CPU | share of it |", "|---|---:|---:|---:|"]
    return "\n".join([*head, *rows])


if __name__ == "__main__":
    main()
