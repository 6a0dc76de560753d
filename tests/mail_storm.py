"""A storm of mail for the tests and for benchmarks/mail_storm.py: what is laid into a mailbox, what happens to its
server meanwhile, and the account of the ledger afterwards.
"""

from dataclasses import dataclass
from random import Random

from django.db.models import Count

from tests.channels.mails import mail
from tests.mail_server import MailServer, run, wait_until
from threadline.interactions.models import IntakeEntry, Interaction

POISON = b"X-Poison: yes\r\n\r\n"  # no mail: nobody wrote it, and it says nothing


def mails(many: int, *, twice: int, dice: Random) -> list[bytes]:
    """`many` mails, `twice` of them laid down two times, and one that nobody can read, shuffled."""
    whole = [
        mail(
            f"My kettle {number} leaks since Monday.\n\n> you wrote\n> something",
            sender=f"Person {number} <p{number % 997}@example.com>",
            subject=f"Kettle {number}",
            message_id=f"<s{number}@example.com>",
        )
        for number in range(many)
    ]
    laid = [*whole, *dice.sample(whole, twice), POISON]
    dice.shuffle(laid)
    return laid


def stop_reading(server: MailServer) -> None:
    """Dovecot goes down at once, whatever it is just sending."""
    run("doveadm", "-c", f"{server.home}/conf/dovecot.conf", "stop")


def read_again(server: MailServer) -> None:
    from tests.mail_server import answers

    wait_until(lambda: not answers(server.imap_port), "Dovecot is gone")
    run("dovecot", "-c", f"{server.home}/conf/dovecot.conf")
    wait_until(lambda: answers(server.imap_port), "Dovecot answers")


def number_anew(server: MailServer, address: str) -> None:
    """A mailbox that was restored: every mail has another UID, and UIDVALIDITY says so."""
    stop_reading(server)
    folder = server.home / "mail" / address
    for path in folder.glob("dovecot*"):
        path.unlink()
    (folder / "dovecot-uidlist").write_text("3 V1999999999 N1\n")
    run("chown", "-R", "threadmail:threadmail", str(folder))
    read_again(server)


@dataclass(frozen=True, slots=True)
class Account:
    """The ledger against what was laid down. `lost`: mails that are no touch; `twice`: mails that are two."""

    seen: int
    accepted: int
    duplicates: int
    aside: int
    waiting: int
    lost: int
    twice: int


def account(many: int) -> Account:
    verdicts = dict(IntakeEntry.objects.values_list("verdict").annotate(n=Count("pk")))
    touches = Interaction.objects.filter(external_id__startswith="s", external_id__endswith="@example.com")
    subjects = dict(touches.values_list("subject").annotate(n=Count("pk")))
    return Account(
        seen=sum(verdicts.values()),
        accepted=verdicts.get("accepted", 0),
        duplicates=verdicts.get("duplicate", 0),
        aside=verdicts.get("quarantined", 0),
        waiting=verdicts.get("pending", 0),
        lost=sum(f"Kettle {number}" not in subjects for number in range(many)),
        twice=sum(n - 1 for n in subjects.values()),
    )
