"""What comes in, what goes out, and what a provider says of a message of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from threadline.core.touch import Direction, Handle


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What an adapter may know of the channel it serves.

    `settings` hold the channel's secrets, too, except while items are parsed. `secret` signs reply addresses.
    `hook_url` is where its provider reaches us; `number` is the channel's own.
    """

    kind: str
    address: str
    settings: Mapping[str, object] = field(default_factory=dict)
    secret: str = ""
    provider: str = ""
    number: int = 0
    hook_url: str = ""

    def setting(self, name: str, usual: str = "") -> str:
        return str(self.settings.get(name) or usual)


@dataclass(frozen=True, slots=True)
class Raw:
    """One item as the source handed it over: bytes (a mail, a piece of a webhook) or an object (API, import)."""

    body: bytes | None = None
    payload: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as announced by the source.

    `part` finds its bytes again in the ledger's raw item. Where they lie with the provider, `source` is what the
    adapter's `media` needs to fetch them; that is done soon, before the provider forgets them.
    """

    name: str
    content_type: str
    size: int
    part: int
    content_id: str = ""
    inline: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One interaction in the common form, whatever the channel.

    `once_key` makes storing idempotent: two items with the same key are one interaction (one mail in two mailboxes).
    `external_id` is the source's own id for this item, the one that later items refer to.
    Thread evidence, strongest first: `thread_key` (the channel's own grouping), `reply_thread` (the thread id of a
    reply address whose signature was checked), `references` (external ids this item answers, nearest first).
    `reply_address` is where answers in this thread go, if not to the first handle. `consent` is `out` when they ask not
    to be written to on this channel any more (STOP), `in` when they take it back.
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
    reply_address: str = ""
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
    consent: Literal["", "out", "in"] = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What the provider says of a message of ours.

    It names the message by the id that `send` returned, by our own `key` where the provider hands it back, or says it
    of all of ours in one thread that went out until `until` (“read up to here”). `proof` is what may be shown of what
    the provider said; `reason` is why it failed, in words. `reply_thread`: the newest of ours in that thread is
    meant, where it is not named otherwise. `bad_address`: nobody reads that address. `complained`: they called it spam,
    and want nothing from a machine of ours any more.
    """

    state: Literal["sent", "delivered", "read", "failed"]
    at: datetime
    once_key: str
    external_id: str = ""
    key: str = ""
    thread_key: str = ""
    until: datetime | None = None
    reason: str = ""
    opted_out: bool = False
    reply_thread: int | None = None
    bad_address: str = ""
    complained: bool = False
    proof: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes out with a reply. `url`: where the provider can fetch it for a day, if it must."""

    name: str
    content_type: str
    data: bytes
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outbound:
    """A reply to send. `key` makes sending idempotent; `reply_address` is fixed on the thread and never recomputed.

    `in_reply_to` is the provider's id of the newest item of theirs in this thread, `answered_at` its moment. `late`:
    the window for free answers is over (`Limits.window_hours`), so that only a template goes.
    """

    key: str
    to: str
    text: str
    reply_address: str
    subject: str = ""
    to_name: str = ""
    from_name: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    answered_at: datetime | None = None
    references: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    automatic: bool = False  # sent by a machine of ours: marked as such, where the channel has a mark
    stop_url: str = ""  # where they say that they want no automatic messages any more
    html: str = ""
    files: tuple[Enclosure, ...] = ()
    thread_key: str = ""
    public: bool = False
    late: bool = False
