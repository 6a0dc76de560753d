"""What everybody passes who comes from a chat window: a channel that is there, and a site where it may stand."""

import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db import close_old_connections

from threadline.channels.models import Channel

FRESH_SECONDS = 3.0


@dataclass(slots=True)
class Channels:
    """The chat channels by address, kept for a moment."""

    by_address: dict[str, Channel] = field(default_factory=dict)
    until: float = 0.0

    def find(self, address: str) -> Channel | None:
        if time.monotonic() >= self.until:
            close_old_connections()
            found = Channel.objects.active().filter(kind="chat").select_related("brand")
            self.by_address = {channel.address.lower(): channel for channel in found}
            self.until = time.monotonic() + FRESH_SECONDS
        return self.by_address.get(address.strip().lower()[:255])


channels = Channels()


def may_stand_on(channel: Channel, origin: str, *, host: str) -> bool:
    """The site's origin is on the channel's list, or is our own. Whoever sends none is no browser, and is refused."""
    if not origin or origin == "null":
        return False
    listed = channel.settings.get("origins") or []
    ours = urlsplit(origin).netloc == host
    return ours or (isinstance(listed, list) and origin.lower() in [str(each).lower().rstrip("/") for each in listed])
