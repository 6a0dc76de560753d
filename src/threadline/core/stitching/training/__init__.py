"""Learning the weights of stitching from touches of which it is known where they belong."""

from threadline.core.stitching.training.choices import Choice, Placed, choices
from threadline.core.stitching.training.fitting import fit
from threadline.core.stitching.training.quality import Quality, quality

__all__ = ["Choice", "Placed", "Quality", "choices", "fit", "quality"]
