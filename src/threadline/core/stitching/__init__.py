"""What does it belong to? A touch joins the journey it fits best, or begins one; noise joins nothing."""

from threadline.core.stitching.memory import recalled, remembered
from threadline.core.stitching.model import Model, shipped
from threadline.core.stitching.shapes import Alternative, Join, Journey, Stitch
from threadline.core.stitching.stitch import customers_needed, stitch
from threadline.core.stitching.stories import Stories
from threadline.core.stitching.turn import turn_after

__all__ = [
    "Alternative",
    "Join",
    "Journey",
    "Model",
    "Stitch",
    "Stories",
    "customers_needed",
    "recalled",
    "remembered",
    "shipped",
    "stitch",
    "turn_after",
]
