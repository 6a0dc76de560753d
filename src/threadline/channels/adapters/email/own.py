"""What is ours: our addresses, our signed Message-IDs, our signed reply addresses."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable

from threadline.channels import reply_address
from threadline.channels.contract import Endpoint, Refused
from threadline.core.mail import Mail

# Where everybody has a mailbox, the same domain makes no colleagues.
# fmt: off
OPEN_TO_ALL = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "yahoo.co.uk",
    "yahoo.fr", "yahoo.de", "icloud.com", "me.com", "mac.com", "aol.com", "proton.me", "protonmail.com", "gmx.de",
    "gmx.net", "gmx.at", "gmx.com", "web.de", "t-online.de", "freenet.de", "orange.fr", "free.fr", "laposte.net",
    "wanadoo.fr", "sfr.fr", "libero.it", "telenet.be", "skynet.be", "ziggo.nl", "kpnmail.nl", "bluewin.ch", "mail.ru",
    "yandex.ru", "qq.com", "163.com", "126.com", "naver.com", "fastmail.com", "zoho.com", "hey.com", "tutanota.com",
})
# fmt: on
_OWN_ID = re.compile(r"(?P<digest>[a-z2-7]{20})\.(?P<signature>[a-z2-7]{13})@.+", re.ASCII)


class OwnAddresses:
    """The addresses of one channel of ours and what we signed for them."""

    def __init__(self, endpoint: Endpoint) -> None:
        aliases = endpoint.settings.get("aliases", ())
        known = [endpoint.address, *(aliases if isinstance(aliases, list | tuple) else ())]
        self.addresses = {reply_address.plain(str(address)) for address in known}
        self.domain = endpoint.address.strip().lower().rpartition("@")[2]
        self.secret = endpoint.secret
        named = endpoint.settings.get("colleagues", ())
        listed = named if isinstance(named, list | tuple) else ()
        self.colleagues = {str(each).strip().lower().lstrip("@") for each in listed}

    def holds(self, address: str) -> bool:
        return reply_address.plain(address) in self.addresses

    def is_colleague(self, address: str) -> bool:
        """Whoever the admin named, and everybody of our own domain, unless anybody can have an address there."""
        address = address.strip().lower()
        domain = address.rpartition("@")[2]
        ours = domain == self.domain and domain not in OPEN_TO_ALL
        return ours or domain in self.colleagues or address in self.colleagues

    def without(self, addresses: Iterable[str]) -> tuple[str, ...]:
        return tuple(address for address in addresses if not self.holds(address))

    def thread_answered(self, addresses: Iterable[str]) -> int | None:
        """The thread of the first reply address among these that we signed."""
        threads = (reply_address.read(address, self.secret) for address in addresses)
        return next((thread for thread in threads if thread is not None), None)

    def refuse_echo(self, read: Mail) -> None:
        """Raise Refused for our own mail coming back: copies in Sent, forwards to ourselves, loops."""
        if self.is_own_id(read.message_id):
            raise Refused(f"We sent this mail ourselves (Message-ID {read.message_id}): it came back in a loop.")
        if read.sender is not None and self.holds(read.sender.email):
            raise Refused(f"The mail is from our own address {read.sender.email}: a copy or a loop, not a customer.")

    def message_id(self, key: str) -> str:
        """The same id for the same key, and one that we recognise as ours when it comes back."""
        digest = _base32(hashlib.sha256(key.encode()).digest())[:20]
        return f"{digest}.{self._signature(digest)}@{self.domain}"

    def is_own_id(self, message_id: str) -> bool:
        found = _OWN_ID.fullmatch(message_id)
        if found is None or not self.secret:
            return False
        return hmac.compare_digest(found["signature"].encode(), self._signature(found["digest"]).encode())

    def _signature(self, digest: str) -> str:
        return _base32(hmac.digest(self.secret.encode(), f"threadline message id {digest}".encode(), "sha256"))[:13]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().lower()
