"""Reads for the screens about people."""

from threadline.desk.queries.people.finding import find
from threadline.desk.queries.people.pair import Pair, pair
from threadline.desk.queries.people.person import Page, page, stories_of

__all__ = ["Page", "Pair", "find", "page", "pair", "stories_of"]
