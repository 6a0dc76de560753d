"""The chat window's end of the front door on a port of its own, and visitors with a real WebSocket client."""

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import uvicorn
from django.db import connections
from starlette.applications import Starlette
from starlette.routing import Mount
from websockets.sync.client import ClientConnection, connect

from tests import make
from tests.config.running import until
from threadline.channels.models import Channel
from threadline.portal.chat import door, limits
from threadline.portal.chat.broker import broker
from threadline.portal.chat.routes import routes

SHOP = "https://shop.example"
KEY = "the-key-that-the-shop-signs-with-0123456789"


class Visitor:
    """One open window, as the widget is one."""

    def __init__(self, socket: ClientConnection, hello: dict[str, Any]) -> None:
        self.socket = socket
        self.heard: list[dict[str, Any]] = []
        self.do("hello", **hello)
        self.welcome = self.wait("welcome")

    @property
    def token(self) -> str:
        return str(self.welcome["token"])

    def do(self, what: str, **more: Any) -> None:
        self.socket.send(json.dumps({"do": what, **more}))

    def say(self, text: str, once: str = "") -> int:
        """Returns the number in the ledger."""
        once = once or uuid4().hex
        self.do("say", text=text, once=once)
        return int(self.wait("taken", once=once)["number"])

    def wait(self, what: str, **values: Any) -> dict[str, Any]:
        """The next thing of this kind that is said."""
        while True:
            said = json.loads(self.socket.recv(timeout=10))
            self.heard.append(said)
            if said["is"] == what and all(said.get(name) == value for name, value in values.items()):
                return dict(said)

    def until_placed(self, number: int) -> dict[str, Any] | None:
        """Until we say that they stand there in the queue; 0: that they do not wait."""
        while True:
            place = self.wait("place")["place"]
            if (place["place"] if place else 0) == number:
                return place

    def messages(self, count: int) -> list[dict[str, Any]]:
        """The next so many messages."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            found += self.wait("messages")["messages"]
        return found


@pytest.fixture(scope="session")
def front_door(django_db_setup: None) -> Iterator[uvicorn.Server]:
    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        listening = asyncio.create_task(broker.run())
        yield
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening

    app = Starlette(lifespan=lifespan, routes=[Mount("/chat", routes=routes)])
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="critical", ws="websockets-sansio", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started, what="the front door")
    yield server
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def address(front_door: uvicorn.Server) -> str:
    return f"127.0.0.1:{front_door.servers[0].sockets[0].getsockname()[1]}"


@pytest.fixture
def shop(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Channel:
    """The chat channel of the shop, allowed on its site. Nothing is remembered from the test before."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    monkeypatch.setattr(door.channels, "until", 0.0)
    limits.signals.known.clear()
    return make.channel("chat", settings={"origins": [SHOP]}, secrets={"identity_key": KEY})


@pytest.fixture
def visit(address: str, front_door: uvicorn.Server, shop: Channel) -> Iterator[Callable[..., Visitor]]:
    """Opens windows; `channel` and `origin` say where. What a closed one leaves behind is written in its own test."""
    with contextlib.ExitStack() as stack:

        def opened(*, channel: str = shop.address, origin: str = SHOP, **hello: Any) -> Visitor:
            url = f"ws://{address}/chat/socket?channel={channel}"
            return Visitor(stack.enter_context(connect(url, origin=origin, open_timeout=10)), hello)

        yield opened
    until(lambda: not front_door.server_state.tasks, what="every window has left")
