"""Rules that people write: when something happens, if the story is so, then do this. Nothing is done here."""

from threadline.core.rules.books import (
    MOST_RULES,
    earlier,
    known,
    read_book,
    read_rule,
    switched,
    with_rule,
    without_rule,
    written,
    written_rule,
)
from threadline.core.rules.clauses import Clause, clauses, in_cel
from threadline.core.rules.condition import Failed, Refused, check, holds
from threadline.core.rules.looking import Look, Standing, Verdict, because, begins, happening, look
from threadline.core.rules.names import NAMES, Name, Seen, blank, moment
from threadline.core.rules.shapes import EVENTS, NOBODY, SOMEBODY, SPANS, STEPS, Book, Rule, Step, Story

__all__ = [
    "EVENTS",
    "MOST_RULES",
    "NAMES",
    "NOBODY",
    "SOMEBODY",
    "SPANS",
    "STEPS",
    "Book",
    "Clause",
    "Failed",
    "Look",
    "Name",
    "Refused",
    "Rule",
    "Seen",
    "Standing",
    "Step",
    "Story",
    "Verdict",
    "because",
    "begins",
    "blank",
    "check",
    "clauses",
    "earlier",
    "happening",
    "holds",
    "in_cel",
    "known",
    "look",
    "moment",
    "read_book",
    "read_rule",
    "switched",
    "with_rule",
    "without_rule",
    "written",
    "written_rule",
]
