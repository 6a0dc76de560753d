"""Who speaks? Handles recognise; evidence may join; a claim alone never does."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from threadline.core.decision import Decision
from threadline.core.identity.clues import spoken
from threadline.core.identity.evidence import ALIAS_KINDS, NETWORKS, TOLD_BY_AGENT, Evidence, evidence_of, landline
from threadline.core.identity.model import Clue
from threadline.core.identity.names import Match, parts
from threadline.core.identity.nicknames import SAME_NAME
from threadline.core.identity.people import STRENGTH, People
from threadline.core.identity.shapes import Key, Merge, NewIdentity, Person, Recognition, Suggestion
from threadline.core.identity.weighing import (
    JOIN,
    SAME_SITTING,
    SCREENS,
    SUGGEST,
    Candidate,
    Speaker,
    against,
    in_hindsight,
    weigh,
)
from threadline.core.touch import Direction, Level, Touch
from threadline.core.understanding import Understanding
from threadline.core.understanding.words import matter_of, words_of

__all__ = ["JOIN", "SUGGEST", "VERSION", "needed", "recognise"]

VERSION = "identity-3"


def needed(touch: Touch, understanding: Understanding) -> frozenset[Key]:
    """The keys whose holders must be in the working set before this touch is recognised."""
    return frozenset(item.key for item in evidence_of(touch, understanding))


def names_of(touch: Touch, understanding: Understanding) -> tuple[str, ...]:
    """The names the touch gives for its sender: said on a call, shown by the channel, under the letter.

    What may be a name or not starts with "~": it speaks for somebody of that name, never against anybody.
    """
    if touch.direction == Direction.OUT:
        return ()
    said = [fact.value for fact in understanding.facts if fact.name == "name"]
    shown = [f"~{touch.name}" if is_alias(touch) else touch.name] if parts(touch.name) else []
    order = [*said, *shown] if touch.kind in TOLD_BY_AGENT else [*shown, *said]
    return tuple(dict.fromkeys(name for name in order if parts(name)))[:2]


def is_alias(touch: Touch) -> bool:
    """What somebody likes to be called: the handle again, a word with digits, or one word that is no given name."""
    words, bare = parts(touch.name), squashed(touch.name)
    if touch.kind == "whatsapp":
        return any(map(str.isdigit, bare)) or (len(words) == 1 and words[0] not in SAME_NAME)
    handles = {squashed(handle.value) for handle in touch.handles}
    return touch.kind in ALIAS_KINDS and (len(words) < 2 or any(map(str.isdigit, bare)) or bare in handles)


def squashed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def recognise(
    touch: Touch, understanding: Understanding, people: People, *, common: frozenset[str] = frozenset()
) -> Recognition:
    """Conclude who the touch comes from (or, if it is ours, goes to), and what that changes.

    Args:
        common: words that tell nothing here, as `words_of` cuts them: the names of our brands.
    """
    shown = tuple(item for item in evidence_of(touch, understanding) if not is_ours(item, common))
    names = names_of(touch, understanding)
    about = matter_of(touch, understanding) - common
    speaking = Speaker.of(touch, shown, names, about)
    candidates = weigh(speaking, people)
    base = speaker(speaking, candidates, people)
    if base is None and understanding.triage == "noise":
        return nobody(touch)
    customer = base.person.id if base else touch.id
    merges, suggestions = joins(customer, base, candidates, people)
    if base is not None and touch.direction != Direction.OUT:
        merges += confirmed(speaking.known_as(people.person(customer)), merges, people)
    kept = merges[-1].survivor if merges else customer
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


def is_ours(item: Evidence, common: frozenset[str]) -> bool:
    """A social handle that is only the name of one of our brands is us, not the writer."""
    words = words_of(item.key[1]) if item.key[0] in NETWORKS and not item.direct else frozenset()
    return bool(words) and words <= common


def speaker(speaking: Speaker, candidates: dict[int, Candidate], people: People) -> Candidate | None:
    """Through a personal handle; else behind a handle that may be shared, by name; else by strong evidence."""
    direct = [candidate for candidate in candidates.values() if candidate.direct]
    if direct:
        return strongest(direct)
    shared = [item for item in speaking.shown if item.direct and item.shareable]
    behind = [candidate for item in shared for candidate in users(speaking, item, candidates, people)]
    if behind:
        return strongest(behind)
    strong = [c for c in candidates.values() if c.bits >= JOIN and c.name >= Match.UNKNOWN]
    return strongest(strong) if strong else None


def strongest(candidates: list[Candidate]) -> Candidate:
    return min(candidates, key=lambda candidate: (-candidate.bits, candidate.person.id))


def users(speaking: Speaker, item: Evidence, candidates: dict[int, Candidate], people: People) -> list[Candidate]:
    """Who may be speaking through a handle that several people may use."""
    at = speaking.touch.at
    holders = {c: identity for c, identity in people.holders(item.key).items() if identity.proven}
    named = [candidates[c] for c in holders if candidates[c].name > Match.UNKNOWN]
    if named:
        return named
    open_to = [c for c in holders if candidates[c].name == Match.UNKNOWN]
    if item.key[0] in SCREENS:
        open_to = [c for c in open_to if not leaves_room(speaking, item, candidates[c], holders[c].seen_at)]
    if len(holders) > 1 and len(open_to) > 1:
        times = ((c, holders[c].seen_at) for c in open_to)
        open_to = [c for c, seen_at in times if seen_at is not None and at - seen_at < SAME_SITTING]
        open_to = open_to if len(open_to) == 1 else []
    return [candidates[c] for c in open_to]


def leaves_room(speaking: Speaker, item: Evidence, candidate: Candidate, seen_at: datetime | None) -> bool:
    """Signed in as somebody else, or some time later and introducing themselves: it may be another user."""
    signed_in = any(other.direct and not other.shareable for other in speaking.shown)
    if signed_in:
        return speaking.is_new_at(item, candidate)
    introduced = bool(speaking.names) or any(other.how == "form" for other in speaking.shown)
    later = seen_at is None or speaking.touch.at - seen_at > SAME_SITTING
    return introduced and later and candidate.person.anchored


def joins(
    customer: int, base: Candidate | None, candidates: dict[int, Candidate], people: People
) -> tuple[tuple[Merge, ...], tuple[Suggestion, ...]]:
    """Of the others that the touch points to: who is the same person, and who may be. The oldest id survives."""
    strong: list[Suggestion] = []
    weak: list[Suggestion] = []
    for other, candidate in sorted(candidates.items()):
        if other == customer or not candidate.keys or people.kept_apart(customer, other):
            continue
        by, match = against(base.person if base else None, candidate, people.weights)
        bits = round(sum(clue.bits for clue in by), 1)
        told = Suggestion(customer, other, bits, why(candidate, match), tuple(candidate.keys), by)
        if base is not None and bits >= JOIN:
            strong.append(told)
        elif bits >= SUGGEST:
            weak.append(told)
    kept = min([customer, *(told.other for told in strong)])
    merges = [merged(told, customer, kept) for told in strong]
    return tuple(sorted(merges, key=lambda merge: merge.loser)), tuple(replace(told, customer=kept) for told in weak)


def confirmed(now: Person, merges: tuple[Merge, ...], people: People) -> tuple[Merge, ...]:
    """Whom the speaker was thought to be as well, and what this touch adds proves it. The oldest id survives."""
    customer = now.id
    kept = merges[0].survivor if merges else customer
    gone = {customer, kept, *(merge.loser for merge in merges)}
    found: list[Merge] = []
    for other, before in people.maybe(customer).items():
        by = in_hindsight(now, people.person(other), before, people.weights)
        bits = round(sum(clue.bits for clue in by), 1)
        if other not in gone and bits >= JOIN:
            found.append(Merge(max(other, kept), min(other, kept), bits, in_words(by), (), by))
            kept = min(other, kept)
            gone.add(other)
    return tuple(found)


def in_words(by: Iterable[Clue]) -> str:
    """The clues that speak for it, as a sentence."""
    told = [clue.says for clue in sorted(by, key=lambda clue: -clue.bits) if clue.bits > 0]
    first, *rest = told
    return f"{'; '.join([first, *(words[0].lower() + words[1:] for words in rest)])}."


def merged(told: Suggestion, customer: int, kept: int) -> Merge:
    """Everybody joins the oldest; if that is this candidate itself, then the speaker joins them."""
    loser = customer if told.other == kept else told.other
    return Merge(loser, kept, told.bits, told.reason, told.keys, told.by)


def holdings(
    shown: Iterable[Evidence], kept: int, ours: set[int], people: People
) -> tuple[tuple[NewIdentity, ...], tuple[tuple[Key, Level], ...], tuple[Key, ...]]:
    """What the customer now holds: new identities, those known better, and handles that turned out to be shared."""
    new: list[NewIdentity] = []
    raised: list[tuple[Key, Level]] = []
    now_shared: list[Key] = []
    for item in shown:
        if not item.kept:
            continue
        holders = people.holders(item.key)
        own = [identity for customer, identity in holders.items() if customer in ours]
        taken = any(identity.proven for customer, identity in holders.items() if customer not in ours)
        level = Level.CLAIMED if taken else item.level
        several = taken and (item.direct or item.how == "profile")
        if several:
            now_shared.append(item.key)
        if not own:
            new.append(NewIdentity(item.key, kept, level, several, item.how))
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
    keys = [f"{scheme}:{value}" for scheme, value in base.keys] if base else []
    evidence = {"bits": round(bits, 1), "keys": keys, "by": listed(base.by) if base else []}
    return Decision("recognise", reason, confidence, VERSION, evidence=evidence)


def listed(by: Iterable[Clue]) -> list[list[object]]:
    """Clues as JSON: what, in words, bits."""
    return [[clue.what, clue.says, round(clue.bits, 2)] for clue in by]


def why(candidate: Candidate, match: Match) -> str:
    kinds = ", ".join(dict.fromkeys(spoken(key) for key in candidate.keys))
    agree = {Match.SAME: " and the same name", Match.PART: " and part of the name", Match.UNKNOWN: ""}
    return f"Same {kinds}{agree.get(match, ', but another name')}."
