"""Which channel is right for a matter: what it may carry, how people like to treat such things, who is there now.

levels    how private, how hard, and what a channel is for an intent
usual     what holds where nobody said otherwise
plan      what a house said: needs, levels, the grid, words, manners; as JSON
ranking   ways in order, each with its reasons; those ruled out, with why
content   what a text holds that not every channel may carry
sides     where a matter stands between public and private
wording   the words that lead from one to the other
manners   quiet hours and how often we write by ourselves
"""

from threadline.core.fitness.levels import Complexity, Need, Privacy, Standing, is_public, kind_of
from threadline.core.fitness.manners import Manners
from threadline.core.fitness.plan import (
    Plan,
    read,
    with_cell,
    with_level,
    with_manners,
    with_need,
    with_words,
    written,
)
from threadline.core.fitness.ranking import Against, Choice, Ranked, Reason, RuledOut, Way, rank
from threadline.core.fitness.wording import NETWORKS, Wording, fill, network_of, usual_wording

__all__ = [
    "NETWORKS",
    "Against",
    "Choice",
    "Complexity",
    "Manners",
    "Need",
    "Plan",
    "Privacy",
    "Ranked",
    "Reason",
    "RuledOut",
    "Standing",
    "Way",
    "Wording",
    "fill",
    "is_public",
    "kind_of",
    "network_of",
    "rank",
    "read",
    "usual_wording",
    "with_cell",
    "with_level",
    "with_manners",
    "with_need",
    "with_words",
    "written",
]
