"""Whom may a touch come from? Everybody who holds a key of it, with every clue for and against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from threadline.core.identity import clues
from threadline.core.identity.evidence import NETWORKS, TOLD_BY_AGENT, Evidence, failed_check, weight
from threadline.core.identity.model import Clue
from threadline.core.identity.names import Match, best, hinted
from threadline.core.identity.people import People
from threadline.core.identity.shapes import Key, Person
from threadline.core.identity.weights import Weights
from threadline.core.touch import Touch
from threadline.core.understanding.words import overlap

JOIN, SUGGEST = 15.0, 8.0
UNBOUND = 1000.0
JUST_A_CLAIM = JOIN - 0.5  # whatever an anonymous visitor types: at most a suggestion
ACCOUNTABLE_BITS = 0.5  # who names a profile from a mailbox or line of their own can be asked about it
MATTER = 1.6  # weight of shared words from which two texts are about one matter
CLAIMS = frozenset({"form", "stated", "signed", "forwarded"})
OTHER_WAYS = frozenset({"thread", "postcode"})
SCREENS = frozenset({"visitor", "device"})
SAME_SITTING = timedelta(hours=2)
ONCE = frozenset({"time", "matter"})
CIRCUMSTANCES = ONCE | {"name", "limit", "doubt"}
LIMIT_WORDS = "An anonymous visitor's word alone"
DOUBT_WORDS = "The mail failed the check of its sender, so that a person decides"


@dataclass(slots=True)
class Candidate:
    """Somebody known whom the touch may come from, with what speaks for it."""

    person: Person
    name: Match = Match.UNKNOWN
    shared: list[Clue] = field(default_factory=list)  # keys that both hold
    told: Clue | None = None  # the best of what the touch only claims; claims of one side do not add up
    awaited: Clue | None = None  # the best of what the candidate had claimed and the touch now shows
    around: list[Clue] = field(default_factory=list)  # names, time, matter
    keys: list[Key] = field(default_factory=list)
    direct: bool = False
    solid: bool = False  # some of it is more than what an anonymous visitor typed
    met: bool = False  # through a handle that both prove, be it one that several people may use
    hints: int = 0  # parts of the one side's name that the other side's handle spells
    most: float = UNBOUND
    doubted: bool = False  # the mail may not be from whom it names

    @property
    def by(self) -> tuple[Clue, ...]:
        told = [clue for clue in (self.told, self.awaited) if clue is not None]
        found = [*self.shared, *told, *self.around]
        return held_down(found, self.most, doubted=self.doubted)

    @property
    def bits(self) -> float:
        return sum(clue.bits for clue in self.by)

    def claim(self, clue: Clue) -> None:
        self.told = max([clue, *([self.told] if self.told else [])], key=lambda each: each.bits)

    def await_(self, clue: Clue) -> None:
        self.awaited = max([clue, *([self.awaited] if self.awaited else [])], key=lambda each: each.bits)


@dataclass(frozen=True, slots=True)
class Speaker:
    """What the touch says of whoever speaks.

    Args:
        accountable: they write from a mailbox or line of their own, or an agent spoke with them.
        doubted: a mail of which the domain in From says that it is not from there.
    """

    touch: Touch
    shown: tuple[Evidence, ...]
    names: tuple[str, ...]
    about: frozenset[str]
    accountable: bool
    doubted: bool = False

    @classmethod
    def of(cls, touch: Touch, shown: Iterable[Evidence], names: tuple[str, ...], about: frozenset[str]) -> "Speaker":
        shown = tuple(shown)
        own = any(item.direct and (not item.shareable or item.key[0] == "tel") for item in shown)
        return cls(touch, shown, names, about, own or touch.kind in TOLD_BY_AGENT, failed_check(touch))

    def is_new_at(self, item: Evidence, candidate: Candidate) -> bool:
        """A screen that several may use, and nothing to say that it is still the same one.

        Whoever is known through a handle of their own says who they are by signing in. Somebody who gave a name is not
        whoever signs in later, unless the address spells that name.
        """
        if item.key[0] not in SCREENS or candidate.name > Match.UNKNOWN:
            return False
        person, own = candidate.person, [each.key[1] for each in self.shown if each.direct and not each.shareable]
        if person.anchored:
            return True
        spelled = any(hinted(name.lstrip("~"), address) for name in person.names for address in own)
        seen = person.seen.get(self.touch.brand or 0)
        later = seen is None or self.touch.at - seen > SAME_SITTING
        return bool(own and person.names and later and not spelled)

    def known_as(self, person: Person) -> Person:
        """Who speaks, with what this touch adds to what is known of them."""
        brand = self.touch.brand or 0
        words = (*person.about.get(brand, ()), *sorted(self.about))
        return replace(
            person,
            names=tuple(dict.fromkeys((*person.names, *self.names))),
            seen=person.seen | {brand: self.touch.at},
            about=person.about | {brand: words},
        )


def weigh(speaker: Speaker, people: People) -> dict[int, Candidate]:
    """Everybody who holds a key of the touch, with the clues that speak for them."""
    found: dict[int, Candidate] = {}
    exact = {who for item in speaker.shown if item.key[0] == "tel" and item.kept for who in people.holders(item.key)}
    for item in speaker.shown:
        holders = people.holders(item.key)
        if item.how == "digits":
            holders = {customer: identity for customer, identity in holders.items() if customer not in exact}
        alone = len(holders) == 1 or sum(identity.proven for identity in holders.values()) == 1
        for customer, identity in holders.items():
            candidate = found.get(customer)
            if candidate is None:
                person = people.person(customer)
                candidate = found[customer] = Candidate(person, agreement(speaker.names, person.names))
            add(candidate, item, speaker, proven=identity.proven, alone=alone, several=len(holders) > 1)
            spelling = speaker.names if identity.proven else candidate.person.names
            candidate.hints = max([candidate.hints, *(hinted(name, item.key[1]) for name in spelling)])
    for candidate in found.values():
        look_around(candidate, speaker, people.weights)
    return found


def add(candidate: Candidate, item: Evidence, speaker: Speaker, *, proven: bool, alone: bool, several: bool) -> None:
    """A key of several people speaks for one of them only where the name does too."""
    named = candidate.name > Match.UNKNOWN
    if item.how == "postcode" and candidate.name != Match.SAME:
        return
    if (not named and (not alone or (several and not proven))) or (item.how == "profile" and proven):
        return  # of two profiles with one name, nobody said that they are one person
    bits = 0.0 if item.direct and speaker.is_new_at(item, candidate) else weight(item, proven=proven)
    if item.key[0] in NETWORKS and (speaker.accountable if item.how in CLAIMS else candidate.person.anchored):
        bits += ACCOUNTABLE_BITS
    clue = clues.of_key(item, bits, proven=proven)
    if item.how in CLAIMS and proven:
        candidate.claim(clue)
    elif (item.direct or item.how == "profile") and not proven:
        candidate.await_(clue)
    else:
        candidate.shared.append(clue)
        candidate.solid = candidate.solid or item.how not in OTHER_WAYS
    candidate.keys.append(item.key)
    candidate.met = candidate.met or (item.direct and proven)
    candidate.direct = candidate.direct or (item.direct and proven and not item.shareable)


def look_around(candidate: Candidate, speaker: Speaker, weights: Weights) -> None:
    """What speaks for or against besides the keys: names, a visit to the same brand, the matter, nothing else known."""
    around = candidate.around
    if clue := clues.of_names(candidate.name, speaker.names, candidate.person.names, weights):
        around.append(clue)
    brand = speaker.touch.brand or 0
    same_matter = False
    if (seen := candidate.person.seen.get(brand)) is not None:
        around.append(clues.of_time(speaker.touch.at - seen))
        said = frozenset(candidate.person.about.get(brand, ()))
        same_matter = abs(speaker.touch.at - seen) < clues.RECENTLY and overlap(speaker.about, said) >= MATTER
        if same_matter:
            around.append(clues.of_matter())
    if candidate.name == Match.UNKNOWN and candidate.hints:
        around.append(clues.of_hints(candidate.hints))
    if candidate.met and not candidate.person.anchored and candidate.name >= Match.UNKNOWN:
        around.append(clues.of_loneliness())
    if not speaker.accountable and candidate.told and not candidate.solid and not same_matter:
        candidate.most = JUST_A_CLAIM
    if speaker.doubted:
        candidate.most, candidate.doubted = JUST_A_CLAIM, True


def held_down(found: Sequence[Clue], most: float, *, doubted: bool) -> tuple[Clue, ...]:
    """No more than `most` bits, with the reason. A doubt is kept even where it takes nothing away: it outlasts."""
    over = max(0.0, sum(clue.bits for clue in found) - most)
    if doubted:
        return (*found, Clue("doubt", DOUBT_WORDS, 0.0 - over))
    return (*found, Clue("limit", LIMIT_WORDS, -over)) if over > 0 else tuple(found)


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


def against(base: Person | None, candidate: Candidate, weights: Weights) -> tuple[tuple[Clue, ...], Match]:
    """The candidate's clues; where the touch gave no name or met no common brand, what is known of both decides."""
    if base is None:
        return candidate.by, candidate.name
    found, match = list(candidate.by), candidate.name
    if match == Match.UNKNOWN:
        match = agreement(base.names, candidate.person.names)
        clue = clues.of_names(match, base.names, candidate.person.names, weights)
        found += [clue] if clue else []
    if candidate.most > JOIN:
        found = closest([*found, *in_common(base, candidate.person)])
    return tuple(found), match


