"""Who speaks? Handles recognise; evidence may join; a claim alone never does."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from threadline.core.decision import Decision
from threadline.core.identity.evidence import ALIAS_KINDS, NETWORKS, Evidence, evidence_of, landline, weight
from threadline.core.identity.names import Match, best, hinted, parts
from threadline.core.identity.people import STRENGTH, People
from threadline.core.identity.shapes import Key, Merge, NewIdentity, Person, Recognition, Suggestion
from threadline.core.touch import Direction, Level, Touch
from threadline.core.understanding import Understanding
from threadline.core.understanding.words import matter_of, overlap

CLAIMS = frozenset({"form", "stated", "signed", "forwarded"})
VERSION = "identity-rules-1"
JOIN, SUGGEST = 15.0, 8.0
NAME_BITS = {Match.SAME: 6.0, Match.PART: 3.0, Match.UNKNOWN: 0.0, Match.FAMILY: -14.0, Match.DIFFERENT: -20.0}
RECENT_BITS, JUST_NOW_BITS, HINT_BITS, LONELY_BITS, MATTER_BITS = 2.0, 2.5, 2.5, 4.0, 4.0
ACCOUNTABLE_BITS = 0.5  # who names a profile from a mailbox or line of their own can be asked about it
JUST_A_CLAIM = JOIN - 0.5  # whatever an anonymous visitor types: at most a suggestion
MATTER = 1.6  # weight of shared words from which two texts are about one matter
RECENTLY, JUST_NOW = timedelta(days=30), timedelta(days=7)
SAME_SITTING = timedelta(hours=2)


@dataclass(slots=True)
class Candidate:
    """Somebody known whom the touch may come from, with what speaks for it."""

    person: Person
    bits: float = 0.0
    told: float = 0.0  # the best of what the touch only claims; claims of one side do not add up
    awaited: float = 0.0  # the best of what the candidate had claimed and the touch now shows
    keys: list[Key] = field(default_factory=list)
    direct: bool = False
    solid: bool = False  # some of it is more than what an anonymous visitor typed
    met: bool = False  # through a handle that both prove, be it one that several people may use
    name: Match = Match.UNKNOWN
    hints: int = 0  # parts of the one side's name that the other side's handle spells


def needed(touch: Touch, understanding: Understanding) -> frozenset[Key]:
    """The keys whose holders must be in the working set before this touch is recognised."""
    return frozenset(item.key for item in evidence_of(touch, understanding))


def names_of(touch: Touch, understanding: Understanding) -> tuple[str, ...]:
    """The names the touch gives for its sender: said on a call, shown by the channel, under the letter."""
    if touch.direction == Direction.OUT:
        return ()
    said = [fact.value for fact in understanding.facts if fact.name == "name"]
    alias = touch.kind in ALIAS_KINDS and len(parts(touch.name)) < 2
    shown = [f"~{touch.name}" if alias else touch.name] if parts(touch.name) else []
    order = [*said, *shown] if touch.kind in {"phone", "store"} else [*shown, *said]
    return tuple(dict.fromkeys(name for name in order if parts(name)))[:2]


def agreement(names: Iterable[str], known: Iterable[str]) -> Match:
    """Names against names. An alias may speak for two being one, never against it."""
    known = tuple(known)
    plain = tuple(name for name in known if not name.startswith("~"))
    aliases = tuple(name[1:] for name in known if name.startswith("~"))
    found = Match.UNKNOWN
    for name in names:
        bare = name.lstrip("~")
        match = best(bare, plain)
        favour = max(match, best(bare, aliases))
        match = favour if favour > Match.UNKNOWN else Match.UNKNOWN if name != bare else match
        if match != Match.UNKNOWN and (found == Match.UNKNOWN or match > found):
            found = match
    return max(found, Match.UNKNOWN) if not plain else found


def recognise(
    touch: Touch, understanding: Understanding, people: People, *, common: frozenset[str] = frozenset()
) -> Recognition:
    """Conclude who the touch comes from (or, if it is ours, goes to), and what that changes.

    Args:
        common: words that tell nothing here, as `words_of` cuts them: the names of our brands.
    """
    shown = evidence_of(touch, understanding)
    names = names_of(touch, understanding)
    about = matter_of(touch, understanding) - common
    candidates = weigh(touch, shown, names, about, people)
    base = speaker(touch, shown, candidates, people)
    if base is None and understanding.triage == "noise":
        return nobody(touch)
    customer = base.person.id if base else touch.id
    merges, suggestions = joins(customer, base, candidates, people)
    kept = merges[0].survivor if merges else customer
    ours = {customer, kept, *(merge.loser for merge in merges)}
    new, raised, now_shared = holdings(shown, kept, ours, people)
    return Recognition(
        customer=kept,
        decision=decided(base, merges, suggestions),
        is_new=base is None,
        at=touch.at,
        brand=touch.brand,
        speaking=next((item.key for item in shown if item.direct), None),
        new_identities=new,
        raised=raised,
        now_shared=now_shared,
        seen_keys=tuple(item.key for item in shown if item.direct),
        merges=merges,
        suggestions=suggestions,
        names=names,
        about=about if touch.direction == Direction.IN else frozenset(),
        anchored=any(item.direct and not item.shareable for item in shown) or anchoring_number(shown),
    )


def weigh(
    touch: Touch, shown: Iterable[Evidence], names: tuple[str, ...], about: frozenset[str], people: People
) -> dict[int, Candidate]:
    """Everybody who holds a key of the touch, with the bits that speak for them."""
    found: dict[int, Candidate] = {}
    shown = tuple(shown)
    accountable = any(item.direct and (not item.shareable or item.key[0] == "tel") for item in shown)
    for item in shown:
        holders = people.holders(item.key)
        alone = len(holders) == 1 or sum(identity.proven for identity in holders.values()) == 1
        for customer, identity in holders.items():
            candidate = found.get(customer)
            if candidate is None:
                person = people.person(customer)
                candidate = found[customer] = Candidate(person, name=agreement(names, person.names))
            add(candidate, item, proven=identity.proven, alone=alone, holders=len(holders), accountable=accountable)
            spelling = names if identity.proven else candidate.person.names
            candidate.hints = max([candidate.hints, *(hinted(name, item.key[1]) for name in spelling)])
    for candidate in found.values():
        candidate.bits += extra(touch, candidate, names, about)
        if not accountable and candidate.told and not candidate.solid:
            candidate.bits = min(candidate.bits, JUST_A_CLAIM)
    return found


def add(candidate: Candidate, item: Evidence, *, proven: bool, alone: bool, holders: int, accountable: bool) -> None:
    """A key of several people speaks for one of them only where the name does too."""
    named = candidate.name > Match.UNKNOWN
    if item.how == "postcode" and candidate.name != Match.SAME:
        return
    if not named and (not alone or (holders > 1 and not proven)):
        return
    bits = weight(item, proven=proven)
    if item.direct and item.key[0] in {"visitor", "device"} and candidate.person.anchored and not named:
        bits = 0.0
    if item.how in CLAIMS and proven:
        bits += ACCOUNTABLE_BITS if accountable and item.key[0] in NETWORKS else 0.0
        candidate.told = max(candidate.told, bits)
    elif item.direct and not proven:
        candidate.awaited = max(candidate.awaited, bits)
    else:
        candidate.bits += bits
        candidate.solid = candidate.solid or item.how not in {"thread", "postcode"}
    candidate.keys.append(item.key)
    candidate.met = candidate.met or (item.direct and proven)
    candidate.direct = candidate.direct or (item.direct and proven and not item.shareable)


def extra(touch: Touch, candidate: Candidate, names: tuple[str, ...], about: frozenset[str]) -> float:
    """What speaks for or against besides the keys: names, a recent visit to the same brand, nothing else known."""
    bits = NAME_BITS[candidate.name] + candidate.told + candidate.awaited
    seen = candidate.person.seen.get(touch.brand or 0)
    if seen is not None and touch.at - seen < RECENTLY:
        bits += JUST_NOW_BITS if touch.at - seen < JUST_NOW else RECENT_BITS
        said = frozenset(candidate.person.about.get(touch.brand or 0, ()))
        bits += MATTER_BITS if overlap(about, said) >= MATTER else 0.0
    if candidate.name == Match.UNKNOWN:
        bits += HINT_BITS * candidate.hints
    if candidate.met and not candidate.person.anchored and candidate.name >= Match.UNKNOWN:
        bits += LONELY_BITS
    return bits


def speaker(
    touch: Touch, shown: Iterable[Evidence], candidates: dict[int, Candidate], people: People
) -> Candidate | None:
    """Through a personal handle; else behind a handle that may be shared, by name; else by strong evidence."""
    direct = [candidate for candidate in candidates.values() if candidate.direct]
    if direct:
        return strongest(direct)
    behind = [c for item in shown if item.direct and item.shareable for c in users(touch, item, candidates, people)]
    if behind:
        return strongest(behind)
    strong = [c for c in candidates.values() if c.bits >= JOIN and c.name >= Match.UNKNOWN]
    return strongest(strong) if strong else None


def strongest(candidates: list[Candidate]) -> Candidate:
    return min(candidates, key=lambda candidate: (-candidate.bits, candidate.person.id))


def users(touch: Touch, item: Evidence, candidates: dict[int, Candidate], people: People) -> list[Candidate]:
    """Who may be speaking through a handle that several people may use."""
    holders = {c: identity for c, identity in people.holders(item.key).items() if identity.proven}
    named = [candidates[c] for c in holders if candidates[c].name > Match.UNKNOWN]
    if named:
        return named
    open_to = [c for c in holders if candidates[c].name == Match.UNKNOWN]
    if own_handle(touch, item) and item.key[0] in {"visitor", "device"}:
        open_to = [c for c in open_to if not people.person(c).anchored]
    if len(holders) > 1 and len(open_to) > 1:
        times = ((c, holders[c].seen_at) for c in open_to)
        open_to = [c for c, seen_at in times if seen_at is not None and touch.at - seen_at < SAME_SITTING]
        open_to = open_to if len(open_to) == 1 else []
    return [candidates[c] for c in open_to]


def own_handle(touch: Touch, item: Evidence) -> bool:
    """Did the touch also come through a handle that is one person's own?"""
    return any(handle.level != Level.CLAIMED and handle.scheme != item.key[0] for handle in touch.handles)


