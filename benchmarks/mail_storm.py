"""5,000 mails in a real Dovecot, some of them twice and one unreadable; the reader is killed
while it fetches them, their server goes down, and every mail gets a new number. Is the ledger complete? Are the alarms
right?
"""

import sys
import tempfile
import time
from pathlib import Path
from random import Random

import _house
from _results import Results

MANY, TWICE, LATE = 5_000, 500, 25
BOX = "support@harbourpine.example"


def main() -> None:
    results = Results("A storm of mail")
    with _house.house("worker") as house:
        from tests import mail_server

        mail_server.require_programs()
        server = mail_server.MailServer(Path(tempfile.mkdtemp(prefix="tm-bench-", dir="/tmp")))
        server.start()
        try:
            storm(results, house, server)
        finally:
            server.stop()
    results.close()


def storm(results: Results, house: _house.House, server: object) -> None:
    from tests import mail_storm as storm

    laid = storm.mails(MANY, twice=TWICE, dice=Random(11))
    server.put(BOX, laid)
    channel = connected(server)
    began = time.perf_counter()
    house.start("intake")
    _house.wait_until(lambda: seen() > MANY // 5, "a fifth is in the ledger", pause=0.01)
    house.parts["intake"].kill()
    house.parts.pop("intake").wait()
    killed_at = seen()
    house.start("intake")
    _house.wait_until(lambda: seen() > killed_at, "the reader goes on", pause=0.01)
    down_at = seen()
    storm.stop_reading(server)
    _house.wait_until(lambda: trouble(channel), "the outage stands on the channel")
    noticed = trouble(channel)
    storm.read_again(server)
    _house.wait_until(lambda: seen() >= len(laid), "all was seen", within=600)
    _house.wait_until(_house.all_processed, "all is processed", within=600)
    first = time.perf_counter() - began
    once = storm.account(MANY)

    storm.number_anew(server, BOX)
    _house.wait_until(lambda: seen() >= 2 * len(laid), "all was seen again", within=600)
    _house.wait_until(_house.all_processed, "all is processed again", within=600)
    again = storm.account(MANY)
    quiet, missing, fetched, left = alarms(house, server, channel)
    after = storm.account(MANY)

    results.rate("mails through the storm", [len(laid) / first], "mails/s")
    for name, value, budget in (
        ("mails laid down, with duplicates and one poison mail", len(laid), None),
        ("entries in the ledger after the first reading", once.seen, None),
        ("in the ledger when the reader was killed in mid-fetch", killed_at, None),
        ("in the ledger when Dovecot went down in mid-fetch", down_at, None),
        ("accepted", once.accepted, MANY),
        ("known as duplicates", once.duplicates, once.seen - MANY - once.aside),
        ("set aside: the poison mail", once.aside, 1),
        ("entries after UIDVALIDITY changed", again.seen, None),
        ("accepted after that", again.accepted, MANY),
        ("lost", after.lost, 0),
        ("stored twice", after.twice, 0),
        ("outages that stood on the channel in words", int(bool(noticed)), 1),
        ("missing, as the mailbox tells it, when all is here", quiet, 0),
        ("missing, as the mailbox tells it, while nobody reads", missing, LATE),
        ("fetched by hand", fetched, LATE),
        ("missing afterwards", left, 0),
    ):
        results.count(name, value, wanted=budget)


def alarms(house: _house.House, server: object, channel: object) -> tuple[int, int, int, int]:
    """What the comparison with the mailbox says: when all is here, while nobody reads, after fetching it by hand."""
    from datetime import timedelta

    from django.utils import timezone

    from tests.channels.mails import mail
    from threadline.interactions.actions.looking import backfill, compare

    since = timezone.now() - timedelta(days=1)
    quiet = len(compare(channel, since=since).missing)
    house.stop("intake")
    fresh = [mail("Late.", subject=f"Late {n}", message_id=f"<l{n}@example.com>") for n in range(LATE)]
    lay_more(server, fresh)
    missing = len(compare(channel, since=since).missing)
    fetched = backfill(channel, since=since)
    _house.wait_until(_house.all_processed, "what was fetched is processed")
    return quiet, missing, fetched, len(compare(channel, since=since).missing)


def lay_more(server: object, mails: list[bytes]) -> None:
    import mailbox

    from tests.mail_server import run

    folder = server.home / "mail" / BOX
    box = mailbox.Maildir(folder, create=False)
    for raw in mails:
        box.add(raw)
    run("chown", "-R", "threadmail:threadmail", str(folder))


def connected(server: object) -> object:
    from tests.mail_server import PASSWORD
    from threadline.channels.models import Channel

    settings = {"imap_host": "127.0.0.1", "imap_port": server.imap_port, "imap_security": "none", "imap_user": BOX}
    return Channel.objects.create(kind="email", address=BOX, settings=settings, secrets={"imap_password": PASSWORD})


def seen() -> int:
    from threadline.interactions.models import IntakeEntry

    return IntakeEntry.objects.count()


def trouble(channel: object) -> str:
    from threadline.channels.models import Channel

    return Channel.objects.values_list("trouble", flat=True).get(pk=channel.pk)


if __name__ == "__main__":
    sys.exit(main())
