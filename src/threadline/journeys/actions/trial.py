"""Trying a draft of the tree of intents: learn from it, and see what would change. Nothing in use changes.

It runs in the worker, because the encoder is large and learning takes its time; the web process only asks for it.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from threadline.accounts.events import record
from threadline.accounts.models import Agent
from threadline.core.stitching.vectors import unpacked
from threadline.core.understanding.intents import IntentModel
from threadline.core.understanding.meaning import meaning_text
from threadline.interactions import intents
from threadline.interactions.actions import intents as drafts
from threadline.interactions.models import IntentTree, Interaction
from threadline.journeys.corrections import corrections
from threadline.journeys.history import facts_of
from threadline.journeys.memory import touch_of, understanding_of
from threadline.journeys.models import Meaning
from threadline.lib.errors import ThreadlineError
from threadline.lib.jobs import enqueue, job

log = logging.getLogger(__name__)
NEWEST = 1_000
MOST_MOVES, MOST_TOUCHES = 20, 25


@transaction.atomic
def try_out(*, by: Agent, now: datetime) -> None:
    """Ask the worker to learn from the draft. Raises ThreadlineError if there is none, or it is under way."""
    drafts.lock()
    tree = drafts.asked_draft()
    if drafts.learning(tree, now=now):
        raise ThreadlineError("The draft is being tried at this moment. It takes a minute or two.")
    trial = now.isoformat()
    tree.report = {"trial": trial, "told_at": trial, "progress": [0, 1]}
    tree.save(update_fields=["report"])
    record("intents_tried", at=now, by=by, draft=tree.version)
    enqueue(learn_draft, tree=tree.pk, trial=trial)


@job(queue="intents", lock="learn_draft")
def learn_draft(tree: int, trial: str) -> None:
    """Learn, measure, compare. Safe to run twice or late: only the trial that the draft waits for writes to it."""
    if not asked(tree, trial).exists():
        return
    try:
        report, learned, encoder = tried(asked(tree, trial).defer("learned").get(), trial)
    except ThreadlineError as error:
        asked(tree, trial).update(report={"failed": str(error)})
    except Exception:
        log.exception("a draft of intents could not be tried")
        words = "Something went wrong while learning; the worker's log tells what. Try again, or drop the draft."
        asked(tree, trial).update(report={"failed": words})
    else:
        asked(tree, trial).update(report=report, learned=learned, encoder=encoder)


def asked(tree: int, trial: str) -> Any:
    """The draft, if it still waits for this trial."""
    return drafts.drafts().filter(pk=tree, report__trial=trial)


def tried(tree: IntentTree, trial: str) -> tuple[dict[str, object], bytes, str]:
    def progress(done: int, total: int) -> None:
        told = {"trial": trial, "told_at": timezone.now().isoformat(), "progress": [done, total + 1]}
        asked(tree.pk, trial).update(report=told)

    grown = intents.with_corrections(intents.nodes_of(tree), corrections())
    trained = intents.taught(grown, version=tree.version, progress=progress)
    report = {**intents.report_of(trained), "preview": preview(intents.in_use(), trained.model)}
    return report, trained.model.to_bytes(), trained.model.encoder


# ---- what would change ---------------------------------------------------------------------------------------------


def preview(old: IntentModel, new: IntentModel) -> dict[str, object]:
    """How the newest touches would be read, beside how they are read now.

    Returns `asked`, `changed`, and the largest `moves`: from, to ("" is "I do not know"), count, and newest touches.
    No words: who looks sees only those of stories that they may see.
    """
    numbers, texts, vectors = newest(new.vectors.shape[1])
    if not numbers:
        return {"asked": 0, "changed": 0, "moves": []}
    was, becomes = read(old, texts, vectors), read(new, texts, vectors)
    changed = [(number, a, b) for number, a, b in zip(numbers, was, becomes, strict=True) if a != b]
    return {"asked": len(numbers), "changed": len(changed), "moves": moves(changed)}


def moves(changed: Sequence[tuple[int, str, str]]) -> list[dict[str, object]]:
    touches = defaultdict(list)
    for number, was, becomes in changed:
        touches[was, becomes].append(number)
    largest = Counter({pair: len(held) for pair, held in touches.items()}).most_common(MOST_MOVES)
    return [
        {"from": was, "to": becomes, "count": count, "touches": touches[was, becomes][:MOST_TOUCHES]}
        for (was, becomes), count in largest
    ]


def read(model: IntentModel, texts: Sequence[str], vectors: Any) -> list[str]:
    return [guess.name if guess.sure else "" for guess in model.guess(texts, vectors)]


def newest(dimensions: int) -> tuple[list[int], list[str], Any]:
    """What customers said last, newest first: numbers, texts as the encoder read them, vectors of this many numbers."""
    kept = (
        Meaning.objects.filter(interaction__direction="in", vector__isnull=False)
        .select_related("interaction")
        .defer("interaction__html", "interaction__quoted", "interaction__search")
        .order_by("-pk")[:NEWEST]
    )
    fitting = [(each, unpacked(bytes(each.vector))) for each in kept if each.vector]
    fitting = [(each, vector) for each, vector in fitting if len(vector) == dimensions]
    facts = facts_of([each.interaction for each, _ in fitting])
    texts = [text_of(each.interaction, facts.get(each.pk, [])) for each, _ in fitting]
    vectors = np.array([vector for _, vector in fitting], dtype=np.float32)
    return [each.pk for each, _ in fitting], texts, vectors


def text_of(touch: Interaction, facts: Any) -> str:
    return meaning_text(touch_of(touch, None), understanding_of(touch, facts))
