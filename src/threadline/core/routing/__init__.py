"""Who takes care of what: which team a story goes to, who of it gets it and why, and how long people really wait."""

from threadline.core.routing.giving import VERSION, give
from threadline.core.routing.placing import Placed, place
from threadline.core.routing.rules import Policy, Rule, read_policy, read_rule, written, written_rule
from threadline.core.routing.shapes import DIMENSIONS, Given, Person, Presence, Story, Work
from threadline.core.routing.skills import lacking
from threadline.core.routing.waits import Measured, measured

__all__ = [
    "DIMENSIONS",
    "VERSION",
    "Given",
    "Measured",
    "Person",
    "Placed",
    "Policy",
    "Presence",
    "Rule",
    "Story",
    "Work",
    "give",
    "lacking",
    "measured",
    "place",
    "read_policy",
    "read_rule",
    "written",
    "written_rule",
]
