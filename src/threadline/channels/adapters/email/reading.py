"""From what a mail says to what an interaction holds. Pure functions over `core.mail`."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from threadline.channels.contract import Inbound
from threadline.core.mail import Mail, SenderCheck, check_sender, file_bytes
from threadline.core.mail.invitations import KINDS, MOST_BYTES, invitation
from threadline.core.touch import Handle, Level

LONGEST_ID, LONGEST_ADDRESS = 512, 320
MOST_REFERENCES = MOST_PARTICIPANTS = 50
_RECEIVED_AT = ("delivered-to", "x-original-to", "envelope-to", "x-forwarded-to")
_SENT_FROM = re.compile(
    r"^\W{0,3}(?:sent (?:from|via|with)|gesendet (?:von|mit)|von meinem|envoy[ée] (?:de|depuis)|enviado desde|"
    r"inviato da|verzonden (?:vanaf|met|via)|skickat från|sendt fra|wysłane z|get|"
    r"yahoo mail (?:on|para|pour))\b(.{0,60})",
    re.IGNORECASE | re.MULTILINE,
)
_DEVICES = re.compile(
    r"\b(iphone|ipad|android|samsung|galaxy|huawei|pixel|blackberry|windows phone|ios)\b", re.IGNORECASE
)
_SYSTEMS = {"iphone": "iOS", "ipad": "iPadOS", "ios": "iOS", "blackberry": "BlackBerry", "windows phone": "Windows"}


def digest_of(read: Mail) -> str:
    """What makes two mails with one Message-ID the same mail: who wrote what when.

    Two ways to us change the trace headers, line ends and the transfer encoding, none of which is in here. Somebody
    who copies a Message-ID to get his mail swallowed, or another one's, gets another digest.
    """
    words = read.text or read.html
    said = [
        read.sender.email.lower() if read.sender else "",
        read.date.isoformat() if read.date else "",
        " ".join(read.subject.split()),
        " ".join(words.split()),
        *(f"{file.name}:{file.size}" for file in read.files),
    ]
    return hashlib.blake2b("\x1f".join(said).encode("utf-8", "replace"), digest_size=16).hexdigest()


def moment_of(read: Mail, received_at: datetime) -> datetime:
    """When it was written; a clock that runs ahead does not put a mail into the future."""
    return min(read.date, received_at) if read.date else received_at


def folded(address: str) -> str:
    return address.strip().lower()[:LONGEST_ADDRESS]


def references_of(read: Mail) -> tuple[str, ...]:
    """The mails that this one answers, nearest first: In-Reply-To, then References from the end."""
    nearest_first = (*read.in_reply_to, *reversed(read.references))
    others = (each[:LONGEST_ID] for each in nearest_first if each != read.message_id)
    return tuple(dict.fromkeys(others))[:MOST_REFERENCES]


def receiving_addresses(read: Mail, envelope: Mapping[str, str]) -> list[str]:
    """Where the mail came in, surest first: the envelope, what mail servers noted about it, then To and Cc."""
    noted = [value.strip("<> ") for name in _RECEIVED_AT for value in read.header(name)]
    listed = [address.email for address in (*read.to, *read.cc)]
    return [folded(address) for address in (*envelope.get("envelope_to", "").split(), *noted, *listed)]


def participants_of(read: Mail) -> tuple[str, ...]:
    """Everybody else on the mail: any of them may answer in the same thread."""
    sender = folded(read.sender.email) if read.sender else ""
    others = (folded(address.email) for address in (*read.reply_to, *read.to, *read.cc))
    return tuple(dict.fromkeys(address for address in others if address != sender))[:MOST_PARTICIPANTS]


def machine_envelope(envelope: Mapping[str, str]) -> str:
    """Only machines send with an empty envelope sender, so that nobody answers them."""
    return "the envelope has no sender, as machines send" if envelope.get("envelope_from", "?") == "" else ""


def sender_check_of(read: Mail, trusted: object) -> SenderCheck:
    """What the servers that the admin trusts found about the sender. Anybody can write such a field."""
    names = trusted if isinstance(trusted, list | tuple) else str(trusted or "").replace(",", " ").split()
    sender = read.sender.email if read.sender else ""
    return check_sender(read.header("authentication-results"), sender=sender, trusted=map(str, names))


def told_of(check: SenderCheck) -> dict[str, object]:
    """The same as attributes of a touch: each method's result, and what follows from them."""
    results: dict[str, str] = {}
    for each in check.results:
        results.setdefault(each.method, each.result)
    verdict = {"verdict": check.verdict, "by": check.by, "because": check.because} if check.verdict else {}
    told = {"authentication": results, "sender_check": verdict}
    return {name: value for name, value in told.items() if value}


def handles_of(read: Mail, check: SenderCheck) -> tuple[Handle, ...]:
    return (Handle("email", folded(read.sender.email), level_of(check)),) if read.sender else ()


def level_of(check: SenderCheck) -> Level:
    """A From line whose domain vouches for it is proven; one that its domain denies is a claim, like any other."""
    return {"pass": Level.VERIFIED, "fail": Level.CLAIMED}.get(check.verdict, Level.OBSERVED)


def with_invitation(found: Inbound, raw: bytes, read: Mail) -> Inbound:
    """What a calendar object in the mail asks them to come to; the file itself stays beside it."""
    file = next((each for each in read.files if each.content_type in KINDS and each.size <= MOST_BYTES), None)
    asked = invitation(file_bytes(raw, file.part)) if file else None
    if file is None or asked is None:
        return found
    told = {name: value for name, value in asdict(asked).items() if value}
    told |= {name: told[name].isoformat() for name in ("start", "end") if name in told} | {"part": file.part}
    return replace(found, attributes={**found.attributes, "invitation": told})


def device_of(text: str, quoted: Sequence[str]) -> dict[str, object]:
    """What "Sent from my iPhone" gives away, without looking at what the quoted mails below it give away."""
    below = text.find(quoted[0].partition("\n")[0]) if quoted else -1
    written = text[:below] if below >= 0 else text
    for note in _SENT_FROM.finditer(written, max(0, len(written) - 2000)):
        device = _DEVICES.search(note[1])
        if device:
            return {"system": _SYSTEMS.get(device[1].lower(), "Android"), "said": note[0].strip()}
    return {}
