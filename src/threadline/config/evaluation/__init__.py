"""`threadline evaluate`: how good the conclusions are, measured on labelled sets."""

from threadline.config.evaluation.sets import KNOWN, evaluate

__all__ = ["KNOWN", "evaluate"]
