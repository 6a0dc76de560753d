"""Whether somebody can take a piece of work, and how well.

A need that nobody at all could ever meet is no need: a story in a language that no colleague speaks would wait for
ever, so whoever is free takes it.
"""

from collections.abc import Iterable, Sequence

from threadline.core.routing.shapes import DIMENSIONS, Person, Work

Needs = dict[str, frozenset[str]]


def needs_of(work: Work) -> Needs:
    """Dimension to the values of which one is wanted. Nothing known, nothing needed."""
    asked = {
        "language": frozenset({work.language.lower()} - {""}),
        "channel": frozenset({work.kind.lower()} - {""}),
        "topic": frozenset(topic.lower() for topic in work.topics if topic),
    }
    return {dimension: values for dimension, values in asked.items() if values}


def level(person: Person, dimension: str, values: frozenset[str]) -> int | None:
    """The best level for any of the values; 0 for somebody who has no skill of this dimension; None: they can not."""
    own = person.skills.get(dimension)
    if not own:
        return 0
    return max((own[value] for value in values if value in own), default=None)


def score(person: Person, needs: Needs) -> int | None:
    """How well they fit, the sum of their levels; None where they can not do one of them."""
    total = 0
    for dimension, values in needs.items():
        held = level(person, dimension, values)
        if held is None:
            return None
        total += held
    return total


def possible(needs: Needs, people: Iterable[Person]) -> Needs:
    """The needs that somebody among these could meet one day, here now or not."""
    team = list(people)
    return {
        dimension: values
        for dimension, values in needs.items()
        if any(level(person, dimension, values) is not None for person in team)
    }


def lacking(work: Work, people: Sequence[Person]) -> list[str]:
    """The dimensions that nobody of its team can meet, in the order of DIMENSIONS."""
    team = [person for person in people if work.team in person.teams]
    needs = needs_of(work)
    met = possible(needs, team)
    return [dimension for dimension in DIMENSIONS if dimension in needs and dimension not in met]