def joins(
    customer: int, base: Candidate | None, candidates: dict[int, Candidate], people: People
) -> tuple[tuple[Merge, ...], tuple[Suggestion, ...]]:
    """Of the others that the touch points to: who is the same person, and who may be. The oldest id survives."""
    strong: list[tuple[int, float, str, tuple[Key, ...]]] = []
    weak: list[tuple[int, float, str, tuple[Key, ...]]] = []
    for other, candidate in sorted(candidates.items()):
        if other == customer or not candidate.keys or people.kept_apart(customer, other):
            continue
        bits, match = against(base, candidate)
        told = (other, round(bits, 1), why(candidate, match), tuple(candidate.keys))
        if base is not None and bits >= JOIN:
            strong.append(told)
        elif bits >= SUGGEST:
            weak.append(told)
    kept = min([customer, *(told[0] for told in strong)])
    merges = [merged(told, customer, kept) for told in strong]
    return tuple(sorted(merges, key=lambda merge: merge.loser)), tuple(Suggestion(kept, *told) for told in weak)


def merged(told: tuple[int, float, str, tuple[Key, ...]], customer: int, kept: int) -> Merge:
    """Everybody joins the oldest; if that is this candidate itself, then the speaker joins them."""
    other, bits, reason, keys = told
    return Merge(customer if other == kept else other, kept, bits, reason, keys)


