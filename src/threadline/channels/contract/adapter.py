"""What every adapter offers. Most has a working default: an adapter says only what is different about its provider."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from threadline.channels.contract.failures import Misconfigured, Rejected
from threadline.channels.contract.hooks import Answer, Fetched, Hook, Piece
from threadline.channels.contract.messages import Endpoint, Inbound, Outbound, Raw, Report
from threadline.channels.contract.setup import Abilities, Address, Group, Limits, Words, words


class Adapter(ABC):
    """One kind of channel at one provider.

    `kind` is what people call it and stands on every touch (`sms`); `provider` tells apart who carries it (`twilio`).
    `scheme` is the scheme of the handles that it writes to (`tel`). `events` names every type of event that the
    provider documents, and what becomes of it: `touch`, `report`, `handshake`, or the reason why it is refused.
    """

    kind: ClassVar[str]
    provider: ClassVar[str] = ""
    label: ClassVar[Words] = ""  # of the kind, on screens; kinds of the house have one already
    spoken: ClassVar[Words] = ""  # "on Telegram"
    carrier: ClassVar[Words] = ""  # of the provider: "Twilio"
    glyph: ClassVar[str] = "messenger"  # a drawing of the front end: messenger, dm, post, social, review, community …
    public_glyph: ClassVar[str] = "post"
    scheme: ClassVar[str] = ""
    docs: ClassVar[str] = ""
    address: ClassVar[Address] = Address(words("Its address or short name"))
    form: ClassVar[tuple[Group, ...]] = ()
    limits: ClassVar[Limits] = Limits()
    can: ClassVar[Abilities] = Abilities()
    events: ClassVar[Mapping[str, str]] = {}
    idempotent: ClassVar[bool] = False  # the provider, or what we send, keeps the same key from arriving twice
    hooked: ClassVar[bool] = False  # its provider calls /in/<channel>
    polled_every: ClassVar[int] = 0  # seconds between two calls of `fetch`; 0 for sources that call us
    max_hook_bytes: ClassVar[int] = 2 * 2**20
    introduces: ClassVar[bool] = False  # names come when asked for, not with what people say
    received: ClassVar[Answer] = Answer()  # what the provider hears once its request is in the ledger

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    @classmethod
    def name(cls) -> str:
        """The key of this adapter: `telegram`, `sms.twilio`."""
        return f"{cls.kind}.{cls.provider}" if cls.provider else cls.kind

    @classmethod
    def sends(cls) -> bool:
        return cls.send is not Adapter.send

    @classmethod
    def hours_to_answer(cls, settings: Mapping[str, object]) -> int | None:
        """For how long after their last word we may answer in private, where a channel's settings change it."""
        return cls.limits.window_hours

    # ---- coming in

    def handshake(self, hook: Hook) -> Answer | None:
        """The answer to a provider that only asks whether we are there; None for anything else."""
        return None

    def verify(self, hook: Hook) -> datetime | None:
        """Check the signature, in constant time. Returns when it was signed, where the provider says it.

        Raises:
            Refused: it is not genuine. The provider hears 401, and nothing is kept.
        """
        raise Misconfigured(f"Channels of the kind {self.name()} take no requests.")

    def split(self, hook: Hook) -> Sequence[Piece]:
        """The items of one request. Whatever can not be taken apart is one piece, for `parse` to say what is wrong."""
        return [Piece(hook.body)]

    @abstractmethod
    def parse(self, raw: Raw) -> Sequence[Inbound | Report]:
        """One item, one interaction or one report. No secrets are at hand here.

        Raises:
            Refused: of a kind that we do not want; say the event's name.
            Broken: it can not be read.
        """

    def fetch(self, cursor: str) -> Fetched:
        """What is new at a polled source since `cursor`, oldest first; empty at the very first."""
        raise Misconfigured(f"Channels of the kind {self.name()} are not looked at.")

    def history(self, since: datetime, cursor: str) -> Fetched:
        """What the provider itself has since that moment, in the same pieces: to find gaps and to fill them."""
        raise Rejected(f"{self.carrier or self.label} does not tell what it has. What is missing can not be looked up.")

    def profile(self, who: str) -> Piece:
        """Who the person behind a handle is, as a piece for `parse`; where `introduces` says that it can be asked."""
        raise Rejected(f"{self.carrier or self.label} does not tell who somebody is.")

    def fill(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """The same pieces with their bodies, for sources whose `history` only names them, without those that are gone.

        Asked for a bounded number at once.
        """
        return pieces

    def media(self, source: str) -> bytes:
        """The bytes of a file that a touch announced."""
        raise Rejected("This channel hands its files over at once; there is nothing to fetch.")

    # ---- going out

    def send(self, message: Outbound) -> str:
        """Hand one message over; returns the provider's id of it. Kinds that only listen leave this out."""
        raise Rejected("We can not send over this channel. Reply another way.")

    # ---- being set up

    def check(self) -> str:
        """Ask the provider whether the credentials work; returns whom they belong to, in words."""
        return ""

    def activate(self) -> str:
        """Tell the provider where to reach us; returns what is left for a person to do, or nothing."""
        return ""

    def deactivate(self) -> None:  # noqa: B027
        """Tell the provider to stop calling."""
