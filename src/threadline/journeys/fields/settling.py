"""Which value of a field counts, where people or stories became one: of all that was said, the newest.

Nothing is moved or lost: each value stays where it was said, and only points to whom it counts for. Asked again
whenever people or stories become one or two.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q

from threadline.accounts.models import Event
from threadline.journeys.fields.models import FieldValue

STRUCTURE = frozenset({"moved", "split", "joined", "customers_merged"})
# From each number up to what it is part of by now, from there down to all its parts; the newest of each field counts.
SETTLE = """
    with recursive up (id, part_of) as (
        select id, {into} from {table} where id = any(%s)
        union select whole.id, whole.{into} from {table} whole join up on whole.id = up.part_of
    ), parts (id, standing) as (
        select id, id from up where part_of is null
        union select part.id, parts.standing from {table} part join parts on part.{into} = parts.id
    ), said as (
        select value.id, parts.standing, row_number() over (
            partition by value.field_id, parts.standing order by value.event_id desc, value.id desc
        ) as place
        from parts join journeys_fieldvalue value on value.on_{column} = parts.id
    )
    update journeys_fieldvalue value set {column} = told.standing
    from (select id, case when place = 1 then standing end as standing from said) as told
    where told.id = value.id and value.{column} is distinct from told.standing
"""
STORIES = SETTLE.format(table="journeys_journey", into="joined_into_id", column="journey_id")
PEOPLE = SETTLE.format(table="customers_customer", into="merged_into_id", column="customer_id")


def settle_stories(numbers: Iterable[int]) -> None:
    """Cost: one statement, none for nobody."""
    _settle(STORIES, numbers)


def settle_people(numbers: Iterable[int]) -> None:
    """As above."""
    _settle(PEOPLE, numbers)


def _settle(statement: str, numbers: Iterable[int]) -> None:
    asked = sorted(set(numbers))
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(statement, [asked])


def settle_after(event: Event) -> None:
    """After stories or people became one or two, by a person's word or its undo."""
    if event.verb not in STRUCTURE:
        return
    named = {int(event.facts[name]) for name in ("from", "to", "into") if name in event.facts}
    if event.verb != "customers_merged":
        settle_stories(named | ({event.journey_id} if event.journey_id is not None else set()))
        return
    settle_people(named)
    theirs = Q(on_journey__customer__in=named) | Q(journey__customer__in=named)
    settle_stories(FieldValue.objects.filter(theirs).order_by().values_list("on_journey", flat=True).distinct())
