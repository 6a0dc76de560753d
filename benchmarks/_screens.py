"""An open screen as the browser keeps one: a connection to /live."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import _house


@dataclass(frozen=True, slots=True)
class Screen:
    reader: asyncio.StreamReader

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, cookie: str) -> AsyncIterator["Screen"]:
        """Ready when the front door has put the screen on its list."""
        reader, writer = await asyncio.open_connection("127.0.0.1", _house.PORTS["WEB"])
        writer.write(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
        try:
            status = await reader.readline()
            if b" 200 " not in status:
                raise SystemExit(f"/live answered {status!r}.")
            while b": here" not in await reader.readline():
                continue
            yield cls(reader)
        finally:
            writer.close()

    async def events(self) -> AsyncIterator[bytes]:
        """The data of each event."""
        while line := await self.reader.readline():
            if line.startswith(b"data: ") and line != b"data: {}\n":
                yield line[6:]
