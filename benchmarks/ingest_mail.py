"""How many e-mails a second go through our SMTP listener and through IMAP, and on through the whole pipeline."""

import contextlib
import email
import email.policy
import smtplib
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import _house
from _results import Results
from _traffic import START, Object, Traffic, build_channels

ROUNDS, ROUND = 3, 500
CONNECTIONS = 4
PARSED = 300
LEAST = 25
AIM = 150


def main() -> None:
    results = Results("Ingest of e-mail")
    with _house.house("worker") as house:
        build_channels()
        mails = list(written((2 * ROUNDS) * ROUND))
        size = sum(map(len, mails)) / len(mails) / 1024
        results.rate("the standard library alone parses", [parse(mails[:PARSED]) for _ in range(ROUNDS)], "e-mails/s")
        batches = [mails[start : start + ROUND] for start in range(0, len(mails), ROUND)]
        about = f"aim {AIM}; {size:.1f} KiB each"
        smtp(results, house, batches[:ROUNDS], about)
        imap(results, house, batches[ROUNDS:], about)
        check(len(mails))
    results.close()


def smtp(results: Results, house: _house.House, batches: Sequence[Sequence[bytes]], about: str) -> None:
    """From the first connection to the last mail processed."""
    house.start("intake")
    before = house.cpu()
    rates = []
    for mails in batches:
        began = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(send, [mails[start::CONNECTIONS] for start in range(CONNECTIONS)]))
        _house.wait_until(_house.all_processed, "the mails are processed", pause=0.02)
        rates.append(len(mails) / (time.perf_counter() - began))
    cost = _house.spent(before, house.cpu(), ROUNDS * ROUND)
    results.rate("SMTP, whole pipeline", rates, "e-mails/s", least=LEAST, beside=f"{about}; {cost}")
    house.stop("intake")


def imap(results: Results, house: _house.House, batches: Sequence[Sequence[bytes]], about: str) -> None:
    """From the first mail in the ledger to the last one processed; the mails lie in their mailboxes beforehand."""
    with mail_server() as server:
        for number, mails in enumerate(batches):
            server.put(box(number), list(mails))
        house.start("intake")
        before = house.cpu()
        rates = [follow(server.imap_port, number) for number in range(len(batches))]
        cost = _house.spent(before, house.cpu(), ROUNDS * ROUND)
        results.rate("IMAP, whole pipeline", rates, "e-mails/s", least=LEAST, beside=f"{about}; {cost}")
        house.stop("intake")


def follow(port: int, number: int) -> float:
    """Tell Threadline of one more mailbox; how fast its mails come in."""
    from threadline.channels.models import Channel

    known, user = newest_entry(), box(number)
    settings = {"imap_host": "127.0.0.1", "imap_port": port, "imap_security": "none", "imap_user": user}
    Channel.objects.create(kind="email", address=user, settings=settings | {"imap_password": server_password()})
    _house.wait_until(partial(all_taken, known), "the mails are taken in")
    _house.wait_until(_house.all_processed, "the mails are processed")
    return ROUND / seconds_since(known)


@contextlib.contextmanager
def mail_server() -> Iterator[Any]:
    """The real Dovecot that the tests use."""
    from tests import mail_server

    mail_server.require_programs()
    server = mail_server.MailServer(Path(tempfile.mkdtemp(prefix="tm-bench-", dir="/tmp")))
    server.start()
    try:
        yield server
    finally:
        server.stop()


def box(number: int) -> str:
    return f"support{number}@harbourpine.example"


def server_password() -> str:
    from tests import mail_server

    return mail_server.PASSWORD


def newest_entry() -> int:
    from threadline.interactions.models import IntakeEntry

    return IntakeEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def all_taken(known: int) -> bool:
    from threadline.interactions.models import IntakeEntry

    return IntakeEntry.objects.filter(pk__gt=known).count() >= ROUND


def seconds_since(known: int) -> float:
    from django.db.models import Max, Min

    from threadline.interactions.models import IntakeEntry

    entries = IntakeEntry.objects.filter(pk__gt=known)
    span = entries.aggregate(first=Min("received_at"), last=Max("processed_at"))
    return float((span["last"] - span["first"]).total_seconds())


def check(many: int) -> None:
    from threadline.interactions.models import IntakeEntry

    accepted = IntakeEntry.objects.filter(verdict="accepted").count()
    if accepted != many:
        odd = list(IntakeEntry.objects.exclude(verdict="accepted").values_list("verdict", "reason")[:3])
        raise SystemExit(f"{accepted} of {many} mails were accepted: {odd}")


def send(mails: Sequence[bytes]) -> None:
    with smtplib.SMTP("127.0.0.1", _house.PORTS["SMTP"], timeout=60) as client:
        for raw in mails:
            client.sendmail("someone@example.com", ["hello@shop.example"], raw)


def parse(mails: Sequence[bytes]) -> float:
    """What anybody pays who reads mail with `email.policy.default`: headers, structure and texts."""
    began = time.perf_counter()
    for raw in mails:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        [message[name] for name in ("From", "To", "Subject", "Date", "Message-ID", "References")]
        [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return len(mails) / (time.perf_counter() - began)


# ---- mails -----------------------------------------------------------------------------------------------------


def written(many: int) -> Iterator[bytes]:
    """Mails as programs write them: text and HTML, quotes below, signatures, now and then a picture."""
    dice, found = Random(5), 0
    for touch in Traffic(seed=5).touches(many * 5):
        if touch["channel"] == "email" and touch["direction"] == "in":
            yield mail(touch, dice)
            found += 1
        if found == many:
            return
    raise SystemExit("The stream held too few mails.")


def mail(touch: Object, dice: Random) -> bytes:
    message = EmailMessage()
    name, address = touch["sender"]["display_name"], touch["sender"]["email"]
    message["From"] = f"{name} <{address}>"
    message["To"] = "Harbour & Pine <hello@shop.example>"
    message["Subject"] = touch["subject"]
    message["Date"] = format_datetime(START)
    message["Message-ID"] = f"<{touch['thread']['message_id']}>"
    message["X-Mailer"] = "Example Mail 16.0"
    text = f"Hello,\n\n{touch['text']}\n\nKind regards\n{name}\n-- \n{name}\nSent from my phone\n"
    if "in_reply_to" in touch["thread"]:
        message["In-Reply-To"] = message["References"] = f"<{touch['thread']['in_reply_to']}>"
        quoted = "\n".join(f"> {line}" for line in text.splitlines() * 3)
        text += f"\nOn Mon, 2 Mar 2026 at 08:12, Harbour & Pine <hello@shop.example> wrote:\n{quoted}\n"
    message.set_content(text)
    if dice.random() < 0.7:
        lines = "".join(f"<p style='margin:0;font-family:Arial,sans-serif'>{line}</p>" for line in text.splitlines())
        message.add_alternative(f"<html><body>{lines}</body></html>", subtype="html")
    if dice.random() < 0.1:
        message.add_attachment(dice.randbytes(40_000), maintype="image", subtype="jpeg", filename="photo.jpg")
    return message.as_bytes()


if __name__ == "__main__":
    main()
