"""What every stand-in shares: the server, misbehaving on demand, and the record of what it accepted.

A stand-in is one file beside this one with one class:

    class FakeTelegram(Fake):
        adapter = Telegram                     # which one it stands in for
        address, settings, secrets = …         # of a channel of ours that talks to it
        person = "1001"                        # somebody of theirs, as `Outbound.to`

        def serve(self, asked: Asked) -> Reply     # their API: check our request, `accept(…)` it, answer
        def said(self, text, *, number, who, at)   # a message of a person, as the signed request that they would send
        def examples(self)                         # one piece for every type in `adapter.events`, handshakes apart
        def told(self, external_id, state, key)    # a delivery report, where the provider has them
"""

import hashlib
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import orjson

from threadline.channels.contract import Adapter, Endpoint, Hook, Piece
from threadline.channels.models import Channel

PUBLIC = "https://desk.example.com"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of ours, as the provider sees it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body or b"{}")

    @property
    def form(self) -> dict[str, str]:
        if "multipart" in self.headers.get("content-type", ""):
            return {name: data.decode() for name, (_, data) in self.parts().items()}
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    def parts(self) -> dict[str, tuple[str, bytes]]:
        """name -> (file name, bytes) of a multipart form."""
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        found = {}
        for part in BytesParser(policy=HTTP).parsebytes(head + self.body).iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            found[name] = (str(part.get_filename() or ""), part.get_payload(decode=True) or b"")
        return found


