"""The contract between a channel adapter and the rest: frozen data in, frozen data out, four ways to fail.

An adapter is one class in one file under `adapters/`. It translates; it knows no database and no journey.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from threadline.core.touch import Direction, Handle
from threadline.lib.errors import ThreadlineError


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What an adapter may know of the channel it serves; `secret` signs its reply addresses."""

    kind: str
    address: str
    settings: Mapping[str, object] = field(default_factory=dict)
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """One item as the source handed it over: bytes (a mail, a webhook body) or an object (API, import), never both."""

    body: bytes | None = None
    payload: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as announced by the source. `part` finds its bytes again in the ledger's raw item."""

    name: str
    content_type: str
    size: int
    part: int
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Inbound:
    """One interaction in the common form, whatever the channel.

    `once_key` makes storing idempotent: two items with the same key are one interaction (one mail in two mailboxes).
    `external_id` is the source's own id for this item, the one that later items refer to.
    Thread evidence, strongest first: `thread_key` (the channel's own grouping), `reply_thread` (the thread id of a
    reply address whose signature was checked), `references` (external ids this item answers, nearest first).
    """

    kind: str
    direction: Direction
    at: datetime
    once_key: str
    external_id: str
    handles: tuple[Handle, ...] = ()
    name: str = ""
    public: bool = False
    thread_key: str = ""
    reply_thread: int | None = None
    references: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()  # other addresses on this item (To, Cc) that may answer in the same thread
    subject: str = ""
    text: str = ""
    quoted: str = ""
    signature: str = ""
    html: str = ""
    automatic: str = ""
    author: str = ""  # who of ours spoke, on outbound items
    files: tuple[File, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)
    device: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes out with a reply."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outbound:
    """A reply to send. `key` makes sending idempotent; `reply_address` is fixed on the thread and never recomputed."""

    key: str
    to: str
    text: str
    reply_address: str
    subject: str = ""
    to_name: str = ""
    from_name: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    automatic: bool = False  # sent by a machine of ours: marked as such, where the channel has a mark
    html: str = ""
    files: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a message on this channel may be.

    `max_file_bytes` is for all files of one message; `encloses`: files of ours go along with an answer. `at_once`:
    somebody sits there and reads, so that nothing is held back to be undone. `window_hours`: how long after the
    customer's last word we may answer. `rich`: bold, lists and links arrive as such; `copies`: others may read along.
    """

    max_chars: int | None = None
    max_file_bytes: int | None = None
    files: bool = False
    encloses: bool = False
    at_once: bool = False
    subject: bool = False
    copies: bool = False
    rich: bool = False
    window_hours: int | None = None


class Failure(ThreadlineError):
    """Why an exchange with a provider did not work. Exactly four kinds follow."""


class Unavailable(Failure):
    """Not now: try again later."""


class Rejected(Failure):
    """The provider will never accept this message."""


class OptedOut(Rejected):
    """The person asked not to be contacted this way."""


class Misconfigured(Failure):
    """The channel itself is set up wrongly: pause it and tell an admin."""


class Broken(ThreadlineError):
    """An incoming item that can not be read. It is kept in the ledger, quarantined with this reason."""


class Refused(Broken):
    """An incoming item that we do not want: our own mail coming back. The ledger keeps it, refused for this reason."""


class Adapter(Protocol):
    """What every adapter offers. `send` is absent on kinds that only listen."""

    kind: ClassVar[str]
    limits: ClassVar[Limits]

    def __init__(self, endpoint: Endpoint) -> None: ...

    def parse(self, raw: Raw) -> list[Inbound]: ...
