"""The tree of intents in use here, and its versions: learn a new one, go back to an earlier one."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import QuerySet

from threadline.accounts.models import Agent
from threadline.core.understanding.intents import (
    Example,
    IntentModel,
    IntentNode,
    default_tree,
    examples_of,
    shipped_model,
)
from threadline.core.understanding.intents.training import Progress, TooLittle, Trained, checked, train
from threadline.interactions.models import Intent, IntentTree
from threadline.lib.encoders import chosen_encoder
from threadline.lib.errors import ThreadlineError


def in_use() -> IntentModel:
    """The newest learned here, else the one that comes with Threadline. Cost: one query."""
    newest = standing().values_list("pk", flat=True).first()
    return kept(newest) if newest else shipped_model()


def standing() -> QuerySet[IntentTree]:
    """Versions in use or used before, the one in use first. What was learned from a draft to try it is none of them."""
    return IntentTree.objects.filter(withdrawn_at=None).exclude(used_at=None).order_by("-used_at", "-pk")


@lru_cache(maxsize=2)
def kept(number: int) -> IntentModel:
    learned = IntentTree.objects.values_list("learned", flat=True).get(pk=number)
    assert learned is not None, "only versions that were learned are asked for"
    return IntentModel.from_bytes(bytes(learned))


def version_in_use() -> IntentTree | None:
    """None while nothing was learned here."""
    return standing().defer("learned").first()


def tree_in_use() -> tuple[IntentNode, ...]:
    return tree_of(version_in_use())


def tree_of(tree: IntentTree | None) -> tuple[IntentNode, ...]:
    """The nodes of a version; None is the tree that comes with Threadline."""
    return default_tree() if tree is None else nodes_of(tree)


def nodes_of(tree: IntentTree) -> tuple[IntentNode, ...]:
    return tuple(IntentNode(each.name, each.parent, tuple(each.examples)) for each in tree.intents.order_by("pk"))


def learn(
    tree: Sequence[IntentNode],
    corrections: Iterable[Example] = (),
    *,
    now: datetime,
    by: Agent | None = None,
    note: str = "",
    progress: Progress = lambda done, total: None,
) -> IntentTree:
    """Train on a tree's examples and what agents corrected; from then on it is in use.

    Raises:
        ThreadlineError: there is too little to learn from, or no encoder. The tree in use stays.
    """
    grown = with_corrections(tree, corrections)
    trained = taught(grown, version=f"intents-{now:%Y-%m-%dT%H:%M:%S}", progress=progress)
    return keep(grown, trained, now=now, by=by, note=note)


def taught(tree: Sequence[IntentNode], *, version: str, progress: Progress = lambda done, total: None) -> Trained:
    """What can be learned from a tree, and how well; nothing is kept. Raises ThreadlineError as `learn` does."""
    encoder = chosen_encoder()
    if encoder is None:
        raise ThreadlineError("Intents need vectors, and THREADLINE_ENCODER is off. Set it to minilm and try again.")
    examples = examples_of(tree)
    try:
        checked(examples)
        vectors = encoder.encode([each.text for each in examples])
        return train(examples, vectors, version=version, encoder=encoder.name, progress=progress)
    except TooLittle as error:
        raise ThreadlineError(f"{error} The tree in use stays.") from error


def with_corrections(tree: Sequence[IntentNode], corrections: Iterable[Example]) -> tuple[IntentNode, ...]:
    """The tree with what agents said about real texts as further examples; what names no intent of it is left out."""
    more: dict[str, list[str]] = {}
    for each in corrections:
        more.setdefault(each.name, []).append(each.text)
    return tuple(
        IntentNode(node.name, node.parent, tuple(dict.fromkeys([*node.examples, *more.get(node.name, ())])))
        for node in tree
    )


@transaction.atomic
def keep(tree: Sequence[IntentNode], trained: Trained, *, now: datetime, by: Agent | None, note: str) -> IntentTree:
    version = IntentTree.objects.create(
        version=trained.model.version,
        at=now,
        by=by,
        note=note[:240],
        encoder=trained.model.encoder,
        learned=trained.model.to_bytes(),
        report=report_of(trained),
        drafted_from=version_in_use(),
        used_at=now,
    )
    Intent.objects.bulk_create(
        Intent(tree=version, name=node.name, parent=node.parent, examples=list(node.examples)) for node in tree
    )
    return version


def report_of(trained: Trained) -> dict[str, object]:
    return {
        "accuracy": trained.accuracy,
        "unsure": trained.unsure,
        "outside_caught": trained.outside_caught,
        "threshold": trained.model.judgement.threshold,
        "intents": [asdict(each) for each in trained.measured],
    }


@transaction.atomic
def go_back(*, now: datetime) -> str:
    """Withdraw the version in use; the one before is in use again. Returns its name.

    Raises:
        ThreadlineError: nothing was learned here yet.
    """
    newest = standing().select_for_update().first()
    if newest is None:
        raise ThreadlineError(f"Nothing was learned here: {shipped_model().version}, which comes along, is in use.")
    newest.withdrawn_at = now
    newest.save(update_fields=["withdrawn_at"])
    return in_use().version
