"""The database side of recognition: load the working set a batch needs, write down what it concluded.

The conclusions themselves are drawn by pure functions in `core.identity`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from threadline.accounts.models import Decision, Event
from threadline.core.identity import Identity as HeldIdentity
from threadline.core.identity import Merge, People, Person, Recognition, Suggestion
from threadline.core.identity.model import Clue
from threadline.core.identity.recognise import listed
from threadline.core.identity.shapes import Key
from threadline.core.touch import Level
from threadline.customers.learned import in_use
from threadline.customers.merging import write_merges
from threadline.customers.models import Customer, Identity, IdentityLink
from threadline.lib.bulk import insert, made, update

LOOKUP = """
    select i.id, i.customer_id, i.scheme, i.value, i.level, i.shared, i.last_seen_at
    from customers_identity i join unnest(%s::text[], %s::text[]) as wanted (scheme, value)
      on i.scheme = wanted.scheme and i.value = wanted.value
"""
# One branch for each end of a link: with an "or" over both, PostgreSQL reads every link there is.
LINKS = """
    with mine as materialized (select id from customers_identity where customer_id = any(%(numbers)s)),
    of_them as (
        select link.* from mine join customers_identitylink link on link.left_id = mine.id
        union
        select link.* from mine join customers_identitylink link on link.right_id = mine.id
    )
    select one.customer_id, other.customer_id, link.standing, decision.evidence
    from of_them link
    join customers_identity one on one.id = link.left_id
    join customers_identity other on other.id = link.right_id
    join accounts_decision decision on decision.id = link.decision_id
    where link.standing in ('apart', 'suggested') and link.superseded_at is null
    order by link.id
