"""The examples of docs/how-to/connect-a-store.md, run as they stand there: each ends in the story it belongs to."""

import base64
import hashlib
import hmac
import json
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from django.db import connections
from starlette.applications import Starlette
from starlette.routing import Mount

from tests import make
from tests.config.running import until
from tests.docs.test_docs import blocks
from tests.mail_server import free_port
from threadline.accounts.actions import create_api_key
from threadline.interactions.api import door, judging, pacing
from threadline.interactions.hooks import door as hook_door
from threadline.interactions.hooks import routes
from threadline.interactions.models import Interaction
from threadline.journeys.api import api

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "connect-a-store.md"
SHOP_SECRET, HOOK_SECRET = "shpss_harbour", "whsec_" + base64.b64encode(b"harbour-and-pine-hook-secret").decode()
ASKED = datetime(2026, 11, 20, 15, tzinfo=UTC)


@pytest.fixture
def front(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The front door's addresses for programs, on a port of their own."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    monkeypatch.setattr(judging, "channels", judging.Channels())
    door.known_keys.clear()
    pacing.forget()
    hook_door.forget()
    app = Starlette(routes=[Mount("/api/v1", api), Mount("/in", routes=routes)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started, what="the front door")
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def store(front: str) -> dict[str, str]:
    """The channels that the page names, and what its programs are told."""
    for kind, address in {"till-12": "purchase", "partner-hobb": "purchase", "devices": "signal"}.items():
        make.channel(address, kind)
    make.channel("store", "store-12")
    hook = make.channel("webhook", "shop", secrets={"hook_secret": HOOK_SECRET})
    told = {"DESK": front, "KEY": create_api_key(name="The store")[1], "HOOK": f"{front}/in/{hook.pk}"}
    return {**os.environ, **told, "HOOK_SECRET": HOOK_SECRET, "SHOP_SECRET": SHOP_SECRET}


@pytest.fixture
def complaint() -> Interaction:
    return make.received("ana@example.com", "The red kettle of order HP-4711 leaks.", at=ASKED, name="Ana Koivu")


def script(name: str) -> str:
    return next(block for block in blocks(PAGE, "python") if block.startswith(f'"""{name}'))


def sample(first: str) -> str:
    return next(block for block in blocks(PAGE, "jsonc") if first in block)


def ran(store: dict[str, str], name: str, *arguments: str, given: str = "") -> str:
    command = [sys.executable, "-c", script(name), *arguments]
    done = subprocess.run(command, input=given, env=store, capture_output=True, text=True, timeout=20, check=True)
    make.process()
    return done.stdout.strip()


def newest() -> Interaction:
    return Interaction.objects.order_by("-pk")[0]


def test_every_curl_line_is_taken_and_ends_in_the_story_of_the_order(store: dict[str, str], complaint: Interaction):
    commands = [block for block in blocks(PAGE, "sh") if block.startswith("curl")]

    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command], env=store, capture_output=True, text=True, timeout=20, check=True
        )
        assert json.loads(done.stdout)["accepted"] == 1, done.stdout
    make.process()

    told = {touch.channel.address: touch for touch in Interaction.objects.select_related("channel")}
    mine = make.journey_of(complaint)
    assert len(commands) == 4
    assert [told[name].direction for name in ("till-12", "store-12", "partner-hobb", "devices")] == [
        "event",
        "in",
        "event",
        "event",
    ]
    assert {name for name, touch in told.items() if make.journey_of(touch) == mine} >= {
        "till-12",
        "store-12",
        "devices",
    }


def test_a_till_hands_in_its_receipts_once(store: dict[str, str], complaint: Interaction):
    first = ran(store, "till.py", given=sample('"till"'))
    again = ran(store, "till.py", given=sample('"till"'))

    assert (first, again) == ("accepted", "accepted")
    assert Interaction.objects.filter(kind="purchase").count() == 1
    assert make.journey_of(newest()) == make.journey_of(complaint)


def test_a_kiosk_calls_somebody_and_it_is_our_turn(store: dict[str, str]):
    assert ran(store, "kiosk.py", "12", "3", "Please send somebody to the kettles.") == "accepted"

    journey = make.journey_of(newest())
    assert (journey.status, journey.waiting_since) == ("open", newest().at)


def test_a_device_s_fault_stands_in_the_story_of_its_order(store: dict[str, str]):
    asked = datetime.now(UTC) - timedelta(hours=2)
    complaint = make.received("ana@example.com", "The red kettle of order HP-4711 leaks.", at=asked, name="Ana Koivu")

    told = ran(store, "device.py", "88A1", "E7", "ana@example.com", "HP-4711", "the heater does not switch off")

    assert (told, newest().attributes["signal"]) == ("accepted", "device_fault")
    assert make.journey_of(newest()) == make.journey_of(complaint)


def test_a_shop_s_webhook_becomes_a_touch_and_a_forged_one_does_not(store: dict[str, str]):
    port = free_port()
    command = [sys.executable, "-c", script("shop.py"), str(port)]
    shop = subprocess.Popen(command, env=store, stderr=subprocess.DEVNULL)
    try:
        until(lambda: listens(port), what="the shop's program")
        assert called(port, sample("line_items")) == 200
        assert called(port, sample("line_items"), signed="forged") == 401
    finally:
        shop.terminate()
        shop.wait(10)
    make.process()

    touch = Interaction.objects.get()
    asked = make.received("ana@example.com", "Where is my order HP-4711?", at=ASKED, name="Ana Koivu")
    assert (touch.text, touch.direction) == ("Order HP-4711 in the shop: 1 × Red kettle", "event")
    assert re.search(r"HP-4711", str(touch.attributes))
    assert make.journey_of(touch) == make.journey_of(asked)


def listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def called(port: int, order: str, *, signed: str = "") -> int:
    body = order.encode()
    right = base64.b64encode(hmac.digest(SHOP_SECRET.encode(), body, hashlib.sha256)).decode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", body, method="POST")
    request.add_header("X-Shopify-Hmac-Sha256", signed or right)
    request.add_header("X-Shopify-Webhook-Id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
