"""Our own mail server for incoming mail: SMTP for other servers, LMTP for a Postfix in front of it.

A mail is acknowledged only after `receive` returned, that is after the ledger committed it. While one commit runs, the
mails that come meanwhile gather and go into the next one together, so that many connections cost few commits.
"""

import asyncio
import contextlib
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session
from aiosmtpd.smtp import syntax as smtp_syntax

from threadline.channels.contract import Unavailable

log = logging.getLogger(__name__)
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every line of every mail otherwise

KEPT = "250 2.0.0 Kept"
LATER = "451 4.3.0 The mail can not be stored now. Try again later."
BUSY = b"421 4.7.0 Too many connections. Try again later.\r\n"


@dataclass(frozen=True, slots=True)
class Delivered:
    """One mail as it was handed to us. `sender` is empty for bounces."""

    raw: bytes
    sender: str
    recipients: tuple[str, ...]
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the server puts up with. Sizes are bytes, times seconds."""

    max_bytes: int = 40 * 2**20
    max_recipients: int = 100
    max_connections: int = 200
    max_refused: int = 20  # unknown recipients in one connection: then it is somebody guessing addresses
    timeout: float = 300
    batch: int = 100
    hostname: str = "threadline"
    tls: ssl.SSLContext | None = field(default=None)


class Listener:
    """A running server: `start`, `port`, `stop`.

    Args:
        receive: stores mails in one transaction and returns, or raises: `Unavailable` when nothing can be stored now.
            Runs in one thread of its own.
        accepts: whether an address belongs to a channel of ours. It is asked in the event loop: answer from memory.
        lmtp: speak LMTP (RFC 2033) instead of SMTP.
    """

    def __init__(
        self,
        *,
        receive: Callable[[Sequence[Delivered]], None],
        accepts: Callable[[str], bool],
        host: str = "127.0.0.1",
        port: int = 0,
        lmtp: bool = False,
        rules: Rules | None = None,
    ) -> None:
        self.host, self.port, self.lmtp = host, port, lmtp
        self.accepts, self.rules = accepts, rules or Rules()
        self.counter = Counter(receive, most=self.rules.batch)
        self.open: set[SMTP] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name=f"mail in {host}:{port}", daemon=True)
        self._listening = threading.Event()
        self._failure: OSError | None = None

    def start(self) -> None:
        """Return once the port is open; raise if it can not be."""
        self._thread.start()
        self._listening.wait()
        if self._failure is not None:
            raise Unavailable(f"Mail can not be received at {self.host}:{self.port}: {self._failure}.")

    def stop(self) -> None:
        """Close the port, let the running commit end, hang up."""
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # the loop ended in this moment
                self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def _serve(self) -> None:
        with contextlib.closing(self._loop):
            self._loop.run_until_complete(self._run())

    async def _run(self) -> None:
        self._end = asyncio.Event()
        try:
            server = await self._loop.create_server(self._connection, self.host, self.port, backlog=512)
        except OSError as error:
            self._failure = error
            self._listening.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        gathering = asyncio.create_task(self.counter.work())
        self._listening.set()
        await self._end.wait()
        server.close()
        await self.counter.close()
        await gathering
        await self._hang_up()

    async def _hang_up(self) -> None:
        """Ends every conversation and waits until asyncio has taken notice, so that nothing is left half-closed."""
        talks = [talk for connection in self.open if (talk := connection._handler_coroutine) is not None]
        for connection in tuple(self.open):
            if connection.transport is not None:
                connection.transport.abort()  # type: ignore[attr-defined]
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await asyncio.sleep(0)

    def _connection(self) -> asyncio.Protocol:
        if len(self.open) >= self.rules.max_connections:
            return Busy()
        kind = LmtpConversation if self.lmtp else Conversation
        return kind(self, loop=self._loop)


class Busy(asyncio.Protocol):
    """The answer to one connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(BUSY)
        transport.close()


class Counter:
    """Takes mails one by one and hands them on together: group commit."""

    def __init__(self, receive: Callable[[Sequence[Delivered]], None], *, most: int) -> None:
        self.receive, self.most = receive, most
        self.waiting: asyncio.Queue[tuple[Delivered, asyncio.Future[bool]] | None] = asyncio.Queue()
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail ledger")
        self.closed = False
        self.unanswered = 0

    async def keep(self, mail: Delivered) -> bool:
        """Whether the mail is in the ledger now."""
        if self.closed:
            return False
        kept: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.unanswered += 1
        try:
            self.waiting.put_nowait((mail, kept))
            return await kept
        finally:
            self.unanswered -= 1

    async def work(self) -> None:
        while (first := await self.waiting.get()) is not None:
            batch = [first]
            while len(batch) < self.most and not self.waiting.empty() and (other := self.waiting.get_nowait()):
                batch.append(other)
            await self._store(batch)
            if self.closed and self.waiting.empty():
                break
        self.thread.shutdown()

    async def close(self) -> None:
        self.closed = True
        await self.waiting.put(None)

    async def _store(self, batch: Sequence[tuple[Delivered, asyncio.Future[bool]]]) -> None:
        loop = asyncio.get_running_loop()
        kept = await loop.run_in_executor(self.thread, self._receive, [mail for mail, _ in batch])
        for (_, future), good in zip(batch, kept, strict=True):
            if not future.done():
                future.set_result(good)

    def _receive(self, mails: list[Delivered]) -> list[bool]:
        """Store all; if one of them is the trouble, store the others without it."""
        try:
            self.receive(mails)
        except Unavailable as error:
            log.warning("%d mails are asked to come again later: %s", len(mails), error)
        except Exception:
            log.exception("%d mails could not be stored together", len(mails))
            if len(mails) > 1:
                return [self._receive([mail])[0] for mail in mails]
        else:
            return [True] * len(mails)
        return [False] * len(mails)


