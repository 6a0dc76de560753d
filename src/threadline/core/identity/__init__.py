"""Who is it? Handles recognise, evidence joins, claims suggest."""

from threadline.core.identity.people import People
from threadline.core.identity.recognise import VERSION, needed, recognise
from threadline.core.identity.shapes import Identity, Key, Merge, NewIdentity, Person, Recognition, Suggestion

__all__ = [
    "VERSION",
    "Identity",
    "Key",
    "Merge",
    "NewIdentity",
    "People",
    "Person",
    "Recognition",
    "Suggestion",
    "needed",
    "recognise",
]
