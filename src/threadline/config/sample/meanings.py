"""What the sample's texts mean, worked out beforehand by `tools/sample`: reading them anew takes most of a minute."""

from pathlib import Path

import numpy as np

from threadline.core.understanding.encoder import Cached, Encoder, Vectors
from threadline.core.understanding.encoder.batches import digest

FILE = Path(__file__).parent / "meanings.npz"


def teach(encoder: Encoder | None) -> None:
    """Let the encoder know them, if they were made with the same model."""
    if not isinstance(encoder, Cached):
        return
    with np.load(FILE) as kept:
        if str(kept["model"]) == encoder.name:
            encoder.know(
                {key.tobytes(): row.astype(np.float32) for key, row in zip(kept["texts"], kept["rows"], strict=True)}
            )


def write(model: str, meant: dict[str, Vectors]) -> None:
    """Keep what was encoded. In half precision, as journeys keep it; in the order of the texts, so that a second run
    writes the same file."""
    texts = sorted(meant)
    keys = np.array([np.frombuffer(digest(text), np.uint8) for text in texts])
    rows = np.array([meant[text] for text in texts], np.float16)
    np.savez_compressed(FILE, model=np.array(model), texts=keys, rows=rows)