def against(base: Candidate | None, candidate: Candidate) -> tuple[float, Match]:
    """The candidate's bits; where the touch gave no name, the names known of both decide."""
    if base is None or candidate.name != Match.UNKNOWN:
        return candidate.bits, candidate.name
    match = agreement(base.person.names, candidate.person.names)
    return candidate.bits + NAME_BITS[match], match


def holdings(
    shown: Iterable[Evidence], kept: int, ours: set[int], people: People
) -> tuple[tuple[NewIdentity, ...], tuple[tuple[Key, Level], ...], tuple[Key, ...]]:
    """What the customer now holds: new identities, those known better, and handles that turned out to be shared."""
    new: list[NewIdentity] = []
    raised: list[tuple[Key, Level]] = []
    now_shared: list[Key] = []
    for item in shown:
        holders = people.holders(item.key)
        own = [identity for customer, identity in holders.items() if customer in ours]
        taken = any(identity.proven for customer, identity in holders.items() if customer not in ours)
        level = Level.CLAIMED if taken else item.level
        if taken and item.direct:
            now_shared.append(item.key)
        if not own:
            new.append(NewIdentity(item.key, kept, level, taken and item.direct, item.how))
        elif max(STRENGTH[identity.level] for identity in own) < STRENGTH[level]:
            raised.append((item.key, level))
    return tuple(new), tuple(raised), tuple(now_shared)


def anchoring_number(shown: Iterable[Evidence]) -> bool:
    """A mobile is somebody's own; a landline may be anybody's."""
    return any(item.direct and item.key[0] == "tel" and not landline(item.key[1]) for item in shown)


def nobody(touch: Touch) -> Recognition:
    return Recognition(None, Decision("recognise", "Nobody in particular: noise from an unknown sender.", 0.9, VERSION))


def decided(base: Candidate | None, merges: tuple[Merge, ...], suggestions: tuple[Suggestion, ...]) -> Decision:
    if base is None:
        reason, bits = "Nobody we know: a new customer.", 0.0
    else:
        reason, bits = why(base, base.name), base.bits
    if merges:
        reason += " Two customers were one person: " + " ".join(merge.reason for merge in merges)
    elif suggestions:
        reason += " Perhaps also known as another customer; a person should look."
    confidence = 0.8 if base is None else round(1 - 2 ** -min(max(bits, 1.0), 20.0), 4)
    evidence = {"bits": round(bits, 1), "keys": [f"{scheme}:{value}" for scheme, value in base.keys] if base else []}
    return Decision("recognise", reason, confidence, VERSION, evidence=evidence)


def why(candidate: Candidate, match: Match) -> str:
    kinds = ", ".join(dict.fromkeys(SPOKEN.get(scheme, scheme) for scheme, _ in candidate.keys))
    agree = {Match.SAME: " and the same name", Match.PART: " and part of the name", Match.UNKNOWN: ""}
    return f"Same {kinds}{agree.get(match, ', but another name')}."


SPOKEN = {
    "tel": "number",
    "email": "e-mail address",
    "x": "X handle",
    "x_id": "X account",
    "case": "case number",
    "visitor": "browser",
    "loyalty": "loyalty card",
    "thread": "mail thread",
    "community": "forum name",
    "reviewer": "review name",
    "facebook": "Facebook profile",
}
