"""The ledger of everything seen at a source, and the interactions made from it."""

from threadline.interactions.models.exchange import BadAddress, Media, OptOut, Told
from threadline.interactions.models.intake import ImportRun, IntakeEntry, Receipt
from threadline.interactions.models.intents import Intent, IntentTree
from threadline.interactions.models.touch import (
    Attachment,
    Delivery,
    Fact,
    Interaction,
    LearnedShape,
    Product,
    Thread,
    Upload,
)

__all__ = [
    "Attachment",
    "BadAddress",
    "Delivery",
    "Fact",
    "ImportRun",
    "IntakeEntry",
    "Intent",
    "IntentTree",
    "Interaction",
    "LearnedShape",
    "Media",
    "OptOut",
    "Product",
    "Receipt",
    "Thread",
    "Told",
    "Upload",
]
