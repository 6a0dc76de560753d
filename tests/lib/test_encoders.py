"""Encoders of other houses, asked over a real HTTP server on this machine."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from threadline.core.understanding.encoder import default_encoder
from threadline.lib.encoders import EncoderFailed, Endpoint, chosen_encoder


class House(ThreadingHTTPServer):
    """A service that speaks the protocol; `answer` makes what it says out of what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Speaking)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.status, self.wait, self.body = 200, 0.0, None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Speaking(BaseHTTPRequestHandler):
    server: House

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({**asked, "path": self.path})
        self.server.keys.append(self.headers.get("Authorization", ""))
        time.sleep(self.server.wait)
        rows = [{"index": i, "embedding": [len(text), 1.0, 0.0]} for i, text in enumerate(asked["input"])]
        said = json.dumps({"data": rows[::-1]} if self.server.body is None else self.server.body).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """The server of a test is silent."""


@pytest.fixture
def house() -> Iterator[House]:
    with House() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(house: House, *texts: str, seconds: float = 2.0) -> Any:
    encoder = Endpoint(house.base, "house-1", key="s3cret", seconds=seconds)
    try:
        return encoder.encode(texts)
    finally:
        encoder.http.close()


def test_vectors_come_in_the_order_of_the_texts_with_length_one(house: House):
    rows = ask(house, "a", "abc", "")

    assert rows[1] == pytest.approx(np.array([3, 1, 0]) / np.sqrt(10), abs=1e-6)
    assert house.asked == [{"model": "house-1", "input": ["a", "abc", " "], "path": "/v1/embeddings"}]
    assert house.keys == ["Bearer s3cret"]


def test_many_texts_are_asked_in_several_requests(house: House):
    rows = ask(house, *(f"text {number}" for number in range(150)))

    assert rows.shape == (150, 3)
    assert [len(each["input"]) for each in house.asked] == [64, 64, 22]


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, None, "answered 500"),
        (401, None, "answered 401"),
        (200, {"data": []}, "0 vectors for 1 texts"),
        (200, {"error": "no"}, "something else than vectors"),
        (200, {"data": [{"index": 0, "embedding": [float("nan")]}]}, "without numbers"),
        (200, [], "something else than vectors"),
    ],
)
def test_what_is_no_vector_is_refused_in_words(house: House, status: int, body: Any, words: str):
    house.status, house.body = status, body

    with pytest.raises(EncoderFailed, match=words):
        ask(house, "a")


def test_a_service_that_takes_too_long_is_left_alone(house: House):
    house.wait = 0.5

    with pytest.raises(EncoderFailed, match="did not answer"):
        ask(house, "a", seconds=0.05)


def test_the_setting_chooses(settings: Any, house: House):
    chosen_encoder.cache_clear()
    settings.ENCODER = "off"
    assert chosen_encoder() is None

    chosen_encoder.cache_clear()
    settings.ENCODER = house.base
    settings.ENCODER_MODEL = "house-2"
    encoder = chosen_encoder()
    assert encoder is not None
    assert encoder.name == "house-2 at 127.0.0.1"
    encoder.inner.http.close()  # type: ignore[attr-defined]

    chosen_encoder.cache_clear()
    settings.ENCODER = "clever"
    with pytest.raises(EncoderFailed, match="Use minilm, universal, off or an address"):
        chosen_encoder()

    chosen_encoder.cache_clear()
    settings.ENCODER = "minilm"
    assert chosen_encoder() is default_encoder(settings.ENCODER_THREADS)
