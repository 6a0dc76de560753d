"""`threadline intake`: mail comes in. One reader for each mailbox, our own SMTP and LMTP server.

Several may run: each mailbox is read by whoever holds its advisory lock, and the port by whoever opened it.
"""

import logging
import os
import signal
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import psycopg
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction

from threadline.channels import reply_address
from threadline.channels.contract import Failure, Unavailable
from threadline.channels.listeners.imap import Fetched, Mailbox, Reader
from threadline.channels.listeners.smtp import Delivered, Listener, Rules

if TYPE_CHECKING:
    from threadline.channels.models import Channel

log = logging.getLogger(__name__)
LOOK_AGAIN_SECONDS = 5.0
MAILBOX_LOCK = 0x6D61_696C


def run() -> None:
    """Work until SIGTERM or SIGINT."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "threadline.config.settings")
    import django

    django.setup()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    MailRoom().run(stop)


class MailRoom:
    """Every way mail can come in, kept in step with the channels that are configured."""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.readers: dict[int, tuple[threading.Thread, threading.Event]] = {}
        self.read_with: dict[int, tuple[object, ...]] = {}
        self.listeners: list[Listener] = []

    def run(self, stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                self._keep_up()
                stop.wait(LOOK_AGAIN_SECONDS)
        finally:
            self._close()

    def _keep_up(self) -> None:
        """Look at the channels again; a database that is away only delays that."""
        try:
            close_old_connections()
            self.refresh()
            if not self.listeners:
                self.listen()
            self.read_mailboxes()
        except (DatabaseError, InterfaceError, psycopg.Error) as error:
            log.warning("the mail room lost the database (%s); trying again", error)
            connection.close()
        except Unavailable as error:
            log.warning("%s", error)

    def refresh(self) -> None:
        from threadline.channels.models import Channel

        found: dict[str, Channel] = {}
        for channel in Channel.objects.active().filter(kind="email"):
            for address in (channel.address, *channel.settings.get("aliases", ())):
                found[reply_address.plain(address)] = channel
        self.channels = found

    # ---- SMTP and LMTP

    def listen(self) -> None:
        from django.conf import settings

        rules = Rules(max_bytes=settings.MAX_MAIL_BYTES)
        for port, lmtp in ((settings.SMTP_PORT, False), (settings.LMTP_PORT, True)):
            if port:
                listener = Listener(
                    receive=self.receive,
                    accepts=self.accepts,
                    host=settings.SMTP_HOST,
                    port=port,
                    lmtp=lmtp,
                    rules=rules,
                )
                listener.start()
                self.listeners.append(listener)

    def accepts(self, address: str) -> bool:
        return reply_address.plain(address) in self.channels

    def receive(self, mails: Sequence[Delivered]) -> None:
        """Commit mails to the ledger: one entry for each mailbox of ours that a mail was sent to."""
        from threadline.interactions.actions.intake import Item, receive_each

        try:
            close_old_connections()
            receive_each(
                [
                    (channel, Item(raw=mail.raw, headers=envelope_of(mail)))
                    for mail in mails
                    for channel in self.channels_of(mail)
                ],
                source="smtp",
            )
        except (DatabaseError, InterfaceError, psycopg.Error) as error:
            connection.close()
            raise Unavailable(f"The ledger can not be written: {error}") from error

    def channels_of(self, mail: Delivered) -> "list[Channel]":
        found = {self.channels[name].pk: self.channels[name] for name in map(reply_address.plain, mail.recipients)}
        return list(found.values())

    # ---- IMAP

    def read_mailboxes(self) -> None:
        """Start a reader for each mailbox that has none here; stop those whose channel was paused or changed.

        One that was changed is free a moment after its reader stopped, and read anew at the next look.
        """
        wanted = {channel.pk: channel for channel in self.channels.values() if channel.settings.get("imap_host")}
        current = {number: way_in(channel) for number, channel in wanted.items()}
        for number in set(self.readers):
            if current.get(number) != self.read_with.get(number):
                self.readers.pop(number)[1].set()
        self.read_with = current
        for number, channel in wanted.items():
            running = self.readers.get(number)
            if running is None or not running[0].is_alive():
                stop = threading.Event()
                thread = threading.Thread(target=follow, args=(channel, stop), name=f"mailbox {channel.address}")
                thread.daemon = True
                thread.start()
                self.readers[number] = (thread, stop)

    def _close(self) -> None:
        for _, stop in self.readers.values():
            stop.set()
        for listener in self.listeners:
            listener.stop()
        for thread, _ in self.readers.values():
            thread.join(timeout=3)


def way_in(channel: "Channel") -> tuple[object, ...]:
    """What a reader of this mailbox was told; another value asks for another reader."""
    told = {**channel.settings, **channel.secrets}
    return tuple(sorted((key, str(value)) for key, value in told.items() if key.startswith("imap_")))


def envelope_of(mail: Delivered) -> dict[str, str]:
    return {"envelope_from": mail.sender, "envelope_to": " ".join(mail.recipients), "peer": mail.peer}


def follow(channel: "Channel", stop: threading.Event) -> None:
    """Read one mailbox, if nobody else does. A reader that loses the database ends; the next look starts another."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, %s)", [MAILBOX_LOCK, channel.pk])
            if not cursor.fetchone()[0]:
                return
        channel.refresh_from_db()
        mailbox = Mailbox.from_settings({**channel.settings, **channel.secrets})
        Reader(
            mailbox,
            cursor=channel.cursor,
            receive=lambda mails, position: take_in(channel, mails, position),
            report=lambda trouble: report(channel, trouble),
        ).run(stop)
    except Failure as error:
        report(channel, str(error))
    except (DatabaseError, InterfaceError, psycopg.Error) as error:
        log.warning("the reader of %s lost the database (%s); another begins", channel.address, error)
    finally:
        connection.close()


def take_in(channel: "Channel", mails: Sequence[Fetched], position: str) -> None:
    """Mails and the cursor behind them, in one transaction: neither is ever ahead of the other."""
    from django.utils import timezone

    from threadline.channels.models import Channel
    from threadline.interactions.actions.intake import Item, receive

    items = [
        Item(
            raw=mail.raw,
            payload={"mail": mail.external_id} if mail.raw is None else None,
            external_id=mail.external_id,
            refused=mail.refused,
        )
        for mail in mails
    ]
    with transaction.atomic():
        receive(items, source="imap", channel=channel)
        Channel.objects.filter(pk=channel.pk).update(cursor=position, seen_at=timezone.now())


def report(channel: "Channel", trouble: str) -> None:
    """Say on the channel itself how its mailbox does."""
    from threadline.channels.models import Channel

    try:
        Channel.objects.filter(pk=channel.pk).exclude(trouble=trouble).update(trouble=trouble)
    except (DatabaseError, InterfaceError, psycopg.Error) as error:
        log.warning("the state of %s could not be noted: %s", channel.address, error)
        connection.close()
