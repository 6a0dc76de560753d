"""The API on a port of its own, and a client with a key, as any program would use it."""

import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from django.db import connections

from tests.config.running import until
from threadline.accounts.actions import create_api_key
from threadline.interactions.api import door, judging, pacing
from threadline.journeys.api import api


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(api, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started, what="the API")
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def secret(transactional_db: None) -> str:
    return create_api_key(name="The shop")[1]


@pytest.fixture
def client(address: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """Nothing is remembered from the test before, and no thread keeps a connection to the test database."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    monkeypatch.setattr(judging, "channels", judging.Channels())
    door.known_keys.clear()
    pacing.forget()
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {secret}"}, timeout=30) as client:
        yield client
