"""How one may write to a person: what they said of it, what their providers told, and what can be said anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from threadline.channels.adapters import can_send, scheme_of
from threadline.channels.kinds import label
from threadline.channels.models import Channel
from threadline.customers.models import Customer, Identity
from threadline.desk.handles import written
from threadline.interactions.models import OptOut
from threadline.journeys.models import Consent
from threadline.journeys.reaching.consents import standing


@dataclass(frozen=True, slots=True)
class Wish:
    """An address over one kind of channel. `said` is what one of us wrote down, `told` what the provider told."""

    key: str
    kind: str
    address: str
    said: Consent | None
    told: OptOut | None

    @property
    def name(self) -> str:
        return f"{label(self.kind)} {self.address}"


def wishes(customer: Customer) -> list[Wish]:
    """Cost: four queries."""
    channels = [each for each in Channel.objects.active() if can_send(each) or each.kind == "phone"]
    identities = list(Identity.objects.filter(customer=customer).order_by("pk"))
    pairs = [(one, kind) for one in identities for kind in _kinds(channels, one.scheme)]
    said = standing((one.scheme, one.value, kind) for one, kind in pairs)
    told = {(row.channel.kind, row.address): row for row in _opt_outs(identities)}
    return [
        Wish(
            f"{one.pk}-{kind}",
            kind,
            written(one.scheme, one.value),
            said.get((one.scheme, one.value, kind)),
            told.get((kind, one.value)),
        )
        for one, kind in pairs
    ]


def _kinds(channels: Sequence[Channel], scheme: str) -> list[str]:
    return list(dict.fromkeys(each.kind for each in channels if scheme_of(each) == scheme))


def _opt_outs(identities: Sequence[Identity]) -> list[OptOut]:
    found = OptOut.objects.filter(address__in=[one.value for one in identities])
    return list(found.select_related("channel"))