@dataclass(frozen=True, slots=True)
class Reply:
    status: int = 200
    json: Any = None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def bytes(self) -> bytes:
        return self.body or (orjson.dumps(self.json) if self.json is not None else b"")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of ours that the provider accepted."""

    id: str
    to: str
    text: str
    files: tuple[tuple[str, bytes], ...] = ()
    key: str = ""


class Wrong(AssertionError):
    """Our request was not as the documentation says."""


class Fake(ABC):
    """One provider. `misbehave("500", times=3)` spoils the next requests; see `SPOILT` for what it can do."""

    adapter: ClassVar[type[Adapter]]
    address: ClassVar[str] = ""
    settings: ClassVar[Mapping[str, object]] = {}
    secrets: ClassVar[Mapping[str, str]] = {}
    person: ClassVar[str] = ""
    api_url: ClassVar[str] = "api_url"  # the setting that names the address of the API; empty for those without one
    tells_time: ClassVar[bool] = True  # what comes says when it was said; else the order of arrival is all there is
    shows: ClassVar[int] = 0  # of a source that is looked at: it lists only so many, the newest; 0 lists all
    signs_body: ClassVar[bool] = True  # a signature holds for one body; else it is a secret that comes along
    begun: ClassVar[str] = ""  # of a source that is looked at: the cursor from before anything happened
    has_media: ClassVar[str] = ""  # what `media` is asked for, where the adapter fetches files

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.wrong: list[str] = []
        self.asked: list[Asked] = []
        self.spoilt: list[str] = []
        self.by_chance: tuple[Random, Mapping[str, float]] | None = None
        self.lock = threading.Lock()

    # ---- what a stand-in says

    @abstractmethod
    def serve(self, asked: Asked) -> Reply:
        """Their API. Raise Wrong where our request is not as documented."""

    def said(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> Hook:
        """What a person says, as the signed request that would tell us; a source that is only looked at sends none."""
        raise Wrong(f"{type(self).__name__} sends no requests: its adapter looks.")

    def wrote(self, text: str, *, number: int, who: str = "", at: datetime | None = None) -> None:
        """What a person writes where we look; a source that calls us has `said`."""
        raise Wrong(f"{type(self).__name__} is not looked at: it calls.")

    @abstractmethod
    def examples(self) -> Mapping[str, Piece]:
        """One piece for every type in `adapter.events`, except those that are handshakes."""

    def told(self, external_id: str, state: str, *, key: str = "") -> Hook | None:
        """None where the provider tells nothing of our messages."""
        return None

    def expired(self) -> Reply:
        return Reply(401, {"error": {"message": "The access token has expired.", "code": 190}})

    def slow_down(self) -> Reply:
        return Reply(429, {"error": {"message": "Too many requests."}}, headers={"Retry-After": "1"})

    def rejected(self) -> Reply:
        return Reply(400, {"error": {"message": "This address takes no messages."}})

    def somebody(self, number: int) -> str:
        """One of many people, as `Outbound.to`."""
        return f"{self.person}-{number}"

    # ---- what they share

    def endpoint(self, *, secrets: bool = True) -> Endpoint:
        """Of a channel of ours, as its adapter is given it."""
        settings = {**self.own_settings(), **(self.secrets if secrets else {})}
        kind, provider = self.adapter.kind, self.adapter.provider
        return Endpoint(kind, self.address, settings, "reply-key", provider, self.number, self.hook_url)

    def connector(self, *, secrets: bool = True) -> Any:
        """The adapter, as a channel of ours has it."""
        return self.adapter(self.endpoint(secrets=secrets))

    def own_settings(self) -> dict[str, object]:
        return {**self.settings, **({self.api_url: self.url} if self.api_url else {})}

    def channel(self, **values: Any) -> Channel:
        """The same as a row. Its hooks are signed for its own address from then on."""
        found = Channel.objects.create(
            kind=self.adapter.kind,
            provider=self.adapter.provider,
            address=self.address,
            name="Harbour & Pine",
            settings=self.own_settings(),
            secrets=dict(self.secrets),
            **values,
        )
        self.number = found.pk
        return found

    number = 7

    @property
    def hook_url(self) -> str:
        return f"{PUBLIC}/in/{self.number}"

    def hook(self, body: bytes, headers: Mapping[str, str] | None = None, **more: Any) -> Hook:
        given = {"content-type": "application/json", **(headers or {})}
        return Hook("POST", more.pop("url", self.hook_url), body, datetime.now(UTC), given, **more)

    def accept(self, *, to: str, text: str, files: tuple[tuple[str, bytes], ...] = (), key: str = "") -> str:
        """Take a message of ours; returns their id of it. The same key gives the same id, and is taken once."""
        with self.lock:
            for known in self.sent:
                if key and known.key == key:
                    return known.id
            number = self.new_id(len(self.sent) + 1)
            self.sent.append(Sent(number, to, text, files, key))
            return number

    def new_id(self, count: int) -> str:
        return str(900_000 + count)

    def misbehave(self, how: str, *, times: int = 1) -> None:
        """429, 500, 502, slow, drop (taken, but never answered), expired, reject; for the next requests."""
        assert how in SPOILT, f"{how} is none of {', '.join(SPOILT)}"
        with self.lock:
            self.spoilt += [how] * times

    def behave(self) -> None:
        with self.lock:
            self.spoilt.clear()

    # ---- the server

    def answer(self, asked: Asked) -> Reply | None:
        """None hangs up without a word."""
        with self.lock:
            how = self.spoilt.pop(0) if self.spoilt else self._chance()
            self.asked.append(asked)
        if how == "drop":
            self._served(asked)
            return None
        if how == "slow":
            time.sleep(0.3)
        return SPOILT[how](self) if SPOILT.get(how) else self._served(asked)

    def _chance(self) -> str:
        if self.by_chance is None:
            return ""
        random, shares = self.by_chance
        return next((how for how, share in shares.items() if random.random() < share), "")

    def _served(self, asked: Asked) -> Reply:
        try:
            return self.serve(asked)
        except (Wrong, KeyError, ValueError) as error:
            self.wrong.append(f"{asked.method} {asked.path}: {error!r}")
            return Reply(400, {"message": f"wrong request: {error!r}"})

    @contextmanager
    def running(self) -> Iterator["Fake"]:
        server = Server(("127.0.0.1", 0), Handler)
        server.fake = self
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


SPOILT: dict[str, Any] = {
    "429": lambda fake: fake.slow_down(),
    "500": lambda fake: Reply(500, {"message": "Something went wrong on our side."}),
    "502": lambda fake: Reply(502, body=b"<html>Bad gateway</html>"),
    "expired": lambda fake: fake.expired(),
    "reject": lambda fake: fake.rejected(),
    "slow": None,
    "drop": None,
}


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    fake: Fake


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
        reply = self.server.fake.answer(asked)  # type: ignore[attr-defined]
        self.close_connection = True
        if reply is None:
            return
        with suppress(OSError):
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.bytes)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(reply.bytes)

    do_GET = do_PUT = do_DELETE = do_PATCH = do_POST

    def log_message(self, *_: object) -> None:
        """Quiet."""


def digest(*parts: object) -> str:
    """A stable id out of anything, for stand-ins whose ids look random."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()
