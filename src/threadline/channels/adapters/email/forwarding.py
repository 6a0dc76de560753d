"""A colleague passes a customer's mail on to us: then the customer is the author, and the colleague is named."""

from dataclasses import replace

from threadline.channels.adapters.email import reading
from threadline.channels.adapters.email.own import OwnAddresses
from threadline.channels.contract import Inbound
from threadline.core import mail
from threadline.core.mail.forwarding import PassedOn, passed_on
from threadline.core.touch import Handle, Level


def unwrapped(found: Inbound, raw: bytes | None, read: mail.Mail, own: OwnAddresses) -> Inbound:
    """The touch as its first writer's, if a colleague passed it on; as it is otherwise.

    A mail that fails the check of its sender is no colleague's: nobody writes in a customer's name that way.
    """
    if read.sender is None or not own.is_colleague(read.sender.email):
        return found
    check = found.attributes.get("sender_check")
    if isinstance(check, dict) and check.get("verdict") == "fail":
        return found
    inner = passed_on(raw or b"", read)
    if inner is None or own.is_colleague(inner.sender.email) or own.holds(inner.sender.email):
        return found
    return as_theirs(found, inner, read.sender)


def as_theirs(found: Inbound, inner: PassedOn, forwarder: mail.Address) -> Inbound:
    address = reading.folded(inner.sender.email)
    by = {"name": forwarder.name[:255], "email": reading.folded(forwarder.email)}
    how = {"note": inner.note, "attached": inner.attached, "message_id": found.external_id}
    others = {name: value for name, value in found.attributes.items() if name not in ("forwarded_from", "reply_to")}
    if inner.reply_to:
        others["reply_to"] = reading.folded(inner.reply_to)
    references = (*inner.references, *([inner.message_id] if inner.message_id else []), *found.references)
    return replace(
        found,
        at=min(found.at, inner.date) if inner.date else found.at,
        external_id=inner.message_id[: reading.LONGEST_ID] or found.external_id,
        handles=(Handle("email", address, Level.OBSERVED),),
        name=inner.sender.name[:255],
        reply_address=address,
        references=tuple(dict.fromkeys(each[: reading.LONGEST_ID] for each in references))[: reading.MOST_REFERENCES],
        participants=tuple(dict.fromkeys((*found.participants, by["email"]))),
        subject=inner.subject,
        text=inner.zones.new,
        quoted="\n\n".join(inner.zones.quoted),
        signature=inner.zones.signature,
        automatic="",
        attributes={**others, "forwarded_by": {**by, **how}},
        device={},
    )
