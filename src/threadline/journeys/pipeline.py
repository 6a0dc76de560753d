"""The life of an interaction, in batches: read, store once, recognise, understand, stitch, announce.

Entries are taken in ledger order by one driver at a time (an advisory lock of the database), so that order is kept
per identity and a replay gives the same result. Whatever the size of a batch, it costs about twenty statements. An
entry that can not be processed is quarantined with the reason and never holds up the others.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import psycopg
from django.conf import settings
from django.db import InterfaceError, connection, transaction
from psycopg.errors import UndefinedColumn, UndefinedTable

from threadline.accounts.events import record_many
from threadline.accounts.models import Agent, Decision, Event
from threadline.core.decision import Decision as Conclusion
from threadline.core.identity import NewIdentity, Recognition, needed, recognise
from threadline.core.stitching import Stitch, stitch
from threadline.core.stitching.clues import clues_of
from threadline.core.stitching.stories import grown
from threadline.core.stitching.turn import after_what_was_written
from threadline.core.touch import Level, Touch
from threadline.core.understanding import Understanding, understand
from threadline.customers import recognition as recognition_store
from threadline.customers.models import Identity
from threadline.interactions import meaning, shapes
from threadline.interactions.actions import media, profiles
from threadline.interactions.models import IntakeEntry, Interaction, Product
from threadline.interactions.reading import Reading, is_news
from threadline.interactions.storing import (
    bought,
    interaction_of,
    learn_products,
    touch_of,
    write_details,
    write_threads,
    write_verdicts,
)
from threadline.interactions.threads import Place, ThreadBook
from threadline.journeys import stitching as stitching_store
from threadline.journeys.lock import hold_pipeline
from threadline.journeys.memory import brand_words, meaning_of
from threadline.journeys.reaching.hiding import read
from threadline.journeys.told import take_consent, take_reports
from threadline.lib.bulk import insert, made

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Step:
    """One entry on its way through the batch, and what each stage concluded about it."""

    reading: Reading
    place: Place
    touch: Touch
    understanding: Understanding
    recognition: Recognition | None = None
    stitch: Stitch | None = None
    agent: int | None = None


def process_pending(limit: int | None = None) -> int:
    """Process the next entries of the ledger in one transaction. Returns how many there were."""
    with transaction.atomic():
        hold_pipeline()
        entries = list(IntakeEntry.objects.pending().select_related("channel")[: limit or settings.BATCH])
        if entries:
            process(entries)
    return len(entries)


def process(entries: Sequence[IntakeEntry], *, quiet: bool = False) -> None:
    """Process entries; if the batch fails, halves of it, down to the one entry that is to blame.

    Args:
        quiet: a replay: the events of these entries stand in the log already.
    """
    try:
        with transaction.atomic():
            process_batch(entries, quiet=quiet)
    except Exception as error:
        if not_its_fault(error):
            raise
        isolate(entries, error, quiet=quiet)


def not_its_fault(error: Exception) -> bool:
    """The database is away, or older than this code: no entry is to blame, and all of them can wait."""
    causes = (error, error.__cause__)
    elsewhere = (OSError, psycopg.OperationalError, InterfaceError, UndefinedColumn, UndefinedTable)
    lost = connection.connection is not None and connection.connection.closed
    return lost or any(isinstance(cause, elsewhere) for cause in causes)


def isolate(entries: Sequence[IntakeEntry], error: Exception, *, quiet: bool) -> None:
    if len(entries) > 1:
        middle = len(entries) // 2
        process(entries[:middle], quiet=quiet)
        process(entries[middle:], quiet=quiet)
        return
    log.error("entry %s could not be processed", entries[0].pk, exc_info=error)
    reading = Reading(entries[0]).refuse("quarantined", f"Processing failed ({type(error).__name__}: {error}).")
    write_verdicts([reading])


# ---- one batch -------------------------------------------------------------------------------------------------


def process_batch(entries: Sequence[IntakeEntry], *, quiet: bool = False) -> None:
    readings = read(entries)
    steps, book = place_and_understand([reading for reading in readings if reading.verdict == "pending"])
    if steps:
        conclude_and_write(steps, book, quiet=quiet)
    for step in steps:
        step.reading.verdict = "accepted"
    if not quiet:
        take_reports(readings)
        take_consent(readings)
        media.announce(step.reading for step in steps)
        profiles.announce(step.reading for step in steps)
    write_verdicts(readings)


def place_and_understand(readings: Sequence[Reading]) -> tuple[list[Step], ThreadBook]:
    """Choose the thread of every item and understand what it says.

    What this batch teaches about products becomes known touch by touch, so that its size makes no difference.
    """
    book = ThreadBook.load(readings)
    products = set(Product.objects.values_list("name", flat=True))
    learn_products(readings, set(products))
    known_shapes = shapes.in_use()
    steps = []
    for reading in readings:
        place = book.place(reading)
        touch = touch_of(reading, place)
        read_as = understand(touch, products=products, region=region_of(reading), shapes=known_shapes)
        steps.append(Step(reading, place, touch, read_as))
        products.update(bought(reading))
    meant = meaning.with_meaning([step.touch for step in steps], [step.understanding for step in steps])
    for step, understanding in zip(steps, meant, strict=True):
        step.understanding = understanding
    return steps, book


def region_of(reading: Reading) -> str:
    channel = reading.entry.channel
    return str(channel.settings.get("region") or "GB") if channel else "GB"


def conclude_and_write(steps: Sequence[Step], book: ThreadBook, *, quiet: bool) -> None:
    keys = {key for step in steps for key in needed(step.touch, step.understanding)}
    asked = [desk_of(step) for step in steps]
    register = recognition_store.load(keys, also=[desk["customer"] for desk in asked if "customer" in desk])
    everybody = {*register.people.persons, *(step.touch.id for step in steps)}
    shelf = stitching_store.load(everybody, also=[desk["journey"] for desk in asked if "journey" in desk])
    common = brand_words()
    for step, desk in zip(steps, asked, strict=True):
        conclude(step, desk, register, shelf, common)
    write(steps, book, register, shelf, quiet=quiet)


def desk_of(step: Step) -> Mapping[str, int]:
    """What an agent decided when the desk itself is the source: the journey, the customer."""
    entry = step.reading.entry
    given = (entry.payload or {}).get("desk") if entry.source == "desk" else None
    return {name: int(value) for name, value in (given or {}).items() if isinstance(value, int)}


def conclude(
    step: Step,
    desk: Mapping[str, int],
    register: recognition_store.Register,
    shelf: stitching_store.Shelf,
    common: frozenset[str],
) -> None:
    """Who, then where; the working sets take each conclusion over before the next touch is looked at."""
    step.agent = desk.get("agent")
    step.recognition = (
        told_by_agent(step, desk["customer"], register, common)
        if "customer" in desk
        else recognise(step.touch, step.understanding, register.people, common=common)
    )
    register.people.apply(step.recognition)
    journey = shelf.stories.standing(desk["journey"]) if "journey" in desk else None
    step.stitch = (
        placed_by_agent(step, journey, shelf, common)
        if journey in shelf.stories.journeys
        else placed_by_rules(step, shelf, common)
    )
    shelf.stories.apply(step.stitch)


def told_by_agent(
    step: Step, customer: int, register: recognition_store.Register, common: frozenset[str]
) -> Recognition:
    """An agent says who called; a number that nobody holds yet is noted as claimed."""
    kept = register.people.survivor(customer)
    found = recognise(step.touch, step.understanding, register.people, common=common)
    if found.customer == kept:
        return found
    decision = Conclusion("recognise", "An agent said who it is.", 1.0, "desk")
    told = tuple(
        NewIdentity(new.key, kept, Level.CLAIMED, False, "told")
        for new in found.new_identities
        if not register.people.holders(new.key)
    )
    return Recognition(kept, decision, at=step.touch.at, brand=step.touch.brand, new_identities=told)


def placed_by_rules(step: Step, shelf: stitching_store.Shelf, common: frozenset[str]) -> Stitch:
    """The place may tell that one of us wrote while this was on its way; then it counts as said after that."""
    assert step.recognition is not None, "who comes before where"
    found = stitch(step.touch, step.understanding, step.recognition, shelf.stories, common=common, model=shelf.model)
    if found.state is None or not is_news(step.reading):
        return found
    at, received_at = step.touch.at, step.reading.entry.received_at
    later = after_what_was_written(at, received_at=received_at, wrote_at=found.state.wrote_at)
    if later == at:
        return found
    step.reading.inbound, step.touch = replace(step.reading.item, at=later), replace(step.touch, at=later)
    return stitch(step.touch, step.understanding, step.recognition, shelf.stories, common=common, model=shelf.model)


def placed_by_agent(step: Step, journey: int | None, shelf: stitching_store.Shelf, common: frozenset[str]) -> Stitch:
    assert journey is not None, "only called for a journey of the working set"
    state = grown(shelf.stories.journeys[journey], clues_of(step.touch, step.understanding, common))
    by = "agent" if step.agent is not None else "rule"
    decision = Conclusion("stitch", "Written in this story at the desk.", 1.0, "desk", by=by)
    return Stitch(journey, 1.0, decision, False, state)


# ---- writing ---------------------------------------------------------------------------------------------------


def write(
    steps: Sequence[Step],
    book: ThreadBook,
    register: recognition_store.Register,
    shelf: stitching_store.Shelf,
    *,
    quiet: bool,
) -> None:
    at = steps[-1].reading.entry.received_at
    concluded = [(step.touch.id, step.recognition) for step in steps if step.recognition]
    written = recognition_store.write(register, concluded, at=at)
    understood = {step.touch.id: understood_row(step) for step in steps}
    insert(understood.values())
    write_threads(book, [step.place for step in steps])
    touches = write_interactions(steps, register, written.decisions, understood)
    write_details([(step.reading, step.understanding, understood[step.touch.id]) for step in steps])
    insert(found for step in steps if (found := meaning_of(step.touch.id, step.understanding)))
    owners = {merge.loser: register.people.survivor(merge.loser) for merge, _, _ in written.merges}
    stitched = [(touch, step.stitch, step.agent) for touch, step in zip(touches, steps, strict=True) if step.stitch]
    moved = stitching_store.move_journeys(owners)
    joins, home = stitching_store.write(shelf, stitched, owners=owners)
    for event in written.events:
        event.facts["journeys"] = moved.get(event.facts["from"], [])
    if not quiet:
        record_many([*written.events, *joins, *received_events(steps, home, register, shelf)])


def understood_row(step: Step) -> Decision:
    return recognition_store.decision_row(step.understanding.decision, step.reading.entry.received_at)


def write_interactions(
    steps: Sequence[Step],
    register: recognition_store.Register,
    recognised: Mapping[int, Decision],
    understood: Mapping[int, Decision],
) -> list[Interaction]:
    nameless = nameless_identities(steps, register, recognised)
    authors = authors_of(steps)
    touches = [
        interaction_of(
            step.reading,
            step.place,
            understanding=step.understanding,
            recognised=recognised[step.touch.id],
            understood=understood[step.touch.id],
            identity=nameless.get(step.touch.id) or speaking_row(step, register),
            author=step.agent or authors.get(step.reading.item.author.lower()),
        )
        for step in steps
    ]
    insert(touches)
    return touches


def speaking_row(step: Step, register: recognition_store.Register) -> int | None:
    found = step.recognition
    if found is None or found.customer is None or found.speaking is None:
        return None
    return register.row(register.people.survivor(found.customer), found.speaking)


def nameless_identities(
    steps: Sequence[Step], register: recognition_store.Register, recognised: Mapping[int, Decision]
) -> dict[int, int]:
    """A touch without any handle (a withheld number, a passer-by) gets one of its own, so that it has an owner."""
    rows = {}
    for step in steps:
        found = step.recognition
        if found is None or found.customer is None or speaking_row(step, register) is not None:
            continue
        rows[step.touch.id] = Identity(
            customer_id=register.people.survivor(found.customer),
            scheme="touch",
            value=str(step.touch.id),
            level="observed",
            name=step.touch.name[:255],
            first_seen_at=step.touch.at,
            last_seen_at=step.touch.at,
            decision=recognised[step.touch.id],
        )
    insert(rows.values())
    return {touch: row.pk for touch, row in rows.items()}


def authors_of(steps: Sequence[Step]) -> dict[str, int]:
    """Which of our agents the names on outbound items mean: handle, e-mail address or full name."""
    names = {step.reading.item.author.lower() for step in steps if step.reading.item.author}
    if not names:
        return {}
    found: dict[str, int] = {}
    for agent in Agent.objects.only("pk", "handle", "email", "name"):
        for name in (agent.name, agent.email, agent.handle or ""):
            found[name.lower()] = agent.pk
    return {name: found[name] for name in names if name in found}


def received_events(
    steps: Sequence[Step], home: Mapping[int, int], register: recognition_store.Register, shelf: stitching_store.Shelf
) -> list[Event]:
    """One event for each touch, so that every open screen that shows it is brought up to date."""
    restricted = stitching_store.restricted_teams(shelf)
    events = []
    for step in steps:
        customer = step.recognition.customer if step.recognition else None
        journey = home.get(step.touch.id)
        events.append(
            made(
                Event,
                verb="received",
                at=step.reading.entry.received_at,
                journey_id=journey,
                customer_id=register.people.survivor(customer) if customer is not None else None,
                interaction_id=step.touch.id,
                team_id=restricted.get(journey) if journey else None,
                facts={"noticed": list(step.stitch.noticed)} if step.stitch and step.stitch.noticed else {},
            )
        )
    return events
