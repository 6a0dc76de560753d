"""The sample company, Harbour & Pine: an invented shop with a year of customers on every channel, ending now.

All words stand in `texts/`; nothing here is about anybody who exists.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from threadline.config.sample.script import table
from threadline.config.sample.telling import Entry
from threadline.config.sample.year import Year

SEED = 22


def company() -> dict[str, Any]:
    """Brands, channels (kind, address, name), teams (name, restricted), agents (key, name, email, role, teams,
    skills) and rules of routing."""
    return {name: table("company")[name] for name in ("brands", "channels", "teams", "agents", "rules")}


def entries(now: datetime, *, seed: int = SEED) -> Iterator[Entry]:
    """The year before `now` in time order, one object per interaction in the shape of the JSON Lines import."""
    yield from Year(now=now, seed=seed).entries


def decisions(now: datetime, *, seed: int = SEED) -> list[dict[str, Any]]:
    """What agents decided about those stories, in time order.

    Each: `story_of` (id of the first thing they said), `touches` (all ids of the story), `do` (done | assign | wait |
    snooze), `by` (agent key), `team`, `at`, and for a snooze `until`, after `now`. A story without a decision waits for
    us, or nobody has to act.
    """
    return Year(now=now, seed=seed).decisions()


def wording() -> dict[str, Any]:
    """Policies and macros, with the fields of their tables."""
    return table("wording")
