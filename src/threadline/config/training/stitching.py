"""`threadline train stitching`: weights learned from what agents placed here, or worked on where it was."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from threadline.accounts.models import Decision, Event
from threadline.core.stitching import Model
from threadline.core.stitching.training import Choice, Quality, choices, fit, quality
from threadline.journeys.history import history
from threadline.journeys.memory import brand_words
from threadline.journeys.models import Membership, StitchingModel
from threadline.journeys.weights import in_use, keep
from threadline.lib.errors import ThreadlineError

Progress = Callable[[int, int], None]
FOLDS = 3
CHOICES_NEEDED, EACH_NEEDED = 200, 25
WORKED_ON = ("replied", "done", "waited", "assigned", "noted", "intent_set", "snoozed")
RIDGE = 1.0  # own choices are few: the weights stay near those in use unless many speak for others


@dataclass(frozen=True, slots=True)
class Learned:
    """The new version and how the old and the new weights fared at choices that they had not seen."""

    row: StitchingModel
    before: Quality
    after: Quality


def learn(*, now: datetime, progress: Progress) -> Learned:
    """From now on stitching uses weights learned here.

    Raises:
        ThreadlineError: agents have placed too few touches, or the new weights would be no better. The old ones stay.
    """
    old, common = in_use(), brand_words()
    seen = list(choices(history(labels(), counts=judged()), common))
    check(seen)
    progress(1, FOLDS + 2)
    after = cross_validated(seen, old, progress)
    before = quality(old, seen)
    if after.bits >= before.bits:
        raise ThreadlineError(
            f"What {len(seen)} touches teach is no better than the weights in use: {after.right:.1%} right against "
            f"{before.right:.1%}. {old.version} stays in use. Try again when agents have placed more."
        )
    about = {"choices": len(seen), "right": round(after.right, 4), "right_before": round(before.right, 4)}
    version = f"stitching-{now:%Y-%m-%d-%H%M%S}"
    row = keep(fit(seen, version=version, about=about, ridge=RIDGE, prior=old), now=now)
    progress(FOLDS + 2, FOLDS + 2)
    return Learned(row, before, after)


def labels() -> dict[int, str]:
    """Where every touch stands now."""
    standing = Membership.objects.filter(superseded_at=None)
    return {touch: str(journey) for touch, journey in standing.values_list("interaction", "journey")}


def judged() -> frozenset[int]:
    """The touches that an agent placed, or that stood in a story when an agent went on working on it."""
    standing = Membership.objects.filter(superseded_at=None)
    placed = standing.filter(decision__by=Decision.By.AGENT)
    later = Event.objects.filter(
        journey_id=OuterRef("journey"), agent__isnull=False, verb__in=WORKED_ON, at__gt=OuterRef("interaction__at")
    )
    worked_on = standing.filter(Exists(later))
    return frozenset(placed.values_list("interaction", flat=True)) | frozenset(
        worked_on.values_list("interaction", flat=True)
    )


def check(seen: Sequence[Choice]) -> None:
    new = sum(choice.right is None for choice in seen)
    if len(seen) < CHOICES_NEEDED or min(new, len(seen) - new) < EACH_NEEDED:
        raise ThreadlineError(
            f"Agents have judged {len(seen)} touches that could have gone to several stories, {new} of them new "
            f"matters. Learning needs {CHOICES_NEEDED}, and {EACH_NEEDED} of either kind. {in_use().version} stays in "
            "use. Every answer, move, split and accepted suggestion counts."
        )


def cross_validated(seen: Sequence[Choice], old: Model, progress: Progress) -> Quality:
    """How weights learned from other customers fare: the sum over all parts."""
    customers = {customer: place % FOLDS for place, customer in enumerate(sorted({each.customer for each in seen}))}
    parts = [[choice for choice in seen if customers[choice.customer] == fold] for fold in range(FOLDS)]
    found = []
    for fold, part in enumerate(parts):
        rest = [choice for choice in seen if customers[choice.customer] != fold]
        found.append(quality(fit(rest, version="", about={}, ridge=RIDGE, prior=old), part))
        progress(fold + 2, FOLDS + 2)
    return Quality.together(found)


def told(learned: Learned) -> Iterator[str]:
    yield f"{learned.row.version} is in use, learned from {learned.after.choices} touches that agents judged."
    yield f"Right where it had not seen the customer: {learned.after.right:.1%}; before: {learned.before.right:.1%}."
    yield "Going back: threadline train stitching --back"
