"""From the ledger to touches as the pure functions see them, and what people decided."""

from collections.abc import Iterator, Mapping, Sequence

from threadline.accounts.models import Event
from threadline.channels.models import Brand, Channel
from threadline.config.bars import Advance
from threadline.core.history import Known
from threadline.core.touch import Touch
from threadline.core.understanding.words import words_of
from threadline.customers.models import IdentityLink
from threadline.interactions import shapes
from threadline.interactions.models import IntakeEntry, Interaction, Product
from threadline.interactions.reading import parse
from threadline.interactions.storing import touch_of
from threadline.interactions.threads import Place
from threadline.journeys.models import Journey, Membership

BATCH = 1_000


def touches(progress: Advance) -> Iterator[Sequence[Touch]]:
    """Every accepted touch in the order of the ledger, in the thread in which it stands."""
    accepted = IntakeEntry.objects.filter(verdict="accepted").select_related("channel")
    total, last, done = accepted.count(), 0, 0
    while entries := list(accepted.filter(pk__gt=last).order_by("pk")[:BATCH]):
        stored = Interaction.objects.select_related("thread").only("thread").in_bulk([entry.pk for entry in entries])
        readings = [parse(entry) for entry in entries if entry.pk in stored]
        yield [touch_of(one, Place(stored[one.entry.pk].thread)) for one in readings if one.inbound is not None]
        last, done = entries[-1].pk, done + len(entries)
        progress(done, total)
    progress(1, 1)


def known() -> Known:
    """What is sold, what we are called, and what agents said about people."""
    undone = set(Event.objects.filter(verb="undone").values_list("facts__event", flat=True))
    merged = Event.objects.filter(verb="customers_merged", agent__isnull=False).exclude(pk__in=undone).order_by("pk")
    apart = IdentityLink.objects.filter(standing=IdentityLink.Standing.APART, superseded_at=None)
    return Known(
        products=frozenset(Product.objects.values_list("name", flat=True)),
        common=words_of(" ".join(Brand.objects.order_by("pk").values_list("name", flat=True))),
        shapes=shapes.in_use(),
        regions={channel.pk: str(channel.settings.get("region") or "GB") for channel in Channel.objects.all()},
        apart=frozenset(apart.values_list("left__customer", "right__customer")),
        merges=tuple((event.ledger_mark or 0, event.facts["from"], event.facts["into"]) for event in merged),
    )


def standing() -> dict[int, int]:
    """Touch to the journey in which it stands today, joined ones followed."""
    joined = dict(Journey.objects.filter(joined_into__isnull=False).values_list("pk", "joined_into"))
    homes = dict(Membership.objects.filter(superseded_at=None).values_list("interaction", "journey"))
    return {touch: _end(journey, joined) for touch, journey in homes.items()}


def ruled() -> dict[int, int]:
    """Touches that an agent put where they stand: these are never overruled."""
    by_agent = Membership.objects.filter(superseded_at=None, decision__by="agent")
    return dict(by_agent.values_list("interaction", "journey"))


def _end(journey: int, joined: Mapping[int, int | None]) -> int:
    while following := joined.get(journey):
        journey = following
    return journey
