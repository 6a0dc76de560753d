"""Reading a mailbox of a real Dovecot."""

import contextlib
import socket
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.channels.mails import ANA, OURS, broken, mail
from tests.mail_server import PASSWORD, wait_until
from threadline.channels.contract import Misconfigured, Unavailable
from threadline.channels.listeners.imap import Cursor, Mailbox, Reader, ranges


class Ledger:
    """Stands for the database: keeps mails and cursor together, or neither."""

    def __init__(self):
        self.mails = []
        self.batches = []
        self.cursor = ""
        self.away = False

    def receive(self, mails, cursor):
        if self.away:
            raise Unavailable("The database is away.")
        self.mails += mails
        self.batches.append(len(mails))
        self.cursor = cursor

    @property
    def raws(self):
        return [each.raw for each in self.mails]


@pytest.fixture
def mailbox(mail_server):
    user = mail_server.mailbox(OURS)
    return Mailbox(
        "127.0.0.1", user, PASSWORD, port=mail_server.imap_port, security="none", longest_pause=0.2, timeout=30
    )


def read(mailbox, ledger):
    return Reader(mailbox, cursor=ledger.cursor, receive=ledger.receive).read_once()


@contextlib.contextmanager
def following(mailbox, ledger):
    """The reader at work beside the test; gives what it reported."""
    stop, reports = threading.Event(), []
    reader = Reader(mailbox, cursor=ledger.cursor, receive=ledger.receive, report=reports.append)
    thread = threading.Thread(target=reader.run, args=(stop,))
    thread.start()
    try:
        yield reports
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def changed(mailbox, **values):
    fields = {name: getattr(mailbox, name) for name in Mailbox.__slots__}
    return Mailbox(**{**fields, **values})


def numbered(count):
    return [mail(subject=f"Mail {number}", message_id=f"<n{number}@example.com>") for number in range(count)]


def test_everything_there_is_read_once(mail_server, mailbox):
    ledger = Ledger()
    mail_server.put(OURS, numbered(3))

    assert read(mailbox, ledger) == 3
    assert read(mailbox, ledger) == 0
    assert sorted(ledger.raws) == numbered(3)
    assert ledger.cursor == ledger.mails[-1].external_id


def test_a_mail_that_a_colleague_has_read_already_is_taken_all_the_same(mail_server, mailbox):
    ledger = Ledger()
    mail_server.put(OURS, numbered(2))
    with mail_server.imap(OURS) as colleague:
        colleague.select("INBOX")
        colleague.store("1:*", "+FLAGS", "\\Seen")

    assert read(mailbox, ledger) == 2


def test_reading_leaves_no_mark_in_the_mailbox(mail_server, mailbox):
    mail_server.put(OURS, numbered(1))
    read(mailbox, Ledger())

    with mail_server.imap(OURS) as colleague:
        colleague.select("INBOX")
        assert colleague.search(None, "UNSEEN")[1] == [b"1"]


def test_mails_come_in_batches_with_the_cursor_behind_each(mail_server, mailbox):
    ledger = Ledger()
    mail_server.put(OURS, numbered(12))

    read(changed(mailbox, batch=5), ledger)

    assert ledger.batches == [5, 5, 2]


def test_a_batch_is_bounded_in_bytes_too(mail_server, mailbox):
    ledger = Ledger()
    mail_server.put(OURS, numbered(4))

    read(changed(mailbox, batch_bytes=1), ledger)

    assert ledger.batches == [1, 1, 1, 1]


def test_a_mail_over_the_limit_is_told_and_the_others_are_read(mail_server, mailbox):
    ledger = Ledger()
    mail_server.put(OURS, [mail(), mail("x " * 20_000), mail()])

    read(changed(mailbox, max_bytes=10_000), ledger)

    refused = [each for each in ledger.mails if each.raw is None]
    assert len(ledger.mails) == 3
    assert len(refused) == 1
    assert "the limit of this channel is 10,000" in refused[0].refused


def test_the_cursor_stays_when_the_ledger_is_away(mail_server, mailbox):
    ledger = Ledger()
    ledger.away = True
    mail_server.put(OURS, numbered(1))
    with following(mailbox, ledger) as reports:
        wait_until(lambda: "The database is away." in reports, "the trouble is reported")
        ledger.away = False
        wait_until(lambda: ledger.mails, "the mail is stored after all")

    assert ledger.raws == numbered(1)


def test_a_new_mail_arrives_when_the_server_tells_of_it_and_not_at_the_next_look(mail_server, mailbox):
    assert mailbox.poll_every > 20
    ledger = Ledger()
    with following(mailbox, ledger) as reports:
        wait_until(lambda: reports == [""], "the connection stands")
        time.sleep(0.3)
        mail_server.put(OURS, [mail("by idle")])
        wait_until(lambda: ledger.mails, "the mail arrives", within=20)

    assert len(ledger.mails) == 1


def test_news_that_comes_along_with_the_answer_to_idle_is_not_left_lying(mail_server, mailbox):
    """The mail arrives after we looked and before we wait: the server tells of it in one breath with its answer."""
    ledger = Ledger()
    way = in_one_breath(mailbox.port, lambda: mail_server.put(OURS, [mail("in between")]))
    with way as port, following(changed(mailbox, port=port), ledger):
        wait_until(lambda: ledger.mails, "the mail arrives", within=40)

    assert len(ledger.mails) == 1


