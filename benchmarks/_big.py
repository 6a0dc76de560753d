"""A big company, fast: real touches through the real pipeline, then multiplied inside the database.

Every copy gets ids, handles, numbers and moments of its own, so that lists, indexes and searches have the same work
as if everything had come in. What was concluded (decisions) is shared between the copies.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from _traffic import ADDRESSES, START, Object, Traffic, answering, build_channels

SPAN = 1_000_000  # ids of the originals lie below; copy k adds k times as much
TOUCHES = 3600
COLLEAGUES = 20
LONG_STORIES = {"short": 12, "long": 300}
FEW = 20  # copies that are added with all indexes in place
INDEXES = """
    select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
    where c.oid is null and i.indrelid = any(%s::text[]::regclass[])
"""
RARE = 40_000  # each touch has one of so many words that nobody else uses


def found(reader: object) -> dict[str, int]:
    """The originals. Gives the stories of 12 and of 300 touches, owned by the reader."""
    from threadline.journeys.models import Journey

    build_channels()
    firsts = {name: send(long_story(name, touches)) for name, touches in LONG_STORIES.items()}
    send(list(Traffic(seed=7, going_on=0.6).touches(TOUCHES)))
    hire(reader)
    tidy()
    stories = {
        name: Journey.objects.get(memberships__interaction=first, memberships__superseded_at=None)
        for name, first in firsts.items()
    }
    for name, story in stories.items():
        if story.touches < LONG_STORIES[name]:
            raise SystemExit(f"The story of {LONG_STORIES[name]} touches has only {story.touches}.")
    return {name: story.pk for name, story in stories.items()}


def long_story(name: str, touches: int) -> list[Object]:
    """A correspondence by mail in one thread, every third touch ours."""
    words = Traffic(seed=8)
    person, slots = words._somebody(touches)
    made: list[Object] = []
    for number in range(touches):
        ours = number % 3 == 2
        text = f"{words._say(TEXTS[ours], slots)} ({number + 1})"
        direction = "out" if ours else "in"
        touch = words._object(number, START + timedelta(minutes=number), "email", person, text, direction=direction)
        touch |= {"id": f"{name}-{number}", "thread": {"message_id": f"{name}-{number}@example.com"}}
        touch["thread"] |= answering(made[-1]) if made else {}
        made.append(touch)
    return made


def send(touches: Sequence[Object]) -> int:
    """Through the ledger and the pipeline, here. Gives the id of the first."""
    from threadline.channels.models import Channel
    from threadline.interactions.actions.intake import Item, receive_each
    from threadline.journeys import pipeline

    channels = {(channel.kind, channel.address): channel for channel in Channel.objects.all()}
    items = [(channels[each["channel"], ADDRESSES[each["channel"]]], Item(payload=each)) for each in touches]
    first = receive_each(items, source="api")[0]
    while pipeline.process_pending():
        continue
    return first


def hire(reader: Any) -> None:
    """Colleagues who share the stories: two in five belong to nobody yet. Every other answered one is done."""
    from django.db import connection

    from threadline.accounts.models import Agent

    agents = [reader.pk]
    for number in range(COLLEAGUES - 1):
        agents.append(Agent.objects.create_user(f"agent{number}@shop.example", f"Agent {number}").pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "update journeys_journey set owner_id = case when touches > 11 then %s"
            " when id %% 5 < 3 then (%s::bigint[])[1 + id / 5 %% %s] end",
            [reader.pk, agents, len(agents)],
        )
        cursor.execute(
            "update journeys_journey set status = 'done', closed_at = last_at where status = 'waiting' and id % 2 = 0"
        )


def opened() -> int:
    from threadline.journeys.models import Journey

    return Journey.objects.filter(status="open", joined_into=None, pk__lt=SPAN).count()


def grow(copies: range, *, apart: str = "17 seconds", done: bool = False) -> None:
    """Add these copies of the originals, each that much later than the one before; `done`: as history, all answered."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        cursor.execute("set local session_replication_role = replica")  # the originals' references hold: so do theirs
        cursor.execute("set local maintenance_work_mem = '512MB'")
        with built_afterwards(cursor, tables(), when=len(copies) > FEW):
            for statement in statements(copies, apart, done=done):
                cursor.execute(statement)
    tidy()


