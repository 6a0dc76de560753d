"""Patient senders: what is not acknowledged is sent again, as shops and mail servers do it."""

import json
import logging
import smtplib
import threading
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage

import httpx

PATIENCE = 180.0
AGAIN_AFTER = 0.2
logging.getLogger("httpx").setLevel(logging.WARNING)


class Progress:
    """How many messages have been acknowledged so far, over all senders."""

    def __init__(self) -> None:
        self.count, self.again = 0, 0
        self._changed = threading.Condition()

    def acknowledged(self, count: int) -> None:
        with self._changed:
            self.count += count
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.count >= count, PATIENCE), f"only {self.count} of {count} came"


def item(number: int) -> dict[str, object]:
    return {
        "id": f"post-{number}",
        "at": "2026-03-10T09:00:00Z",
        "channel": "x",
        "endpoint": "@harbourpine",
        "sender": {"handle": f"person{number % 400}"},
        "thread": {"tweet_id": f"post-{number}"},
        "text": text(number),
    }


def mail(number: int) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = f"person{number % 400}@example.com", "hello@harbourpine.example"
    message["Subject"], message["Message-ID"] = f"Message {number}", f"<m{number}@example.com>"
    message["Date"] = "Tue, 10 Mar 2026 09:00:00 +0000"
    message.set_content(text(number))
    return message.as_bytes()


def text(number: int) -> str:
    return f"Message {number} asks where parcel number {number} is."


def post(numbers: Sequence[int], *, at_once: int, url: str, key: str, progress: Progress) -> None:
    """Send interactions through the API; each request has its Idempotency-Key and is repeated until it is answered."""
    with httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=10) as client:
        for start in range(0, len(numbers), at_once):
            batch = numbers[start : start + at_once]
            body = {"interactions": [item(number) for number in batch]} if at_once > 1 else item(batch[0])
            again_until(lambda body=body, batch=batch: posted(client, url, body, f"request-{batch[0]}"), progress)
            progress.acknowledged(len(batch))


def posted(client: httpx.Client, url: str, body: dict[str, object], once: str) -> bool:
    try:
        answer = client.post(url, content=json.dumps(body), headers={"Idempotency-Key": once})
    except httpx.TransportError:
        return False
    assert answer.status_code == 200 or answer.status_code >= 500, answer.text
    return answer.status_code == 200


def submit(numbers: Sequence[int], *, port: int, progress: Progress) -> None:
    """Send mails; a connection is used until it breaks."""
    connection: list[smtplib.SMTP] = []
    for number in numbers:
        again_until(lambda number=number: submitted(connection, port, number), progress)
        progress.acknowledged(1)
    for each in connection:
        each.quit()


def submitted(connection: list[smtplib.SMTP], port: int, number: int) -> bool:
    try:
        if not connection:
            connection.append(smtplib.SMTP("127.0.0.1", port, timeout=10))
        connection[0].sendmail(f"person{number % 400}@example.com", ["hello@harbourpine.example"], mail(number))
    except (OSError, smtplib.SMTPException):
        for broken in connection:
            broken.close()
        connection.clear()
        return False
    return True


def again_until(attempt: Callable[[], bool], progress: Progress) -> None:
    deadline = time.monotonic() + PATIENCE
    while not attempt():
        assert time.monotonic() < deadline, "a message was never acknowledged"
        progress.again += 1
        time.sleep(AGAIN_AFTER)
