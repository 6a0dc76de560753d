"""Reads one IMAP mailbox for as long as it is asked to, and never misses or loses a mail.

What was already taken is known by UID alone (cursor `uidvalidity:uid`), never by the \\Seen flag: colleagues who open
the mailbox in another program do not hide mail from us. The folder is opened read-only.
"""

import imaplib
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BufferedReader
from itertools import pairwise
from typing import cast

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted

from threadline.channels import oauth2
from threadline.channels.contract import Failure, Misconfigured, Unavailable
from threadline.channels.listeners.backoff import Backoff

log = logging.getLogger(__name__)

_LISTED = re.compile(rb"UID (\d+)")
DAY, ASKED_AT_ONCE = timedelta(days=1), 500
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where to read. `security` is tls, starttls or none; times are seconds, sizes bytes."""

    host: str
    user: str
    password: str
    port: int = 993
    security: str = "tls"
    folder: str = "INBOX"
    timeout: float = 30
    renew_idle_after: float = 240  # many firewalls forget a silent connection after five minutes
    poll_every: float = 30  # only for servers without IDLE
    batch: int = 50
    since: str = ""  # a day such as 2026-03-01: what is older stays in the mailbox, unread by us
    batch_bytes: int = 16 * 2**20
    max_bytes: int = 40 * 2**20
    longest_pause: float = 60
    client: oauth2.Client | None = None  # signs in with a token instead of the password

    @classmethod
    def from_settings(cls, settings: Mapping[str, object]) -> "Mailbox":
        """The mailbox that a channel's settings describe; their names are `imap_host`, `imap_user` and so on."""
        known = {name: settings[f"imap_{name}"] for name in cls.__slots__ if f"imap_{name}" in settings}
        client = oauth2.client_of(settings)
        if client is not None:
            known = {"password": "", **known, "client": client}
        needed = ("host", "user") if client else ("host", "user", "password")
        missing = [f"imap_{name}" for name in needed if not known.get(name)]
        if missing:
            raise Misconfigured(f"The channel lacks {' and '.join(missing)}. Enter them in Channels.")
        return cls(**known)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail of the mailbox. A mail over the size limit comes without `raw`, and with the reason in `refused`."""

    external_id: str  # uidvalidity:uid
    raw: bytes | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a mailbox was read. When the server changes UIDVALIDITY, UIDs mean nothing any more: start over."""

    validity: int = 0
    uid: int = 0

    @classmethod
    def read(cls, text: str) -> "Cursor":
        validity, _, uid = text.partition(":")
        return cls(int(validity), int(uid)) if validity.isdecimal() and uid.isdecimal() else cls()

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}"


