"""Mails for tests: whole and broken ones. All people are invented."""

import random
from email.message import EmailMessage

OURS = "support@harbourpine.example"
ANA = "ana@example.com"


def mail(
    text: str = "The kettle I bought leaks.",
    *,
    sender: str = f"Ana Kühn <{ANA}>",
    to: str = OURS,
    subject: str = "Leaking kettle",
    message_id: str = "<m1@example.com>",
    **fields: str,
) -> bytes:
    """A mail; further fields by name with underscores, such as in_reply_to."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = "Sun, 01 Mar 2026 09:30:00 +0100"
    if message_id:
        message["Message-ID"] = message_id
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def broken(count: int, *, seed: int = 7) -> list[bytes]:
    """Hostile and damaged mails, the same ones for the same seed: known tricks first, then damage by chance."""
    chance = random.Random(seed)
    made = list(TRICKS)
    while len(made) < count:
        made.append(damaged(mail(subject=f"Damaged {len(made)}", message_id=f"<d{len(made)}@example.com>"), chance))
    return made[:count]


def damaged(whole: bytes, chance: random.Random) -> bytes:
    bytes_ = bytearray(whole)
    for _ in range(chance.randint(1, 30)):
        place = chance.randrange(len(bytes_))
        match chance.randrange(4):
            case 0:
                bytes_[place] = chance.randrange(256)
            case 1:
                del bytes_[max(1, place) : place + chance.randint(1, 4)]
            case 2:
                bytes_[place:place] = chance.randbytes(chance.randint(1, 20))
            case _:
                bytes_ = bytes_[: max(200, place)]
    return bytes(bytes_)


def nested(depth: int) -> bytes:
    """Parts in parts in parts."""
    head = b"From: ana@example.com\r\nSubject: Russian dolls\r\n"
    for level in range(depth):
        head += b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
    return head + b"\r\nat the very bottom"


TRICKS = [
    b"",
    b"\r\n",
    b"\0" * 1000,
    b"\xff\xfe\xfd" * 300,
    b"no header at all, just words",
    b"From: \r\nTo: \r\nSubject: \r\n\r\n",
    b"From: ana@example.com\r\n" * 500 + b"\r\nmany senders",
    b"From: " + b"a" * 100_000 + b"@example.com\r\n\r\nlong sender",
    b"From: ana@example.com\r\nSubject: =?utf-8?b?////?=\r\n\r\nbad encoded word",
    b"From: ana@example.com\r\nSubject: =?no-such-charset?q?=E4?=\r\n\r\nx",
    b"From: =?utf-8?q?=00=0d=0aBcc:?= <ana@example.com>\r\n\r\nline break in a name",
    b"From: ana@example.com\r\nDate: Tue, 99 Foo 99999 99:99:99 +9999\r\n\r\nno such day",
    b"From: ana@example.com\r\nDate: Thu, 1 Jan 9999 00:00:00 -2359\r\n\r\nend of time",
    b"From: ana@example.com\r\nMessage-ID: <a@b>\r\nMessage-ID: <c@d>\r\n\r\ntwo ids",
    b"From: ana@example.com\r\nMessage-ID: <" + b"x" * 5000 + b"@example.com>\r\n\r\nlong id",
    b"From: ana@example.com\r\nMessage-ID: \x00\xff<\xe4@\xf6>\r\n\r\nodd id",
    b"From: ana@example.com\r\nReferences: " + b"<r@example.com> " * 5000 + b"\r\n\r\nmany references",
    b"From: ana@example.com\r\nContent-Type: multipart/mixed\r\n\r\nno boundary",
    b'From: ana@example.com\r\nContent-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\nempty boundary',
    b'From: ana@example.com\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n--x\r\n--x--\r\n--x',
    b"From: ana@example.com\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n\xff",
    b"From: ana@example.com\r\nContent-Type: text/plain; charset=\x00\r\n\r\nx",
    b"From: ana@example.com\r\nContent-Transfer-Encoding: base64\r\n\r\n====!!!!",
    b"From: ana@example.com\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=\r\n=",
    b"From: ana@example.com\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 5000,
    b"From: ana@example.com\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script><!--",
    b"From: ana@example.com\r\nContent-Disposition: attachment; filename=../../etc/passwd\r\n\r\nx",
    b"From: ana@example.com\r\nContent-Disposition: attachment; filename*=utf-8''%ff%fe%00\r\n\r\nx",
    b"From: ana@example.com\nSubject: bare line feeds\n\nonly\n.\n\nline feeds",
    b"From: ana@example.com\rSubject: bare carriage returns\r\rx",
    b"Subject: no sender\r\n\r\nwho am I?",
    b"From: undisclosed:;\r\nTo: undisclosed-recipients:;\r\n\r\nnobody to nobody",
    b"From: ana@example.com\r\nTo: " + b"a@example.com, " * 3000 + b"\r\n\r\nto everybody",
    nested(60),
    nested(2000),
]
