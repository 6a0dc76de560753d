"""Which weights stitching uses here: the newest learned and not withdrawn, else those that come with Threadline."""

from datetime import datetime
from functools import lru_cache

from django.db import transaction

from threadline.core.stitching import Model, shipped
from threadline.journeys.models import StitchingModel
from threadline.lib.errors import ThreadlineError


def in_use() -> Model:
    """Cost: one query, and reading the JSON whenever the version changes."""
    newest = StitchingModel.objects.filter(withdrawn_at=None).order_by("-pk").values_list("pk", flat=True).first()
    return kept(newest) if newest else shipped()


@lru_cache(maxsize=2)
def kept(number: int) -> Model:
    return Model.read(StitchingModel.objects.get(pk=number).weights)


@transaction.atomic
def keep(model: Model, *, now: datetime) -> StitchingModel:
    """From now on this model is in use. Earlier ones stay."""
    kept.cache_clear()
    return StitchingModel.objects.create(version=model.version, at=now, weights=model.written())


@transaction.atomic
def go_back(*, now: datetime) -> str:
    """Withdraw the model in use; the one before is in use again. Returns its version.

    Raises:
        ThreadlineError: nothing was learned here yet, so there is nothing to go back from.
    """
    newest = StitchingModel.objects.select_for_update().filter(withdrawn_at=None).order_by("-pk").first()
    if newest is None:
        raise ThreadlineError(f"Nothing was learned here: {shipped().version}, which comes with Threadline, is in use.")
    newest.withdrawn_at = now
    newest.save(update_fields=["withdrawn_at"])
    return in_use().version
