"""Whose turn it is, and since when the customer waits: one clock over all channels."""

from datetime import datetime

from threadline.core.touch import Direction, Touch

OPEN, WAITING, SNOOZED, DONE = "open", "waiting", "snoozed", "done"


def turn_after(touch: Touch, *, status: str, waiting_since: datetime | None) -> tuple[str, datetime | None]:
    """(status, waiting_since) after a touch. A further message, on whatever channel, does not restart the clock.

    What a machine of ours sent is no answer.
    """
    if touch.direction == Direction.IN:
        return OPEN, min(waiting_since, touch.at) if waiting_since else touch.at
    if touch.direction == Direction.OUT and not touch.automatic:
        return WAITING, None
    return status, waiting_since
