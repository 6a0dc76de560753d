"""What it means that a touch came to a journey: a further channel, a second time of asking, an escape to the public."""

from threadline.core.stitching.clues import Clues
from threadline.core.stitching.features import hours
from threadline.core.stitching.shapes import Journey
from threadline.core.stitching.turn import OPEN
from threadline.core.touch import Direction

SWITCHED = "switched_channel"
REPEATED = "asked_again"
ESCAPED = "escaped_to_public"
SAME_BREATH = 2.0  # hours within which several messages are one
FOLLOWS = 24.0 * 7  # hours after our answer within which a further contact means that it did not settle the matter


def noticed(journey: Journey, clues: Clues) -> tuple[str, ...]:
    """As the journey was before the touch.

    `switched_channel`: the customer goes on elsewhere than where they last spoke. `asked_again`: they come back about
    the same matter, unanswered or within a week of our answer. `escaped_to_public`: what was private and unanswered
    goes on in public.
    """
    touch = clues.touch
    if touch.direction != Direction.IN or journey.heard_at is None:
        return ()
    found = []
    if journey.heard_on and touch.kind != journey.heard_on:
        found.append(SWITCHED)
    if asked_again(journey, clues):
        found.append(REPEATED)
    if touch.public and not journey.public and journey.status == OPEN:
        found.append(ESCAPED)
    return tuple(found)


def asked_again(journey: Journey, clues: Clues) -> bool:
    assert journey.heard_at is not None, "checked by the only caller"
    at = clues.touch.at
    if clues.thanks or hours(journey.heard_at, at) <= SAME_BREATH:
        return False
    if journey.said_at is None or journey.said_at < journey.heard_at:
        return journey.status == OPEN
    return not journey.asked and SAME_BREATH < hours(journey.said_at, at) <= FOLLOWS
