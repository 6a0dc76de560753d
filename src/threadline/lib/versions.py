"""What was learned from the data of this house, in versions: the newest not withdrawn is in use, none is deleted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from django.db import models, transaction

from threadline.lib.errors import ThreadlineError


class Learned(Protocol):
    """Weights that can be written as JSON."""

    @property
    def version(self) -> str: ...

    def written(self) -> dict[str, Any]: ...


Model = TypeVar("Model", bound=Learned)


class Version(models.Model):
    """One learned model."""

    version = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    weights = models.JSONField(help_text="as the model writes itself")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.version


Table = TypeVar("Table", bound=Version)


class Versions(Generic[Table, Model]):
    """The versions in one table.

    Args:
        read: makes a model of what `written` gave.
        shipped: the model that comes with Threadline, in use while nothing was learned here.
    """

    def __init__(
        self, table: type[Table], read: Callable[[Mapping[str, Any]], Model], shipped: Callable[[], Model]
    ) -> None:
        self.table, self.read, self.shipped = table, read, shipped
        self._kept: tuple[int, Model] | None = None

    def in_use(self) -> Model:
        """Cost: one query, and reading the JSON whenever the version changes."""
        newest = self._standing().values_list("pk", flat=True).first()
        if newest is None:
            return self.shipped()
        kept = self._kept
        if kept is None or kept[0] != newest:
            kept = self._kept = (newest, self.read(self._rows().values_list("weights", flat=True).get(pk=newest)))
        return kept[1]

    @transaction.atomic
    def keep(self, model: Model, *, now: datetime) -> Table:
        """From now on this one is in use. Earlier ones stay."""
        self._kept = None
        return self._rows().create(version=model.version, at=now, weights=model.written())

    @transaction.atomic
    def go_back(self, *, now: datetime) -> str:
        """Withdraw the one in use; the one before is in use again. Returns its version.

        Raises:
            ThreadlineError: nothing was learned here yet, so there is nothing to go back from.
        """
        newest = self._standing().select_for_update().first()
        if newest is None:
            words = f"Nothing was learned here: {self.shipped().version}, which comes with Threadline, is in use."
            raise ThreadlineError(words)
        newest.withdrawn_at = now
        newest.save(update_fields=["withdrawn_at"])
        return self.in_use().version

    def _rows(self) -> models.Manager[Table]:
        return self.table._default_manager

    def _standing(self) -> models.QuerySet[Table]:
        return self._rows().filter(withdrawn_at=None).order_by("-pk")
