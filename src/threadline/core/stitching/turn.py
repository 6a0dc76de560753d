"""Whose turn it is, and since when the customer waits: one clock over all channels."""

from datetime import datetime, timedelta

from threadline.core.touch import Direction, Touch

OPEN, WAITING, SNOOZED, DONE = "open", "waiting", "snoozed", "done"
A_MOMENT = timedelta(milliseconds=1)


def turn_after(touch: Touch, *, status: str, waiting_since: datetime | None) -> tuple[str, datetime | None]:
    """(status, waiting_since) after a touch. A further message, on whatever channel, does not restart the clock.

    What a machine of ours sent is no answer.
    """
    if touch.direction == Direction.IN:
        return OPEN, min(waiting_since, touch.at) if waiting_since else touch.at
    if touch.direction == Direction.OUT and not touch.automatic:
        return WAITING, None
    return status, waiting_since


def after_what_was_written(at: datetime, *, received_at: datetime, wrote_at: datetime | None) -> datetime:
    """When something of theirs counts as said. What had not reached us yet when one of us wrote in its story was not
    answered by that, however long it was on its way: it stands a moment after it.

    Args:
        at: when they say that they wrote it.
        received_at: when it reached us.
        wrote_at: when one of us last wrote in the story.
    """
    return wrote_at + A_MOMENT if wrote_at is not None and at <= wrote_at < received_at else at
