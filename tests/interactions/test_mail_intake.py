"""Mail comes in through our own listener and through a mailbox of a real Dovecot, and nothing of it is lost."""

import smtplib
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random

import pytest
from django.db import connection, connections
from django.utils import timezone

from tests import mail_storm, make
from tests.channels.mails import broken, mail
from tests.config.running import until
from tests.mail_server import PASSWORD, MailServer, free_port
from threadline.channels.models import Channel
from threadline.config.intake import MailRoom, follow
from threadline.interactions.actions import looking
from threadline.interactions.models import IntakeEntry, Interaction
from threadline.journeys.models import Journey, Membership

HELLO, PAYMENTS = "hello@harbourpine.example", "payments@harbourpine.example"
ANA = "ana@example.com"


@pytest.fixture
def room(transactional_db: None, mail_server: MailServer, settings: pytest.FixtureRequest) -> Iterator[MailRoom]:
    """hello@ comes over SMTP, payments@ out of its mailbox."""
    settings.SMTP_PORT, settings.LMTP_PORT = free_port(), 0
    make.channel("email", HELLO)
    mail_server.mailbox(PAYMENTS)
    imap = {"imap_host": "127.0.0.1", "imap_port": mail_server.imap_port, "imap_security": "none"}
    payments = make.channel("email", PAYMENTS, settings={**imap, "imap_user": PAYMENTS})
    payments.secrets = {"imap_password": PASSWORD}
    payments.save()
    room = MailRoom()
    room.receive = leaving_no_connection(room.receive)
    stop = threading.Event()
    working = threading.Thread(target=leaving_no_connection(room.run), args=(stop,))
    working.start()
    until(lambda: bool(room.listeners), what="the listener")
    yield room
    stop.set()
    working.join(20)
    assert not working.is_alive()


def leaving_no_connection(work: Callable[..., None]) -> Callable[..., None]:
    """The thread's connection would outlive the test and keep its database from being dropped."""

    def worked(*arguments: object) -> None:
        try:
            work(*arguments)
        finally:
            connection.close()

    return worked


def hand_over(room: MailRoom, mails: Sequence[bytes], *, to: str = HELLO) -> list[int]:
    """Give mails to our own listener; the code it answered to each."""
    codes = []
    for raw in mails:
        with smtplib.SMTP("127.0.0.1", room.listeners[0].port, timeout=10) as smtp:
            try:
                smtp.sendmail(ANA, [to], raw)
                codes.append(250)
            except smtplib.SMTPDataError as error:
                codes.append(error.smtp_code)
    return codes


def entries(count: int) -> list[IntakeEntry]:
    """All entries of the ledger, processed, as soon as there are that many."""
    until(lambda: IntakeEntry.objects.count() >= count, what=f"{count} entries")
    make.process()
    return list(IntakeEntry.objects.order_by("pk"))


def test_a_mail_to_two_of_our_addresses_is_stored_once_whichever_way_each_copy_came(room, mail_server):
    mail_server.relay(HELLO, room.listeners[0].port, protocol="smtp")
    raw = mail("The kettle leaks.", to=f"{HELLO}, {PAYMENTS}")
    with smtplib.SMTP("127.0.0.1", mail_server.smtp_port, timeout=10) as smtp:
        smtp.sendmail(ANA, [HELLO, PAYMENTS], raw)

    both = entries(2)

    mail_server.deliver_all()
    assert {(entry.channel.address, entry.source) for entry in both} == {(HELLO, "smtp"), (PAYMENTS, "imap")}
    assert [entry.verdict for entry in both] == ["accepted", "duplicate"]
    assert both[1].duplicate_of == both[0]
    assert Interaction.objects.count() == Journey.objects.count() == 1


def test_one_handed_over_mail_for_two_addresses_is_stored_once_too(room):
    make.channel("email", "help@harbourpine.example")
    room.refresh()
    with smtplib.SMTP("127.0.0.1", room.listeners[0].port, timeout=10) as smtp:
        smtp.sendmail(ANA, [HELLO, "help@harbourpine.example"], mail("The kettle leaks."))

    assert [entry.verdict for entry in entries(2)] == ["accepted", "duplicate"]
    assert Interaction.objects.count() == 1


