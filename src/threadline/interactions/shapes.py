"""What the numbers look like that this house gives out: learned every night from its purchases."""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from threadline.core.understanding.learned import NumberShape, learned_shapes
from threadline.interactions.models import IntakeEntry, Interaction, LearnedShape
from threadline.lib.jobs import job, periodic

NEWEST = 5_000
FIELDS = {"order_number": "order", "loyalty_card": "loyalty", "tracking_number": "tracking"}


def in_use() -> tuple[NumberShape, ...]:
    """Cost: one query."""
    return tuple(
        NumberShape(*row) for row in LearnedShape.objects.order_by("pk").values_list("name", "pattern", "seen")
    )


@periodic(cron="41 3 * * *")
@job(queueing_lock="learn_shapes")
def learn_shapes(timestamp: int) -> None:
    """Look at the newest purchases again. Safe to run twice or late."""
    relearn()


@transaction.atomic
def relearn() -> int:
    """What was learned before gives way to what the newest purchases teach. Returns how many shapes there are."""
    found = learned_shapes(numbers_given_out())
    LearnedShape.objects.all().delete()
    LearnedShape.objects.bulk_create(
        LearnedShape(name=each.name, pattern=each.pattern, seen=each.seen, at=timezone.now()) for each in found
    )
    return len(found)


def numbers_given_out() -> Iterator[tuple[str, str]]:
    """(name, number as written) from the newest purchases, as our own systems reported them."""
    newest = Interaction.objects.filter(kind="purchase").order_by("-pk").values("pk")[:NEWEST]
    for payload in IntakeEntry.objects.filter(pk__in=newest).values_list("payload", flat=True).iterator():
        for part in ("sender", "attributes"):
            given = (payload or {}).get(part)
            for field, name in FIELDS.items():
                if isinstance(given, dict) and given.get(field):
                    yield name, str(given[field])
