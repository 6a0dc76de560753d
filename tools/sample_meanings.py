"""Loads the sample company into a database of its own and keeps what the encoder made of its texts."""

# ruff: noqa: E402, T201
import os
from collections.abc import Sequence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "threadline.config.settings")

import django

django.setup()

from threadline.config import embedded, sample_company
from threadline.config.evaluation.database import own_database
from threadline.config.sample import meanings
from threadline.core.understanding.encoder import Vectors
from threadline.interactions import meaning
from threadline.lib.encoders import chosen_encoder


def main() -> None:
    encoder = chosen_encoder()
    if encoder is None:
        raise SystemExit("THREADLINE_ENCODER is off, so there is nothing to work out.")
    meant: dict[str, Vectors] = {}

    class Recorder:
        name, dimensions = encoder.name, encoder.dimensions

        def encode(self, texts: Sequence[str]) -> Vectors:
            rows = encoder.encode(texts)
            meant.update(zip(texts, rows, strict=True))
            return rows

    meaning.chosen_encoder = Recorder  # type: ignore[assignment]
    sample_company.meanings.teach = lambda encoder: None
    with embedded.database(say=print), own_database():
        sample_company.load(lambda done, total: print(f"{done} of {total}"))
    meanings.write(encoder.name, meant)
    print(f"{len(meant)} texts, {meanings.FILE.stat().st_size:,} bytes in {meanings.FILE}")


if __name__ == "__main__":
    main()