def test_while_the_database_is_away_the_sender_is_asked_to_come_again_and_nothing_is_lost(room, monkeypatch):
    with monkeypatch.context() as away:
        away.setitem(connections.settings["default"], "PORT", "1")
        assert hand_over(room, [mail("The kettle leaks.")]) == [451]

    assert hand_over(room, [mail("The kettle leaks.")]) == [250]
    assert [entry.verdict for entry in entries(1)] == ["accepted"]


def test_a_mailbox_whose_reader_finds_no_database_says_so_and_is_read_by_the_next(
    room, mail_server, monkeypatch, caplog
):
    until(lambda: room.readers, what="the reader")
    payments = Channel.objects.get(address=PAYMENTS)
    with monkeypatch.context() as away:
        away.setitem(connections.settings["default"], "PORT", "1")
        reader = threading.Thread(target=follow, args=(payments, threading.Event()))
        reader.start()
        reader.join(20)

    mail_server.put(PAYMENTS, [mail("The kettle leaks.", to=PAYMENTS)])

    assert [entry.verdict for entry in entries(1)] == ["accepted"]
    assert f"the reader of {PAYMENTS} lost the database" in caplog.text


def good(number: int) -> bytes:
    return mail(f"Where is parcel {number}?", subject=f"Parcel {number}", message_id=f"<good{number}@example.com>")


def with_good_ones(mails: list[bytes]) -> list[bytes]:
    """A good mail before, between and after."""
    middle = len(mails) // 2
    return [good(1), *mails[:middle], good(2), *mails[middle:], good(3)]


def assert_each_has_its_verdict(found: Sequence[IntakeEntry]) -> None:
    assert all(entry.verdict != "pending" for entry in found)
    assert all(entry.reason for entry in found if entry.verdict != "accepted")
    texts = set(Interaction.objects.values_list("subject", flat=True))
    assert {"Parcel 1", "Parcel 2", "Parcel 3"} <= texts


def test_fifty_broken_mails_over_smtp_each_get_a_verdict_and_hold_up_nobody(room):
    mails = with_good_ones(broken(50))

    codes = hand_over(room, mails)

    kept = codes.count(250)
    assert set(codes) <= {250, 552, 554}
    assert_each_has_its_verdict(entries(kept))
    assert IntakeEntry.objects.count() == kept == len(mails)


def test_fifty_broken_mails_in_a_mailbox_each_get_a_verdict_and_hold_up_nobody(room, mail_server):
    mails = [raw for raw in with_good_ones(broken(52, seed=8)) if raw.strip(b"\r\n\0")]

    mail_server.put(PAYMENTS, mails)

    assert_each_has_its_verdict(entries(len(mails)))
    assert IntakeEntry.objects.count() == len(mails)


def test_a_hundred_mails_come_in_once_through_a_restart_in_mid_fetch_and_with_new_numbers(room, mail_server):
    laid = mail_storm.mails(100, twice=10, dice=Random(3))

    mail_server.put(PAYMENTS, laid)
    until(lambda: IntakeEntry.objects.exists(), what="the first entries")
    mail_storm.stop_reading(mail_server)
    mail_storm.read_again(mail_server)
    entries(len(laid))
    first = mail_storm.account(100)
    mail_storm.number_anew(mail_server, PAYMENTS)
    entries(2 * len(laid))
    again = mail_storm.account(100)

    assert (first.seen, first.accepted, first.duplicates, first.aside) == (111, 100, 10, 1)
    assert (again.seen, again.accepted, again.duplicates, again.aside) == (222, 100, 120, 2)
    assert (again.lost, again.twice, again.waiting) == (0, 0, 0)


