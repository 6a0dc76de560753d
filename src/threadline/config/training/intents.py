"""`threadline train intents`: the tree in use and what agents corrected become a new version."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from threadline.core.understanding.encoder import default_encoder
from threadline.core.understanding.intents import default_tree, examples_of
from threadline.core.understanding.intents.training import Progress, train
from threadline.core.understanding.intents.tree import SHIPPED
from threadline.interactions import intents
from threadline.interactions.models import IntentTree
from threadline.journeys.corrections import corrections

SHIPPED_VERSION = "default-1"


def learn(*, now: datetime, progress: Progress) -> IntentTree:
    """A new version from the tree in use and all corrections so far. Raises ThreadlineError if that is too little."""
    return intents.learn(
        intents.tree_in_use(), corrections(), now=now, note="threadline train intents", progress=progress
    )


def told(version: IntentTree) -> Iterator[str]:
    """The report in lines for a person: the whole first, then each intent, the weakest first."""
    report = version.report
    yield f"{version.version} is in use: {report['accuracy']:.1%} right when tried, {report['unsure']:.1%} unsure."
    yield "Going back: threadline train intents --back"
    for each in sorted(report["intents"], key=lambda each: each["recall"]):
        wrong = "; ".join(f"“{text[:60]}” taken for {taken}" for text, taken in each["confused"][:2])
        fared = f"precision {each['precision']:.0%}, found {each['recall']:.0%} of {each['texts']}"
        yield f"{each['name']}: {fared}. {wrong}"


def ship(progress: Progress) -> Path:
    """Write the model that comes with Threadline anew, from the texts beside it."""
    examples, encoder = examples_of(default_tree()), default_encoder()
    vectors = encoder.encode([each.text for each in examples])
    trained = train(examples, vectors, version=SHIPPED_VERSION, encoder=encoder.name, progress=progress)
    SHIPPED.write_bytes(trained.model.to_bytes())
    report = json.dumps(intents.report_of(trained), ensure_ascii=False, indent=1)
    SHIPPED.with_suffix(".json").write_text(f"{report}\n", encoding="utf-8")
    return SHIPPED
