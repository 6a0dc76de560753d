"""What the pure functions of `core` see of an interaction: a touch, its handles, and nothing of the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Level(StrEnum):
    """How a handle is known. A claim is not proof: only the first two may ever join people by themselves."""

    VERIFIED = "verified"  # signed in, code confirmed, signature checked
    OBSERVED = "observed"  # caller id, From header, the network's own user id
    CLAIMED = "claimed"  # typed into a form, said on the phone


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Handle:
    """One way to reach or recognise somebody: `scheme` names the namespace, `value` is normalised in it.

    Schemes: email, tel, x, facebook, visitor, account, device, loyalty, community, reviewer, agent …
    """

    scheme: str
    value: str
    level: Level = Level.OBSERVED

    @property
    def key(self) -> tuple[str, str]:
        return (self.scheme, self.value)


@dataclass(frozen=True, slots=True)
class Touch:
    """One touch on any channel. For `direction == "out"` the handles are the recipient's; otherwise the sender's."""

    id: int
    at: datetime
    kind: str
    direction: Direction
    channel: int
    thread: int
    public: bool = False
    brand: int | None = None
    handles: tuple[Handle, ...] = ()  # the one that speaks comes first
    name: str = ""  # the display name the channel gave
    subject: str = ""
    text: str = ""  # what was newly written, without quotes and signature
    signature: str = ""  # the signature block under it
    written_here: bool = False  # by one of us at the desk, who could read what had come in by then
    automatic: str = ""  # why the adapter holds it for bulk or an auto-reply; empty for a person
    answers: int | None = (
        None  # the thread it says it answers, where that is not `thread`: the sender was no part of it
    )
    attributes: Mapping[str, object] = field(default_factory=dict)