class Reader:
    """Follows one mailbox.

    Args:
        mailbox: where to read.
        cursor: how far the last run came; empty at the very first.
        receive: stores a batch and the cursor behind it in ONE transaction; once it returned, we never ask again.
        report: told in words whenever the connection comes or goes; "" means that all is well.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        *,
        cursor: str,
        receive: Callable[[Sequence[Fetched], str], None],
        report: Callable[[str], None] = log.info,
    ) -> None:
        self.mailbox, self.receive, self.report = mailbox, receive, report
        self.cursor = Cursor.read(cursor)

    def run(self, stop: threading.Event) -> None:
        """Read what is there, wait for more, reconnect when the line breaks; until `stop` is set."""
        backoff = Backoff(longest=self.mailbox.longest_pause)
        while not stop.is_set():
            try:
                with Connection(self.mailbox) as connection:
                    self.report("")
                    self._follow(connection, stop, backoff)
            except Exception as error:  # whatever it was, mail must go on being read
                failure = in_words(error, self.mailbox)
                log.warning("%s", failure, exc_info=None if isinstance(error, Failure) else error)
                self.report(str(failure))
                stop.wait(backoff.next())

    def read_once(self) -> int:
        """Take everything that is new now, and return how many mails that was."""
        try:
            with Connection(self.mailbox) as connection:
                return self._sweep(connection)
        except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
            raise in_words(error, self.mailbox) from error

    def _follow(self, connection: "Connection", stop: threading.Event, backoff: Backoff) -> None:
        while not stop.is_set():
            self._sweep(connection, stop)
            backoff.reset()
            connection.wait_for_news(stop)

    def _sweep(self, connection: "Connection", stop: threading.Event | None = None) -> int:
        if connection.validity != self.cursor.validity:
            since = day_of(self.mailbox.since)
            self.cursor = Cursor(connection.validity, connection.last_before(since) if since else 0)
        taken = 0
        while connection.forget_news():
            for batch in connection.batches(behind=self.cursor.uid):
                if stop is not None and stop.is_set():
                    return taken
                self._take(connection, batch)
                taken += len(batch)
        return taken

    def _take(self, connection: "Connection", batch: Mapping[int, int]) -> None:
        cursor = Cursor(connection.validity, max(batch))
        self.receive(connection.fetch(batch), str(cursor))
        self.cursor = cursor


class Connection:
    """A signed-in, selected connection: the IMAP commands we need, over imap-tools and the client below it."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.box = _connect(mailbox)
        try:
            self._sign_in()
            self.box.folder.set(mailbox.folder, readonly=True)
            self.validity = int(self._untagged("UIDVALIDITY") or 0)
        except BaseException:
            self.box.client.shutdown()
            raise
        self.can_idle = "IDLE" in self.box.client.capabilities
        self.news = True

    def _sign_in(self) -> None:
        mailbox, client = self.mailbox, self.mailbox.client
        if client is None:
            self.box.login(mailbox.user, mailbox.password, initial_folder=None)
            return
        said = oauth2.sasl(mailbox.user, oauth2.access_token(client))
        sent = iter([said])
        try:
            self.box.client.authenticate("XOAUTH2", lambda _challenge: next(sent, "").encode())
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            oauth2.forget(client)
            raise Misconfigured(
                f"The mail server refused the token of {client.label} for {mailbox.user}: {error}. "
                "Sign in again under Channels, and allow mail there."
            ) from error

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.box.client.shutdown()

    def _untagged(self, name: str) -> bytes | None:
        answer: bytes | None = self.box.client.response(name)[1][-1]
        return answer

    def forget_news(self) -> bool:
        """Whether mail may have come since the last call. The server says so at the end of any command."""
        came = self.news or self._untagged("EXISTS") is not None
        self.news = False
        return came

    def batches(self, *, behind: int) -> Iterator[dict[int, int]]:
        """Everything with a higher UID, as {uid: size}, in portions of a bounded number of mails and bytes."""
        lines = self._ask("FETCH", f"{behind + 1}:*", "(UID RFC822.SIZE)")
        listed = dict(found for line in lines if (found := _uid_and_size(line)))
        batch: dict[int, int] = {}
        volume = 0
        for uid in sorted(uid for uid in listed if uid > behind):
            if batch and (len(batch) >= self.mailbox.batch or volume + listed[uid] > self.mailbox.batch_bytes):
                yield batch
                batch, volume = {}, 0
            batch[uid] = listed[uid]
            volume += listed[uid]
        if batch:
            yield batch

    def came_since(self, moment: datetime) -> list[int]:
        """UIDs of what came into the mailbox since then. SEARCH knows days only, in the server's own zone."""
        found = self._ask("SEARCH", "SINCE", imaplib.Time2Internaldate(moment - DAY)[1:12].strip())
        uids = sorted(int(number) for part in found if isinstance(part, bytes) for number in part.split())
        return [uid for uid, at in self._moments(uids).items() if at >= moment]

    def _moments(self, uids: Sequence[int]) -> dict[int, datetime]:
        came: dict[int, datetime] = {}
        for start in range(0, len(uids), ASKED_AT_ONCE):
            for line in self._ask("FETCH", ranges(uids[start : start + ASKED_AT_ONCE]), "(UID INTERNALDATE)"):
                uid, at = _uid(line), imaplib.Internaldate2tuple(line) if isinstance(line, bytes) else None
                if uid and at:
                    came[int(uid[1])] = datetime.fromtimestamp(time.mktime(at), UTC)
        return dict(sorted(came.items()))

    def last_before(self, moment: datetime) -> int:
        """The UID in front of everything that came since then; the last of all when nothing did."""
        since = self.came_since(moment)
        return since[0] - 1 if since else int(self._untagged("UIDNEXT") or self._uid_next()) - 1

    def _uid_next(self) -> int:
        found = [uid for line in self._ask("SEARCH", "ALL") if isinstance(line, bytes) for uid in line.split()]
        return max(map(int, found), default=0) + 1

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        lines = self._ask("FETCH", ranges(uids), "(UID RFC822.SIZE)") if uids else []
        return dict(sorted(found for line in lines if (found := _uid_and_size(line))))

    def fetch(self, batch: Mapping[int, int]) -> list[Fetched]:
        """The mails of a batch in order of arrival. One that was deleted meanwhile is simply not among them."""
        wanted = [uid for uid, size in batch.items() if size <= self.mailbox.max_bytes]
        bodies = self._bodies(wanted) if wanted else {}
        mails = []
        for uid, size in batch.items():
            if uid in bodies:
                mails.append(Fetched(f"{self.validity}:{uid}", bodies[uid]))
            elif size > self.mailbox.max_bytes:
                mails.append(Fetched(f"{self.validity}:{uid}", None, too_big(size, self.mailbox.max_bytes)))
        return mails

    def _bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        """imaplib answers (b"1 (UID 7 BODY[] {123}", raw), b")" for each; some servers put the UID behind the body."""
        answer = self._ask("FETCH", ranges(uids), "(UID BODY.PEEK[])")
        bodies: dict[int, bytes] = {}
        for part, rest in pairwise([*answer, b""]):
            if isinstance(part, tuple) and (uid := _uid(part[0]) or _uid(rest)):
                bodies[int(uid[1])] = part[1]
        return bodies

    def _ask(self, *command: str) -> list[bytes | tuple[bytes, bytes]]:
        status, answer = self.box.client.uid(*command)
        if status != "OK":
            raise Unavailable(f"{self.mailbox.host} refused {' '.join(command)}: {answer}.")
        return [part for part in answer if part]

    def wait_for_news(self, stop: threading.Event) -> None:
        """Return when the server announced something, when it is time to look anyhow, or when asked to stop."""
        if not self.can_idle:
            stop.wait(self.mailbox.poll_every)
            self.box.client.noop()
            self.news = True
            return
        until = time.monotonic() + self.mailbox.renew_idle_after
        self.box.idle.start()  # type: ignore[no-untyped-call]
        while not self._came_along() and not stop.is_set() and time.monotonic() < until:
            asked_at = time.monotonic()
            if self.box.idle.poll(timeout=0.5) or time.monotonic() - asked_at < 0.4:
                break  # news, or the end of the stream, which poll() keeps to itself and stop() tells
        self.box.idle.stop()  # type: ignore[no-untyped-call]
        self.news = True

    def _came_along(self) -> bool:
        """Whether news lies in imaplib's own buffer, where poll() does not look: read in one go with what came before.

        A mail that arrives between our look and our IDLE is told of together with the answer to IDLE.
        """
        client = self.box.client
        patience = client.sock.gettimeout()
        client.sock.settimeout(0)
        try:
            return bool(cast(BufferedReader, client.file).peek(1))
        except OSError:  # as TLS says that there is nothing; and of a line that broke poll() tells
            return False
        finally:
            client.sock.settimeout(patience)