def in_common(one: Person, other: Person) -> list[Clue]:
    """Were both in touch with one brand, how far apart at the closest, and about the same matter?"""
    gaps = {brand: abs(one.seen[brand] - other.seen[brand]) for brand in one.seen.keys() & other.seen.keys()}
    found = [clues.of_time(min(gaps.values()))] if gaps else []
    lately = [brand for brand, gap in gaps.items() if gap < clues.RECENTLY]
    if any(overlap(said(one, brand), said(other, brand)) >= MATTER for brand in lately):
        found.append(clues.of_matter())
    return found


def said(person: Person, brand: int) -> frozenset[str]:
    return frozenset(person.about.get(brand, ()))


def closest(found: Iterable[Clue]) -> list[Clue]:
    """Of what is said of time and of the matter, the best counts once."""
    once: dict[str, Clue] = {}
    rest: list[Clue] = []
    for clue in found:
        if clue.what not in ONCE:
            rest.append(clue)
        elif clue.what not in once or clue.bits > once[clue.what].bits:
            once[clue.what] = clue
    return [*rest, *once.values()]


def in_hindsight(one: Person, other: Person, before: Iterable[Clue], weights: Weights) -> tuple[Clue, ...]:
    """What was only suggested, looked at again with all that is known of both by now.

    An anonymous visitor's word stays just that until both speak of the same matter; a forged mail stays one.
    """
    before = tuple(before)
    keys = [clue for clue in before if clue.what not in CIRCUMSTANCES]
    names = clues.of_names(agreement(one.names, other.names), one.names, other.names, weights)
    around = closest([*(clue for clue in before if clue.what in ONCE), *in_common(one, other)])
    found = [*keys, *([names] if names else []), *around]
    doubted = any(clue.what == "doubt" for clue in before)
    limited = any(clue.what == "limit" for clue in before) and not any(clue.what == "matter" for clue in around)
    return held_down(found, JUST_A_CLAIM if limited or doubted else UNBOUND, doubted=doubted)
