"""Every kind of channel an interaction can come from: those of the house, and those that adapters bring along."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from threadline.channels.adapters import adapters
from threadline.channels.house import HOUSE


def known() -> dict[str, str | Promise]:
    """Every kind with its name on screens."""
    found: dict[str, str | Promise] = {kind: gettext_lazy(house.label) for kind, house in HOUSE.items()}
    for each in adapters().values():
        found.setdefault(each.kind, gettext_lazy(each.label or each.kind))
    return found


def label(kind: str) -> str:
    """One whose adapter was taken away is called by its own name."""
    return str(known().get(kind) or kind)


def choices() -> Iterator[tuple[str, str | Promise]]:
    yield from known().items()
