"""Why somebody got a story, in a sentence or two that a person understands."""

from datetime import datetime

from threadline.core.durations import spell
from threadline.core.routing.shapes import Person, Presence, Work
from threadline.core.routing.skills import level

LANGUAGES = {
    "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fi": "Finnish",
    "fr": "French", "hu": "Hungarian", "it": "Italian", "ja": "Japanese", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish",
    "uk": "Ukrainian", "zh": "Chinese", "ar": "Arabic",
}  # fmt: skip


def reason(work: Work, person: Person, *, among: int, holder: Person | None, late: bool, now: datetime) -> str:
    parts = [_before(work, holder, now), _helped_out(work, person, late, now), _why_them(work, person, among)]
    return " ".join(part for part in parts if part)


def _before(work: Work, holder: Person | None, now: datetime) -> str:
    """What became of whoever had it."""
    if work.owner is None:
        return ""
    name = holder.name if holder else "Whoever had it"
    if holder is not None and holder.presence is not Presence.AWAY:
        return f"{name} had it and has too much in hand, and the time it was kept for them is over."
    return f"{name} had it and is away, and the time it was kept for them is over."


def _helped_out(work: Work, person: Person, late: bool, now: datetime) -> str:
    if not late or work.team in person.teams:
        return ""
    waited = spell(now - work.waiting_since)
    return f"Nobody of {work.team_name} had room for {waited}, so {work.overflow_name} helps out."


def _why_them(work: Work, person: Person, among: int) -> str:
    first = _first_reason(work, person)
    if among == 1:
        return f"{first}, and nobody else who fits has room." if first else f"Only {person.name} fits and has room."
    others = f"{among} colleagues who fit had room"
    return f"{first}; {others}." if first else f"{others[0].upper()}{others[1:]}; {person.name} had the least to do."


def _first_reason(work: Work, person: Person) -> str:
    if person.id == work.knows:
        return f"{person.name} spoke with them last"
    skills = _skills(work, person)
    return f"{person.name} {' and '.join(skills)}" if skills else ""


def _skills(work: Work, person: Person) -> list[str]:
    """Only what sets this person apart: skills that they have and that were asked for."""
    said = []
    topics = [topic for topic in sorted(work.topics) if level(person, "topic", frozenset({topic.lower()}))]
    if topics:
        said.append(f"knows “{topics[0]}”")
    if work.language and level(person, "language", frozenset({work.language.lower()})):
        said.append(f"speaks {LANGUAGES.get(work.language.lower(), work.language)}")
    return said
