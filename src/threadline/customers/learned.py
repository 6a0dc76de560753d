"""Which weights recognition uses here: the newest learned and not withdrawn, else those that come with Threadline."""

from datetime import datetime
from functools import lru_cache

from django.db import transaction

from threadline.core.identity.weights import Weights, shipped
from threadline.customers.models import IdentityModel
from threadline.lib.errors import ThreadlineError


def in_use() -> Weights:
    """Cost: one query, and reading the JSON whenever the version changes."""
    newest = IdentityModel.objects.filter(withdrawn_at=None).order_by("-pk").values_list("pk", flat=True).first()
    return kept(newest) if newest else shipped()


@lru_cache(maxsize=2)
def kept(number: int) -> Weights:
    return Weights.read(IdentityModel.objects.get(pk=number).weights)


@transaction.atomic
def keep(weights: Weights, *, now: datetime) -> IdentityModel:
    """From now on these weights are in use. Earlier ones stay."""
    kept.cache_clear()
    return IdentityModel.objects.create(version=weights.version, at=now, weights=weights.written())


@transaction.atomic
def go_back(*, now: datetime) -> str:
    """Withdraw the weights in use; those before are in use again. Returns their version.

    Raises:
        ThreadlineError: nothing was learned here yet, so there is nothing to go back from.
    """
    newest = IdentityModel.objects.select_for_update().filter(withdrawn_at=None).order_by("-pk").first()
    if newest is None:
        raise ThreadlineError(f"Nothing was learned here: {shipped().version}, which comes with Threadline, is in use.")
    newest.withdrawn_at = now
    newest.save(update_fields=["withdrawn_at"])
    return in_use().version
