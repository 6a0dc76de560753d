"""What Harbour & Pine promises: two calendars, and an answer on every channel on which people are answered."""

from collections.abc import Mapping
from datetime import date, timedelta

from threadline.core.calendars import Calendar, Closed, Slot
from threadline.core.promises import Book, Promise

HOUR = timedelta(hours=1)
SHOP = Slot(9 * 60, 19 * 60)
OFFICE = (Slot(9 * 60, 12 * 60 + 30), Slot(13 * 60 + 30, 17 * 60 + 30))


def book(teams: Mapping[str, int], *, year: int) -> Book:
    """Args: teams: their numbers by name. year: the one whose Christmas Eve is closed."""
    shop = Calendar(
        zone="Europe/London",
        week=((SHOP,),) * 5 + ((Slot(9 * 60, 17 * 60),), ()),
        country="GB",
        region="ENG",
        closed=(Closed(date(year, 12, 24), "Christmas Eve"),),
        name="Shop hours",
    )
    office = Calendar("Europe/London", (OFFICE,) * 5 + ((), ()), "GB", "ENG", name="Office hours")
    return Book({"shop": shop, "office": office}, promises_of(teams))


def promises_of(teams: Mapping[str, int]) -> dict[str, Promise]:
    written = frozenset({"email", "facebook", "x"})
    return {
        "written": Promise(
            "E-mail and posts", "shop", 4 * HOUR, 8 * HOUR, 40 * HOUR, channels=written, tells_when_closed=True
        ),
        "live": Promise("Chat and messages", "shop", HOUR, 2 * HOUR, channels=frozenset({"chat", "whatsapp", "sms"})),
        "public": Promise("Reviews and community", "shop", 10 * HOUR, channels=frozenset({"review", "community"})),
        "payments": Promise("Payments", "office", 2 * HOUR, 6 * HOUR, 16 * HOUR, teams=frozenset({teams["Payments"]})),
    }
