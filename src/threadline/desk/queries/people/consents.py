"""How one may write to a person: what they said of it, what their providers told, and what can be said anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from threadline.channels.adapters import can_send, scheme_of
from threadline.channels.kinds import label
from threadline.channels.models import Channel
from threadline.customers.models import Identity
from threadline.desk.handles import written
from threadline.journeys.models import Consent
from threadline.journeys.reaching.consents import standing


@dataclass(frozen=True, slots=True)
class Wish:
    """An address over one kind of channel. `said`: what one of us wrote down; `told`: its provider was told."""

    key: str
    kind: str
    address: str
    said: Consent | None
    told: bool

    @property
    def name(self) -> str:
        return f"{label(self.kind)} {self.address}"


def wishes(identities: Sequence[Identity]) -> list[Wish]:
    """Cost: two queries."""
    mine = Q(opt_outs__address__in=[one.value for one in identities], opt_outs__only_automatic=False)
    asked = ArrayAgg("opt_outs__address", filter=mine, default=[])
    found = Channel.objects.active().annotate(silent=asked)
    channels = [one for one in found if can_send(one) or one.kind == "phone"]
    pairs = [(one, kind) for one in identities for kind in _kinds(channels, one.scheme)]
    said = standing((one.scheme, one.value, kind) for one, kind in pairs)
    told = {(channel.kind, address) for channel in found for address in channel.silent}  # type: ignore[attr-defined]
    return [
        Wish(
            f"{one.pk}-{kind}",
            kind,
            written(one.scheme, one.value),
            said.get((one.scheme, one.value, kind)),
            (kind, one.value) in told,
        )
        for one, kind in pairs
    ]


def _kinds(channels: Sequence[Channel], scheme: str) -> list[str]:
    return list(dict.fromkeys(each.kind for each in channels if scheme_of(each) == scheme))
