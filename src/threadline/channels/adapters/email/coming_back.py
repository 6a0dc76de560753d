"""Mails that mail systems send about ours: what they say becomes a report on the message, not a touch of anybody."""

from datetime import UTC, datetime
from typing import Literal

from threadline.channels.adapters.email import reading
from threadline.channels.adapters.email.own import OwnAddresses
from threadline.channels.contract import Raw, Report
from threadline.core import mail
from threadline.core.mail.bounces import Notice, Returned, returned


def report_of(raw: Raw, read: mail.Mail, own: OwnAddresses) -> Report | None:
    """What it says of a message of ours; None for anything else, which then is a touch like any other.

    A message is ours by its Message-ID, which we signed, or by the signed address that the report went to.
    """
    found = returned(raw.body or b"")
    if found is None:
        return None
    ours = found.message_id if own.is_own_id(found.message_id) else ""
    thread = own.thread_answered(reading.receiving_addresses(read, raw.headers))
    if not ours and thread is None:
        return None
    notice, to_them = chosen(found)
    received_at = raw.received_at or datetime.now(UTC)
    return Report(
        state=state_of(notice, to_them=to_them),
        at=min(found.at or received_at, received_at),
        once_key=f"email-report:{read.message_id[: reading.LONGEST_ID]}:{reading.digest_of(read)}",
        external_id=ours,
        reply_thread=thread,
        reason=in_words(notice, found, to_them=to_them),
        bad_address=notice.address if notice.bad_address else "",
        complained=notice.kind == "complaint",
        proof={"address": notice.address, "status": notice.status, "said": notice.words, "by": found.by},
    )


def chosen(found: Returned) -> tuple[Notice, bool]:
    """Of several recipients the one whom the mail was for; and whether it is that one, and nobody in copy."""
    to = {address.email.lower() for address in found.to}
    theirs = next((notice for notice in found.notices if not to or notice.address in to), None)
    if theirs is None and all(notice.kind == "complaint" for notice in found.notices):
        return found.notices[0], True  # reports of complaints hide who complained
    return (theirs, True) if theirs else (found.notices[0], False)


def state_of(notice: Notice, *, to_them: bool) -> Literal["sent", "delivered", "failed"]:
    if notice.kind == "failed" and to_them:
        return "failed"
    return "delivered" if notice.kind in ("delivered", "complaint") and to_them else "sent"


def in_words(notice: Notice, found: Returned, *, to_them: bool) -> str:
    said = f": {notice.words.rstrip('.')}." if notice.words else "."
    by = f" ({found.by})" if found.by else ""
    if notice.kind == "complaint":
        return f"They called this mail spam{by}. They get no automatic mail any more."
    if notice.kind == "delivered":
        return ""
    if notice.kind == "delayed":
        return f"It is delayed on its way to {notice.address}{by}{said}"
    whom = f"The mail to {notice.address}" if to_them else f"The copy for {notice.address}"
    return f"{whom} came back{by}{said}"
