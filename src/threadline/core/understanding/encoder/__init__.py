"""Texts as points: what means something similar lies close together. One interface, several encoders."""

from threadline.core.understanding.encoder.batches import Cached, in_batches
from threadline.core.understanding.encoder.contract import Encoder, Vectors, unit
from threadline.core.understanding.encoder.default import MODELS, default_encoder, encoder_named

__all__ = ["MODELS", "Cached", "Encoder", "Vectors", "default_encoder", "encoder_named", "in_batches", "unit"]
