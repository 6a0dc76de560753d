"""A reply as the bytes of a mail. Fields are written by hand-picked rules: a line break in any of them is refused."""

import re
from email import encoders
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import formatdate

from threadline.channels.contract import Enclosure, Outbound, Rejected

_WIRE = compat32.clone(linesep="\r\n")
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_BREAKS = re.compile(r"[\r\n\0\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+")
_ID = re.compile(r"<?([\x21-\x3b\x3d\x3f-\x7e]{1,900})>?")
MOST_REFERENCES = 20
PAGE = '<!doctype html><html><head><meta charset="utf-8"></head><body>{}</body></html>'


def compose(message: Outbound, *, sender: str, message_id: str) -> bytes:
    """The whole mail. The text goes as quoted-printable UTF-8, which every server and every line length survives."""
    refuse_line_breaks(message)
    mail = _body(message)
    mail["From"] = mailbox(message.from_name, sender)
    mail["To"] = mailbox(message.to_name, message.to)
    if message.cc:
        mail["Cc"] = ", ".join(mailbox("", address) for address in message.cc)
    if message.reply_address:
        mail["Reply-To"] = mailbox(message.from_name, message.reply_address)
    mail["Subject"] = encoded(message.subject)
    mail["Date"] = formatdate(usegmt=False)
    mail["Message-ID"] = f"<{message_id}>"
    answered = bare(message.in_reply_to)
    if answered:
        mail["In-Reply-To"] = f"<{answered}>"
    references = _references(message, answered)
    if references:
        mail["References"] = "\n ".join(f"<{each}>" for each in references)
    if message.automatic:  # RFC 3834; the second is what Exchange looks for
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    if message.automatic and message.stop_url:
        mail["List-Unsubscribe"] = f"<{message.stop_url}>"
        if message.stop_url.startswith("https://"):  # RFC 8058: a mail program ends it with one click, without a page
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail.as_bytes(policy=_WIRE)


def _body(message: Outbound) -> Message:
    """Text alone; with a layout, both, the better one last as RFC 2046 asks; with files, these behind."""
    body: Message = _text(message.text, "plain")
    if message.html:
        body = MIMEMultipart("alternative", _subparts=[body, _text(PAGE.format(message.html), "html")])
    answers = [file for file in message.files if answers_invitation(file)]
    if answers:  # RFC 6047: beside the words, so that calendars take it in
        body = MIMEMultipart("alternative", _subparts=[body, *map(_calendar, answers)])
    if others := [file for file in message.files if file not in answers]:
        body = MIMEMultipart("mixed", _subparts=[body, *map(_file, others)])
    return body


def answers_invitation(file: Enclosure) -> bool:
    return file.content_type == "text/calendar" and b"\nMETHOD:REPLY\r" in file.data


def _calendar(file: Enclosure) -> MIMEText:
    part = _text(file.data.decode("utf-8", "replace"), "calendar")
    part.set_param("method", "REPLY")
    return part


def _text(text: str, form: str) -> MIMEText:
    return MIMEText(_clean(text), form, _UTF8)  # type: ignore[arg-type]


def _file(file: Enclosure) -> MIMEBase:
    main, _, form = file.content_type.partition("/")
    part = MIMEBase(main, form)
    part.set_payload(file.data)
    encoders.encode_base64(part)
    name = _BREAKS.sub(" ", _clean(file.name))
    plain = name.isascii() and '"' not in name and "\\" not in name
    part.add_header("Content-Disposition", "attachment", filename=name if plain else ("utf-8", "", name))
    return part


def refuse_line_breaks(message: Outbound) -> None:
    """Whoever gets a line break into a field writes fields of his own, such as Bcc."""
    ids = [message.message_id, message.in_reply_to, *message.references]
    fields = {
        "recipient": [message.to, *message.cc],
        "name": [message.to_name, message.from_name],
        "subject": [message.subject],
        "reply address": [message.reply_address],
        "message id": ids,
        "address to stop at": [message.stop_url],
    }
    for what, values in fields.items():
        for value in values:
            if _BREAKS.search(value):
                raise Rejected(f"The {what} {value!r} holds a line break or control character. Remove it.")


def mailbox(name: str, address: str) -> str:
    """`Ana Kühn <ana@example.com>`, the name encoded where it must be."""
    domain_ascii = ascii_address(address)
    name = _clean(name)
    if not name.strip():
        return domain_ascii
    quoted = '"' + name.replace("\\", r"\\").replace('"', r"\"") + '"'
    return f"{quoted if name.isascii() else encoded(name)} <{domain_ascii}>"


def ascii_address(address: str) -> str:
    """The address with its domain in the form that all mail servers understand (IDNA)."""
    local, _, domain = address.strip().rpartition("@")
    if not _ADDRESS.fullmatch(address.strip()):
        raise Rejected(f"“{address}” is not an e-mail address. Correct it.")
    if not local.isascii():
        raise Rejected(f"“{address}” has letters before the @ that our mail server can not send to.")
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise Rejected(f"“{domain}” is not the name of a mail domain. Correct the address {address}.") from error


def encoded(text: str) -> str:
    text = _clean(text)
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=66).encode(linesep="\n")


def bare(message_id: str) -> str:
    """A Message-ID without its angle brackets; empty if it is none."""
    found = _ID.fullmatch(message_id.strip())
    return found[1] if found else ""


def _references(message: Outbound, answered: str) -> list[str]:
    """The first mail of the thread and the last ones. What we answer stands at the end, as RFC 5322 asks."""
    known = [each for each in map(bare, message.references) if each and each != answered]
    chain = list(dict.fromkeys(known)) + ([answered] if answered else [])
    return chain if len(chain) <= MOST_REFERENCES else [chain[0], *chain[1 - MOST_REFERENCES :]]


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()
