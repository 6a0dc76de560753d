"""Which channel of ours an object names: by kind and endpoint, as much of them as it says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process

from threadline.channels.adapters.object import fields
from threadline.channels.adapters.object.adapter import KINDS
from threadline.channels.kinds import known
from threadline.channels.models import Brand, Channel
from threadline.lib.errors import ThreadlineError

NEAR = 5


class UnknownEndpoint(ThreadlineError):
    """No channel of ours has this kind and address."""


@dataclass(slots=True)
class Endpoints:
    """All channels of ours, in memory. Cost of loading: one query."""

    by_place: dict[tuple[str, str], Channel] = field(default_factory=dict)
    by_kind: dict[str, list[Channel]] = field(default_factory=dict)
    by_address: dict[str, list[Channel]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Endpoints":
        endpoints = cls()
        for channel in Channel.objects.all():
            endpoints.add(channel)
        return endpoints

    def add(self, channel: Channel) -> None:
        self.by_place[channel.kind, folded(channel.address)] = channel
        self.by_kind.setdefault(channel.kind, []).append(channel)
        self.by_address.setdefault(folded(channel.address), []).append(channel)

    def find(self, given: Mapping[str, object]) -> Channel:
        """The channel an object came in on.

        Raises:
            UnknownEndpoint: there is none, or what the object says fits several; the text lists those that are near.
        """
        kind, address = place_of(given)
        fitting = self._fitting(kind, address)
        if len(fitting) != 1:
            raise UnknownEndpoint(self._trouble(kind, address, fitting))
        return fitting[0]

    def _fitting(self, kind: str, address: str) -> Sequence[Channel]:
        if kind and address:
            exact = self.by_place.get((kind, folded(address)))
            return [exact] if exact else []
        return self.by_address.get(folded(address), []) if address else self.by_kind.get(kind, [])

    def _trouble(self, kind: str, address: str, fitting: Sequence[Channel]) -> str:
        if not kind and not address:
            return "“channel” and “endpoint” are missing. Say on which channel of ours it came in."
        missing, said = ("“channel”", f"“endpoint” {address!r}") if address else ("“endpoint”", f"“channel” {kind!r}")
        if fitting:
            return f"{said} fits {len(fitting)} channels of ours: {listed(fitting)}. Send {missing} too."
        if not address:
            return f"We have no channel of the kind {kind!r}. Add one, then send it again."
        near = self._near(kind, address)
        advice = f"Near to it are {listed(near)}. Correct it, or add this one." if near else "Add it, then send again."
        return f"“endpoint” is {address[:80]!r}, and no {kind or 'channel'} of ours has that address. {advice}"

    def _near(self, kind: str, address: str) -> list[Channel]:
        candidates = self.by_kind.get(kind) or [each for group in self.by_kind.values() for each in group]
        names = [folded(channel.address) for channel in candidates]
        return [candidates[place] for _, _, place in process.extract(folded(address)[:255], names, limit=NEAR)]

    def ensure(self, kind: str, address: str, *, brand: str = "") -> Channel:
        """The channel with this address, made when there is none."""
        known = self.by_place.get((kind, folded(address)))
        if known:
            return known
        owner = Brand.objects.get_or_create(name=brand[:80])[0] if brand else None
        channel, _ = Channel.objects.get_or_create(kind=kind, address=address, defaults={"brand": owner})
        self.add(channel)
        return channel


def place_of(given: Mapping[str, object]) -> tuple[str, str]:
    """Kind and address as the object says them; empty where it does not. Raises Broken for what is no short text."""
    spoken = fields.word(given, "channel").lower()
    kinds = known()
    if spoken and spoken not in KINDS and spoken not in kinds:
        fields.wrong("channel", spoken, f"one of {', '.join(kinds)}")
    return KINDS.get(spoken, spoken), fields.word(given, "endpoint", longest=255)


def folded(address: str) -> str:
    return address.strip().lower()


def listed(channels: Iterable[Channel]) -> str:
    return ", ".join(f"{channel.kind} {channel.address}" for channel in list(channels)[:NEAR])
