"""The running product, as `threadline up` starts it, beside a real mail server; and the ways in that customers use."""

import os
import smtplib
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tests.browser.company import HELLO
from tests.config.running import until
from tests.mail_server import MailServer
from tests.make import ADDRESSES

ROOT = Path(__file__).parents[2]


class Product:
    """Where it is, how to reach it from outside, and the lines that it said so far."""

    def __init__(self, url: str, surroundings: dict[str, str], mail: MailServer, lines: Sequence[str] = ()) -> None:
        self.url, self.mail, self.lines, self.surroundings = url, mail, lines, surroundings
        self.smtp_port = int(surroundings["THREADLINE_SMTP_PORT"])
        mail.mailbox(HELLO)
        self.key = found_company(surroundings, mail)

    def send(self, sender: dict[str, str], text: str, *, kind: str = "email", **more: Any) -> int:
        """One touch through the API; returns its number as soon as it was taken."""
        number = uuid4().hex
        item = {
            "id": number,
            "at": datetime.now(UTC).isoformat(),
            "channel": kind,
            "endpoint": HELLO if kind == "email" else ADDRESSES[kind],
            "sender": sender,
            "text": text,
            **({"thread": {"message_id": f"{number}@example.com"}} if kind == "email" else {}),
            **more,
        }
        answer = self.api("POST", "interactions", json=item)
        assert answer.status_code == 200, answer.text
        entry: int = answer.json()["results"][0]["entry"]
        return entry

    def told(self, sender: dict[str, str], text: str, **more: Any) -> int:
        """As above; returns the story that it belongs to, once it does."""
        entry = self.send(sender, text, **more)
        until(lambda: self.standing(entry)["journey"] is not None, what=f"a story for “{text}”")
        journey: int = self.standing(entry)["journey"]
        return journey

    def standing(self, entry: int) -> dict[str, Any]:
        found: dict[str, Any] = self.api("GET", f"interactions/{entry}").json()
        return found

    def api(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.request(method, f"{self.url}/api/v1/{path}", headers=headers, timeout=20, **more)

    def post_mail(self, sender: str, text: str, *, to: str = HELLO, subject: str = "", **headers: str) -> None:
        """A customer's mail, through Postfix into the mailbox that we read."""
        mail = written("Ana Karlsson", sender, text, to=to, subject=subject)
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        self.mail.send(mail.as_bytes(), to=to, sender=sender)

    def deliver(self, sender: str, name: str, text: str, *, to: str = HELLO, subject: str = "") -> None:
        """A customer's mail, handed to our own SMTP listener."""
        mail = written(name, sender, text, to=to, subject=subject)
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as server:
            server.send_message(mail, from_addr=sender, to_addrs=[to])


def written(name: str, sender: str, text: str, *, to: str, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{name} <{sender}>", to, subject
    mail["Date"], mail["Message-ID"] = format_datetime(datetime.now(UTC)), f"<{uuid4().hex}@example.com>"
    mail.set_content(text)
    return mail


def found_company(surroundings: dict[str, str], mail: MailServer) -> str:
    return beside(surroundings, "tests.browser.company", str(mail.imap_port), str(mail.smtp_port))


def beside(surroundings: dict[str, str], module: str, *arguments: str) -> str:
    """What a process prints that writes into the product's database."""
    settings = {"DJANGO_SETTINGS_MODULE": "threadline.config.settings"}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **surroundings, **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