class Door:
    """What we say to each command."""

    def __init__(self, listener: Listener) -> None:
        self.listener, self.rules = listener, listener.rules
        self.refused = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", "250-ENHANCEDSTATUSCODES", responses[-1]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= self.rules.max_recipients:
            return f"452 4.5.3 At most {self.rules.max_recipients} recipients in one mail. Send the rest in another."
        if self.refused >= self.rules.max_refused:
            return "421 4.7.1 Too many unknown recipients in this connection."
        if not self.listener.accepts(address):
            self.refused += 1
            return f"550 5.1.1 <{_printable(address)}> is not an address of ours."
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        sender = "" if envelope.mail_from in (None, "<>") else str(envelope.mail_from)
        peer = str(session.peer[0]) if session.peer else ""
        raw = envelope.content
        assert isinstance(raw, bytes)
        mail = Delivered(raw, sender, tuple(envelope.rcpt_tos), peer)
        return KEPT if await self.listener.counter.keep(mail) else LATER


class Conversation(SMTP):
    """One connection. Takes over DATA from aiosmtpd, which goes line by line and holds a line without end in memory."""

    line_length_limit = 2**16  # how much is read at once; lines of a mail may be as long as they like

    def __init__(self, listener: Listener, *, loop: asyncio.AbstractEventLoop) -> None:
        rules = listener.rules
        self.listener, self.rules = listener, rules
        super().__init__(
            Door(listener),
            data_size_limit=rules.max_bytes,
            enable_SMTPUTF8=True,
            hostname=rules.hostname,
            ident="Threadline",
            timeout=rules.timeout,
            tls_context=rules.tls,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            command_call_limit={"NOOP": 100, "VRFY": 20, "RSET": 10_000, "*": 1_000_000},
            loop=loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.listener.open.add(self)
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.listener.open.discard(self)
        super().connection_lost(error)

    @smtp_syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        recipients = len(self.envelope.rcpt_tos)
        if not recipients or arg:
            await self.push("503 5.5.1 RCPT first, then DATA without anything behind it.")
            return
        await self.push("354 End with <CR><LF>.<CR><LF>")
        content = await self._content()
        if content is None:
            status = f"552 5.3.4 The mail is bigger than {self.rules.max_bytes:,} bytes."
        else:
            self.envelope.content = self.envelope.original_content = content
            status = str(await self._call_handler_hook("DATA"))
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.answer(status, recipients)

    async def answer(self, status: str, recipients: int) -> None:
        await self.push(status)

    async def _content(self) -> bytes | None:
        """The mail up to the lone dot, without the doubled dots. None if too big; the rest is read and thrown away.

        Only CR LF counts as an end of line: who took a bare LF for one could be made to see two mails in one.
        """
        content, tail, size = bytearray(), b"\r\n", 0
        while True:
            chunk = await self._chunk()
            tail = (tail + chunk)[-5:]
            size += len(chunk)
            if size <= self.rules.max_bytes:
                content += chunk
            elif size > 4 * self.rules.max_bytes:
                await self.push("421 4.3.4 The mail does not end. Goodbye.")
                raise ConnectionResetError
            if tail == b"\r\n.\r\n":
                break
        return without_dots(bytes(content)) if size <= self.rules.max_bytes else None

    async def _chunk(self) -> bytes:
        try:
            return await self._reader.readuntil(b".\r\n")
        except asyncio.LimitOverrunError as much:
            return await self._reader.readexactly(much.consumed)


class LmtpConversation(Conversation):
    """LMTP differs in the greeting, and in one answer to DATA for each recipient."""

    @smtp_syntax("LHLO hostname")
    async def smtp_LHLO(self, arg: str) -> None:
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, hostname: str) -> None:
        await self.push("500 5.5.1 This is LMTP. Say LHLO.")

    async def smtp_EHLO(self, hostname: str) -> None:
        await self.smtp_HELO(hostname)

    async def answer(self, status: str, recipients: int) -> None:
        for _ in range(recipients):
            await self.push(status)


def without_dots(content: bytes) -> bytes:
    """Undo what SMTP did to lines that begin with a dot, and take off the last line, the lone dot."""
    return (b"\r\n" + content).replace(b"\r\n.", b"\r\n")[2:-2]


def _printable(address: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in address)[:200].encode("ascii", "replace").decode()