@pytest.mark.django_db
def test_what_the_mailbox_has_and_we_lack_is_counted_and_fetched(mail_server):
    mail_server.mailbox(PAYMENTS)
    imap = {"imap_host": "127.0.0.1", "imap_port": mail_server.imap_port, "imap_security": "none"}
    channel = make.channel("email", PAYMENTS, settings={**imap, "imap_user": PAYMENTS, "imap_max_bytes": 3_000})
    channel.secrets = {"imap_password": PASSWORD}
    channel.save()
    mail_server.put(PAYMENTS, [good(1), good(2), mail("Long. " * 2_000, message_id="<long@example.com>")])
    since = timezone.now() - timedelta(hours=1)

    assert len(looking.compare(channel, since=since).missing) == 3
    assert looking.backfill(channel, since=since) == 3
    assert looking.compare(channel, since=since).missing == ()
    assert looking.backfill(channel, since=since) == 0
    channel.settings["imap_max_bytes"] = 1_000_000
    channel.save()
    assert looking.backfill(channel, since=since) == 1

    make.process()
    verdicts = IntakeEntry.objects.order_by("pk").values_list("verdict", flat=True)
    assert sorted(verdicts) == ["accepted", "accepted", "accepted", "refused"]
    assert looking.compare(channel, since=timezone.now() + timedelta(days=2)).there == 0


# ---- who may enter a thread ------------------------------------------------------------------------------------


def taken_in(raw: bytes) -> Interaction:
    entry = make.mail_entry(raw)
    make.process()
    return Interaction.objects.get(pk=entry.pk)


@pytest.mark.django_db
def test_a_stranger_who_answers_a_thread_stays_outside_and_the_touch_says_so():
    first = taken_in(mail("The kettle leaks. Order HP-4711.", to=HELLO))

    stranger = taken_in(
        mail(
            "Send the new one to my address instead.",
            sender="Mallory <mallory@example.org>",
            to=HELLO,
            message_id="<x@example.org>",
            in_reply_to="<m1@example.com>",
            references="<m1@example.com>",
        )
    )

    assert stranger.thread_id != first.thread_id
    assert stranger.attributes["thread_refused"] == first.thread_id
    assert make.journey_of(stranger) != make.journey_of(first)
    assert stranger.identity.customer_id != first.identity.customer_id


@pytest.mark.django_db
def test_who_answers_from_another_address_under_the_same_name_is_known_though_outside_the_thread():
    first = taken_in(mail("The kettle leaks. Order HP-4711.", sender="Ana Karlsson <ana@example.com>", to=HELLO))

    second = taken_in(
        mail(
            "I am at work now, please write to me here.",
            sender="Ana Karlsson <ana.karlsson@office.example>",
            to=HELLO,
            message_id="<x@office.example>",
            in_reply_to="<m1@example.com>",
            references="<m1@example.com>",
        )
    )

    assert second.thread_id != first.thread_id
    assert second.identity.customer_id == first.identity.customer_id


@pytest.mark.django_db
def test_whoever_was_in_copy_may_answer():
    first = taken_in(mail("The kettle leaks. Order HP-4711.", to=HELLO, cc="Nils <nils@example.com>"))

    second = taken_in(
        mail(
            "It does.",
            sender="nils@example.com",
            to=HELLO,
            message_id="<n@example.com>",
            in_reply_to="<m1@example.com>",
        )
    )

    assert second.thread_id == first.thread_id
    assert make.journey_of(second) == make.journey_of(first)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{"auto_submitted": "auto-replied"}, {"precedence": "bulk", "list_unsubscribe": "<https://news.example.org/u>"}],
    ids=["an automatic reply", "a newsletter"],
)
@pytest.mark.parametrize("answers", [True, False], ids=["in a thread", "out of the blue"])
def test_mail_by_machines_starts_and_joins_no_journey(fields, answers):
    first = taken_in(mail("The kettle leaks. Order HP-4711.", to=HELLO))
    before = Journey.objects.values().get()
    reference = {"in_reply_to": "<m1@example.com>"} if answers else {}

    machine = taken_in(mail("I am on holiday.", to=HELLO, message_id="<auto@example.com>", **fields, **reference))

    assert machine.automatic
    assert not Membership.objects.filter(interaction=machine).exists()
    assert Journey.objects.values().get() == before
    assert first.pk == before["id"]