def _connect(mailbox: Mailbox) -> BaseMailBox:
    where, secure = (mailbox.host, mailbox.port, mailbox.timeout), ssl.create_default_context()
    box: BaseMailBox
    match mailbox.security:
        case "tls":
            box = MailBox(*where, ssl_context=secure)
        case "starttls":
            box = MailBoxStartTls(*where, ssl_context=secure)
        case "none":
            box = MailBoxUnencrypted(*where)
        case other:
            raise Misconfigured(f"imap_security is “{other}”. Choose tls, starttls or none.")
    box.client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return box


def in_words(error: Exception, mailbox: Mailbox) -> Failure:
    """The same error as one of ours, in words that help the person who set the mailbox up."""
    where = f"{mailbox.user} at {mailbox.host}:{mailbox.port}"
    if isinstance(error, Failure):
        return error
    if type(error).__name__ == "MailboxLoginError":
        return Misconfigured(f"The mail server refused the sign-in of {where}. Check user and password in Channels.")
    if type(error).__name__ == "MailboxFolderSelectError":
        return Misconfigured(f"The folder “{mailbox.folder}” of {where} can not be opened: {error}.")
    return Unavailable(f"Reading the mailbox {where} stopped: {error or type(error).__name__}. It is tried again.")


def day_of(text: str) -> datetime | None:
    """Midnight UTC of a day. Raises Misconfigured for what is none."""
    try:
        return datetime.combine(date.fromisoformat(text.strip()), datetime.min.time(), UTC) if text.strip() else None
    except ValueError as error:
        raise Misconfigured(f"imap_since is “{text}”. Give a day such as 2026-03-01.") from error


def too_big(size: int, limit: int) -> str:
    return f"The mail has {size:,} bytes; the limit of this channel is {limit:,}. It is still in the mailbox."


def ranges(uids: Sequence[int]) -> str:
    """[4, 5, 6, 9] as "4:6,9"; keeps the command short, whatever the batch."""
    spans: list[list[int]] = []
    for uid in uids:
        if spans and spans[-1][1] == uid - 1:
            spans[-1][1] = uid
        else:
            spans.append([uid, uid])
    return ",".join(f"{first}:{last}" if last > first else f"{first}" for first, last in spans)


def _uid(part: bytes | tuple[bytes, bytes]) -> re.Match[bytes] | None:
    return _LISTED.search(part) if isinstance(part, bytes) else _LISTED.search(part[0])


def _uid_and_size(line: bytes | tuple[bytes, bytes]) -> tuple[int, int] | None:
    uid, size = _uid(line), _SIZE.search(line) if isinstance(line, bytes) else None
    return (int(uid[1]), int(size[1])) if uid and size else None