"""
VALUE_CHARS = 320


@dataclass(slots=True)
class Register:
    """The working set and what must be known to write it back: row ids by customer and key."""

    people: People
    rows: dict[Key, dict[int, int]] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)  # customers that are in the database already

    def row(self, customer: int, key: Key) -> int | None:
        """The row of a handle, also where it still stands with a customer that was merged since."""
        owners = self.rows.get(key, {})
        if customer in owners:
            return owners[customer]
        return next((row for owner, row in owners.items() if self.people.survivor(owner) == customer), None)

    def note(self, customer: int, key: Key, row: int) -> None:
        self.rows.setdefault(key, {})[customer] = row


def load(keys: Iterable[Key], *, also: Iterable[int] = ()) -> Register:
    """Everybody who holds one of the keys or may be one of these, and the customers named in `also`.

    Cost: four queries; one more for each merge followed, two for each step from who may be whom to the next.
    """
    wanted = sorted(set(keys))
    with connection.cursor() as cursor:
        cursor.execute(LOOKUP, [[scheme for scheme, _ in wanted], [value for _, value in wanted]])
        found = cursor.fetchall()
    people_rows, merged = _customers({row[1] for row in found} | set(also))
    identities = [
        HeldIdentity((scheme, value), customer, Level(level), shared, seen_at)
        for _, customer, scheme, value, level, shared, seen_at in found
    ]
    people = People(identities, [_person(row) for row in people_rows], weights=in_use())
    people.merged.update(merged)
    partners = _load_links(people)
    register = Register(people, known={row.pk for row in people_rows} | set(merged) | partners)
    for number, customer, scheme, value, *_ in found:
        register.note(customer, (scheme, value), number)
    return register


def _customers(numbers: set[int]) -> tuple[list[Customer], dict[int, int]]:
    """The standing customers behind these numbers, and which number was merged into which."""
    standing: list[Customer] = []
    merged: dict[int, int] = {}
    while numbers:
        rows = list(Customer.objects.filter(pk__in=numbers))
        for row in rows:
            if row.merged_into_id is None:
                standing.append(row)
            else:
                merged[row.pk] = row.merged_into_id
        numbers = {into for into in merged.values() if into not in merged} - {row.pk for row in standing}
    return standing, merged


def _person(row: Customer) -> Person:
    seen = {int(brand): datetime.fromisoformat(at) for brand, at in row.seen.items()}
    about = {int(brand): tuple(words) for brand, words in row.about.items()}
    return Person(row.pk, tuple(row.names), row.anchored, seen, about=about)


def _load_links(people: People) -> set[int]:
    """What humans said about pairs that are two people, and who may be whom, and so on from those to the end.

    Returns all customers loaded on the way.
    """
    known, fresh = set[int](), set(people.persons)
    while fresh:
        found = _links_of(fresh)
        suggested = [pair for pair in found if pair[2] == "suggested"]
        rows, merged = _customers(
            {number for one, other, *_ in suggested for number in (one, other)} - {*people.persons}
        )
        fresh = {row.pk for row in rows} - {*people.persons}
        people.persons.update({row.pk: _person(row) for row in rows if row.pk in fresh})
        people.merged.update(merged)
        for one, other, standing, evidence in found:
            if standing == "suggested":
                people.suggest(one, other, _clues(evidence))
            else:
                _keep_apart(people, one, other)
        known |= fresh | set(merged)
    return known


def _links_of(customers: set[int]) -> list[tuple[int, int, str, dict[str, Any]]]:
    """The open links of these customers: the two it ties, how it stands, and the evidence."""
    with connection.cursor() as cursor:
        cursor.execute(LINKS, {"numbers": sorted(customers)})
        return [(one, other, standing, json.loads(evidence)) for one, other, standing, evidence in cursor.fetchall()]


def _keep_apart(people: People, left: int, right: int) -> None:
    for one, other in ((left, right), (right, left)):
        if one in people.persons:
            person = people.persons[one]
            person.apart = person.apart | {other}


def _clues(evidence: Mapping[str, Any]) -> tuple[Clue, ...]:
    """As `listed` wrote them down; what is older says only how much it weighed in all."""
    by = evidence.get("by") or [["link", "Suggested before", evidence.get("bits", 0.0)]]
    return tuple(Clue(str(what), str(says), float(bits)) for what, says, bits in by)


# ---- writing ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Written:
    """What a batch of recognitions left behind for the rooms above."""

    decisions: dict[int, Decision]  # by touch id
    merges: list[tuple[Merge, int, datetime]]  # with the touch that brought it about
    events: list[Event]


def write(register: Register, concluded: Sequence[tuple[int, Recognition]], *, at: datetime) -> Written:
    """Store everything a batch concluded about who is who. Cost: about six statements, whatever the size."""
    decisions = _write_decisions(concluded, at)
    _write_customers(register, concluded)
    _write_identities(register, concluded, decisions, at)
    merges = [(merge, touch, r.at or at) for touch, r in concluded for merge in r.merges]
    events = write_merges(merges)
    _write_links(register, concluded, decisions)
    return Written(decisions, merges, events)


def _write_decisions(concluded: Sequence[tuple[int, Recognition]], at: datetime) -> dict[int, Decision]:
    rows = {touch: decision_row(recognition.decision, recognition.at or at) for touch, recognition in concluded}
    insert(rows.values())
    return rows


def decision_row(decision: object, at: datetime) -> Decision:
    """A conclusion of `core` as a row."""
    return made(
        Decision,
        kind=decision.kind,  # type: ignore[attr-defined]
        reason=decision.reason,  # type: ignore[attr-defined]
        confidence=decision.confidence,  # type: ignore[attr-defined]
        by=decision.by,  # type: ignore[attr-defined]
        version=decision.version,  # type: ignore[attr-defined]
        evidence=dict(decision.evidence),  # type: ignore[attr-defined]
        at=at,
    )


def _write_customers(register: Register, concluded: Sequence[tuple[int, Recognition]]) -> None:
    """New customers are inserted, known ones updated with names and when they were last seen."""
    new: dict[int, Customer] = {}
    for _, recognition in concluded:
        number = recognition.customer
        if number is not None and recognition.at is not None and recognition.is_new and number not in register.known:
            new[number] = Customer(pk=number, since=recognition.at)
    touched = {register.people.survivor(r.customer) for _, r in concluded if r.customer is not None}
    for number in new:
        _fill(new[number], register.people)
    insert(new.values())
    known = [Customer(pk=number) for number in sorted(touched - set(new))]
    for customer in known:
        _fill(customer, register.people)
    update(known, ["name", "names", "anchored", "seen", "about"])
    register.known |= set(new)


def _fill(customer: Customer, people: People) -> None:
    person = people.person(customer.pk)
    customer.names = [name[:255] for name in person.names]
    customer.name = best_name(person.names)
    customer.anchored = person.anchored
    customer.seen = {str(brand): at.isoformat() for brand, at in person.seen.items()}
    customer.about = {str(brand): list(words) for brand, words in person.about.items()}


def best_name(names: Sequence[str]) -> str:
    """The fullest real name seen; an alias only when there is nothing better."""
    real = [name for name in names if not name.startswith("~")]
    fullest = max(real, key=lambda name: (min(len(name.split()), 3), -names.index(name)), default="")
    return (fullest or next((name[1:] for name in names), ""))[:255]


def _write_identities(
    register: Register, concluded: Sequence[tuple[int, Recognition]], decisions: dict[int, Decision], at: datetime
) -> None:
    people = register.people
    fresh: dict[tuple[int, Key], Identity] = {}
    changed: set[tuple[int, Key]] = set()
    for touch, recognition in concluded:
        if recognition.customer is None:
            continue
        owner, moment = recognition.customer, recognition.at or at
        customer = people.survivor(owner)
        for new in recognition.new_identities:
            place = (owner, new.key)
            if register.row(*place) is None and place not in fresh:
                fresh[place] = _identity(owner, new.key, new.level, new.shared, decisions[touch], moment)
        changed.update((customer, key) for key, _ in recognition.raised)
        changed.update((customer, key) for key in recognition.seen_keys)
        changed.update((owner, key) for key in recognition.now_shared for owner in people.holders(key))
    for (owner, key), row in fresh.items():
        for held in people.by_key.get(key, ()):
            if held.customer == owner:
                row.level, row.shared = held.level.value, held.shared
    insert(fresh.values())
    for (owner, key), row in fresh.items():
        register.note(owner, key, row.pk)
    _update_identities(register, changed)


def _identity(customer: int, key: Key, level: Level, shared: bool, decision: Decision, moment: datetime) -> Identity:
    return made(
        Identity,
        customer_id=customer,
        scheme=key[0],
        value=key[1][:VALUE_CHARS],
        level=level.value,
        shared=shared,
        first_seen_at=moment,
        last_seen_at=moment,
        decision=decision,
    )


def _update_identities(register: Register, places: set[tuple[int, Key]]) -> None:
    """Levels, sharing and last sight of handles, each on the row of whom it first belonged to."""
    rows = []
    for customer, key in sorted(places):
        for held in register.people.by_key.get(key, ()):
            number = register.rows.get(key, {}).get(held.customer)
            if number is not None and register.people.survivor(held.customer) == customer:
                rows.append((number, held.level.value, held.shared, held.seen_at))
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(UPDATE_IDENTITIES, [list(column) for column in zip(*rows, strict=True)])


UPDATE_IDENTITIES = """
    update customers_identity i set level = fresh.level, shared = fresh.shared,
        last_seen_at = greatest(i.last_seen_at, fresh.seen_at)
    from unnest(%s::bigint[], %s::text[], %s::boolean[], %s::timestamptz[]) as fresh (id, level, shared, seen_at)
    where i.id = fresh.id
