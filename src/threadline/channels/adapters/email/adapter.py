"""The e-mail adapter."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

from threadline.channels.adapters.email import coming_back, forwarding, looking, reading, writing
from threadline.channels.adapters.email.form import FORM
from threadline.channels.adapters.email.own import OwnAddresses
from threadline.channels.adapters.email.sending import Exit
from threadline.channels.contract import (
    Abilities,
    Adapter,
    Address,
    Broken,
    Endpoint,
    Fetched,
    File,
    Group,
    Inbound,
    Limits,
    Outbound,
    Piece,
    Raw,
    Report,
)
from threadline.channels.contract import words as _
from threadline.core import mail
from threadline.core.touch import Direction


class Email(Adapter):
    """One mailbox of ours.

    Settings: `aliases` (other addresses of ours), `authserv_id` (names of servers whose Authentication-Results count),
    `colleagues` (who passes customers' mails on to us),
    `smtp_host`, `smtp_port`, `smtp_security` (tls, starttls, none), `smtp_user`, `smtp_password`, `smtp_timeout`.
    """

    kind: ClassVar[str] = "email"
    limits: ClassVar[Limits] = Limits(
        files=True, encloses=True, subject=True, copies=True, rich=True, max_file_bytes=20_000_000
    )
    scheme: ClassVar[str] = "email"
    address: ClassVar[Address] = Address(_("Its address"), "support@example.org", "email")
    form: ClassVar[tuple[Group, ...]] = FORM
    can: ClassVar[Abilities] = Abilities(media=True, begins=True)
    idempotent: ClassVar[bool] = True  # the same Message-ID: programs show it once
    events: ClassVar[Mapping[str, str]] = {"mail": "touch", "delivery status": "report", "feedback": "report"}

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.own = OwnAddresses(endpoint)

    def parse(self, raw: Raw) -> list[Inbound | Report]:
        """One mail, one interaction; a mail system's word on one of ours is a report.

        Raises Broken for what is no mail and Refused for our own mail coming back.
        """
        if raw.body is None:
            raise Broken("An e-mail comes as bytes, but this entry holds an object. Send it to the API as kind email.")
        read = mail.parse(raw.body)
        if read.sender is None and not (read.text.strip() or read.subject or read.files):
            raise Broken(f"The {len(raw.body)} bytes are no mail: no sender, no subject, no text, no file.")
        machine = read.automatic or reading.machine_envelope(raw.headers)
        report = coming_back.report_of(raw, read, self.own) if machine else None
        if report is not None:
            return [report]
        self.own.refuse_echo(read)
        found = reading.with_invitation(self._inbound(read, raw.headers, raw.received_at), raw.body, read)
        return [forwarding.unwrapped(found, raw.body, read, self.own)]

    def _inbound(self, read: mail.Mail, envelope: Mapping[str, str], received_at: datetime | None) -> Inbound:
        zones, check = mail.split(read.text), reading.sender_check_of(read, self.endpoint.settings.get("authserv_id"))
        message_id, digest = read.message_id[: reading.LONGEST_ID], reading.digest_of(read)
        return Inbound(
            kind=self.kind,
            direction=Direction.IN,
            at=reading.moment_of(read, received_at or datetime.now(UTC)),
            once_key=f"email:{message_id}:{digest}",
            external_id=message_id or f"no-message-id.{digest}",
            handles=reading.handles_of(read, check),
            name=read.sender.name[:255] if read.sender else "",
            reply_thread=self.own.thread_answered(reading.receiving_addresses(read, envelope)),
            references=reading.references_of(read),
            participants=self.own.without(reading.participants_of(read)),
            subject=read.subject,
            text=zones.new,
            quoted="\n\n".join(zones.quoted),
            signature=zones.signature,
            html=read.html,
            automatic=read.automatic or reading.machine_envelope(envelope),
            files=tuple(
                File(file.name[:255], file.content_type[:120], file.size, file.part, file.content_id[:255], file.inline)
                for file in read.files
            ),
            attributes=self._attributes(read, envelope, zones.quoted) | reading.told_of(check),
            device=reading.device_of(read.text, zones.quoted),
        )

    def _attributes(self, read: mail.Mail, envelope: Mapping[str, str], quoted: Sequence[str]) -> dict[str, object]:
        received = [address for address in reading.receiving_addresses(read, envelope) if self.own.holds(address)]
        found: dict[str, object] = {
            "message_id": read.message_id,
            "to": received[0] if received else "",
            "reply_to": reading.folded(read.reply_to[0].email) if read.reply_to else "",
            "forwarded_from": list(self.own.without(tuple(mail.forwarded_from(read.subject, quoted)))),
        }
        return {name: value for name, value in found.items() if value}

    def history(self, since: datetime, cursor: str) -> Fetched:
        """What the mailbox has since then, by name; `fill` fetches what is missing."""
        return looking.history(self.endpoint, since)

    def fill(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        return looking.fill(self.endpoint, pieces)

    def send(self, message: Outbound) -> str:
        """Hand the reply to our mail server; return its Message-ID. Sending the same key again gives the same id."""
        message_id = writing.bare(message.message_id) or self.own.message_id(message.key)
        content = writing.compose(message, sender=self.endpoint.address, message_id=message_id)
        bounces_to = message.reply_address or self.endpoint.address
        Exit(self.endpoint).send(content, sender=bounces_to, to=message.to, cc=message.cc)
        return message_id
