"""What a provider sends to our address, and what it hears from us."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl

from threadline.channels.contract.messages import Raw


@dataclass(frozen=True, slots=True)
class Hook:
    """One request to `/in/<channel>`. `url` is our public address as the provider knows it, with its query.

    Names of `headers` are lower case.
    """

    method: str
    url: str
    body: bytes
    received_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    def form(self) -> dict[str, str]:
        """The fields of a form; of one that comes twice, the last."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of what a provider handed over: it becomes one entry of the ledger, one touch or one report.

    `external_id` is the provider's own id, by which what it has is compared with what came in. `refused`: why the
    source itself does not hand it over; it is noted all the same.
    """

    body: bytes
    external_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""

    @property
    def raw(self) -> Raw:
        return Raw(body=self.body, headers=self.headers)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a look at a polled source, or at a provider's own list, brought.

    `cursor` goes into the next call. `more`: there is more at once. `gap` says in words what can not be had any more.
    """

    pieces: tuple[Piece, ...] = ()
    cursor: str = ""
    more: bool = False
    gap: str = ""