"""


def _write_links(
    register: Register, concluded: Sequence[tuple[int, Recognition]], decisions: dict[int, Decision]
) -> None:
    """Why two customers were joined, or may be one: a link between their handles, with its weight in bits."""
    wanted: list[tuple[int, int, str, Merge | Suggestion, int]] = []
    for touch, recognition in concluded:
        for merge in recognition.merges:
            wanted.append((merge.loser, merge.survivor, "same", merge, touch))
        for suggestion in recognition.suggestions:
            if register.people.survivor(suggestion.customer) == register.people.survivor(suggestion.other):
                continue  # proven within this batch
            wanted.append((suggestion.customer, suggestion.other, "suggested", suggestion, touch))
    if not wanted:
        return
    handles = _handles_of({number for one, other, *_ in wanted for number in (one, other)}, register)
    reasons, links = [], []
    for one, other, standing, found, touch in wanted:
        left, right = handles.get(one), handles.get(other)
        if left is None or right is None or left == right:
            continue
        made = decisions[touch]
        reason = Decision(
            kind="link", reason=found.reason, confidence=probability(found.bits), by="rule", version=made.version,
            evidence=evidence_of(found), at=made.at,
        )  # fmt: skip
        reasons.append(reason)
        links.append(
            IdentityLink(
                left_id=min(left, right), right_id=max(left, right), standing=standing, bits=found.bits, at=made.at,
                decision=reason,
            )
        )  # fmt: skip
    insert(reasons)
    _settle_suggestions({register.people.survivor(one) for one, _, standing, *_ in wanted if standing == "same"}, links)
    IdentityLink.objects.bulk_create(links, ignore_conflicts=True)


def evidence_of(found: Merge | Suggestion) -> dict[str, object]:
    """What a screen needs to draw how the bits add up: `by` lists each clue as what, in words, bits."""
    keys = [list(key) for key in found.keys]
    return {"keys": keys, "bits": found.bits, "start": 0.0, "by": listed(found.by)}


def _settle_suggestions(people: set[int], links: Sequence[IdentityLink]) -> None:
    """What was suggested about two people who are one now is settled; the proof takes its place."""
    if people and links:
        within = IdentityLink.objects.filter(left__customer__in=people, left__customer=F("right__customer"))
        suggested = within.filter(standing=IdentityLink.Standing.SUGGESTED, superseded_at=None)
        suggested.update(superseded_at=max(link.at for link in links))


def _handles_of(customers: set[int], register: Register) -> dict[int, int]:
    """One handle for each customer: the first that was theirs before anything moved."""
    found: dict[int, int] = {}
    loaded = sorted((row, owner) for owners in register.rows.values() for owner, row in owners.items())
    for row, owner in loaded:
        if owner in customers:
            found.setdefault(owner, row)
    missing = customers - set(found)
    rows = Identity.objects.filter(customer__in=missing).order_by("pk").values_list("customer", "pk") if missing else ()
    for owner, row in rows:
        found.setdefault(owner, row)
    return found


def probability(bits: float) -> float:
    """Odds in bits as a probability."""
    return 1 / (1 + 2 ** -max(min(bits, 60.0), -60.0))