@contextmanager
def built_afterwards(cursor: Any, names: Sequence[str], *, when: bool) -> Iterator[None]:
    """Indexes of these tables are dropped and built when all rows are there, which takes a fraction of the time."""
    cursor.execute(INDEXES if when else "select '', '' where false", [list(names)] if when else None)
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"drop index {name}")
    yield
    for _name, definition in found:
        cursor.execute(definition)


def tidy() -> None:
    """Let the database look at its tables, as it does by itself in time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
        cursor.execute("vacuum analyze")


def touches() -> int:
    from threadline.interactions.models import Interaction

    return Interaction.objects.count()


def tables() -> list[str]:
    from threadline.accounts.models import Event
    from threadline.customers.models import Customer, Identity
    from threadline.interactions.models import Fact, IntakeEntry, Interaction, Thread
    from threadline.journeys.models import Journey, Membership

    copied = (Customer, Identity, IntakeEntry, Thread, Interaction, Fact, Journey, Membership, Event)
    return [model._meta.db_table for model in copied]


def statements(copies: range, apart: str, *, done: bool = False) -> list[str]:
    from threadline.accounts.models import Event
    from threadline.customers.models import Customer, Identity
    from threadline.interactions.models import Fact, IntakeEntry, Interaction, Thread
    from threadline.journeys.models import Journey, Membership

    own = "replace({}, 'HP-', 'HP-' || copy.k)"
    rare = f"' zq' || to_hex((original.id + copy.k * 7919) * 2654435761 % {RARE})"
    moments = {
        name: f"{name} + copy.k * interval '{apart}'"
        for name in ("at", "opened_at", "last_at", "waiting_since", "settled_at", "closed_at")
    }
    different = {
        Customer: {},
        Identity: {"value": "case scheme when 'tel' then value || copy.k else copy.k || '.' || value end"},
        IntakeEntry: {},
        Thread: {"key": "key || '/' || copy.k"},
        Interaction: {
            "at": moments.pop("at"),
            "once_key": "once_key || '/' || copy.k",
            "text": f"{own.format('text')} || {rare}",
        },
        Fact: {"value": own.format("value"), "key": "copy.k || key"},
        Journey: moments | (history(moments) if done else {}),
        Membership: {},
        Event: {},
    }
    made = [multiply(model, changes, copies) for model, changes in different.items()]
    numbered = [model._meta.db_table for model in (Identity, IntakeEntry, Fact, Membership, Event)]
    return made + [
        f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))" for table in numbered
    ]


def history(moments: Mapping[str, str]) -> dict[str, str]:
    """What is open in the original is done in the copy."""
    return {
        "status": "case status when 'open' then 'done' else status end",
        "closed_at": f"case status when 'open' then {moments['last_at']} else {moments['closed_at']} end",
        "waiting_since": "null",
        "due_at": "null",
    }


def multiply(model: Any, changes: Mapping[str, str], copies: range) -> str:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(changes.get(field.column) or value_of(field) for field in fields)
    return (
        f"insert into {model._meta.db_table} ({columns}) select {values} from {model._meta.db_table} original"
        f" cross join generate_series({copies.start}, {copies.stop - 1}) copy (k) where original.id < {SPAN}"
    )


MOVED = ("customer", "identity", "thread", "interaction", "journey", "merged_into", "joined_into", "duplicate_of")


def value_of(field: Any) -> str:
    """Ids and references between the copied tables move along; everything else is the same."""
    moves = field.primary_key or field.name.removesuffix("_id") in MOVED
    return f'original."{field.column}" + copy.k * {SPAN}' if moves else f'original."{field.column}"'


def text_of(ours: bool) -> tuple[str, ...]:
    import _words as words

    return words.ANSWERS if ours else words.FOLLOW_UPS


TEXTS = {ours: text_of(ours) for ours in (False, True)}
