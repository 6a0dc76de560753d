"""What we promise (targets in working time, by channel, team and brand), and the clocks that hold us to it."""

from threadline.core.promises.book import Book, Kind, Promise, Scope, read, written
from threadline.core.promises.clocks import Clock, History, Rules, answered, asked, closed, handed_over

__all__ = [
    "Book",
    "Clock",
    "History",
    "Kind",
    "Promise",
    "Rules",
    "Scope",
    "answered",
    "asked",
    "closed",
    "handed_over",
    "read",
    "written",
]
