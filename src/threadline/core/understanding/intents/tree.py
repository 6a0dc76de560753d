"""The tree of intents that comes with the product: what people want from a shop and its service, in five languages."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from threadline.core.understanding.intents.model import IntentModel
from threadline.core.understanding.intents.shapes import Example, IntentNode

TEXTS = Path(__file__).parent / "texts"
SHIPPED = Path(__file__).parent / "shipped.npz"
LANGUAGES = ("en", "de", "fr", "es", "nl")


@cache
def default_tree() -> tuple[IntentNode, ...]:
    """Its intents, group by group; the last one, without a name, holds what belongs to none."""
    return tuple(node for file in sorted(TEXTS.glob("*.toml")) for node in nodes_in(file))


def nodes_in(file: Path) -> Iterator[IntentNode]:
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    for each in told["intent"]:
        examples = tuple(text for language in LANGUAGES for text in each.get(language, ()))
        yield IntentNode(each["name"], told["group"], examples)


def examples_of(tree: Iterable[IntentNode]) -> list[Example]:
    return [Example(text, node.name) for node in tree for text in node.examples]


@cache
def shipped_model() -> IntentModel:
    """Trained on the default tree with MiniLM by `threadline train intents --shipped`."""
    return IntentModel.from_bytes(SHIPPED.read_bytes())


@cache
def shipped_report() -> dict[str, Any]:
    """How well that model fared on texts kept aside; written along with it."""
    told: dict[str, Any] = json.loads(SHIPPED.with_suffix(".json").read_text(encoding="utf-8"))
    return told
