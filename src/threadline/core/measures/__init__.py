"""How good conclusions are: groupings against the truth, and journeys as they grow. Pure arithmetic."""

from threadline.core.measures.grouping import bcubed, f1, mean, pairwise
from threadline.core.measures.journeys import Answer, Truth, judge

__all__ = ["Answer", "Truth", "bcubed", "f1", "judge", "mean", "pairwise"]
