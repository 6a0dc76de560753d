"""Two journeys of what turned out to be one customer: are they one experience?"""

from datetime import timedelta

from threadline.core.stitching.features import orders
from threadline.core.stitching.shapes import Journey
from threadline.core.understanding.words import overlap

JOINS = 0.5  # bits from which two journeys are one
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Bits for the silence between them.
SILENCE = (
    (2 * HOUR, 3.0),
    (DAY, 2.0),
    (3 * DAY, 1.2),
    (7 * DAY, 0.6),
    (14 * DAY, -0.4),
    (30 * DAY, -2.2),
    (60 * DAY, -3.5),
)
LONG_SILENCE = -4.5


def together(one: Journey, other: Journey) -> float:
    """Bits for the two being one: the one that began later against all that is known of the earlier."""
    earlier, later = sorted((one, other), key=lambda journey: (journey.opened_at, journey.id))
    silence = max(later.opened_at - earlier.last_at, timedelta(0))
    bits = next((bits for limit, bits in SILENCE if silence <= limit), LONG_SILENCE) + later.opening_leaning * 0.7
    if later.references & earlier.references:
        return bits + 9.0
    if orders(later.references) and orders(earlier.references):
        bits -= 5.0
    shared = overlap(later.opening, earlier.words)
    if shared:
        return bits + min(0.9 * shared, 3.6)
    return bits - (1.2 if len(later.opening) >= 4 and len(earlier.words) >= 4 else 0.0)
