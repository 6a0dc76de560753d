"""Noting who looked at whom: one statement for each look, none for looking again within minutes."""

import time
from collections import OrderedDict

from django.db import connection

from threadline.accounts.models import Agent

AGAIN_SECONDS = 300.0
MOST_REMEMBERED = 20_000
# Nobody waits for the disk: a database that loses its power may lose the looks of the last half second, nothing else.
STATEMENT = """
    insert into accounts_sight (at, agent_id, customer_id, journey_id)
    select now(), %s, %s, %s from set_config('synchronous_commit', 'off', true)
"""

Look = tuple[int, int, int | None]
_recent: "OrderedDict[Look, float]" = OrderedDict()


def saw(agent: Agent, *, customer: int, journey: int | None = None) -> None:
    """The agent opened this story, or the page of this person."""
    look, now = (agent.pk, customer, journey), time.monotonic()
    last = _recent.get(look)
    if last is not None and now - last < AGAIN_SECONDS:
        return
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, look)
    _recent[look] = now
    _recent.move_to_end(look)
    while len(_recent) > MOST_REMEMBERED:
        _recent.popitem(last=False)


def forget() -> None:
    """As after a start: everything is looked at for the first time."""
    _recent.clear()
