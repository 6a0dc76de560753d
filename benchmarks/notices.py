"""Telling 1, 100 and 1,000 agents of one event, and pushing to browsers through a push service on this machine."""

import os
import socket
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import _house
from _results import Results

CROWDS = (1, 100, 1000)
ROUNDS = 12
MOST_EACH, MOST_ALONE, LEAST_PUSHES = 5.0, 120.0, 20.0


def main() -> None:
    service = Service()
    os.environ["THREADLINE_PUSH_HOSTS"] = service.origin
    results = Results("Notices: one event to many agents, and pushes")
    with _house.house():
        story = a_story()
        for crowd in CROWDS:
            agents = people(crowd, service.origin if crowd == max(CROWDS) else "")
            plain = [recorded(story, []) for _ in range(ROUNDS)]
            click = [recorded(story, agents) for _ in range(ROUNDS)]
            results.time(f"recording the event, {crowd:,} to tell, p50", click, percentile=50, beside=beside(plain))
            waits = [told(story, agents) for _ in range(ROUNDS)]
            rows = [bare(story, agents) for _ in range(ROUNDS)]
            most = MOST_ALONE if crowd == 1 else MOST_EACH * crowd
            compared = f"baseline, inserting as many rows: {middle(rows):.1f} ms"
            results.time(f"{crowd:,} told of one event, p50", waits, percentile=50, most=most, beside=compared)
            results.one(
                f"each of {crowd:,}", middle(waits) / crowd, "ms", beside=f"baseline {middle(rows) / crowd:.3f}"
            )
        pushes = [pushed(story, agents, service) for _ in range(2)]
        least = {
            "least": LEAST_PUSHES,
            "beside": f"baseline, the same bytes without encryption: {posted(service):,.0f}/s",
        }
        results.rate(f"pushes to {max(CROWDS):,} browsers", pushes, "per second", **least)
    results.close()
    service.server.shutdown()


class Service:
    """Takes what comes, and counts it."""

    def __init__(self) -> None:
        service, self.taken = self, 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # an answer in one packet

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                service.taken += 1
                self.send_response(201)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def setup(self) -> None:
                super().setup()
                self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def a_story() -> int:
    from tests import make

    return make.journey_of(make.received()).pk


def people(crowd: int, push: str) -> list[int]:
    """So many agents; with a push service, a browser for each."""
    from django.utils import timezone

    from tests.push_service import Device
    from threadline.accounts.models import Agent
    from threadline.journeys.models import PushBrowser

    missing = range(Agent.objects.count(), crowd)
    Agent.objects.bulk_create(Agent(email=f"a{n}@example.com", name=f"Agent {n}") for n in missing)
    numbers = list(Agent.objects.order_by("pk").values_list("pk", flat=True)[:crowd])
    if push:
        device, now = Device(push), timezone.now()
        keys = {name: value for name, value in device.keys().items() if name != "endpoint"}
        PushBrowser.objects.bulk_create(
            PushBrowser(agent_id=n, endpoint=f"{push}/send/{n}", keys=keys, device="Firefox", made_at=now)
            for n in numbers
        )
    return numbers


def recorded(story: int, agents: Sequence[int]) -> float:
    """Milliseconds of recording an event, which is all that a click waits for; nobody is told of it."""
    from threadline.journeys.models import Cause

    began = time.perf_counter()
    record(story, agents)
    lasted = (time.perf_counter() - began) * 1000
    Cause.objects.all().delete()
    return lasted


def record(story: int, agents: Sequence[int]) -> None:
    from django.db import transaction
    from django.utils import timezone

    from threadline.accounts import events

    with transaction.atomic():
        verb = "noted" if agents else "waited"  # the second tells nobody
        events.record(verb, at=timezone.now(), journey_id=story, mentions=list(agents))


def told(story: int, agents: Sequence[int]) -> float:
    """Milliseconds until all of them have been told."""
    from django.utils import timezone

    from threadline.journeys.models import NoticeSend
    from threadline.journeys.notices.telling import tell

    NoticeSend.objects.filter(way="push").delete()
    record(story, agents)
    began = time.perf_counter()
    tell(now=timezone.now())
    return (time.perf_counter() - began) * 1000


def bare(story: int, agents: Sequence[int]) -> float:
    """The baseline: as many rows, and nothing asked about anybody."""
    from django.db import transaction
    from django.utils import timezone

    from threadline.journeys.models import Notice

    Notice.objects.all().delete()
    values = {"journey_id": story, "reason": "mention", "event_id": 1, "at": timezone.now()}
    began = time.perf_counter()
    with transaction.atomic():
        Notice.objects.bulk_create(Notice(agent_id=agent, **values) for agent in agents)
    lasted = (time.perf_counter() - began) * 1000
    Notice.objects.all().delete()
    return lasted


def pushed(story: int, agents: Sequence[int], service: Service) -> float:
    """Pushes a second, encrypted, signed and settled, until all are out."""
    from django.utils import timezone

    from threadline.journeys.notices.pushing import AT_ONCE, push_due

    told(story, agents)
    before, began = service.taken, time.perf_counter()
    while push_due(now=timezone.now() + timedelta(seconds=10)) == AT_ONCE:
        continue
    lasted, sent = time.perf_counter() - began, service.taken - before
    assert sent == len(agents), f"{sent} of {len(agents)} were pushed"
    return sent / lasted


def posted(service: Service) -> float:
    """The baseline: posts a second by one client, as long as a push, without a word about anybody."""
    from threadline.journeys.notices.pushing import client

    began, many, body = time.perf_counter(), 300, bytes(250)
    with client() as line:
        for _ in range(many):
            line.post(f"{service.origin}/x", content=body)
    return many / (time.perf_counter() - began)


def middle(samples: Sequence[float]) -> float:
    return sorted(samples)[len(samples) // 2]


def beside(plain: Sequence[float]) -> str:
    return f"baseline, an event that tells nobody: {middle(plain):.1f} ms"


if __name__ == "__main__":
    main()
