"""Another version of the tree of intents comes into use: stories follow when what they are about has a new name."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from threadline.accounts.models import Agent
from threadline.interactions import intents
from threadline.interactions.actions import intents as drafts
from threadline.journeys.actions.ruling import rule
from threadline.journeys.lock import hold_pipeline


def use_intents(*, version: int, by: Agent, now: datetime) -> int:
    """From now on this version is in use. Returns how many names stories have been given anew.

    Raises:
        ThreadlineError: the version was changed or dropped since.
    """
    return _followed(lambda: drafts.use(version=version, by=by, now=now), by=by, now=now)


def go_back_to_intents(*, by: Agent, now: datetime) -> int:
    """The version before is in use again. Returns as above. Raises ThreadlineError if there is none before."""
    return _followed(lambda: drafts.go_back(by=by, now=now), by=by, now=now)


@transaction.atomic
def _followed(switch: Callable[[], object], *, by: Agent, now: datetime) -> int:
    hold_pipeline()
    was = intents.version_in_use()
    switch()
    became = drafts.renames(was, intents.version_in_use())
    if became:
        rule("intents_renamed", {"became": became}, by=by, now=now)
    return len(became)
