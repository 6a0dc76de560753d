"""What a reading of intents hands back, and what a tree of them is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest intent of a text.

    Args:
        confidence: how probable it is that `name` is right, in 0..1; low also where the text belongs to no intent.
        sure: whether that is enough to say so. If not, the answer is "I do not know".
        second: the runner-up, for the menu of an agent who corrects.
        like: the known example that is nearest in meaning.
    """

    name: str
    confidence: float
    sure: bool
    second: str = ""
    like: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A text of which the intent is known; an empty `name` says that it is none of the tree's."""

    text: str
    name: str


@dataclass(frozen=True, slots=True)
class IntentNode:
    """One intent of a tree: `parent` is its group."""

    name: str
    parent: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """How one intent fared when it was asked of texts that were kept aside.

    Args:
        precision: of the texts said to be this, the share that was. `recall`: of those that are, the share found.
        unsure: the share of its texts to which the answer was "I do not know".
        confused: example, and the intent it was taken for.
    """

    name: str
    texts: int
    precision: float
    recall: float
    unsure: float
    confused: tuple[tuple[str, str], ...]
