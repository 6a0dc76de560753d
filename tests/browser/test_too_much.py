"""The product takes nothing that is too large, needs no memory to say so, and writes nobody's secrets into its log."""

import re
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from tests.browser.product import Product
from tests.make import PASSWORD

MB = 1_000_000
HUGE = 200 * MB
PIECE = b"\0" * (256 * 1024)
MORE_MEMORY = 40 * MB


class Memory:
    """The most that the process behind a port ever had, asked while something happens."""

    def __init__(self, port: int) -> None:
        mine = {child.pid for child in psutil.Process().children(recursive=True)}
        found = [
            each.pid for each in psutil.net_connections("tcp") if each.laddr.port == port and each.status == "LISTEN"
        ]
        self.process = psutil.Process(next(pid for pid in found if pid in mine))
        self.before = self.most = self.process.memory_info().rss
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self.over.wait(0.02):
            self.most = max(self.most, self.process.memory_info().rss)

    def __enter__(self) -> "Memory":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    @property
    def more(self) -> int:
        return self.most - self.before


@pytest.fixture
def bo(product: Product) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=product.url, timeout=60) as client:
        client.post("/sign-in", data={"csrfmiddlewaretoken": guard(client, "/sign-in"), "username": BO,
                                      "password": PASSWORD})  # fmt: skip
        yield client


BO = "bo@harbourpine.example"


def guard(client: httpx.Client, path: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(path).text)
    assert found is not None
    return found[1]


def pieces(size: int) -> Iterator[bytes]:
    for start in range(0, size, len(PIECE)):
        yield PIECE[: size - start]


def sent(client: httpx.Client, path: str, size: int = HUGE, **headers: str) -> httpx.Response:
    return client.post(path, content=pieces(size), headers={"Content-Length": str(size), **headers})


def test_two_hundred_megabytes_are_refused_in_words_at_every_door_and_need_no_memory(
    product: Product, bo: httpx.Client
):
    story = product.told({"email": "max@example.com", "display_name": "Max Big"}, "My film of the lamp HP-8080.")
    form = {"Content-Type": "multipart/form-data; boundary=x", "HX-Request": "true"}
    chat = "/chat/files?channel=www.harbourpine.example&name=film.png&once=a-large-file"
    with Memory(urlsplit(product.url).port or 0) as memory:
        doors = {
            "composer": sent(bo, f"/stories/{story}/draft/files", **form),
            "API": sent(bo, "/api/v1/interactions", Authorization=f"Bearer {product.key}"),
        }
        with httpx.Client(base_url=product.url, timeout=60) as stranger:
            doors["sign-in"] = sent(stranger, "/sign-in", 5 * MB, **form)
            view = {"url": "/", "title": "Shop", "once": "view-of-the-shop"}
            shop = "/chat/views?channel=www.harbourpine.example"
            token = stranger.post(shop, json=view, headers={"Origin": product.url}).json()["token"]
            doors["chat"] = sent(stranger, chat, Origin=product.url, Authorization=f"Bearer {token}")

    assert {door: answer.status_code for door, answer in doors.items()} == {
        "composer": 413, "API": 413, "sign-in": 413, "chat": 413,
    }  # fmt: skip
    assert "200 MB" in doors["composer"].text
    assert "10,240 KB" in doors["chat"].text
    assert "16 MB" in doors["API"].text
    assert "data-refused" in doors["composer"].text
    assert memory.more < MORE_MEMORY, f"{memory.more / MB:.0f} MB more than before"
    assert bo.get("/queue").status_code == 200


def test_what_does_not_say_how_long_it_is_is_not_read(product: Product, bo: httpx.Client):
    began = time.monotonic()

    answer = bo.post("/queue", content=pieces(64 * 1024))

    assert answer.status_code == 411
    assert time.monotonic() - began < 30


def test_no_secret_stands_in_the_log(product: Product, bo: httpx.Client):
    """Whatever was asked so far, by this test and others: passwords, keys, sessions, tokens and links."""
    token = guard(bo, "/me")
    bo.get("/sign-in/new-password/1/a-secret-of-a-link")
    bo.get("/invitations/1-another-secret-of-a-link")
    bo.get(f"/search?q={PASSWORD}")
    secrets = [PASSWORD, product.key, token, *bo.cookies.values(), "a-secret-of-a-link", "another-secret-of-a-link"]

    log = "\n".join(product.lines)

    assert "Threadline is up at" in log
    assert [secret for secret in secrets if secret in log] == []
