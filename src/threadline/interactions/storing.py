"""Writing interactions and what hangs on them: threads, attachments, facts. Set-based: a few statements a batch."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from threadline.accounts.models import Decision
from threadline.core.touch import Direction, Touch
from threadline.core.understanding import Understanding
from threadline.interactions.actions.intake import clean
from threadline.interactions.models import Attachment, Fact, IntakeEntry, Interaction, Product
from threadline.interactions.reading import Reading, written_here
from threadline.interactions.taking_out import MARK
from threadline.interactions.threads import Place, ThreadBook
from threadline.lib.bulk import insert, made, update

TEXT_CHARS = 500_000  # what a person may write; the whole stays in the ledger
FACTS_KEPT = 40


def touch_of(reading: Reading, place: Place) -> Touch:
    """An inbound item as the pure functions see it."""
    item, channel = reading.item, reading.entry.channel
    return Touch(
        id=reading.entry.pk,
        at=item.at,
        kind=item.kind,
        direction=Direction(item.direction),
        channel=channel.pk if channel else 0,
        thread=place.thread.pk,
        public=item.public,
        brand=channel.brand_id if channel else None,
        handles=item.handles,
        name=item.name,
        subject=clean(item.subject)[:2000],
        text=clean(item.text)[:TEXT_CHARS],
        signature=clean(item.signature)[:4000],
        written_here=written_here(reading),
        automatic=item.automatic,
        answers=place.refused_thread,
        attributes=item.attributes,
    )


def interaction_of(
    reading: Reading,
    place: Place,
    *,
    understanding: Understanding,
    recognised: Decision,
    understood: Decision,
    identity: int | None,
    author: int | None,
) -> Interaction:
    item, entry = reading.item, reading.entry
    assert entry.channel_id is not None, "entries without a channel are refused before"
    return made(
        Interaction,
        id=entry.pk,
        channel_id=entry.channel_id,
        thread_id=place.thread.pk,
        identity_id=identity,
        kind=item.kind,
        direction=str(item.direction),
        public=item.public,
        at=item.at,
        received_at=entry.received_at,
        author_id=author,
        name=clean(item.name or item.author)[:255],
        subject=clean(item.subject),
        text=clean(item.text)[:TEXT_CHARS],
        quoted=clean(item.quoted)[:TEXT_CHARS],
        signature=clean(item.signature)[:4000],
        html=clean(item.html)[:TEXT_CHARS],
        automatic=clean(item.automatic),
        language=understanding.language[:8],
        triage=understanding.triage,
        attributes=_attributes(item.attributes, place, entry),
        device=item.device,
        once_key=item.once_key[:640],
        external_id=item.external_id[:512],
        recognised=recognised,
        understood=understood,
    )


def _attributes(given: Mapping[str, object], place: Place, entry: IntakeEntry) -> dict[str, object]:
    found = dict(given)
    if entry.headers.get(MARK):
        found[MARK] = entry.headers[MARK]
    if place.reason:
        found["thread_because"] = place.reason
    if place.refused_thread is not None:
        found["thread_refused"] = place.refused_thread
    return found


def write_threads(book: ThreadBook, places: Iterable[Place]) -> None:
    """Insert the threads that began in this batch; add newcomers to those that were known."""
    new = {place.thread.pk: place.thread for place in places if place.is_new}
    insert(new.values())
    grown = [book.by_id[number] for number in book.joined if number not in new]
    update(grown, ["participants"])


def write_details(touches: Sequence[tuple[Reading, Understanding, Decision]]) -> None:
    """Attachments, facts and product names of stored interactions."""
    insert(
        Attachment(
            interaction_id=reading.entry.pk,
            name=clean(file.name)[:255] or "attachment",
            content_type=clean(file.content_type)[:120],
            size=file.size,
            part=file.part,
            content_id=clean(file.content_id)[:255],
            inline=file.inline,
        )
        for reading, _, _ in touches
        for file in reading.item.files
    )
    insert(
        made(
            Fact,
            interaction_id=reading.entry.pk,
            name=fact.name,
            value=clean(fact.value)[:2000],
            key=clean(fact.key)[:255],
            start=fact.start if fact.part == "text" else None,
            end=fact.end if fact.part == "text" else None,
            decision=decision,
        )
        for reading, understanding, decision in touches
        for fact in understanding.facts[:FACTS_KEPT]
        if clean(fact.key)
    )


def learn_products(readings: Iterable[Reading], known: set[str]) -> None:
    """Remember what was bought, so that it is recognised when people write about it."""
    fresh = {name for reading in readings for name in bought(reading)} - known
    Product.objects.bulk_create((Product(name=name) for name in sorted(fresh)), ignore_conflicts=True)
    known |= fresh


def bought(reading: Reading) -> list[str]:
    item = reading.item
    names = item.attributes.get("items") if item.kind == "purchase" else None
    return [str(name).lower()[:120] for name in names if len(str(name)) > 2] if isinstance(names, list) else []


def write_verdicts(readings: Sequence[Reading]) -> None:
    """What became of every entry. One statement."""
    rows = [(r.entry.pk, r.verdict, clean(r.reason), r.duplicate_of) for r in readings]
    with connection.cursor() as cursor:
        cursor.execute(VERDICTS, [list(column) for column in zip(*rows, strict=True)])
    for reading in readings:
        reading.entry.verdict, reading.entry.reason = reading.verdict, reading.reason


VERDICTS = f"""
    update {IntakeEntry._meta.db_table} e
    set verdict = made.verdict, reason = made.reason, duplicate_of_id = made.first, processed_at = clock_timestamp()
    from unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[]) as made (id, verdict, reason, first)
    where e.id = made.id
"""