@contextlib.contextmanager
def in_one_breath(target, just_before):
    """A way to the server: something happens before the first IDLE, and answers come half a second at a time."""
    door, happened = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def asks(near, far):
        with contextlib.suppress(OSError):
            while data := near.recv(65536):
                if b"IDLE" in data and not happened.is_set():
                    happened.set()
                    just_before()
                far.sendall(data)

    def tells(far, near):
        with contextlib.suppress(OSError):
            while data := far.recv(65536):
                if happened.is_set():
                    time.sleep(0.5)
                    data += waiting_in(far)
                near.sendall(data)

    def waiting_in(far):
        far.setblocking(False)
        try:
            return far.recv(65536)
        except BlockingIOError:
            return b""
        finally:
            far.setblocking(True)

    def accept():
        near, _ = door.accept()
        with near, socket.create_connection(("127.0.0.1", target)) as far:
            telling = threading.Thread(target=tells, args=(far, near))
            telling.start()
            asks(near, far)
            far.shutdown(socket.SHUT_RDWR)
            telling.join(10)

    accepting = threading.Thread(target=accept)
    accepting.start()
    yield door.getsockname()[1]
    accepting.join(10)
    door.close()


def test_a_mail_that_postfix_delivers_arrives_with_its_plus_address(mail_server, mailbox):
    ledger = Ledger()
    with following(mailbox, ledger):
        mail_server.send(mail(), to="support+t1.abc@harbourpine.example", sender=ANA)
        wait_until(lambda: ledger.mails, "the mail arrives")

    assert b"Delivered-To: support+t1.abc@harbourpine.example" in ledger.raws[0]


def test_after_a_broken_connection_reading_goes_on(mail_server, mailbox):
    ledger = Ledger()
    with cuttable(mailbox.port) as (port, cut), following(changed(mailbox, port=port), ledger) as reports:
        wait_until(lambda: reports == [""], "the connection stands")
        cut()
        wait_until(lambda: reports[-1] == "" and len(reports) >= 3, "the connection stands again")
        mail_server.put(OURS, [mail("after the cut")])
        wait_until(lambda: ledger.mails, "the mail arrives")

    assert any("It is tried again." in report for report in reports)
    assert len(ledger.mails) == 1


@contextlib.contextmanager
def cuttable(target):
    """A way to the server that can be cut."""
    wires, door = [], socket.create_server(("127.0.0.1", 0))

    def carry(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                near, _ = door.accept()
                far = socket.create_connection(("127.0.0.1", target))
                wires.extend((near, far))
                threading.Thread(target=carry, args=(near, far), daemon=True).start()
                threading.Thread(target=carry, args=(far, near), daemon=True).start()

    def cut():
        for wire in wires:
            with contextlib.suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield door.getsockname()[1], cut
    finally:
        with contextlib.suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        cut()
        time.sleep(0.05)
        for wire in wires:
            wire.close()


def test_when_the_server_counts_anew_everything_is_read_again(mail_server, mailbox):
    ledger = Ledger()
    mail_server.put(OURS, numbered(2))
    ledger.cursor = "1:999999"

    assert read(mailbox, ledger) == 2
    assert not ledger.cursor.startswith("1:")


def test_a_mail_deleted_before_we_came_leaves_no_gap(mail_server, mailbox):
    ledger = Ledger()
    mail_server.put(OURS, numbered(3))
    with mail_server.imap(OURS) as colleague:
        colleague.select("INBOX")
        colleague.store("2", "+FLAGS", "\\Deleted")
        colleague.expunge()

    assert read(mailbox, ledger) == 2


def test_broken_mails_come_as_they_are(mail_server, mailbox):
    ledger = Ledger()
    mails = [each for each in broken(50) if each.strip(b"\r\n\0")]
    mail_server.put(OURS, mails)

    assert read(mailbox, ledger) == len(mails)
    assert all(each.raw for each in ledger.mails)


def test_a_refused_sign_in_says_what_to_check(mail_server, mailbox):
    with pytest.raises(Misconfigured, match="Check user and password"):
        read(changed(mailbox, password="wrong"), Ledger())


def test_a_missing_folder_is_named(mail_server, mailbox):
    with pytest.raises(Misconfigured, match="The folder “Nowhere”"):
        read(changed(mailbox, folder="Nowhere"), Ledger())


def test_a_server_that_is_not_there_is_tried_again():
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:1 stopped"):
        read(Mailbox("127.0.0.1", "ana", "x", port=1, security="none"), Ledger())


def test_settings_are_checked_in_words():
    assert (
        Mailbox.from_settings({"imap_host": "h", "imap_user": "u", "imap_password": "p", "imap_port": 143}).port == 143
    )
    with pytest.raises(Misconfigured, match="lacks imap_host and imap_password"):
        Mailbox.from_settings({"imap_user": "u"})
    with pytest.raises(Misconfigured, match="imap_security is “maybe”"):
        read(Mailbox("127.0.0.1", "u", "p", security="maybe"), Ledger())


@pytest.mark.parametrize(
    ("text", "cursor"), [("5:7", Cursor(5, 7)), ("", Cursor()), ("x:y", Cursor()), ("5", Cursor())]
)
def test_a_cursor_is_read_or_starts_over(text, cursor):
    assert Cursor.read(text) == cursor
    assert Cursor.read(str(cursor)) == cursor


def test_neighbours_are_asked_for_as_a_range():
    assert ranges([4, 5, 6, 9, 11, 12]) == "4:6,9,11:12"


def test_reading_begins_with_the_day_that_is_set(mail_server, mailbox):
    ledger, fresh = Ledger(), Ledger()
    mail_server.put(OURS, numbered(3))
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()

    assert read(changed(mailbox, since=tomorrow), ledger) == 0
    assert read(changed(mailbox, since="2026-03-01"), fresh) == 3
    with pytest.raises(Misconfigured, match="imap_since is “soon”"):
        read(changed(mailbox, since="soon"), Ledger())
